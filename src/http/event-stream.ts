import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import Type from 'typebox'
import { follow } from '../catalogue/follow.ts'
import type { Followers } from '../catalogue/followers.ts'
import { PortolanError } from '../domain/errors.ts'
import { eventJson } from '../render/event-json.ts'
import { heartbeat, streamedEvent } from '../render/event-stream.ts'
import { logFields } from './events.ts'
import { securityHeaders } from './headers.ts'
import { baseOf, type Routing } from './reading.ts'
import { EpochSchema, largestText, text } from './schema-words.ts'
import { answer, problems } from './schemas.ts'
import type { App } from './type-provider.ts'

/** How long a client has, when the service ends, to take what was written. */
const lastBytesMs = 1000

export interface Pace {
  /** After so long without an event there is a sign of life. */
  readonly heartbeatMs: number
  /** A client that takes nothing for so long is closed. */
  readonly patienceMs: number
}

export const defaultPace: Pace = { heartbeatMs: 15_000, patienceMs: 15_000 }

const LastEventIdSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      maxLength: 15,
      examples: ['7'],
      description:
        'Events after this seq: what a client sends by itself when it connects again. It goes before `after`.'
    })
  )
})

export function eventStreamRoutes(app: App, routing: Routing, followers: Followers, pace: Pace): void {
  const { catalogues } = routing
  const { store } = catalogues
  const schema = {
    operationId: 'streamEvents',
    summary: 'The log as server-sent events: what there is, then what comes',
    description:
      'The same events as `/v1/events`: `id` is the seq, `event` the type, `data` the event. A client that connects again with `Last-Event-ID` misses none and sees none twice. A comment every 15 seconds keeps the connection alive. A client that does not read is closed.',
    tags: ['events'],
    headers: LastEventIdSchema,
    querystring: Type.Object(logFields, { additionalProperties: false }),
    response: {
      200: answer(
        'Events, without end',
        { content: { 'text/event-stream': text(largestText, 'WHATWG HTML, section 9.2') } },
        { 'Portolan-Epoch': EpochSchema }
      ),
      ...problems('unknown_parameter', 'invalid_parameter', 'insufficient_scope')
    }
  }
  app.get('/v1/events/stream', { schema }, async (request, reply) => {
    const { after = 0, catalogue, type } = request.query
    const filter = { ...(catalogue && { catalogues: catalogue }), ...(type && { types: type }) }
    const start = Number(request.headers['last-event-id'] ?? after)
    const { raw } = reply
    const follower = request.method === 'HEAD' ? undefined : followers.admit()
    if (!follower && request.method !== 'HEAD')
      throw new PortolanError('not_ready', 'Too many clients follow the log here, or the service is stopping.')
    reply.hijack()
    raw.writeHead(200, {
      ...securityHeaders,
      'content-type': 'text/event-stream',
      // It ends when the service does, which then waits for no connection.
      connection: 'close',
      'cache-control': 'no-store',
      // Proxies of the nginx kind would keep events back.
      'x-accel-buffering': 'no',
      'portolan-epoch': store.epoch,
      'x-request-id': request.id
    })
    if (!follower) return void raw.end()
    raw.once('close', follower.leave)
    const base = baseOf(routing, request)
    const send = (text: string) => write(raw, text, follower.signal, pace.patienceMs)
    try {
      for await (const next of follow(catalogues, { follower, filter, after: start, quietMs: pace.heartbeatMs }))
        await send(next === 'quiet' ? heartbeat : streamedEvent(next, eventJson(next, next.prevSeq, store.epoch, base)))
      raw.end()
      // The service ends: what this client has not taken by then it asks for again.
      setTimeout(() => raw.destroy(), lastBytesMs).unref()
    } catch {
      // It reads too slowly, it has gone, or the store cannot be read: it connects again and goes on where it was.
      raw.destroy()
    } finally {
      follower.leave()
    }
  })
}

/** Resolves once the client takes more. What waits for it is never more than one event beyond what its socket holds. */
async function write(raw: ServerResponse, text: string, signal: AbortSignal, patienceMs: number): Promise<void> {
  if (raw.write(text)) return
  const impatient = setTimeout(() => raw.destroy(), patienceMs)
  // Destroyed, it is closed, and then the signal is aborted.
  await once(raw, 'drain', { signal }).finally(() => clearTimeout(impatient))
}
