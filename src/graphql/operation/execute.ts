import type { FastifyReply } from 'fastify'
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode
} from 'graphql'
import { PortolanError } from '../../domain/errors.ts'
import { type Caller, type Context, contextOf, type Sources } from '../reading/context.ts'
import type { Dependencies } from '../reading/dependencies.ts'
import type { Costs } from './cost.ts'
import { asGraphQLError, type ErrorReporter, type Stage, tellError } from './errors.ts'
import { documentHash, GraphQLErrors, kindOf, type Operation, type Operations } from './operation.ts'
import type { GraphQLRequest } from './request.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

/** What every execution works with. */
export interface ExecutionContext {
  readonly schema: GraphQLSchema
  readonly sources: Sources
  readonly operations: Operations
  readonly costs: Costs
  readonly documents: TrustedDocuments
  /** Nothing but trusted documents is executed. */
  readonly trustsOnlyDocuments: boolean
}

/** What came of an operation. `refusal`: why it was not executed; `invalid`: its document or variables have faults. */
export interface Executed {
  readonly result: FormattedExecutionResult
  readonly refusal?: PortolanError | 'invalid'
  readonly dependencies?: Dependencies
}

/** An operation that may be executed, with all that its execution needs. */
export interface Prepared {
  readonly operation: Operation
  readonly kind: OperationTypeNode
  readonly cost: number
  readonly context: Context
}

/** What went wrong before anything was executed. */
export class OperationRefusal extends Error {
  readonly errors: readonly GraphQLError[]
  readonly stage: Stage

  constructor(errors: readonly GraphQLError[], stage: Stage) {
    super(errors[0]?.message)
    this.errors = errors
    this.stage = stage
  }
}

/**
 * Reads and judges one operation of the kinds that are taken.
 * @throws Refusal
 */
export function prepare(
  executing: ExecutionContext,
  request: GraphQLRequest,
  caller: Caller,
  kinds: readonly OperationTypeNode[],
  takesOnlyTrusted: boolean
): Prepared {
  let stage: Stage = 'reading'
  try {
    const operation = executing.operations.read(textOf(executing, request, takesOnlyTrusted))
    const { operationName, variables } = request
    const kind = kindOf(operation, operationName)
    if (!kinds.includes(kind)) throw wrongKind(kind)
    stage = 'variables'
    const cost = executing.costs.of(operation, variables, operationName)
    const context = contextOf(executing.sources, caller)
    if (kind === OperationTypeNode.MUTATION) context.dependencies.isNotKept()
    return { operation, kind, cost, context }
  } catch (error) {
    throw new OperationRefusal(errorsIn(error).map(asGraphQLError), stage)
  }
}

/** Executes one operation. What goes wrong is part of what comes of it. */
export async function execute(
  executing: ExecutionContext,
  request: GraphQLRequest,
  caller: Caller,
  reply: FastifyReply,
  teller: ErrorReporter
): Promise<Executed> {
  const isGet = reply.request.method !== 'POST'
  const kinds = isGet ? [OperationTypeNode.QUERY] : [OperationTypeNode.QUERY, OperationTypeNode.MUTATION]
  let stage: Stage = 'reading'
  try {
    const { operation, context, cost } = prepare(executing, request, caller, kinds, isGet)
    const { operationName, variables } = request
    stage = 'variables'
    const part = operation.parts?.get(operationName ?? '') ?? operation.text
    const result: ExecutionResult = await reply.graphql(part, context, given(variables), operationName)
    return resultOf(result, context, cost, teller)
  } catch (error) {
    const refusal =
      error instanceof OperationRefusal ? error : new OperationRefusal(errorsIn(error).map(asGraphQLError), stage)
    const coded = refusal.errors.map(({ originalError }) => originalError).find((each) => each instanceof PortolanError)
    return {
      result: { errors: refusal.errors.map((each) => tellError(each, refusal.stage, teller)) },
      refusal: coded ?? 'invalid'
    }
  }
}

/** Mercurius reads variables anew for each operation that is given any, be it none. */
function given(variables: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  return Object.keys(variables).length === 0 ? undefined : { ...variables }
}

/** As graphql-js gives it: absent members may be undefined. */
export interface RawResult {
  readonly data?: ExecutionResult['data'] | undefined
  readonly errors?: readonly GraphQLError[] | undefined
}

/** The answer to what was executed. */
export function resultOf(
  { data, errors }: RawResult,
  { dependencies, moment }: Context,
  cost: number,
  teller: ErrorReporter
): Executed {
  // Errors without data are the variables': everything before them was judged already.
  const stage = data === undefined ? 'variables' : 'execution'
  const told = errors?.map((error) => tellError(asGraphQLError(error), stage, teller))
  return {
    result: {
      ...(told && { errors: told }),
      ...(data !== undefined && { data }),
      extensions: { portolan: momentJson(dependencies, moment.store.epoch, cost) }
    },
    ...(stage === 'variables' && { refusal: 'invalid' }),
    dependencies
  }
}

/** Which revision and instant of each catalogue the operation saw, and what it cost. */
function momentJson(dependencies: Dependencies, epoch: string, cost: number) {
  const { points } = dependencies
  const [only, ...others] = points
  const single = only && others.length === 0 ? { revision: only.revision, effectiveAt: only.effectiveAt } : {}
  return { epoch, ...(dependencies.isOfAll && { seq: dependencies.seq }), ...single, cost, catalogues: points }
}

/** Mercurius and the reading of documents throw several at once. */
function errorsIn(error: unknown): readonly unknown[] {
  if (error instanceof GraphQLErrors) return error.errors
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors)) return error.errors
  return [error]
}

/** @throws PortolanError `unknown_document`, `malformed_body`, `method_not_allowed` */
function textOf(
  { documents, trustsOnlyDocuments }: ExecutionContext,
  { query, hash }: GraphQLRequest,
  takesOnlyTrusted: boolean
): string {
  const trusted = hash === undefined ? undefined : documents.get(hash)
  if (query === undefined) {
    // The first word is what clients look for that would send the text next.
    if (trusted === undefined)
      throw new PortolanError('unknown_document', `PersistedQueryNotFound: no document here has the hash ${hash}.`)
    return trusted
  }
  const isBare = hash === undefined && !trustsOnlyDocuments && !takesOnlyTrusted
  if (isBare) return query
  const own = documentHash(query)
  if (hash !== undefined && hash !== own)
    throw new PortolanError('malformed_body', `The hash of the text is ${own}, not ${hash}.`)
  if (documents.has(own)) return query
  if (trustsOnlyDocuments)
    throw new PortolanError('unknown_document', `Only trusted documents are executed here, and ${own} is none.`)
  if (takesOnlyTrusted)
    throw new PortolanError('method_not_allowed', 'Only trusted documents can be asked for by GET: send it by POST.')
  return query
}

function wrongKind(kind: OperationTypeNode): PortolanError {
  return kind === OperationTypeNode.SUBSCRIPTION
    ? new PortolanError(
        'graphql_validation_failed',
        'Subscriptions go over WebSocket, or as server-sent events at /graphql/stream.'
      )
    : new PortolanError('method_not_allowed', 'A mutation is sent by POST.')
}
