import Type from 'typebox'
import { search } from '../../catalogue/lookup/search.ts'
import { requireInstant } from '../../domain/read/as-of.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery, cursorAfter, cursorOf, limitOf, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { SearchHitSchema } from '../schema/lookup-schema.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'

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
          'unknown_parameter',
          'invalid_parameter',
          'missing_parameter',
          'invalid_instant',
          'insufficient_scope',
          'time_out_of_range',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { q, asOf, effectiveAt } = request.query
      const stamp = catalogues.heads.seq
      const run = `${canonicalQuery('search', request.query)}\n${asOf ?? ''}\n${effectiveAt ?? ''}`
      const cursor = cursorOf(request.query, run)
      const published = asOf === undefined ? undefined : requireInstant(asOf, 'asOf')
      const instant =
        cursor?.instant ?? (effectiveAt === undefined ? catalogues.now() : requireInstant(effectiveAt, 'effectiveAt'))
      const [seq, offset, limit] = [cursor?.point ?? stamp, cursor?.offset ?? 0, limitOf(request.query)]
      const clocks = { seq, instant, ...(published !== undefined && { asOf: published }) }
      const { hits, hasMore, validUntil } = await search(catalogues, q, clocks, { offset, limit })
      const { page, link } = pageLinks(
        context,
        request,
        hasMore ? cursorAfter(run, { point: seq, instant, offset: offset + limit }) : undefined
      )
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base: baseOf(context, request),
        headers: { ...logHeaders(seq, catalogues.store.epoch), ...(link !== undefined && { link }) },
        isImmutable: false,
        stamp,
        from: instant,
        ...(validUntil !== undefined && { until: validUntil }),
        ...((effectiveAt !== undefined || cursor) && { timedAt: instant }),
        render: async () => JSON.stringify({ items: hits, page })
      })
    }
  )
}
