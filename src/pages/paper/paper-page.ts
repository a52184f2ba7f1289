import { changeHistory, printedDateOf } from '../../catalogue/history/change-history.ts'
import { feedPins } from '../../catalogue/read/feed-parts.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import { catalogueViewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { pagedPoint } from '../../http/answer/paging.ts'
import { seenBy } from '../../http/answer/send-point.ts'
import { canonicalQuery, cursorAfter, PagedViewQuerySchema } from '../../http/request/query.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { filterForm } from './filter-form.ts'
import { paperOf } from './paper.ts'

/** How many requirements a page has, and how many lines its history. */
const [requirementsOnPage, historyLines] = [200, 50]
/** How many endpoints a page has of one requirement that is asked for alone, and of each where there are more than `mostEndpoints`. */
const [endpointsOnPage, endpointsShown, mostEndpoints] = [500, 50, 200]

/** The catalogue as people print it: guidance, external and internal connections, change history. */
export const paperPage: WebPage = {
  path: '/c/:id',
  link: 'Document',
  routes(app, context) {
    app.get(
      '/c/:id',
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: { params: CatalogueParamsSchema, querystring: PagedViewQuerySchema }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const { params, query } = request
        // A requirement that is asked for alone is paged by its endpoints, and else requirements are paged.
        const isOne = query.requirement?.length === 1
        const limit = query.limit ?? (isOne ? endpointsOnPage : requirementsOnPage)
        const canonical = canonicalQuery('paper', query)
        const { point, offset, run } = await pagedPoint(
          seenBy(context, request),
          params.id,
          { ...query, limit },
          canonical
        )
        return sendCataloguePage(context, request, reply, {
          page: '/c/:id',
          template: '@paper',
          twin: `/v1/catalogues/${params.id}`,
          point,
          part: `${offset} ${limit}`,
          content: async (frame) => {
            const view = await catalogueViewOf(catalogues, point, filterOf(query))
            const form = filterForm(query)
            const [only] = isOne ? view.requirements : []
            const total = only ? only.endpoints.length : view.requirements.length
            const state = {
              point: point.revision.number,
              instant: mementoInstant(point),
              offset: offset + limit,
              feeds: feedPins(point)
            }
            const shown = only ? { offset, limit } : { offset: 0, limit: Number.POSITIVE_INFINITY }
            const paper = paperOf(
              {
                view,
                date: await printedDateOf(catalogues, point.revision),
                history: await changeHistory(catalogues, point.revision, historyLines),
                requirements: only ? [only] : view.requirements.slice(offset, offset + limit),
                shownOf: (endpoints) =>
                  only || endpoints <= mostEndpoints ? shown : { offset: 0, limit: endpointsShown },
                isFirst: offset === 0,
                resolved: frame.links.to(`/c/${params.id}`, { ...query, cursor: undefined, resolve: 'feeds' }),
                filters: form.set,
                ...(offset + limit < total && {
                  next: frame.links.to(`/c/${params.id}`, { ...query, cursor: cursorAfter(run, state) })
                })
              },
              frame
            )
            return { ...paper, form }
          }
        })
      }
    )
  }
}
