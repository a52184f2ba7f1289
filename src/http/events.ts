import Type from 'typebox'
import { eventTypes } from '../domain/event.ts'
import { eventJson } from '../render/event-json.ts'
import { sendAnswer } from './answer.ts'
import { EventSchema } from './event-schema.ts'
import { pageHeaders } from './header-schema.ts'
import { pageLinks } from './paging.ts'
import { canonicalQuery, cursorAfter, cursorOf, limitOf, pageFields } from './query.ts'
import { baseOf, type Routing } from './reading.ts'
import { words } from './schema-words.ts'
import { pageCodes, pageOf, reading } from './schemas.ts'
import type { App } from './type-provider.ts'

export function eventRoutes(app: App, routing: Routing): void {
  const { catalogues } = routing
  const { store } = catalogues

  app.get(
    '/v1/events',
    {
      schema: {
        operationId: 'listEvents',
        summary: 'The log, ascending: every event after a seq',
        description:
          '`seq` is gapless over all catalogues. `prevSeq` is the event before that matches the same filter, 0 where there is none. Events never expire.',
        tags: ['events'],
        querystring: Type.Object(
          {
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
            type: Type.Optional(
              Type.Array(words(eventTypes), {
                maxItems: 1000,
                examples: [['catalogue.revision_published']],
                description: 'Types of events'
              })
            ),
            ...pageFields
          },
          { additionalProperties: false }
        ),
        response: reading('A page of the log', pageOf(EventSchema, 'EventPage'), pageHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { after = 0, catalogue, type } = request.query
      const stamp = catalogues.heads.seq
      const run = canonicalQuery('events', { ...request.query, after: undefined })
      const cursor = cursorOf(request.query, run)
      const limit = limitOf(request.query)
      const filter = { ...(catalogue && { catalogues: catalogue }), ...(type && { types: type }) }
      // The page after this one is known to be there only by an event beyond the limit.
      const upTo = cursor?.point ?? stamp
      const found = await store.events({ after: cursor?.offset ?? after, limit: limit + 1, upTo, ...filter })
      const events = found.slice(0, limit)
      const last = events.at(-1)
      const { page, link } = pageLinks(
        routing,
        request,
        found.length > limit && last ? cursorAfter(run, { point: upTo, instant: 0, offset: last.seq }) : undefined
      )
      const first = events[0]
      let previous = first ? await store.previousSeq(first.seq, filter) : 0
      const base = baseOf(routing, request)
      const items = events.map((event) => {
        const item = eventJson(event, previous, store.epoch, base)
        previous = event.seq
        return item
      })
      return sendAnswer(routing, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base,
        headers: { 'portolan-seq': String(upTo), 'portolan-epoch': store.epoch, ...(link !== undefined && { link }) },
        isImmutable: false,
        stamp,
        render: async () => JSON.stringify({ items, page })
      })
    }
  )
}
