import { viewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { pointOfQuery } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, ViewQuerySchema } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { ViewSchema } from '../schema/view-schema.ts'

export function viewRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getView',
        summary: 'A catalogue on two clocks: what had been published at one instant, as it holds at another',
        description:
          'The whole catalogue, or what the filters leave of it. Filters on requirements drop requirements; filters on endpoints (`kind`, `family`, `status`) prune endpoints. Repeat a filter for OR; different filters are joined by AND. `validFrom` and `validUntil` bound the interval in which the clock changes nothing.',
        tags: ['catalogues'],
        params: CatalogueParamsSchema,
        querystring: ViewQuerySchema,
        response: readAnswers('The view', ViewSchema, viewHeaders, readCodes)
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const point = await pointOfQuery(catalogues, request.params.id, request.query)
      const filter = filterOf(request.query)
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery('view', request.query),
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        render: async () => JSON.stringify(await viewOf(catalogues, point, filter))
      })
    }
  )
}
