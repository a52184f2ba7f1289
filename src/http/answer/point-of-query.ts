import type { Catalogues } from '../../catalogue/catalogues.ts'
import { pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { type Point, pointAt } from '../../catalogue/read/point.ts'
import type { WrittenResolve } from '../../domain/read/feeds-as-of.ts'
import { type ClocksQuery, clocksOfQuery } from '../request/query.ts'
import { feedsAsOfQuery } from '../request/resolve-query.ts'

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
