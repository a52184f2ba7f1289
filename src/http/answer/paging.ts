import type { FastifyRequest } from 'fastify'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { feedPins, pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { type CataloguePoint, mementoInstant, type Point, pointAt } from '../../catalogue/read/point.ts'
import { type SiteClocks, sitePointAt } from '../../catalogue/read/site-point.ts'
import type { Cursor } from '../../domain/read/cursor.ts'
import { pinnedFeeds, type Resolve, type WrittenResolve } from '../../domain/read/feeds-as-of.ts'
import {
  type ClocksQuery,
  clocksOfQuery,
  cursorAfter,
  cursorOf,
  limitOf,
  type PageQuery,
  queryString,
  type SiteClocksQuery,
  siteClocksOfQuery
} from '../request/query.ts'
import { feedsAsOfQuery } from '../request/resolve-query.ts'
import type { ReadSubject } from '../request/subject.ts'
import { baseOf, pathOf, queryOf, type RouteContext } from './send-point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

/**
 * The point of a catalogue or a site that a query asks for, with its feeds where they are to be resolved. `byDefault`: whether they are
 * without the parameter.
 * @throws PortolanError those of `pointAt`, `sitePointAt`, `pointWithFeeds` and `feedsAsOfQuery`
 */
export async function pointOf(
  catalogues: Sources,
  subject: ReadSubject,
  query: SiteClocksQuery & WrittenResolve,
  byDefault?: Resolve
): Promise<Point> {
  return subject.kind === 'catalogue'
    ? pointOfQuery(catalogues, subject.id, query, byDefault)
    : sitePointAt(catalogues, subject.id, siteClocksOfQuery(query), feedsAsOfQuery(query, byDefault))
}

/** The same of a catalogue. */
export async function pointOfQuery(
  catalogues: Sources,
  id: string,
  query: ClocksQuery & WrittenResolve,
  byDefault?: Resolve
): Promise<CataloguePoint> {
  const feedsAsOf = feedsAsOfQuery(query, byDefault)
  const point = await pointAt(catalogues, id, clocksOfQuery(query))
  return feedsAsOf ? pointWithFeeds(catalogues, point, feedsAsOf) : point
}

/** A page of a list of one catalogue or site: the point at which the page run began, and the part of the list. */
export interface PagedPoint<Kind extends Point = Point> {
  readonly point: Kind
  readonly offset: number
  readonly limit: number
  /** Names the page run: the query with its clocks. A cursor of another run is refused. */
  readonly run: string
}

type PagedQuery = SiteClocksQuery & PageQuery & WrittenResolve

/** @throws PortolanError `cursor_invalid`, `cursor_mismatch`, and those of `pointOf` */
export async function subjectPage(
  { catalogues }: Pick<RouteContext, 'catalogues'>,
  subject: ReadSubject,
  query: PagedQuery,
  canonical: string
): Promise<PagedPoint> {
  if (subject.kind === 'catalogue') return pagedPoint({ catalogues }, subject.id, query, canonical)
  const feedsAsOf = feedsAsOfQuery(query)
  const run = runOf(`site\n${query.siteAsOf ?? ''}\n${canonical}`, subject.id, query)
  const cursor = cursorOf(query, run)
  const clocks = cursor ? siteClocksAt(cursor) : siteClocksOfQuery(query)
  const pins = cursor && feedsAsOf ? pinnedFeeds(cursor.feeds) : feedsAsOf
  const point = await sitePointAt(catalogues, subject.id, clocks, pins)
  return { point, offset: cursor?.offset ?? 0, limit: limitOf(query), run }
}

function siteClocksAt({ point, instant, asOf }: Cursor): SiteClocks {
  const siteAsOf = { kind: 'number' as const, number: point }
  return { siteAsOf, effectiveAt: instant, ...(asOf !== undefined && { asOf }) }
}

/** Names a page run. */
function runOf(canonical: string, id: string, { asOf = '', effectiveAt = '', feedsAsOf = [] }: PagedQuery): string {
  return [canonical, id, asOf, effectiveAt, ...feedsAsOf].join('\n')
}

/** The same of a catalogue. @throws PortolanError `cursor_invalid`, `cursor_mismatch`, and those of `pointAt` */
export async function pagedPoint(
  { catalogues }: Pick<RouteContext, 'catalogues'>,
  id: string,
  query: ClocksQuery & PageQuery & WrittenResolve,
  canonical: string
): Promise<PagedPoint<CataloguePoint>> {
  const feedsAsOf = feedsAsOfQuery(query)
  const run = runOf(canonical, id, query)
  const cursor = cursorOf(query, run)
  const limit = limitOf(query)
  const clocks = cursor
    ? { asOf: { kind: 'number' as const, number: cursor.point }, effectiveAt: cursor.instant }
    : clocksOfQuery(query)
  const own = await pointAt(catalogues, id, clocks)
  const offset = cursor?.offset ?? 0
  if (!feedsAsOf) return { point: own, offset, limit, run }
  const pins = cursor ? pinnedFeeds(cursor.feeds) : feedsAsOf
  return { point: await pointWithFeeds(catalogues, own, pins), offset, limit, run }
}

export interface PageLinks {
  readonly page: { readonly next: string | null; readonly cursor: string | null }
  /** The field `Link`, RFC 8288. */
  readonly link?: string
}

/** The link to the next page, for the body and for the header field of RFC 8288. Without a cursor there is no next page. */
export function pageLinks(context: RouteContext, request: FastifyRequest, cursor: string | undefined): PageLinks {
  if (cursor === undefined) return { page: { next: null, cursor: null } }
  const next = `${baseOf(context, request)}${pathOf(request)}${queryString(queryOf(request), { cursor })}`
  return { page: { next, cursor }, link: `<${next}>; rel="next"` }
}

/** The page links of a list of one catalogue or site: all pages show the same revision and instant. */
export function nextPage(
  context: RouteContext,
  request: FastifyRequest,
  { point, offset, limit, run }: PagedPoint,
  total: number
): PageLinks {
  const isLast = offset + limit >= total
  const state = {
    point: (point.site ?? point).revision.number,
    instant: mementoInstant(point),
    ...(point.site && { asOf: point.asOf }),
    offset: offset + limit,
    feeds: feedPins(point)
  }
  return pageLinks(context, request, isLast ? undefined : cursorAfter(run, state))
}
