import { countChanges } from '../../domain/change/change.ts'
import { transitionsUnder } from '../../domain/event/timeline.ts'
import { transitionChanges } from '../../domain/event/transition.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { CalendarEntry } from '../../render/event/calendar.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { productName } from '../heads.ts'
import { loadDocument } from '../read/document.ts'

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
    entries.push({ product: productName(head), revision, instant, counts: countChanges(changes), changes })
  }
  return entries
}
