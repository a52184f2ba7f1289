import Type from 'typebox'
import { eventsAfter } from '../../catalogue/event/events.ts'
import type { Followers } from '../../catalogue/event/followers.ts'
import { requirePlace } from '../../catalogue/event/log-place.ts'
import { eventTypes } from '../../domain/event/event.ts'
import { eventJson } from '../../render/event/event-json.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { readOrWait } from '../answer/read-or-wait.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery, limitOf, pageFields, seekCursorAfter, seekCursorOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { EventSchema } from '../schema/event-schema.ts'
import { awaitedHeaders } from '../schema/header-schema.ts'
import { oneOfWords } from '../schema/schema-words.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'

/** Chooses catalogues for what is otherwise about all of them. */
export const CataloguesQuerySchema = Type.Object(
  {
    catalogue: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 1000,
        examples: [['clearswift-exchange-gateway-4.8']],
        description: 'Ids of catalogues. Default: all'
      })
    )
  },
  { additionalProperties: false }
)

/** The parameters of every read of the log. */
export const logFields = {
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      examples: [0],
      description: 'Events after this seq. Default 0: from the beginning.'
    })
  ),
  catalogue: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      maxItems: 1000,
      examples: [['clearswift-exchange-gateway-4.8']],
      description: 'Ids of catalogues'
    })
  ),
  site: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      maxItems: 1000,
      examples: [['leeds']],
      description: 'Ids of sites. With `catalogue` too, events about either'
    })
  ),
  type: Type.Optional(
    Type.Array(oneOfWords(eventTypes), {
      maxItems: 1000,
      examples: [['catalogue.revision_published']],
      description: 'Types of events'
    })
  )
}

const PreferSchema = Type.Object({
  prefer: Type.Optional(
    Type.String({
      maxLength: 1000,
      examples: ['wait=30'],
      description:
        'RFC 7240. `wait=30`: if there is no event yet, the answer waits up to 30 seconds for the first one. At most 60; `Preference-Applied` says what was granted.'
    })
  )
})

export function eventRoutes(app: App, context: RouteContext, followers: Followers): void {
  app.get(
    '/v1/events',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'listEvents',
        summary: 'The log, ascending: every event after a seq',
        description:
          '`seq` is gapless over all catalogues. `prevSeq` is the previous event that matches the same filter, 0 if there is none. Events never expire. `after` ahead of the log is 410 `epoch_changed`: the client read another store. With `Prefer: wait=30` an empty page waits for the first event.',
        tags: ['events'],
        headers: PreferSchema,
        querystring: Type.Object({ ...logFields, ...pageFields }, { additionalProperties: false }),
        response: readAnswers('A page of the log', pageSchema(EventSchema, 'EventPage'), awaitedHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'epoch_changed',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { store, heads } = catalogues
      const { after = 0, catalogue, site, type } = request.query
      const run = canonicalQuery('events', { ...request.query, after: undefined })
      const cursor = seekCursorOf(request.query, run)
      const limit = limitOf(request.query)
      const filter = {
        ...(catalogue && { catalogues: catalogue }),
        ...(site && { sites: site }),
        ...(type && { types: type })
      }
      let from = cursor?.seen ?? after
      await requirePlace(catalogues, { seq: cursor?.upTo ?? after })
      const { events, hasMore, stamp, upTo } = await readOrWait(context, followers, request, reply, {
        async read() {
          const stamp = heads.seq
          const upTo = cursor?.upTo ?? stamp
          const found = await eventsAfter(catalogues, { after: from, limit, upTo, ...filter })
          // No event up to the stamp matches, so the next read begins there.
          if (found.events.length === 0 && !cursor) from = Math.max(from, stamp)
          return { stamp, upTo, ...found }
        },
        // Only the first page of a run waits.
        isEmpty: ({ events }) => events.length === 0 && !cursor,
        seqOf: ({ stamp }) => stamp
      })
      const last = events.at(-1)
      const { page, link } = pageLinks(
        context,
        request,
        hasMore && last ? seekCursorAfter(run, { seen: last.seq, upTo }) : undefined
      )
      const base = baseOf(context, request)
      const items = events.map((event) => eventJson(event, event.prevSeq, store.epoch, base))
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base,
        headers: { ...logHeaders(upTo, store.epoch), ...(link !== undefined && { link }) },
        isImmutable: false,
        stamp,
        render: async () => JSON.stringify({ items, page })
      })
    }
  )
}
