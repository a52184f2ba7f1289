import Type from 'typebox'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { sendSharedPage, sharedPage } from '../answer/shared-page.ts'
import { canonicalQuery, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { pageSchema, readAnswers, sharedPageCodes } from '../schema/schemas.ts'
import { ListedCatalogueSchema } from '../schema/view-schema.ts'

export function catalogueRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listCatalogues',
        summary: 'All catalogues, by id',
        description:
          'Each with its newest revision at the instant `asOf`, and with the next transition that this revision announces.',
        tags: ['catalogues'],
        querystring: Type.Object({ ...sharedClockFields, ...pageFields }, { additionalProperties: false }),
        response: readAnswers('A page of catalogues', pageSchema(ListedCatalogueSchema, 'CataloguePage'), pageHeaders, [
          ...sharedPageCodes
        ])
      }
    },
    async (request, reply) => {
      const page = sharedPage(context, request, request.query, canonicalQuery('catalogues', request.query))
      const heads = await listedHeadsAt(page.catalogues, page.clocks)
      const { items, total, validUntil } = listCatalogues(heads, page.clocks.instant, page)
      const hasMore = page.offset + page.limit < total
      return sendSharedPage(context, request, reply, page, { items, hasMore, validUntil })
    }
  )
}
