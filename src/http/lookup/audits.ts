import Type from 'typebox'
import { auditEntries, auditSiteEntries } from '../../catalogue/lookup/audit.ts'
import { listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { feedPins } from '../../catalogue/read/feed-parts.ts'
import { feedsAtMark } from '../../catalogue/read/feeds-at-mark.ts'
import { requireHead } from '../../catalogue/read/point.ts'
import type { Audit } from '../../domain/lookup/audit.ts'
import { AuditBodySchema, auditEntriesOf } from '../../domain/lookup/audit-entry.ts'
import { auditHalves } from '../../domain/lookup/audit-missing.ts'
import { auditPage, mostMissing } from '../../domain/lookup/audit-page.ts'
import { pinnedFeeds } from '../../domain/read/feeds-as-of.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { logHeaders } from '../answer/headers.ts'
import { nextPage, type PageLinks, subjectPage } from '../answer/paging.ts'
import { pointHeaders } from '../answer/send-answer.ts'
import { type RouteContext, seenBy } from '../answer/send-point.ts'
import { sharedPage, sharedPageLinks } from '../answer/shared-page.ts'
import {
  canonicalQuery,
  clockFields,
  filterFields,
  type PageQuery,
  pageFields,
  sharedClockFields,
  statusField
} from '../request/query.ts'
import { feedsAsOfQuery, resolveFields } from '../request/resolve-query.ts'
import {
  subjectHeaders,
  subjectKinds,
  subjectOf,
  subjectParams,
  subjectPaths,
  subjectQuery
} from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { AuditSchema } from '../schema/audit-schema.ts'
import { auditHeaders, sharedAuditHeaders } from '../schema/header-schema.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'
import { answerSchema, pageCodes, problems, readCodes, sharedPageCodes } from '../schema/schemas.ts'

/** The most bytes of a list: as many entries as it may have fit. */
const bodyLimit = 32 * 1_048_576

const auditFields = {
  ...resolveFields('none'),
  ...filterFields,
  status: statusField('all'),
  by: Type.Optional({
    ...oneOfWords(
      auditHalves,
      'Which half of what belongs together is enough: `names` covers addresses, `addresses` covers names. Default: `either`.'
    ),
    examples: ['names']
  }),
  ...pageFields,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Missing, and covered, values on a page. Default: 1000; a number above is read as 1000. The next page is asked for with the same body',
      examples: [1000]
    })
  )
}

const description =
  '`retired` is what the site may close where nothing needs it elsewhere, `missing` is what holds now and no entry lets through. A value in several requirements counts once, with the first of these statuses that one of them has: active, retiring, planned, retired. Entries may be written as people and devices have them; what cannot be read is `invalid`, and equal entries are judged once. `covered` holds what is not missing since its other half is there: an address of which a host that it `serves` is among the entries, a host whose serving addresses all are.'

const bodyCodes = ['malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_body'] as const

const summaries = {
  catalogue: 'Compares the destinations that a firewall lets through with the catalogue',
  site: 'Compares the destinations that a firewall lets through with what a site needs, over all its catalogues'
} as const
const operationIds = { catalogue: 'audit', site: 'auditSite' } as const

export function auditRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds)
    app.post(
      `${subjectPaths[kind]}/audit`,
      {
        bodyLimit,
        config: { access: 'read', grows: 'body' },
        schema: {
          operationId: operationIds[kind],
          summary: summaries[kind],
          description,
          tags: ['lookup'],
          params: subjectParams(kind, {}),
          querystring: subjectQuery(kind, { ...clockFields, ...auditFields }),
          body: AuditBodySchema,
          response: {
            200: answerSchema(
              'The entries by what holds for them, and what is missing',
              AuditSchema,
              subjectHeaders(kind, auditHeaders)
            ),
            ...problems(...readCodes, ...pageCodes, ...bodyCodes)
          }
        }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const { query, body } = request
        const { by } = query
        const run = `${canonicalQuery('audit', query)}\n${JSON.stringify(body)}`
        const subject = subjectOf(request)
        const paged = { ...(await subjectPage(seenBy(context, request), subject, query, run)), limit: pageSize(query) }
        const { point } = paged
        const asked = { ...auditEntriesOf(body), filter: filterOf(query), ...(by && { by }) }
        const audit = point.site
          ? await auditSiteEntries(catalogues, point, asked)
          : await auditEntries(catalogues, {
              ...asked,
              revisions: [point.revision],
              instant: point.instant,
              ...(point.feeds && { feedsAsOf: pinnedFeeds(feedPins(point)) })
            })
        const { body: text, link } = pageOf(audit, paged, (total) => nextPage(context, request, paged, total))
        return reply
          .headers({ ...pointHeaders(paged.point, catalogues.store.epoch, ''), ...link })
          .header('cache-control', 'no-store')
          .type('application/json; charset=utf-8')
          .send(text)
      }
    )

  app.post(
    '/v1/audit',
    {
      bodyLimit,
      config: { access: 'read', grows: 'body' },
      schema: {
        operationId: 'auditAll',
        summary: 'Compares the destinations that a firewall lets through with all catalogues, or with some',
        description,
        tags: ['lookup'],
        querystring: Type.Object(
          {
            catalogue: Type.Optional(
              Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
                description: 'Ids of the catalogues. Default: all.',
                maxItems: 1000,
                examples: [['clearswift-exchange-gateway-4.8']]
              })
            ),
            ...sharedClockFields,
            ...auditFields
          },
          closed
        ),
        body: AuditBodySchema,
        response: {
          200: answerSchema('The entries by what holds for them, and what is missing', AuditSchema, sharedAuditHeaders),
          ...problems('not_found', ...sharedPageCodes, ...bodyCodes)
        }
      }
    },
    async (request, reply) => {
      const { catalogue, asOf: _, effectiveAt: __, by, ...query } = request.query
      const name = `${canonicalQuery('audit', request.query)}\n${JSON.stringify(request.body)}`
      const shared = sharedPage(context, request, request.query, name, pageSize(query))
      const { catalogues, clocks } = shared
      for (const id of catalogue ?? []) requireHead(catalogues, id)
      const heads = await listedHeadsAt(catalogues, clocks)
      const feedsAsOf = feedsAsOfQuery(request.query)
      const audit = await auditEntries(catalogues, {
        ...auditEntriesOf(request.body),
        revisions: heads
          .map(({ revision }) => revision)
          .filter((revision) => catalogue === undefined || catalogue.includes(revision.catalogue)),
        instant: clocks.instant,
        filter: filterOf(query),
        ...(by && { by }),
        ...(feedsAsOf && { feedsAsOf: await feedsAtMark(catalogues, feedsAsOf, { seq: clocks.seq, heads }) })
      })
      const { body, link } = pageOf(audit, shared, (total) =>
        sharedPageLinks(context, request, shared, shared.offset + shared.limit < total)
      )
      return reply
        .headers({ ...logHeaders(clocks.seq, catalogues.store.epoch), ...link })
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(body)
    }
  )
}

function pageSize({ limit }: PageQuery): number {
  return Math.min(limit ?? mostMissing, mostMissing)
}

/** The bytes of a page, and the header field that leads to the next one. */
function pageOf(
  audit: Audit,
  part: { readonly offset: number; readonly limit: number },
  linksFor: (total: number) => PageLinks
): { readonly body: string; readonly link: { readonly link?: string } } {
  const { page: shown, total } = auditPage(audit, part)
  const { page, link } = linksFor(total)
  return { body: JSON.stringify({ ...shown, page }), link: { ...(link !== undefined && { link }) } }
}
