import { countChanges } from '../../domain/change/change.ts'
import { transitionsUnder } from '../../domain/event/timeline.ts'
import { transitionChanges } from '../../domain/event/transition.ts'
import { toRows } from '../../domain/history/rows.ts'
import { mergedRows } from '../../domain/site/merged-rows.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { announcerOf, type CalendarEntry } from '../../render/event/calendar.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { productName } from '../heads.ts'
import { loadDocument } from '../read/document.ts'
import { recordedAtOf, type SitePoint } from '../read/point.ts'

/** How many entries a calendar has at most. Those that lie furthest ahead are kept. */
const mostEntries = 1000

/** The transitions of the newest revisions, by time, also those that are past, so that a calendar keeps its entries. */
export async function calendarOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  heads: readonly Head[]
): Promise<readonly CalendarEntry[]> {
  const announced = heads
    .flatMap((head) => transitionsUnder(head.revision, undefined).map((instant) => ({ head, instant })))
    .sort((a, b) => a.instant - b.instant)
    .slice(-mostEntries)
  const entries: CalendarEntry[] = []
  for (const { head, instant } of announced) {
    const { revision } = head
    const changes = transitionChanges(toRows(await loadDocument(catalogues, revision)), instant)
    entries.push({
      product: productName(head),
      by: announcerOf(revision),
      instant,
      counts: countChanges(changes),
      changes
    })
  }
  return entries
}

/** The transitions of what a site merges, after the publish of its revision, by time. */
export function siteCalendarOf(point: SitePoint): readonly CalendarEntry[] {
  const { site, merged, asOf, seq } = point
  const { site: id, number, publishedAt } = site.revision
  const by = {
    id: `sites/${id}`,
    sequence: seq,
    recordedAt: recordedAtOf(point),
    pathAt: (instant: Instant) =>
      `/v1/sites/${id}/view?siteAsOf=${number}&asOf=${formatInstant(asOf)}&effectiveAt=${formatInstant(instant)}`
  }
  const rows = mergedRows(merged.document)
  return merged.transitions
    .filter((instant) => instant > publishedAt)
    .slice(-mostEntries)
    .map((instant) => {
      const changes = transitionChanges(rows, instant)
      return { product: site.document.title, by, instant, counts: countChanges(changes), changes }
    })
}
