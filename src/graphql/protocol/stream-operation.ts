import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import { asGraphQLError, asRefusal, type ErrorReporter, formatError } from '../operation/errors.ts'
import { checkObjects, formatResult, type RawResult, responseOf } from '../operation/execute.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { type PreparedOperation, prepare } from '../operation/prepare.ts'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Caller } from '../reading/context.ts'

const everyKind = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION]

/** An operation whose answers come one after the other, with what graphql-js needs to begin it. */
export interface StreamedOperation extends ExecutionArgs {
  readonly prepared: PreparedOperation
}

/** @throws OperationRefusal, PortolanError */
export function streamOperation(
  execution: ExecutionContext,
  request: GraphQLRequest,
  caller: Caller,
  takesOnlyTrusted: boolean
): StreamedOperation {
  const prepared = prepare(execution, request, caller, { kinds: everyKind, takesOnlyTrusted })
  const { operation, context } = prepared
  const { operationName, variables } = request
  return {
    schema: execution.schema,
    document: operation.document,
    variableValues: { ...variables },
    contextValue: context,
    operationName: operationName ?? null,
    prepared
  }
}

/** One answer of a streamed operation, as the client gets it. Only what is answered once says what was read. */
export function streamedResponse(
  prepared: PreparedOperation,
  result: RawResult,
  reporter: ErrorReporter
): FormattedExecutionResult {
  if (prepared.kind === OperationTypeNode.SUBSCRIPTION) return formatResult(result, reporter)
  try {
    checkObjects(prepared)
    return responseOf(result, prepared, reporter)
  } catch (error) {
    return { errors: [formatError(asGraphQLError(error), 'execution', reporter)] }
  }
}

/** What was thrown before an operation began, as errors that can be sent. */
export function refusalErrors(error: unknown, reporter: ErrorReporter): readonly GraphQLError[] {
  const { errors, stage } = asRefusal(error)
  return errors.map((each) => {
    const { message, extensions } = formatError(each, stage, reporter)
    return new GraphQLError(message, {
      ...(each.nodes && { nodes: each.nodes }),
      source: each.source,
      positions: each.positions,
      extensions
    })
  })
}
