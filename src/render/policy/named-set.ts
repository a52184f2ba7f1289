import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { spanName, type TimedSpan } from '../../domain/export/timed-span.ts'
import { groupBy } from '../../domain/group.ts'
import { type AllowedAddress, allowedAddresses, type Chain, chains } from './packet-filter.ts'

/** A named set of a packet filter. `KeyKind`: what its elements are keyed by beside an address. */
export interface NamedSet<KeyKind extends string> {
  readonly name: string
  readonly chain: Chain
  readonly keyKind: KeyKind
  readonly elements: readonly string[]
  /** When its rule holds; absent: always. */
  readonly span?: TimedSpan
}

/** How a format makes its sets. */
export interface SetWords<KeyKind extends string> {
  readonly keyKinds: readonly KeyKind[]
  readonly keyKindOf: (allowed: AllowedAddress) => KeyKind
  readonly nameOf: (chain: Chain, keyKind: KeyKind) => string
  readonly elementsOf: (allowed: readonly AllowedAddress[], keyKind: KeyKind) => readonly string[]
}

/** The sets of what has a span: one for each span, chain and keyKind that has an element. */
export function spanSets<KeyKind extends string>(
  slices: readonly SliceEntries[],
  { keyKinds, keyKindOf, nameOf, elementsOf }: SetWords<KeyKind>
): readonly NamedSet<KeyKind>[] {
  const timed = slices.flatMap((group) => (group.slice.span ? [{ group, span: group.slice.span }] : []))
  return [...groupBy(timed, ({ span }) => spanName(span))].flatMap(([name, parts]) => {
    const span = parts[0]?.span
    const found = groupBy(
      allowedAddresses(parts.map(({ group }) => group)),
      (allowed) => `${allowed.chain} ${keyKindOf(allowed)}`
    )
    return chains.flatMap((chain) =>
      keyKinds.flatMap((keyKind) => {
        const elements = elementsOf(found.get(`${chain} ${keyKind}`) ?? [], keyKind)
        return elements.length === 0
          ? []
          : [{ name: `${name}_${nameOf(chain, keyKind)}`, chain, keyKind, elements, ...(span && { span }) }]
      })
    )
  })
}

/**
 * A set for each chain and keyKind, in their order. The sets are always the same, empty or not: what has gone from the catalogue must not
 * stay in a set that the export no longer names.
 */
export function namedSets<KeyKind extends string>(
  slices: readonly SliceEntries[],
  { keyKinds, keyKindOf, nameOf, elementsOf }: SetWords<KeyKind>
): readonly NamedSet<KeyKind>[] {
  const untimed = slices.filter(({ slice }) => !slice.span)
  const found = groupBy(allowedAddresses(untimed), (allowed) => `${allowed.chain} ${keyKindOf(allowed)}`)
  return chains.flatMap((chain) =>
    keyKinds.map((keyKind) => ({
      name: nameOf(chain, keyKind),
      chain,
      keyKind,
      elements: elementsOf(found.get(`${chain} ${keyKind}`) ?? [], keyKind)
    }))
  )
}
