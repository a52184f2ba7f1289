import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { PortolanError } from '../../domain/errors.ts'

/** How an error is told: with its code, and as the problem that REST would answer. */
export interface ErrorReporter {
  /** The RFC 9457 problem. */
  problem(error: PortolanError): object
  /** What nobody expected goes to the log alone. */
  report(error: unknown): void
}

/** Where in the life of an operation errors come up that have no code of their own. */
export type Stage = 'reading' | 'variables' | 'execution'

export function tellError(
  error: GraphQLError,
  stage: Stage,
  { problem, report }: ErrorReporter
): GraphQLFormattedError {
  const known = codedOf(error, stage)
  if (known.code === 'internal') report(error.originalError ?? error)
  const { locations, path } = error
  return {
    message: known.message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: known.code, problem: problem(known) }
  }
}

/** A coded error, whatever wrapped it. */
function codedOf(error: GraphQLError, stage: Stage): PortolanError {
  const { originalError, message } = error
  if (originalError instanceof PortolanError) return originalError
  if (originalError instanceof GraphQLError) return codedOf(originalError, stage)
  switch (stage) {
    case 'reading':
      return message.startsWith('Syntax Error')
        ? new PortolanError('graphql_parse_failed', message)
        : new PortolanError('graphql_validation_failed', message)
    case 'variables':
      return new PortolanError('invalid_variables', message)
    case 'execution':
      return new PortolanError(
        'internal',
        'Something unexpected happened. The log knows more, under the id in `instance`.'
      )
    default:
      throw new Error(`unknown stage ${stage satisfies never}`)
  }
}

export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
