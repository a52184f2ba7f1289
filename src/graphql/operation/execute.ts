import type { FastifyReply } from 'fastify'
import { type ExecutionResult, type FormattedExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql'
import type { PortolanError } from '../../domain/errors.ts'
import type { Caller } from '../reading/context.ts'
import type { Dependencies } from '../reading/dependencies.ts'
import { tooExpensive } from '../reading/object-count.ts'
import { hasDenial, isBehind } from './denial.ts'
import { asGraphQLError, asRefusal, type ErrorReporter, formatError } from './errors.ts'
import type { ExecutionContext } from './execution-context.ts'
import { isExecutedOnLoop, isJudgedOnLoop, type Sizes } from './loop-share.ts'
import { costPerUnit, type PreparedOperation, prepare, type TakenOperations } from './prepare.ts'
import type { GraphQLRequest } from './request.ts'

/** What came of an operation. */
export interface ExecutionOutcome {
  /** Absent where the operation was not executed. */
  readonly kind?: PreparedOperation['kind']
  /** What the client gets. */
  readonly response: FormattedExecutionResult
  /** Why the operation was not executed. */
  readonly refusal?: PortolanError
  /** What the response depends on, where it was executed. */
  readonly dependencies?: Dependencies
}

const byPost: TakenOperations = {
  kinds: [OperationTypeNode.QUERY, OperationTypeNode.MUTATION],
  takesOnlyTrusted: false
}
const byGet: TakenOperations = { kinds: [OperationTypeNode.QUERY], takesOnlyTrusted: true }

/**
 * Executes the operation that `read` finds in a request. Whatever is thrown is part of the outcome. `sizes` are given where there are threads:
 * then an operation that may take long has no outcome here.
 */
export async function execute(...asked: Parameters<typeof executeOnce>): Promise<ExecutionOutcome | undefined> {
  const [{ sources }] = asked
  const { seq } = sources.catalogues.heads
  const outcome = await executeOnce(...asked)
  const isDenied =
    outcome !== undefined &&
    outcome.kind === OperationTypeNode.QUERY &&
    hasDenial(outcome.response, outcome.dependencies)
  return isDenied && (await isBehind(sources.catalogues.heads, seq)) ? executeOnce(...asked) : outcome
}

async function executeOnce(
  execution: ExecutionContext,
  read: () => GraphQLRequest,
  caller: Caller,
  reply: FastifyReply,
  reporter: ErrorReporter,
  sizes?: Sizes
): Promise<ExecutionOutcome | undefined> {
  try {
    const request = read()
    const taken = reply.request.method === 'POST' ? byPost : byGet
    if (sizes && !isJudgedOnLoop(execution, request, taken.takesOnlyTrusted)) return undefined
    const prepared = prepare(execution, request, caller, taken)
    const { operation, context } = prepared
    const { operationName, variables } = request
    if (sizes && !(await isExecutedOnLoop(prepared, operationName, sizes))) return undefined
    const compiled = execution.compiled.get(operation)
    const result: ExecutionResult = compiled
      ? await compiled.query(undefined, context, variables)
      : await reply.graphql(operation.text, context, given(variables), operationName)
    if (sizes && hasTooMany(prepared)) return undefined
    settleObjects(prepared)
    checkObjects(prepared)
    const { kind } = prepared
    return { kind, response: responseOf(result, prepared, reporter), dependencies: context.snapshot.dependencies }
  } catch (error) {
    const { errors, stage, reason } = asRefusal(error)
    return { response: { errors: errors.map((each) => formatError(each, stage, reporter)) }, refusal: reason }
  }
}

/** Mercurius coerces variables once more for each operation that is given any, even where there are none. */
function given(variables: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  return Object.keys(variables).length === 0 ? undefined : { ...variables }
}

/**
 * Refuses what was stopped while it was executed. What a mutation did is told, however little of it.
 * @throws PortolanError `too_expensive`
 */
export function checkObjects(prepared: PreparedOperation): void {
  if (hasTooMany(prepared)) throw tooExpensive()
}

/** Takes the units of what lists held beyond the estimate of their cost. That is known only now. */
export function settleObjects({ cost, context: { objects, settle } }: PreparedOperation): void {
  const units = Math.floor((objects.count - cost) / costPerUnit)
  if (units > 0) settle(units)
}

/** Whether a query was stopped while it was executed. */
export function hasTooMany({ kind, context: { objects } }: PreparedOperation): boolean {
  return objects.isExceeded && kind === OperationTypeNode.QUERY
}

/** As graphql-js gives it: members that are absent may be undefined. */
export interface RawResult {
  readonly data?: ExecutionResult['data'] | undefined
  readonly errors?: readonly GraphQLError[] | undefined
}

/** What the client gets for the result of an execution. */
export function responseOf(
  result: RawResult,
  { context, cost }: PreparedOperation,
  reporter: ErrorReporter
): FormattedExecutionResult {
  const { catalogues, dependencies } = context.snapshot
  return {
    ...formatResult(result, reporter),
    extensions: { portolan: readExtension(dependencies, catalogues.store.epoch, cost) }
  }
}

export function formatResult({ data, errors }: RawResult, reporter: ErrorReporter): FormattedExecutionResult {
  const formatted = errors?.map((error) => formatError(asGraphQLError(error), 'execution', reporter))
  return { ...(formatted && { errors: formatted }), ...(data !== undefined && { data }) }
}

/** Which revision and instant of each catalogue the operation saw, and what it cost. */
function readExtension(dependencies: Dependencies, epoch: string, cost: number) {
  const { points } = dependencies
  const [only, ...others] = points
  const single = only && others.length === 0 ? { revision: only.revision, effectiveAt: only.effectiveAt } : {}
  return { epoch, ...(dependencies.includesLog && { seq: dependencies.seq }), ...single, cost, catalogues: points }
}
