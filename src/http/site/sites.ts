import Type from 'typebox'
import { requireSite } from '../../catalogue/site/site-revisions.ts'
import { siteRevisionRef } from '../../domain/view/view.ts'
import type { SiteHead } from '../../store/store.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { cursorAfter, cursorOf, limitOf, pageFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { closed } from '../schema/schema-words.ts'
import { pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'
import { sendSiteRead } from './site-answer.ts'
import { ListedSiteSchema, SiteParamsSchema, siteHeaders } from './site-schema.ts'

export function siteRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/sites',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listSites',
        summary: 'All sites, by id',
        description: 'Each with its newest revision. A key that may not read all catalogues of a site does not see it.',
        tags: ['sites'],
        querystring: Type.Object(pageFields, closed),
        response: readAnswers('A page of sites', pageSchema(ListedSiteSchema, 'SitePage'), pageHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { heads, store } = seenBy(context, request).catalogues
      const run = 'sites'
      const [offset, limit] = [cursorOf(request.query, run)?.offset ?? 0, limitOf(request.query)]
      const { sites, seq } = heads.moment
      const hasMore = offset + limit < sites.size
      const next = hasMore ? cursorAfter(run, { point: seq, instant: 0, offset: offset + limit }) : undefined
      const { page, link } = pageLinks(context, request, next)
      const items = [...sites.values()].slice(offset, offset + limit).map(siteJson)
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        base: baseOf(context, request),
        headers: { ...logHeaders(seq, store.epoch), ...(link !== undefined && { link }) },
        isImmutable: false,
        stamp: seq,
        render: async () => JSON.stringify({ items, page })
      })
    }
  )

  app.get(
    '/v1/sites/:site',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getSite',
        summary: 'A site with its newest revision',
        description: 'Its title, the catalogues that it takes, and the revision that its document has now.',
        tags: ['sites'],
        params: SiteParamsSchema,
        querystring: Type.Object({}, closed),
        response: readAnswers('The site', ListedSiteSchema, siteHeaders, [
          'unknown_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const head = requireSite(seenBy(context, request).catalogues, request.params.site)
      return sendSiteRead(context, request, reply, {
        revision: head.revision,
        query: 'site',
        isPinned: false,
        render: () => JSON.stringify(siteJson(head))
      })
    }
  )
}

function siteJson({ revision, document }: SiteHead) {
  const catalogues = document.catalogues.map(({ id }) => id)
  return { id: document.id, title: document.title, catalogues, revision: siteRevisionRef(revision) }
}
