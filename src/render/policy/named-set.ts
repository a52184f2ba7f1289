import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { groupBy } from '../../domain/group.ts'
import { type AllowedAddress, allowedAddresses, type Chain, chains } from './packet-filter.ts'

/** A named set of a packet filter. `Sort`: what its elements are keyed by beside an address. */
export interface NamedSet<Sort extends string> {
  readonly name: string
  readonly chain: Chain
  readonly sort: Sort
  readonly elements: readonly string[]
}

/** How a format makes its sets. */
export interface SetWords<Sort extends string> {
  readonly sorts: readonly Sort[]
  readonly sortOf: (allowed: AllowedAddress) => Sort
  readonly nameOf: (chain: Chain, sort: Sort) => string
  readonly elementsOf: (allowed: readonly AllowedAddress[], sort: Sort) => readonly string[]
}

/**
 * A set for each chain and sort, in their order. The sets are always the same, empty or not: what has gone from the catalogue must not
 * stay in a set that the export no longer names.
 */
export function namedSets<Sort extends string>(
  slices: readonly SliceEntries[],
  { sorts, sortOf, nameOf, elementsOf }: SetWords<Sort>
): readonly NamedSet<Sort>[] {
  const found = groupBy(allowedAddresses(slices), (allowed) => `${allowed.chain} ${sortOf(allowed)}`)
  return chains.flatMap((chain) =>
    sorts.map((sort) => ({
      name: nameOf(chain, sort),
      chain,
      sort,
      elements: elementsOf(found.get(`${chain} ${sort}`) ?? [], sort)
    }))
  )
}
