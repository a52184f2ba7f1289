import { revisionEntry, type TimelineEntry, transitionEntry, transitionsUnder } from '../../domain/event/timeline.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { revisionRef } from '../../domain/view/view.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

export interface TimelinePage {
  readonly entries: readonly TimelineEntry[]
  readonly total: number
}

/** An entry of the timeline before its changes are worked out. */
export interface TimelineLine {
  readonly at: Instant
  readonly revision: StoredRevision
  /** Absent: the entry is the publish of the revision. */
  readonly transition?: Instant
}

/**
 * A page of the change history as people read it, by time: every revision up to `upTo`, the transitions of each while it was the newest,
 * and those that the last one announces. Changes are worked out only for the entries of the page.
 */
export async function timelineOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  upTo: StoredRevision,
  instant: Instant,
  { offset, limit }: { readonly offset: number; readonly limit: number }
): Promise<TimelinePage> {
  const lines = await timelineLines(catalogues, upTo)
  const entries = await timelineEntries(catalogues, lines.slice(offset, offset + limit), instant)
  return { entries, total: lines.length }
}

export async function timelineLines(
  { store }: Pick<Catalogues, 'store'>,
  upTo: StoredRevision
): Promise<readonly TimelineLine[]> {
  const newestFirst = await store.revisions(upTo.catalogue, { from: upTo.number, limit: upTo.number })
  const revisions = [...newestFirst].reverse()
  return revisions.flatMap((revision, index): TimelineLine[] => [
    { at: revision.publishedAt, revision },
    ...transitionsUnder(revision, revisions[index + 1]).map((at) => ({ at, revision, transition: at }))
  ])
}

export async function timelineEntries(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  lines: readonly TimelineLine[],
  instant: Instant
): Promise<readonly TimelineEntry[]> {
  const entries: TimelineEntry[] = []
  for (const { revision, transition } of lines) {
    if (transition === undefined) entries.push(revisionEntry(revision))
    else
      entries.push(
        transitionEntry(revisionRef(revision), toRows(await loadDocument(catalogues, revision)), transition, instant)
      )
  }
  return entries
}
