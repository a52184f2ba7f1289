import { type ExportEntry, targetValue } from '../../domain/export/export-entry.ts'
import { sourcesName, sourcesText } from '../../domain/export/export-source.ts'
import { groupBy } from '../../domain/group.ts'
import { portText } from '../../domain/network/port.ts'
import { cidrText } from '../export/cidr.ts'
import { type Area, disjointPieces } from './disjoint.ts'
import { partName } from './family-rule.ts'
import { isGroup, type Rule } from './rule.ts'

/** Rules with the same peers, as one for a tool with lists of ports. Its peers are addresses of one family, or any. */
export interface JoinedRule extends Pick<Rule, 'direction' | 'transport' | 'sources'> {
  /** `out-tcp-80_443-ipv4`, `in-udp-5353-ipv4-groups`, `out-udp-123-from-123-any`. It is unique among the joined rules. */
  readonly name: string
  /** Never empty; `*` is all, and stands alone. */
  readonly ports: readonly string[]
  readonly sourcePorts: readonly string[]
  /** CIDRs that do not overlap, or `*` alone. */
  readonly prefixes: readonly string[]
  /** Never empty. */
  readonly entries: readonly ExportEntry[]
  /** Whether the peers are multicast groups, for which something comes in. */
  readonly isForGroups: boolean
}

/** The rules in the order of their first ports. Addresses stand once for all ports, since tools count them. */
export function joinedRules(rules: readonly Rule[]): readonly JoinedRule[] {
  const parts = rules.flatMap(partsOf)
  return joinOver('sourcePorts', joinOver('ports', parts)).map(({ peers: _, label, ...part }) => ({
    ...part,
    name: nameOf({ ...part, label }),
    prefixes: prefixesOf(part.entries)
  }))
}

interface Part extends Omit<JoinedRule, 'name' | 'prefixes'> {
  readonly label: string
  /** The same text for the same targets. */
  readonly peers: string
}

function partsOf({ direction, transport, ports, sourcePorts, sources, entries }: Rule): readonly Part[] {
  const isForGroups = (entry: ExportEntry) => direction === 'inbound' && isGroup(entry)
  const labelOf = (entry: ExportEntry) =>
    entry.target.kind === 'address' ? entry.target.address.family + (isForGroups(entry) ? '-groups' : '') : 'any'
  return [...groupBy(entries, labelOf)].map(([label, found]) => ({
    direction,
    transport,
    label,
    ports: [ports ? portText(ports) : '*'],
    sourcePorts: [sourcePorts ? portText(sourcePorts) : '*'],
    peers: found.map(({ target }) => targetValue(target)).join(),
    entries: found,
    isForGroups: found.some(isForGroups),
    ...(sources && { sources })
  }))
}

/** Joins the parts that differ in these ports alone. All ports stay apart from some. */
function joinOver(side: 'ports' | 'sourcePorts', parts: readonly Part[]): readonly Part[] {
  const other = side === 'ports' ? 'sourcePorts' : 'ports'
  const keyOf = (part: Part) =>
    [
      part.direction,
      part.transport,
      part.label,
      part[side].includes('*'),
      part[other].join(),
      part.peers,
      sourcesText(part.sources)
    ].join(' ')
  return [...groupBy(parts, keyOf).values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({
      ...first,
      [side]: group.flatMap((part) => part[side]),
      entries: [...new Set(group.flatMap(({ entries }) => entries))]
    }))
  )
}

function nameOf({ direction, transport, ports, sourcePorts, sources, label }: Omit<Part, 'peers'>): string {
  const written = (ranges: readonly string[], before = '') => (ranges.includes('*') ? [] : [before + ranges.join('_')])
  const name = [
    transport,
    ...written(ports),
    ...written(sourcePorts, 'from-'),
    label,
    ...(sources ? [sourcesName(sources)] : [])
  ].join('-')
  return partName({ direction, name })
}

/** All peers of a rule have the same ports, for which one point stands. */
const samePorts: Area = { x: { from: 0, to: 0 }, y: { from: 0, to: 0 } }

function prefixesOf(entries: readonly ExportEntry[]): readonly string[] {
  const claims = entries.flatMap((entry) =>
    entry.target.kind === 'address' ? [{ address: entry.target.address, areas: [samePorts], entry }] : []
  )
  return claims.length === 0 ? ['*'] : disjointPieces(claims).map(({ address }) => cidrText(address))
}
