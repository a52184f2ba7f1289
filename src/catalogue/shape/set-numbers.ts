import { revisionsInOrder, type SetIds, setIdsOf } from '../../domain/shape/set-id.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { requireHead } from '../read/point.ts'
import { requirementRows } from '../read/requirement-rows.ts'

interface KeptIds {
  readonly ids: SetIds
}

const idsSlot: Slot<KeptIds> = { name: 'set ids', bytes: ({ ids }) => 500 + 200 * ids.size }
const orderSlot: Slot<readonly string[]> = { name: 'requirement order', bytes: (keys) => 200 + 100 * keys.length }

/** The numbers of the endpoint sets of a catalogue, by its whole history: no later revision changes those of an earlier one. */
export async function setNumbers(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
  catalogue: string
): Promise<SetIds> {
  const { store, cache } = catalogues
  const { revision } = requireHead(catalogues, catalogue)
  const key = `${catalogue}\n${revision.number}`
  const kept = cache.get(idsSlot, key)
  if (kept) return kept.ids
  const rows = await requirementRows(catalogues, revision)
  const orders = new Map<number, readonly string[]>()
  for (const number of revisionsInOrder(rows)) orders.set(number, await orderIn(number))
  const ids = setIdsOf(rows, (number) => orders.get(number))
  cache.set(idsSlot, key, { ids })
  return ids

  async function orderIn(number: number): Promise<readonly string[]> {
    const name = `${catalogue}\n${number}`
    const known = cache.get(orderSlot, name)
    if (known) return known
    // Nothing differs between a revision and itself, so this reads the order of its requirements and no rows.
    const { after } = await store.rowsBetween(catalogue, number, number)
    cache.set(orderSlot, name, after.order)
    return after.order
  }
}
