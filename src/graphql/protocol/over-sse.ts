import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, execute, OperationTypeNode, subscribe } from 'graphql'
import { revokedEvent } from '../../render/event/event-stream.ts'
import { asRefusal } from '../operation/errors.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { type GraphQLRequest, readBody, readParameters } from '../operation/request.ts'
import { errorReporterOf, type Outlet } from './outlet.ts'
import { refusalErrors, type StreamedOperation, streamedResponse, streamOperation } from './stream-operation.ts'

const complete = 'event: complete\ndata:\n\n'

/**
 * Answers operations as server-sent events, with one stream for each: the "distinct connections" mode of GraphQL over SSE, which the clients
 * of graphql-sse speak. Its server is not used, since it keeps without bound what a slow client does not take. Its other mode is not offered,
 * since it would tie a client to one process.
 */
export function streamRoutes(app: FastifyInstance, execution: ExecutionContext, outlet: Outlet): void {
  const stream = async (request: FastifyRequest, reply: FastifyReply) => {
    const reporter = errorReporterOf(outlet, request.id)
    let streamed: StreamedOperation
    try {
      const charge = outlet.charge(request, request.key, reply)
      const writeRefusal = outlet.writeRefusal(request)
      const caller = { key: request.key, writeRefusal, base: outlet.base(request), charge }
      streamed = streamOperation(execution, requestIn(request), caller, request.method !== 'POST')
    } catch (error) {
      const { reason } = asRefusal(error)
      const isLimited = reason.code === 'rate_limited'
      reply.code(isLimited ? outlet.problem(reason, request.id).status : 400).type('application/json; charset=utf-8')
      return reply.send(JSON.stringify({ errors: refusalErrors(error, reporter) }))
    }
    const events = outlet.stream(request, reply)
    const unwatch = outlet.onKeyEnd(request.key, () => events.end(revokedEvent))
    try {
      for await (const result of resultsOf(streamed, events.signal)) {
        const response = streamedResponse(streamed.prepared, result, reporter)
        await events.send(`event: next\ndata: ${JSON.stringify(response)}\n\n`)
      }
      await events.send(complete)
      events.end()
    } catch (error) {
      if (!events.signal.aborted) outlet.report(error, request.id)
      events.abort()
    } finally {
      unwatch()
    }
  }
  app.post('/graphql/stream', { config: { access: 'read' }, schema: { hide: true } }, stream)
  app.get('/graphql/stream', { config: { access: 'read' }, schema: { hide: true } }, stream)
}

function requestIn({ method, body, query }: FastifyRequest): GraphQLRequest {
  if (method === 'POST') return readBody(body instanceof Uint8Array ? body : new Uint8Array())
  // No schema says what the query holds: it is only parsed.
  return readParameters(query as Record<string, unknown>)
}

/** The answers, one after the other, until the client has gone. */
async function* resultsOf(
  { prepared, ...args }: StreamedOperation,
  gone: AbortSignal
): AsyncGenerator<ExecutionResult> {
  if (prepared.kind !== OperationTypeNode.SUBSCRIPTION) {
    yield await execute(args)
    return
  }
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
