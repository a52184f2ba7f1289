import Type from 'typebox'
import { lookUp } from '../../catalogue/lookup/lookup.ts'
import { requireInstant } from '../../domain/read/as-of.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery, cursorAfter, cursorOf, limitOf, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { LookupItemSchema } from '../schema/lookup-schema.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'

export function lookupRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/lookup',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'lookUp',
        summary:
          'The requirements and endpoints of all catalogues that an address, CIDR, host name, port or flow belongs to',
        description:
          'The order is active, retiring, planned, then retired, of these the newest end first. Past endpoints are included: `addedIn` and `removedIn` name the revisions that added and removed them. Endpoints of the kinds any, role and feed match no address or name: only a port or a flow finds them, and `match` marks them.',
        tags: ['lookup'],
        querystring: Type.Object(
          {
            value: Type.String({
              minLength: 1,
              maxLength: 300,
              examples: ['184.72.245.1', 'repo.clearswift.net', 'tcp/443', 'tcp/203.0.113.7/443'],
              description:
                'An address, a CIDR, a host name, a port or ports with their transport (`tcp/443`, `tcp/8000-8100`, `icmp/8`), or a flow'
            }),
            ...sharedClockFields,
            ...pageFields
          },
          { additionalProperties: false }
        ),
        response: readAnswers('A page of matches', pageSchema(LookupItemSchema, 'LookupPage'), pageHeaders, [
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
      const { value, asOf, effectiveAt } = request.query
      const stamp = catalogues.heads.seq
      const run = `${canonicalQuery('lookup', request.query)}\n${asOf ?? ''}\n${effectiveAt ?? ''}`
      const cursor = cursorOf(request.query, run)
      const published = asOf === undefined ? undefined : requireInstant(asOf, 'asOf')
      const instant =
        cursor?.instant ?? (effectiveAt === undefined ? catalogues.now() : requireInstant(effectiveAt, 'effectiveAt'))
      const [seq, offset, limit] = [cursor?.point ?? stamp, cursor?.offset ?? 0, limitOf(request.query)]
      const clocks = { seq, instant, ...(published !== undefined && { asOf: published }) }
      const { found, hasMore, validUntil } = await lookUp(catalogues, value, clocks, { offset, limit })
      const { page, link } = pageLinks(
        context,
        request,
        hasMore ? cursorAfter(run, { point: seq, instant, offset: offset + limit }) : undefined
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
        render: async () => JSON.stringify({ items: found, page })
      })
    }
  )
}
