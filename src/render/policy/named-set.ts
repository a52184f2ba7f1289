import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { spanName, type TimedSpan } from '../../domain/export/timed-span.ts'
import { groupBy } from '../../domain/group.ts'
import { type AllowedAddress, allowedAddresses, type Chain, chains, isForGroups } from './packet-filter.ts'

/** What a set is for. `KeyKind`: what its elements are keyed by beside an address. */
export interface SetKind<KeyKind extends string> {
  readonly chain: Chain
  readonly keyKind: KeyKind
  /** Its elements have the product's own end beside the peer. */
  readonly isPaired: boolean
}

/** A named set of a packet filter. */
export interface NamedSet<KeyKind extends string> extends SetKind<KeyKind> {
  readonly name: string
  readonly elements: readonly string[]
  /** When its rule holds; absent: always. */
  readonly span?: TimedSpan
}

/** How a format makes its sets. */
export interface SetWords<KeyKind extends string> {
  readonly keyKinds: readonly KeyKind[]
  readonly keyKindOf: (allowed: AllowedAddress) => KeyKind
  readonly nameOf: (kind: SetKind<KeyKind>) => string
  readonly elementsOf: (allowed: readonly AllowedAddress[], kind: SetKind<KeyKind>) => readonly string[]
}

/** The sets of what has a span: one for each span and kind that has an element. */
export function spanSets<KeyKind extends string>(
  slices: readonly SliceEntries[],
  words: SetWords<KeyKind>
): readonly NamedSet<KeyKind>[] {
  const timed = slices.flatMap((group) => (group.slice.span ? [{ group, span: group.slice.span }] : []))
  return [...groupBy(timed, ({ span }) => spanName(span))].flatMap(([name, parts]) => {
    const span = parts[0]?.span
    return setsOf(
      parts.map(({ group }) => group),
      words,
      true
    )
      .filter(({ elements }) => elements.length > 0)
      .map((set) => ({ ...set, name: `${name}_${set.name}`, ...(span && { span }) }))
  })
}

/**
 * A set for each kind, in their order. The sets are always the same, empty or not: what has gone from the catalogue must not stay in a set
 * that the export no longer names. `hasPairs`: there are sets with the product's own end, too.
 */
export function namedSets<KeyKind extends string>(
  slices: readonly SliceEntries[],
  words: SetWords<KeyKind>,
  hasPairs: boolean
): readonly NamedSet<KeyKind>[] {
  return setsOf(
    slices.filter(({ slice }) => !slice.span),
    words,
    hasPairs
  )
}

function setsOf<KeyKind extends string>(
  slices: readonly SliceEntries[],
  { keyKinds, keyKindOf, nameOf, elementsOf }: SetWords<KeyKind>,
  hasPairs: boolean
): readonly NamedSet<KeyKind>[] {
  const keyOf = ({ chain, keyKind, isPaired }: SetKind<KeyKind>) => `${chain} ${keyKind} ${isPaired}`
  const found = groupBy(allowedAddresses(slices), (allowed) =>
    keyOf({ chain: allowed.chain, keyKind: keyKindOf(allowed), isPaired: allowed.own !== undefined })
  )
  return (hasPairs ? [false, true] : [false]).flatMap((isPaired) =>
    chains
      .filter((chain) => !isPaired || !isForGroups(chain))
      .flatMap((chain) =>
        keyKinds.map((keyKind) => {
          const kind = { chain, keyKind, isPaired }
          return { ...kind, name: nameOf(kind), elements: elementsOf(found.get(keyOf(kind)) ?? [], kind) }
        })
      )
  )
}
