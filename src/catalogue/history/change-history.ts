import { transitionsUnder } from '../../domain/event/timeline.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { isKept, loadDocument } from '../read/document.ts'
import { type Turn, turnsOf } from './turns.ts'

/** A line of the change history as a paper has it: an issue, or what the clock changed under one. */
export type HistoryLine = { readonly at: Instant; readonly revision: StoredRevision } & (
  | {
      readonly kind: 'issue'
      /** The date as the author printed it, at its own precision. */
      readonly date?: string
    }
  | { readonly kind: 'turn'; readonly turn: Turn }
)

/** The newest lines of the history up to a revision, the newest first, and how many issues there are. */
export async function changeHistory(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  upTo: StoredRevision,
  limit: number
): Promise<readonly HistoryLine[]> {
  const { store } = catalogues
  const revisions = await store.revisions(upTo.catalogue, { from: upTo.number, limit })
  const lines: HistoryLine[] = []
  for (const [index, revision] of revisions.entries()) {
    if (lines.length >= limit) break
    const under = transitionsUnder(revision, revisions[index - 1])
    const [first, last] = [under[0], under.at(-1)]
    const turns =
      first === undefined || last === undefined
        ? []
        : await turnsOf(catalogues, revision, { after: first - 1, upTo: last })
    for (const turn of [...turns].reverse()) lines.push({ kind: 'turn', at: turn.instant, revision, turn })
    const date = await printedDateOf(catalogues, revision)
    lines.push({ kind: 'issue', at: revision.publishedAt, revision, ...(date !== undefined && { date }) })
  }
  return lines.slice(0, limit)
}

/** The date that the author printed on a revision. Where its document is not in memory, no requirement is read. */
export async function printedDateOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  revision: StoredRevision
): Promise<string | undefined> {
  const { edition } = isKept(catalogues, revision)
    ? await loadDocument(catalogues, revision)
    : await catalogues.store.documentPart(revision.catalogue, revision.number, [])
  return edition.date
}
