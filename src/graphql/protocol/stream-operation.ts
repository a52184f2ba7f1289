import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import { asGraphQLError, type ErrorReporter, tellError } from '../operation/errors.ts'
import {
  type ExecutionContext,
  OperationRefusal,
  type Prepared,
  prepare,
  type RawResult,
  resultOf
} from '../operation/execute.ts'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Caller } from '../reading/context.ts'

const everyKind = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION]

/** An operation whose answers come one after the other: all that graphql-js needs to begin. */
export interface Streamed extends ExecutionArgs {
  readonly prepared: Prepared
}

/** @throws Refusal */
export function streamOperation(
  executing: ExecutionContext,
  request: GraphQLRequest,
  caller: Caller,
  takesOnlyTrusted: boolean
): Streamed {
  const prepared = prepare(executing, request, caller, everyKind, takesOnlyTrusted)
  const { operation, context } = prepared
  const { operationName, variables } = request
  return {
    schema: executing.schema,
    document: operation.document,
    variableValues: { ...variables },
    contextValue: context,
    operationName: operationName ?? null,
    prepared
  }
}

/** One of its answers as it is told. */
export function streamedResult(
  { context, kind, cost }: Prepared,
  result: RawResult,
  teller: ErrorReporter
): FormattedExecutionResult {
  if (kind !== OperationTypeNode.SUBSCRIPTION) return resultOf(result, context, cost, teller).result
  const { data, errors } = result
  const told = errors?.map((error) => tellError(asGraphQLError(error), 'execution', teller))
  return { ...(told && { errors: told }), ...(data !== undefined && { data }) }
}

/** What went wrong before an operation began, as errors that can be sent. */
export function refusalErrors(error: unknown, teller: ErrorReporter): readonly GraphQLError[] {
  const { errors, stage } =
    error instanceof OperationRefusal ? error : { errors: [asGraphQLError(error)], stage: 'reading' as const }
  return errors.map((each) => {
    const { message, extensions } = tellError(each, stage, teller)
    return new GraphQLError(message, {
      ...(each.nodes && { nodes: each.nodes }),
      source: each.source,
      positions: each.positions,
      extensions
    })
  })
}
