import Type from 'typebox'
import { findingsOf } from '../../catalogue/site/site-findings.ts'
import { requireSite } from '../../catalogue/site/site-revisions.ts'
import { severities, siteFindingCodes } from '../../domain/site/finding/site-finding.ts'
import { InstantSchema } from '../../domain/text.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { cursorAfter, cursorOf, limitOf, pageFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { closed, oneOfWords, PointerSchema, textSchema } from '../schema/schema-words.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'
import { SiteParamsSchema, siteHeaders } from './site-schema.ts'

const SiteFindingSchema = Type.Object(
  {
    code: oneOfWords(siteFindingCodes),
    severity: oneOfWords(severities),
    pointer: PointerSchema('Names a place in the document of the site, with the name of a part in place of its index'),
    detail: textSchema(4000),
    since: Type.Optional(InstantSchema)
  },
  { ...closed, title: 'SiteFinding' }
)

export function siteFindingRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/sites/:site/findings',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'listSiteFindings',
        summary: 'What the owner of a site should look at now',
        description:
          'Roles that are bound nowhere, names that catalogues no longer have, exceptions that end. Of the newest revisions, errors first. None of them keeps a document from being published.',
        tags: ['sites'],
        params: SiteParamsSchema,
        querystring: Type.Object(pageFields, closed),
        response: readAnswers('A page of findings', pageSchema(SiteFindingSchema, 'SiteFindingPage'), siteHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { heads, store, now } = catalogues
      const stamp = heads.seq
      const { document, revision } = requireSite(catalogues, request.params.site)
      const run = `site findings\n${document.id}`
      const [offset, limit] = [cursorOf(request.query, run)?.offset ?? 0, limitOf(request.query)]
      const found = await findingsOf(catalogues, { site: document, revision: revision.number })
      const hasMore = offset + limit < found.length
      const next = hasMore ? cursorAfter(run, { point: stamp, instant: 0, offset: offset + limit }) : undefined
      const { page, link } = pageLinks(context, request, next)
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base: baseOf(context, request),
        headers: {
          'portolan-site-revision': String(revision.number),
          ...logHeaders(stamp, store.epoch),
          ...(link !== undefined && { link })
        },
        isImmutable: false,
        // Many of them change with the clock.
        until: now(),
        stamp,
        render: async () => JSON.stringify({ items: found.slice(offset, offset + limit), page })
      })
    }
  )
}
