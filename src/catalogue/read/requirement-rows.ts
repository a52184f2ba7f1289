import type { HistoryRequirement } from '../../domain/history/history.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'

interface Kept {
  readonly rows: readonly HistoryRequirement[]
}

const slot: Slot<Kept> = {
  name: 'requirement rows',
  bytes: ({ rows }) =>
    rows.reduce((sum, { fields }) => sum + 500 + 150 * fields.services.length + (fields.remarks?.length ?? 0), 500)
}

/**
 * All requirement rows of a catalogue, past ones too, as of its newest revision: what look-ups by port and searches go through. They are the
 * same until the next revision.
 */
export async function requirementRows(
  { store, cache }: Pick<Catalogues, 'store' | 'cache'>,
  { catalogue, number }: { readonly catalogue: string; readonly number: number }
): Promise<readonly HistoryRequirement[]> {
  const key = `${catalogue}\n${number}`
  const kept = cache.get(slot, key)
  if (kept) return kept.rows
  const rows = await store.requirementsOf(catalogue)
  cache.set(slot, key, { rows })
  return rows
}
