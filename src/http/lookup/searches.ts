import Type from 'typebox'
import { search } from '../../catalogue/lookup/search.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { sendSharedPage, sharedPage } from '../answer/shared-page.ts'
import { canonicalQuery, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { SearchHitSchema } from '../schema/lookup-schema.ts'
import { pageSchema, readAnswers, sharedPageCodes } from '../schema/schemas.ts'

export function searchRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/search',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'search',
        summary: 'Catalogues, requirements and endpoints by text',
        description:
          'Titles, keys, aliases, tags, remarks, hosts and addresses, in the newest revisions. All words have to be found in one catalogue, requirement or endpoint, whatever their case. `example.net` finds the name, what lies under it and the wildcards over it; an address or CIDR finds what equals it, covers it or lies in it. First come catalogues, then requirements, then endpoints, retired ones too, with their status. Nothing found is an empty list.',
        tags: ['lookup'],
        querystring: Type.Object(
          {
            q: Type.String({
              maxLength: 300,
              examples: ['clearswift.net', 'antivirus updates', '184.72.245.1'],
              description: 'At most 10 words, apart by spaces'
            }),
            ...sharedClockFields,
            ...pageFields
          },
          { additionalProperties: false }
        ),
        response: readAnswers('A page of what was found', pageSchema(SearchHitSchema, 'SearchPage'), pageHeaders, [
          'missing_parameter',
          ...sharedPageCodes
        ])
      }
    },
    async (request, reply) => {
      const page = sharedPage(context, request, request.query, canonicalQuery('search', request.query))
      const { hits, ...rest } = await search(page.catalogues, request.query.q, page.clocks, page)
      return sendSharedPage(context, request, reply, page, { items: hits, ...rest })
    }
  )
}
