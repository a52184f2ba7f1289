import { type Revision, revisionKey } from '../../domain/history/revision.ts'
import { type RequirementIds, requirementIds } from '../../domain/mirror/mirror-id.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'

const slot: Slot<RequirementIds> = { name: 'requirement ids', bytes: ({ standing }) => 1000 + standing.size * 500 }

/** The ids of the requirements of a catalogue up to a revision. */
export async function idsOf(
  { store, cache }: Pick<Catalogues, 'store' | 'cache'>,
  { catalogue, number }: Pick<Revision, 'catalogue' | 'number'>
): Promise<RequirementIds> {
  const key = revisionKey({ catalogue, number })
  const kept = cache.get(slot, key)
  if (kept) return kept
  const ids = requirementIds(await store.requirementsOf(catalogue), number)
  cache.set(slot, key, ids)
  return ids
}
