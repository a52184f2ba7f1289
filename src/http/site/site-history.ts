import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { compareSiteViews, type SiteComparand } from '../../catalogue/history/site-views.ts'
import type { SitePoint } from '../../catalogue/read/point.ts'
import {
  compareSites,
  requireSite,
  siteRevisionAt,
  siteRevisionWithChanges
} from '../../catalogue/site/site-revisions.ts'
import { PortolanError } from '../../domain/errors.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { siteRevisionRef } from '../../domain/view/view.ts'
import { siteRevisionJson } from '../../render/site/site-revision-json.ts'
import { logHeaders } from '../answer/headers.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { type RouteContext, seenBy } from '../answer/send-point.ts'
import { cursorAfter, cursorOf, limitOf, pageFields, siteAsOfText } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { closed } from '../schema/schema-words.ts'
import { pageCodes, pageSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { sendSiteRead } from './site-answer.ts'
import {
  SiteDiffSchema,
  SiteParamsSchema,
  SiteRevisionParamsSchema,
  SiteRevisionSchema,
  SiteRevisionWithChangesSchema,
  siteHeaders
} from './site-schema.ts'

const sideField = (name: string, fallback: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['1', '2026-12-01T00:00:00Z'],
      description: `The ${name} side: the number of a revision of the site, or an instant. Default: ${fallback}.`
    })
  )

const effectField = (name: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['2026-12-01T00:00:00Z'],
      description: `Reads the ${name} side as a view at this instant; it may lie in the future.`
    })
  )

export function siteHistoryRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/sites/:site/revisions',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listSiteRevisions',
        summary: 'The history of a site, newest first',
        description:
          'Each without its changes, which its own URL has. `chain` proves that no revision was inserted later.',
        tags: ['sites'],
        params: SiteParamsSchema,
        querystring: Type.Object(pageFields, closed),
        response: readAnswers('A page of revisions', pageSchema(SiteRevisionSchema, 'SiteRevisionPage'), siteHeaders, [
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
      const { site } = request.params
      const run = `site revisions\n${site}`
      const cursor = cursorOf(request.query, run)
      const limit = limitOf(request.query)
      // A page run descends from the revision that was the newest when it began: offsets count from there.
      const newest = cursor?.point ?? requireSite(catalogues, site).revision.number
      const revision = await siteRevisionAt(catalogues, site, { kind: 'number', number: newest })
      const from = newest - (cursor?.offset ?? 0)
      const state = { point: newest, instant: 0, offset: (cursor?.offset ?? 0) + limit }
      const { page, link } = pageLinks(context, request, from > limit ? cursorAfter(run, state) : undefined)
      return sendSiteRead(context, request, reply, {
        revision,
        query: `site revisions\n${from}\n${limit}`,
        link,
        isPinned: false,
        render: async () => {
          const items = await catalogues.store.sites.revisions(site, { from, limit })
          return JSON.stringify({ items: items.map(siteRevisionJson), page })
        }
      })
    }
  )

  app.get(
    '/v1/sites/:site/revisions/:number',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getSiteRevision',
        summary: 'One revision of a site with what it changed',
        description: 'In the first revision everything is added. The answer never changes.',
        tags: ['sites'],
        params: SiteRevisionParamsSchema,
        querystring: Type.Object({}, closed),
        response: readAnswers('The revision', SiteRevisionWithChangesSchema, siteHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { site, number } = request.params
      if (number > requireSite(catalogues, site).revision.number)
        throw new PortolanError('not_found', `The site ${site} has no revision ${number}.`)
      const { revision, changes } = await siteRevisionWithChanges(catalogues, site, number)
      return sendSiteRead(context, request, reply, {
        revision,
        query: 'site revision',
        isPinned: true,
        render: () => JSON.stringify({ ...siteRevisionJson(revision), changes })
      })
    }
  )

  app.get(
    '/v1/sites/:site/diff',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getSiteDiff',
        summary: 'What is different between two revisions of a site, or between two views',
        description:
          'Two revisions are compared as documents: sets by name, so their order does not matter; immutable where both sides are numbers. An instant T means the view at that instant, of all that was known then. If one side is a view, a revision on the other side is read as its view at this moment, or at its own `…EffectiveAt`, with what its catalogues had published by then.',
        tags: ['sites'],
        params: SiteParamsSchema,
        querystring: Type.Object(
          {
            from: sideField('earlier', 'the revision before `to`'),
            to: sideField('later', 'the newest revision'),
            fromEffectiveAt: effectField('earlier'),
            toEffectiveAt: effectField('later')
          },
          closed
        ),
        response: readAnswers('The difference', SiteDiffSchema, siteHeaders, readCodes)
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { site } = request.params
      const views = viewsAsked(request.query)
      if (views) return sendViews(request, reply, site, views)
      const later = parseAsOf(request.query.to, 'to')
      const { number } = await siteRevisionAt(catalogues, site, later)
      const earlier =
        request.query.from === undefined
          ? ({ kind: 'number', number: Math.max(1, number - 1) } as const)
          : parseAsOf(request.query.from, 'from')
      const { from, to, changes } = await compareSites(catalogues, site, earlier, { kind: 'number', number })
      return sendSiteRead(context, request, reply, {
        revision: to,
        query: `site diff\n${from.number}`,
        isPinned: earlier.kind === 'number' && later.kind === 'number',
        render: () => JSON.stringify({ from: siteRevisionRef(from), to: siteRevisionRef(to), changes })
      })
    }
  )

  async function sendViews(
    request: FastifyRequest,
    reply: FastifyReply,
    site: string,
    { from, to }: AskedViews
  ): Promise<FastifyReply> {
    const { catalogues } = seenBy(context, request)
    const stamp = catalogues.heads.seq
    const later = to ?? { siteAsOf: { kind: 'number', number: requireSite(catalogues, site).revision.number } }
    const { number } = await siteRevisionAt(catalogues, site, later.siteAsOf)
    const earlier = from ?? { siteAsOf: { kind: 'number', number: Math.max(1, number - 1) } }
    const compared = await compareSiteViews(catalogues, site, earlier, later)
    const side = ({ site: { revision }, instant }: SitePoint) => ({
      ...siteRevisionRef(revision),
      effectiveAt: formatInstant(instant)
    })
    return sendAnswer(context, request, reply, {
      contentType: 'application/json; charset=utf-8',
      representation: 'json',
      headers: {
        'portolan-site-revision': String(number),
        ...logHeaders(Math.max(compared.from.seq, compared.to.seq), catalogues.store.epoch)
      },
      isImmutable: false,
      site,
      stamp,
      // A side that is read at this moment changes all the time, so no cache may keep the answer.
      ...(compared.movesWithClock && { until: catalogues.now() }),
      render: async () =>
        JSON.stringify({ from: side(compared.from), to: side(compared.to), changes: compared.changes })
    })
  }
}

/** Both sides of a comparison of views; the default of a side is absent. */
interface AskedViews {
  readonly from: SiteComparand | undefined
  readonly to: SiteComparand | undefined
}

interface SidesQuery {
  readonly from?: string
  readonly to?: string
  readonly fromEffectiveAt?: string
  readonly toEffectiveAt?: string
}

/** Undefined where both sides are revisions. @throws PortolanError `invalid_instant`, `invalid_parameter` */
function viewsAsked({ from, to, fromEffectiveAt, toEffectiveAt }: SidesQuery): AskedViews | undefined {
  const sides = { from: comparandOf('from', from, fromEffectiveAt), to: comparandOf('to', to, toEffectiveAt) }
  const isView = (side: SiteComparand | undefined) =>
    side !== undefined && (side.effectiveAt !== undefined || side.siteAsOf.kind === 'instant')
  return isView(sides.from) || isView(sides.to) ? sides : undefined
}

function comparandOf(name: string, text: string | undefined, effect: string | undefined): SiteComparand | undefined {
  if (text === undefined) {
    if (effect === undefined) return undefined
    throw new PortolanError('invalid_parameter', `${name}EffectiveAt has a meaning only with ${name}.`)
  }
  return {
    siteAsOf: siteAsOfText(text, name),
    ...(effect !== undefined && { effectiveAt: requireInstant(effect, `${name}EffectiveAt`) })
  }
}
