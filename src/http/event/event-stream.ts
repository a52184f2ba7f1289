import Type from 'typebox'
import { follow } from '../../catalogue/event/follow.ts'
import type { Followers, Pace } from '../../catalogue/event/followers.ts'
import { hasPlace } from '../../catalogue/event/log-place.ts'
import { PortolanError } from '../../domain/errors.ts'
import { logPlacePattern, readLogPlace } from '../../domain/event/log-place.ts'
import { eventJson } from '../../render/event/event-json.ts'
import { resetEvent, revokedEvent, streamedEvent } from '../../render/event/event-stream.ts'
import { openStream } from '../answer/open-stream.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { payerOf } from '../limit/payer.ts'
import type { App } from '../request/type-provider.ts'
import { EpochSchema, largestText, textSchema } from '../schema/schema-words.ts'
import { answerSchema, problems } from '../schema/schemas.ts'
import { logFields } from './events.ts'

export const defaultPace: Pace = { heartbeatMs: 15_000, patienceMs: 15_000 }

const placeText = { pattern: logPlacePattern, maxLength: 80, examples: ['b8255158155c3395-7'] }
const LastEventIdSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      ...placeText,
      description:
        'The `id` of the last event that the client has, or a seq. A client of server-sent events sends it by itself when it reconnects. It takes precedence over `lastEventId` and `after`.'
    })
  )
})
const QuerySchema = Type.Object(
  {
    ...logFields,
    lastEventId: Type.Optional(
      Type.String({
        ...placeText,
        description: 'The same as `Last-Event-ID`, for clients that cannot send it. It takes precedence over `after`.'
      })
    ),
    named: Type.Optional(
      Type.Boolean({
        examples: [false],
        description: '`false`: events have no `event` line, so that `onmessage` of a browser hears them. Default: true'
      })
    )
  },
  { additionalProperties: false }
)

export function eventStreamRoutes(app: App, context: RouteContext, followers: Followers, pace: Pace): void {
  const schema = {
    operationId: 'streamEvents',
    summary: 'The log as server-sent events: those of the past, then new ones',
    description:
      'The same events as `/v1/events`: `id` is the epoch and the seq, `event` the type, `data` the event. A client that reconnects with `Last-Event-ID` misses no event and sees none twice. A client whose place is of another store gets an event `reset` with `epoch` and `seq`, and then all events from the first. A comment every 15 seconds keeps the connection alive. The connection of a client that does not read is closed. When the key that opened the stream is revoked or expires, a last event `revoked` comes, and the stream ends.',
    tags: ['events'],
    headers: LastEventIdSchema,
    querystring: QuerySchema,
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
    const { catalogues } = seenBy(context, request)
    const { store } = catalogues
    const { after = 0, lastEventId, named = true, catalogue, site, type } = request.query
    const filter = {
      ...(catalogue && { catalogues: catalogue }),
      ...(site && { sites: site }),
      ...(type && { types: type })
    }
    const place = readLogPlace(request.headers['last-event-id'] ?? lastEventId ?? String(after))
    const isHere = await hasPlace(catalogues, place)
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
    const streaming = { epoch: store.epoch, isNamed: named }
    try {
      if (!isHere) await stream.send(resetEvent(store.epoch, catalogues.heads.seq))
      for await (const event of follow(catalogues, { follower, filter, after: isHere ? place.seq : 0 }))
        await stream.send(streamedEvent(event, eventJson(event, event.prevSeq, store.epoch, base), streaming))
      stream.end()
    } catch {
      // The client reads too slowly or has gone, or the store cannot be read. The client reconnects and continues where it was.
      stream.abort()
    } finally {
      follower.leave()
    }
  })
}
