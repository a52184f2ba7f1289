import type { FastifyRequest } from 'fastify'
import { execute, type GraphQLFormattedError, OperationTypeNode } from 'graphql'
import { hasDenial, isBehind } from '../operation/denial.ts'
import type { ErrorReporter } from '../operation/errors.ts'
import { checkObjects, hasTooMany, responseOf, settleObjects } from '../operation/execute.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { isExecutedOnLoop, isJudgedOnLoop } from '../operation/loop-share.ts'
import { bodyOf, type GraphQLRequest } from '../operation/request.ts'
import type { Caller } from '../reading/context.ts'
import type { OperationThreads, Outlet } from './outlet.ts'
import { type StreamedOperation, streamOperation, ThreadRefusal } from './stream-operation.ts'

/** An operation that came over a connection that stays open. */
interface ArrivedOperation {
  readonly asked: GraphQLRequest
  /** What opened the connection. */
  readonly request: FastifyRequest
  readonly caller: Caller
  readonly takesOnlyTrusted: boolean
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
}

/** A subscription that may begin, or any other operation, which has one answer, as JSON. */
export type BegunOperation =
  | { readonly kind: 'subscription'; readonly streamed: StreamedOperation }
  | {
      readonly kind: 'answer'
      /** A mutation writes when it is asked for its answer. @throws OperationRefusal, PortolanError, ThreadRefusal */
      readonly answer: () => Promise<string>
    }

/**
 * Begins an operation: on the loop if it costs little, or in a thread. A query is answered with that, and once more where it denied what the
 * store has by now.
 * @throws OperationRefusal, PortolanError, ThreadRefusal
 */
export async function beginOperation(...asked: Parameters<typeof beginOnce>): Promise<BegunOperation> {
  const [{ sources }] = asked
  const { heads } = sources.catalogues
  const { seq } = heads
  const begun = await beginOnce(...asked)
  return begun.isDenied && (await isBehind(heads, seq)) ? beginOnce(...asked) : begun
}

/** `isDenied`: something is not there, as far as this process knows. */
type BegunOnce = BegunOperation & { readonly isDenied?: boolean }

async function beginOnce(
  execution: ExecutionContext,
  { threads }: Outlet,
  operation: ArrivedOperation,
  reporter: ErrorReporter
): Promise<BegunOnce> {
  const { asked, caller, takesOnlyTrusted } = operation
  let paid = 0
  const charge = (units: number) => {
    caller.charge(units)
    paid += units
  }
  const inThread = async (pool: OperationThreads, mayPublish: boolean): Promise<Answered> => ({
    json: await askThread(pool, operation, { paid, mayPublish })
  })
  if (threads && isRead(asked) && !isJudgedOnLoop(execution, asked, takesOnlyTrusted))
    return begunWith(await inThread(threads, false))
  const streamed = streamOperation(execution, asked, { ...caller, charge }, takesOnlyTrusted)
  const { prepared, ...args } = streamed
  if (prepared.kind === OperationTypeNode.SUBSCRIPTION) return { kind: 'subscription', streamed }
  const isMutation = prepared.kind === OperationTypeNode.MUTATION
  const answer = async (): Promise<Answered> => {
    if (threads && !(await isExecutedOnLoop(prepared, asked.operationName, threads)))
      return inThread(threads, isMutation)
    const result = await execute(args)
    if (threads && hasTooMany(prepared)) return inThread(threads, false)
    settleObjects(prepared)
    checkObjects(prepared)
    const response = responseOf(result, prepared, reporter)
    return { json: JSON.stringify(response), isDenied: hasDenial(response, prepared.context.snapshot.dependencies) }
  }
  return isMutation ? { kind: 'answer', answer: async () => (await answer()).json } : begunWith(await answer())
}

interface Answered {
  readonly json: string
  readonly isDenied?: boolean
}

function begunWith({ json, isDenied = false }: Answered): BegunOnce {
  return { kind: 'answer', answer: async () => json, isDenied }
}

/** Whether a document that is not read yet can only be a query. Threads answer no subscription, and whether a mutation may write is known here. */
function isRead({ query = '' }: GraphQLRequest): boolean {
  return !/\b(mutation|subscription)\b/.test(query)
}

async function askThread(
  threads: OperationThreads,
  { asked, request, caller: { key, writeRefusal }, signal }: ArrivedOperation,
  charged: { readonly paid: number; readonly mayPublish: boolean }
): Promise<string> {
  const { status, body } = await threads.ask(request, { body: bodyOf(asked), key, writeRefusal, signal, ...charged })
  const json = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  if (status === 200) return json
  const { errors }: { readonly errors?: readonly GraphQLFormattedError[] } = JSON.parse(json)
  throw errors ? new ThreadRefusal(errors) : new Error(json)
}
