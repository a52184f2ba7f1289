import Type from 'typebox'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { requireInstant } from '../../domain/read/as-of.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery, cursorAfter, cursorOf, limitOf, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'
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
          'unknown_parameter',
          'invalid_parameter',
          'invalid_instant',
          'insufficient_scope',
          'time_out_of_range',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { asOf, effectiveAt } = request.query
      const stamp = catalogues.heads.seq
      const run = `${canonicalQuery('catalogues', request.query)}\n${asOf ?? ''}\n${effectiveAt ?? ''}`
      const cursor = cursorOf(request.query, run)
      const published = asOf === undefined ? undefined : requireInstant(asOf, 'asOf')
      const instant =
        cursor?.instant ?? (effectiveAt === undefined ? catalogues.now() : requireInstant(effectiveAt, 'effectiveAt'))
      const [seq, offset, limit] = [cursor?.point ?? stamp, cursor?.offset ?? 0, limitOf(request.query)]
      const heads = await listedHeadsAt(catalogues, { seq, ...(published !== undefined && { asOf: published }) })
      const { items, total, validUntil } = listCatalogues(heads, instant, { offset, limit })
      const { page, link } = pageLinks(
        context,
        request,
        offset + limit >= total ? undefined : cursorAfter(run, { point: seq, instant, offset: offset + limit })
      )
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base: baseOf(context, request),
        headers: {
          ...logHeaders(seq, catalogues.store.epoch),
          ...(link !== undefined && { link })
        },
        isImmutable: false,
        stamp,
        from: instant,
        ...(validUntil !== undefined && { until: validUntil }),
        ...((effectiveAt !== undefined || cursor) && { timedAt: instant }),
        render: async () => JSON.stringify({ items, page })
      })
    }
  )
}
