import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, OperationTypeNode } from 'graphql'
import { asRefusal, type ErrorReporter, formatError } from '../operation/errors.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { type PreparedOperation, prepare } from '../operation/prepare.ts'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Caller } from '../reading/context.ts'

const everyKind = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION]

/** An operation whose answers come one after the other, with what graphql-js needs to begin it. */
export interface StreamedOperation extends ExecutionArgs {
  readonly prepared: PreparedOperation
}

/** Why a thread did not execute an operation, as its client is told. */
export class ThreadRefusal extends Error {
  readonly errors: readonly GraphQLFormattedError[]

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message)
    this.errors = errors
  }
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

/** What was thrown before an operation began, as errors that can be sent. */
export function refusalErrors(error: unknown, reporter: ErrorReporter): readonly GraphQLError[] {
  if (error instanceof ThreadRefusal) return error.errors.map(toldError)
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

/** An error that was written already. It names places in a text that is not known here. */
function toldError(told: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(told.message), { toJSON: () => told })
}
