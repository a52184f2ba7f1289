import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, execute, type GraphQLSchema, OperationTypeNode, subscribe } from 'graphql'
import type { Outlet, Pace } from './endpoint.ts'
import type { ErrorTeller } from './errors.ts'
import type { Executing } from './execute.ts'
import { type GraphQLRequest, readBody, readParameters } from './request.ts'
import { refusalErrors, type Streamed, streamedResult, streamOperation } from './stream-operation.ts'

/** A comment: the connection lives. */
const heartbeat = ':\n\n'
const complete = 'event: complete\ndata:\n\n'

/**
 * Operations as server-sent events, one stream for each: the "distinct connections" mode of GraphQL over SSE, for graphql-sse's clients. Its
 * server would keep what a slow client does not take without bound, and its other mode would tie a client to one process.
 */
export function streamRoutes(
  app: FastifyInstance,
  schema: GraphQLSchema,
  executing: Executing,
  outlet: Outlet,
  pace: Pace
): void {
  const stream = async (request: FastifyRequest, reply: FastifyReply) => {
    const teller: ErrorTeller = {
      problem: (error) => outlet.problem(error, request.id),
      report: (error) => outlet.report(error, request.id)
    }
    let streamed: Streamed
    try {
      const caller = { key: request.key, base: outlet.base(request) }
      streamed = streamOperation(schema, executing, requestIn(request), caller, request.method !== 'POST')
    } catch (error) {
      reply.code(400).type('application/json; charset=utf-8')
      return reply.send(JSON.stringify({ errors: refusalErrors(error, teller) }))
    }
    const { raw } = reply
    reply.hijack()
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // It ends when the service does, which then waits for no connection.
      connection: 'close',
      'cache-control': 'no-store',
      // Proxies of the nginx kind would keep events back.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id
    })
    raw.write(heartbeat)
    const beat = setInterval(() => {
      if (!raw.writableNeedDrain) raw.write(heartbeat)
    }, pace.heartbeatMs)
    try {
      for await (const result of resultsOf(streamed, raw)) {
        const told = streamedResult(streamed.prepared, result, teller)
        await write(raw, `event: next\ndata: ${JSON.stringify(told)}\n\n`, pace.patienceMs)
      }
      raw.end(complete)
    } catch (error) {
      outlet.report(error, request.id)
      raw.destroy()
    } finally {
      clearInterval(beat)
    }
  }
  app.post('/graphql/stream', { schema: { hide: true } }, stream)
  app.get('/graphql/stream', { schema: { hide: true } }, stream)
}

function requestIn({ method, body, query }: FastifyRequest): GraphQLRequest {
  if (method === 'POST') return readBody(body instanceof Uint8Array ? body : new Uint8Array())
  // Only parsed: no schema says what it holds.
  return readParameters(query as Record<string, unknown>)
}

/** The answers, one after the other, until the client goes. */
async function* resultsOf({ prepared, ...args }: Streamed, raw: ServerResponse): AsyncGenerator<ExecutionResult> {
  if (prepared.kind !== OperationTypeNode.SUBSCRIPTION) {
    yield await execute(args)
    return
  }
  const results = await subscribe(args)
  if (!('next' in results)) {
    yield results
    return
  }
  raw.once('close', () => void results.return(undefined))
  for await (const result of results) {
    if (raw.destroyed) return
    yield result
  }
}

/** Resolves once the client takes more; one that takes nothing for too long is closed. */
async function write(raw: ServerResponse, text: string, patienceMs: number): Promise<void> {
  if (raw.destroyed || raw.write(text)) return
  const impatient = setTimeout(() => raw.destroy(), patienceMs)
  await Promise.race([once(raw, 'drain'), once(raw, 'close')]).finally(() => clearTimeout(impatient))
}
