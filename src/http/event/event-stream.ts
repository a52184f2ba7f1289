import Type from 'typebox'
import { follow } from '../../catalogue/event/follow.ts'
import type { Followers, Pace } from '../../catalogue/event/followers.ts'
import { PortolanError } from '../../domain/errors.ts'
import { eventJson } from '../../render/event/event-json.ts'
import { revokedEvent, streamedEvent } from '../../render/event/event-stream.ts'
import { openStream } from '../answer/open-stream.ts'
import { baseOf, type RouteContext } from '../answer/send-point.ts'
import { payerOf } from '../limit/payer.ts'
import type { App } from '../request/type-provider.ts'
import { EpochSchema, largestText, textSchema } from '../schema/schema-words.ts'
import { answerSchema, problems } from '../schema/schemas.ts'
import { logFields } from './events.ts'

export const defaultPace: Pace = { heartbeatMs: 15_000, patienceMs: 15_000 }

const LastEventIdSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      maxLength: 15,
      examples: ['7'],
      description:
        'Events after this seq. A client of server-sent events sends it by itself when it reconnects. It takes precedence over `after`.'
    })
  )
})

export function eventStreamRoutes(app: App, context: RouteContext, followers: Followers, pace: Pace): void {
  const { catalogues } = context
  const { store } = catalogues
  const schema = {
    operationId: 'streamEvents',
    summary: 'The log as server-sent events: those of the past, then new ones',
    description:
      'The same events as `/v1/events`: `id` is the seq, `event` the type, `data` the event. A client that reconnects with `Last-Event-ID` misses no event and sees none twice. A comment every 15 seconds keeps the connection alive. The connection of a client that does not read is closed. When the key that opened the stream is revoked or expires, a last event `revoked` comes, and the stream ends.',
    tags: ['events'],
    headers: LastEventIdSchema,
    querystring: Type.Object(logFields, { additionalProperties: false }),
    response: {
      200: answerSchema(
        'Events, without end',
        { content: { 'text/event-stream': textSchema(largestText, 'WHATWG HTML, section 9.2') } },
        { 'Portolan-Epoch': EpochSchema }
      ),
      ...problems('unknown_parameter', 'invalid_parameter', 'insufficient_scope')
    }
  }
  app.get('/v1/events/stream', { config: { access: 'read' }, schema }, async (request, reply) => {
    const { after = 0, catalogue, type } = request.query
    const filter = { ...(catalogue && { catalogues: catalogue }), ...(type && { types: type }) }
    const start = Number(request.headers['last-event-id'] ?? after)
    if (request.method !== 'HEAD') context.shares.hold(payerOf(request), reply.raw)
    const follower = request.method === 'HEAD' ? undefined : followers.admit(request.key)
    if (!follower && request.method !== 'HEAD') throw new PortolanError('not_ready', 'The service is stopping.')
    const stream = openStream(request, reply, pace, { 'portolan-epoch': store.epoch })
    if (!follower) return stream.end()
    if (stream.signal.aborted) follower.leave()
    stream.signal.addEventListener('abort', follower.leave)
    follower.signal.addEventListener('abort', () => follower.isRevoked && stream.end(revokedEvent))
    if (follower.isRevoked) stream.end(revokedEvent)
    const base = baseOf(context, request)
    try {
      for await (const event of follow(catalogues, { follower, filter, after: start }))
        await stream.send(streamedEvent(event, eventJson(event, event.prevSeq, store.epoch, base)))
      stream.end()
    } catch {
      // The client reads too slowly or has gone, or the store cannot be read. The client reconnects and continues where it was.
      stream.abort()
    } finally {
      follower.leave()
    }
  })
}
