import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionArgs, type ExecutionResult, subscribe } from 'graphql'
import type { ErrorCode } from '../../domain/errors.ts'
import { revokedEvent } from '../../render/event/event-stream.ts'
import { asRefusal, type ErrorReporter } from '../operation/errors.ts'
import { formatResult } from '../operation/execute.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { type GraphQLRequest, readBody, readParameters } from '../operation/request.ts'
import { type BegunOperation, beginOperation } from './begin-operation.ts'
import { errorReporterOf, type Outlet } from './outlet.ts'
import { refusalErrors } from './stream-operation.ts'

const complete = 'event: complete\ndata:\n\n'

/** Codes of what may be answered later. They have a status of their own. */
const triedAgain: readonly ErrorCode[] = ['rate_limited', 'busy', 'deadline_exceeded']

/**
 * Answers operations as server-sent events, with one stream for each: the "distinct connections" mode of GraphQL over SSE, which the clients
 * of graphql-sse speak. Its server is not used, since it keeps without bound what a slow client does not take. Its other mode is not offered,
 * since it would tie a client to one process.
 */
export function streamHandler(execution: ExecutionContext, outlet: Outlet) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const reporter = errorReporterOf(outlet, request.id)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    let begun: BegunOperation
    try {
      const charge = outlet.charge(request, request.key, reply)
      const writeRefusal = outlet.writeRefusal(request)
      const operation = {
        asked: requestIn(request),
        request,
        caller: {
          key: request.key,
          writeRefusal,
          base: outlet.base(request),
          charge,
          settle: outlet.settle(request, request.key)
        },
        takesOnlyTrusted: request.method !== 'POST',
        signal: gone.signal
      }
      begun = await beginOperation(execution, outlet, operation, reporter)
    } catch (error) {
      if (gone.signal.aborted) return reply
      const { reason } = asRefusal(error)
      const hasStatus = triedAgain.includes(reason.code)
      reply.code(hasStatus ? outlet.problem(reason, request.id).status : 400).type('application/json; charset=utf-8')
      return reply.send(JSON.stringify({ errors: refusalErrors(error, reporter) }))
    }
    const events = outlet.stream(request, reply)
    const unwatch = outlet.onKeyEnd(request.key, () => events.end(revokedEvent))
    try {
      for await (const json of answersOf(begun, events.signal, reporter))
        await events.send(`event: next\ndata: ${json}\n\n`)
      await events.send(complete)
      events.end()
    } catch (error) {
      if (!events.signal.aborted) outlet.report(error, request.id)
      events.abort()
    } finally {
      unwatch()
    }
  }
}

/** The path of operations whose answers are always streams. */
export function streamRoutes(app: FastifyInstance, execution: ExecutionContext, outlet: Outlet): void {
  const stream = streamHandler(execution, outlet)
  app.post('/graphql/stream', { config: { access: 'read' }, schema: { hide: true } }, stream)
  app.get('/graphql/stream', { config: { access: 'read' }, schema: { hide: true } }, stream)
}

function requestIn({ method, body, query }: FastifyRequest): GraphQLRequest {
  if (method === 'POST') return readBody(body instanceof Uint8Array ? body : new Uint8Array())
  // No schema says what the query holds: it is only parsed.
  return readParameters(query as Record<string, unknown>)
}

/** The answers as JSON, one after the other, until the client has gone. */
async function* answersOf(begun: BegunOperation, gone: AbortSignal, reporter: ErrorReporter): AsyncGenerator<string> {
  if (begun.kind === 'answer') {
    try {
      yield await begun.answer()
    } catch (error) {
      yield JSON.stringify({ errors: refusalErrors(error, reporter) })
    }
    return
  }
  const { prepared: _, ...args } = begun.streamed
  for await (const result of resultsOf(args, gone)) yield JSON.stringify(formatResult(result, reporter))
}

async function* resultsOf(args: ExecutionArgs, gone: AbortSignal): AsyncGenerator<ExecutionResult> {
  const results = await subscribe(args)
  if (!('next' in results)) {
    yield results
    return
  }
  const leave = () => void results.return(undefined)
  if (gone.aborted) leave()
  gone.addEventListener('abort', leave)
  yield* results
}
