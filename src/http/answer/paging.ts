import type { FastifyRequest } from 'fastify'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { feedPins, pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { mementoInstant, type Point, pointAt } from '../../catalogue/read/point.ts'
import { pinnedFeeds, type WrittenResolve } from '../../domain/read/feeds-as-of.ts'
import {
  type ClocksQuery,
  clocksOfQuery,
  cursorAfter,
  cursorOf,
  limitOf,
  type PageQuery,
  queryString
} from '../request/query.ts'
import { feedsAsOfQuery } from '../request/resolve-query.ts'
import { baseOf, pathOf, queryOf, type RouteContext } from './send-point.ts'

/**
 * The point that a query asks for, with the feeds of the catalogue where they are to be resolved.
 * @throws PortolanError those of `pointAt`, `pointWithFeeds` and `feedsAsOfQuery`
 */
export async function pointOfQuery(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  id: string,
  query: ClocksQuery & WrittenResolve
): Promise<Point> {
  const feedsAsOf = feedsAsOfQuery(query)
  const point = await pointAt(catalogues, id, clocksOfQuery(query))
  return feedsAsOf ? pointWithFeeds(catalogues, point, feedsAsOf) : point
}

/** A page of a list of one catalogue: the point at which the page run began, and the part of the list. */
export interface PagedPoint {
  readonly point: Point
  readonly offset: number
  readonly limit: number
  /** Names the page run: the query with its clocks. A cursor of another run is refused. */
  readonly run: string
}

/** @throws PortolanError `cursor_invalid`, `cursor_mismatch`, and those of `pointAt` */
export async function pagedPoint(
  { catalogues }: RouteContext,
  id: string,
  query: ClocksQuery & PageQuery & WrittenResolve,
  canonical: string
): Promise<PagedPoint> {
  const feedsAsOf = feedsAsOfQuery(query)
  const run = [canonical, id, query.asOf ?? '', query.effectiveAt ?? '', ...(query.feedsAsOf ?? [])].join('\n')
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

/** The page links of a list of one catalogue: all pages show the same revision and instant. */
export function nextPage(
  context: RouteContext,
  request: FastifyRequest,
  { point, offset, limit, run }: PagedPoint,
  total: number
): PageLinks {
  const isLast = offset + limit >= total
  const state = {
    point: point.revision.number,
    instant: mementoInstant(point),
    offset: offset + limit,
    feeds: feedPins(point)
  }
  return pageLinks(context, request, isLast ? undefined : cursorAfter(run, state))
}
