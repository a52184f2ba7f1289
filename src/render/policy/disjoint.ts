import { type ExportEntry, joinEntries } from '../../domain/export/export-entry.ts'
import { compareAddresses, covers, type ParsedAddress } from '../../domain/network/address.ts'
import type { PortRange } from '../../domain/network/network-service.ts'

/** A rectangle of numbers with its bounds included: source ports × destination ports, or types × codes of ICMP. */
export interface Area {
  readonly x: PortRange
  readonly y: PortRange
}

/** What an entry allows at an address. Its `areas` do not overlap one another. */
export interface Claim {
  readonly address: ParsedAddress
  readonly areas: readonly Area[]
  readonly entry: ExportEntry
}

export interface Piece {
  readonly address: ParsedAddress
  readonly area: Area
  readonly entry: ExportEntry
}

/**
 * Pieces that cover the same points as the claims, each point once, since interval sets refuse elements that overlap. A claim loses what
 * a claim of a wider address or an earlier claim of the same address covers, so no address is ever cut. A piece has the entries of all
 * claims of its address that cover it. The pieces are in ascending order of addresses.
 */
export function disjointPieces(claims: readonly Claim[]): readonly Piece[] {
  const sorted = [...claims].sort((a, b) => compareAddresses(a.address, b.address))
  const result: Piece[] = []
  /** The addresses that contain the current one, widest first, each with its areas. */
  const around: { readonly address: ParsedAddress; readonly areas: Area[] }[] = []
  for (const [index, { address }] of sorted.entries()) {
    if (sorted[index - 1]?.address.value === address.value) continue
    while (!covers(around.at(-1)?.address ?? address, address)) around.pop()
    const taken = around.flatMap(({ areas }) => areas)
    const own = claimsAt(sorted, index)
    const areas: Area[] = []
    for (const claim of own) {
      const left = [...taken, ...areas].reduce(cutAreas, claim.areas)
      areas.push(...left)
      result.push(...left.map((area) => ({ address, area, entry: entryAt(area, claim, own) })))
    }
    around.push({ address, areas })
  }
  return result
}

function claimsAt(sorted: readonly Claim[], start: number): readonly Claim[] {
  const value = sorted[start]?.address.value
  let end = start + 1
  while (sorted[end]?.address.value === value) end += 1
  return sorted.slice(start, end)
}

function entryAt(area: Area, first: Claim, claims: readonly Claim[]): ExportEntry {
  return claims
    .filter((claim) => claim !== first && claim.areas.some((other) => overlaps(other, area)))
    .reduce((entry, claim) => joinEntries(entry, claim.entry), first.entry)
}

function cutAreas(areas: readonly Area[], away: Area): readonly Area[] {
  return areas.flatMap((area) => subtractArea(area, away))
}

/** What is left of `a` without `b`: at most one area on each side. */
function subtractArea(a: Area, b: Area): readonly Area[] {
  if (!overlaps(a, b)) return [a]
  const x = { from: Math.max(a.x.from, b.x.from), to: Math.min(a.x.to, b.x.to) }
  return [
    { x: { from: a.x.from, to: x.from - 1 }, y: a.y },
    { x, y: { from: a.y.from, to: b.y.from - 1 } },
    { x, y: { from: b.y.to + 1, to: a.y.to } },
    { x: { from: x.to + 1, to: a.x.to }, y: a.y }
  ].filter((area) => area.x.from <= area.x.to && area.y.from <= area.y.to)
}

function overlaps(a: Area, b: Area): boolean {
  return a.x.from <= b.x.to && b.x.from <= a.x.to && a.y.from <= b.y.to && b.y.from <= a.y.to
}
