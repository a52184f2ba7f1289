import Type from 'typebox'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, pageFields, sharedClockFields } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage } from '../frame/send-page.ts'
import { dateTime, dayOf } from '../template/date-text.ts'

const QuerySchema = Type.Object({ ...sharedClockFields, ...pageFields }, closed)

/** All catalogues, and what will change in them. */
export const listPage: WebPage = {
  path: '/',
  link: 'Catalogues',
  routes(app, context) {
    app.get('/', { config: { access: 'read' }, schema: { querystring: QuerySchema } }, async (request, reply) => {
      const shared = sharedPage(context, request, request.query, canonicalQuery('/', request.query))
      const heads = await listedHeadsAt(shared.catalogues, shared.clocks)
      const { items, validUntil } = listCatalogues(heads, shared.clocks.instant, shared)
      return sendListPage(context, request, reply, {
        page: '/',
        template: '@list',
        twin: '/v1/catalogues',
        shared,
        validUntil,
        content: async () => ({
          title: 'Catalogues',
          items: items.map(({ nextTransition, ...item }) => ({
            ...item,
            published: dayOf(item.revision.publishedAt),
            ...(nextTransition !== undefined && { next: dateTime(nextTransition) })
          }))
        })
      })
    })
  }
}
