import Type from 'typebox'
import { timelineOf } from '../../catalogue/history/timeline.ts'
import { nextPage, pagedPoint } from '../answer/paging.ts'
import { type RouteContext, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, clockFields, pageFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { CatalogueParamsSchema, pageCodes, pageSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { TimelineEntrySchema } from '../schema/timeline-schema.ts'

export function timelineRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/v1/catalogues/:id/timeline',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getTimeline',
        summary: 'The change history as people read it: revisions, and the transitions that happened or are announced',
        description:
          'Ascending. A transition belongs to the revision that was the newest when it happened, and lists the endpoints that it activates or retires.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object({ ...clockFields, ...pageFields }, { additionalProperties: false }),
        response: readAnswers('A page of the history', pageSchema(TimelineEntrySchema, 'TimelinePage'), viewHeaders, [
          ...readCodes,
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const query = canonicalQuery('timeline', request.query)
      const paged = await pagedPoint(context, request.params.id, request.query, query)
      const { point, offset, limit } = paged
      const { entries, total } = await timelineOf(catalogues, point.revision, point.instant, { offset, limit })
      const { page, link } = nextPage(context, request, paged, total)
      return sendPoint(context, request, reply, {
        point,
        query: `${query}\n${offset}\n${limit}`,
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        pins: { cursor: request.query.cursor },
        link,
        hasLinks: true,
        // The tag covers only the transitions of this revision, and earlier revisions have others.
        isContentTagged: true,
        render: async () => JSON.stringify({ items: entries, page })
      })
    }
  )
}
