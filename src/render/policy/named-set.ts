import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { groupBy } from '../../domain/group.ts'
import { type AllowedAddress, allowedAddresses, type Chain, chains } from './packet-filter.ts'

/** A named set of a packet filter. `KeyKind`: what its elements are keyed by beside an address. */
export interface NamedSet<KeyKind extends string> {
  readonly name: string
  readonly chain: Chain
  readonly keyKind: KeyKind
  readonly elements: readonly string[]
}

/** How a format makes its sets. */
export interface SetWords<KeyKind extends string> {
  readonly keyKinds: readonly KeyKind[]
  readonly keyKindOf: (allowed: AllowedAddress) => KeyKind
  readonly nameOf: (chain: Chain, keyKind: KeyKind) => string
  readonly elementsOf: (allowed: readonly AllowedAddress[], keyKind: KeyKind) => readonly string[]
}

/**
 * A set for each chain and keyKind, in their order. The sets are always the same, empty or not: what has gone from the catalogue must not
 * stay in a set that the export no longer names.
 */
export function namedSets<KeyKind extends string>(
  slices: readonly SliceEntries[],
  { keyKinds, keyKindOf, nameOf, elementsOf }: SetWords<KeyKind>
): readonly NamedSet<KeyKind>[] {
  const found = groupBy(allowedAddresses(slices), (allowed) => `${allowed.chain} ${keyKindOf(allowed)}`)
  return chains.flatMap((chain) =>
    keyKinds.map((keyKind) => ({
      name: nameOf(chain, keyKind),
      chain,
      keyKind,
      elements: elementsOf(found.get(`${chain} ${keyKind}`) ?? [], keyKind)
    }))
  )
}
