import Type from 'typebox'
import { timelineOf } from '../catalogue/timeline.ts'
import { nextPage, pagedPoint } from './paging.ts'
import { canonicalQuery, clockFields, pageFields } from './query.ts'
import { type Routing, sendPoint } from './reading.ts'
import { CatalogueParamsSchema, pageOf, problems, readCodes, TimelineEntrySchema } from './schemas.ts'
import type { App } from './type-provider.ts'

export function timelineRoutes(app: App, routing: Routing): void {
  const { catalogues } = routing

  app.get(
    '/v1/catalogues/:id/timeline',
    {
      schema: {
        operationId: 'getTimeline',
        summary: 'The change history as people read it: revisions, and the transitions that happened or are announced',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object({ ...clockFields, ...pageFields }, { additionalProperties: false }),
        response: {
          200: pageOf(TimelineEntrySchema, 'TimelinePage'),
          ...problems(...readCodes, 'cursor_invalid', 'cursor_mismatch')
        }
      }
    },
    async (request, reply) => {
      const query = canonicalQuery('timeline', request.query)
      const paged = await pagedPoint(routing, request.params.id, request.query, query)
      const { point, offset, limit } = paged
      const { entries, total } = await timelineOf(catalogues, point.revision, point.instant, { offset, limit })
      const { page, link } = nextPage(routing, request, paged, total)
      return sendPoint(routing, request, reply, {
        point,
        query: `${query}\n${offset}\n${limit}`,
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        pins: { cursor: request.query.cursor },
        link,
        hasLinks: true,
        // Revisions before this one have transitions of their own, which the tag does not know.
        isContentTagged: true,
        render: async () => JSON.stringify({ items: entries, page })
      })
    }
  )
}
