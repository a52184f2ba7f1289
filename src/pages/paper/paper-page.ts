import { pointAt } from '../../catalogue/read/point.ts'
import { viewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { seenBy } from '../../http/answer/send-point.ts'
import { clocksOfQuery, ViewQuerySchema } from '../../http/request/query.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { paperOf } from './paper.ts'

/** The catalogue as people print it: guidance, external and internal connections, change history. */
export const paperPage: WebPage = {
  path: '/c/:id',
  link: 'Document',
  routes(app, context) {
    app.get(
      '/c/:id',
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: { params: CatalogueParamsSchema, querystring: ViewQuerySchema }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const { id } = request.params
        const point = await pointAt(catalogues, id, clocksOfQuery(request.query))
        return sendCataloguePage(context, request, reply, {
          page: '/c/:id',
          template: '@paper',
          twin: `/v1/catalogues/${id}`,
          point,
          content: async () => paperOf(await viewOf(catalogues, point, filterOf(request.query)))
        })
      }
    )
  }
}
