import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { PortolanError } from '../../domain/errors.ts'

/** The stage of an operation at which an error came up. An error that has no code of its own gets that of its stage. */
export type Stage = 'parsing' | 'validation' | 'variables' | 'execution'

/** Why an operation is not executed. */
export class OperationRefusal extends Error {
  readonly errors: readonly GraphQLError[]
  readonly stage: Stage

  constructor(errors: readonly GraphQLError[], stage: Stage) {
    super(errors[0]?.message)
    this.errors = errors
    this.stage = stage
  }

  /** The coded error that stands for all of them: the first that has a code of its own, or the first. */
  get reason(): PortolanError {
    const [first] = this.errors
    const coded = this.errors.find(({ originalError }) => originalError instanceof PortolanError) ?? first
    return coded ? codedError(coded, this.stage) : unexpected()
  }
}

/** What turns errors into answers. */
export interface ErrorReporter {
  /** Makes the RFC 9457 problem that REST would answer. */
  problem(error: PortolanError): object
  /** Writes an unexpected error to the log. Nobody else sees it. */
  report(error: unknown): void
}

/** An error as it is answered: with its code and its problem. */
export function formatError(
  error: GraphQLError,
  stage: Stage,
  { problem, report }: ErrorReporter
): GraphQLFormattedError {
  const coded = codedError(error, stage)
  if (coded.code === 'internal') report(error.originalError ?? error)
  const { locations, path } = error
  return {
    // Where the cause has a code of its own, the message may be another one than its detail.
    message: causeOf(error) instanceof PortolanError ? error.message : coded.message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: coded.code, problem: problem(coded) }
  }
}

/** The coded error in what graphql-js wrapped it in, or one with the code of the stage. */
function codedError(error: GraphQLError, stage: Stage): PortolanError {
  const cause = causeOf(error)
  if (cause instanceof PortolanError) return cause
  if (cause) return unexpected()
  const { message } = error
  switch (stage) {
    case 'parsing':
      return new PortolanError('graphql_parse_failed', message)
    case 'validation':
      return new PortolanError('graphql_validation_failed', message)
    case 'variables':
      return new PortolanError('invalid_variables', message)
    case 'execution':
      return unexpected()
    default:
      throw new Error(`unknown stage ${stage satisfies never}`)
  }
}

/** What made graphql-js report an error, where it is none of its own. */
function causeOf({ originalError }: GraphQLError): Error | undefined {
  return originalError instanceof GraphQLError ? causeOf(originalError) : originalError
}

function unexpected(): PortolanError {
  return new PortolanError(
    'internal',
    'Something unexpected happened. The log has more about it, under the id in `instance`.'
  )
}

/** What was thrown, as the refusal of an operation. Outside the stages only coded errors are expected. */
export function asRefusal(error: unknown): OperationRefusal {
  return error instanceof OperationRefusal ? error : new OperationRefusal([asGraphQLError(error)], 'execution')
}

export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
