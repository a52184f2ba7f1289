import { requirementIds } from '../domain/mirror-id.ts'
import type { Revision } from '../domain/revision.ts'
import type { Slot } from './cache.ts'
import type { Catalogues } from './catalogues.ts'

export type Ids = ReadonlyMap<string, string>

const slot: Slot<Ids> = { name: 'requirement ids', bytes: (ids) => 100 + ids.size * 200 }

/** The ids of the requirements of a revision, by key. */
export async function idsOf(
  { store, cache }: Pick<Catalogues, 'store' | 'cache'>,
  { catalogue, number }: Pick<Revision, 'catalogue' | 'number'>
): Promise<Ids> {
  const key = `${catalogue}\n${number}`
  const kept = cache.get(slot, key)
  if (kept) return kept
  const ids = requirementIds(await store.requirementsOf(catalogue), number)
  cache.set(slot, key, ids)
  return ids
}
