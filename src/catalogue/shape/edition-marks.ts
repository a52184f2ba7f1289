import { type EditionMark, type MarkedRevision, markRevisions } from '../../domain/shape/edition-mark.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'

interface KeptMarks {
  readonly marks: readonly EditionMark[]
  /** The newest revision that is marked. */
  readonly last: MarkedRevision
}

const slot: Slot<KeptMarks> = { name: 'edition marks', bytes: ({ marks }) => 500 + 100 * marks.length }

/** The marks of all revisions up to one, ascending. Only those that were published since they were last asked for are read. */
export async function editionMarks(
  { store, cache }: Pick<Catalogues, 'store' | 'cache'>,
  { catalogue, number }: Pick<StoredRevision, 'catalogue' | 'number'>
): Promise<readonly EditionMark[]> {
  const kept = cache.get(slot, catalogue)
  const known = kept?.last.mark.number ?? 0
  if (kept && known >= number) return kept.marks.slice(0, number)
  const newer = [...(await store.revisions(catalogue, { from: number, limit: number - known }))].reverse()
  const marked = markRevisions(kept?.last, newer)
  const marks = [...(kept?.marks ?? []), ...marked.map(({ mark }) => mark)]
  const last = marked.at(-1)
  if (last) cache.set(slot, catalogue, { marks, last })
  return marks
}

/** The mark of a revision. */
export async function editionMark(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  revision: Pick<StoredRevision, 'catalogue' | 'number'>
): Promise<EditionMark> {
  const mark = (await editionMarks(catalogues, revision)).at(-1)
  if (!mark) throw new Error(`${revision.catalogue} has no revision ${revision.number}`)
  return mark
}
