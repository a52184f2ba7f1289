import type { EndpointKind } from '../document/endpoint.ts'
import { isMulticast } from '../network/address.ts'
import { reachesFamily } from '../network/network-service.ts'
import { variablesOf } from '../network/pattern.ts'
import type { TransportName } from '../network/protocol.ts'
import { urlHost } from '../network/url-prefix.ts'
import {
  addEntry,
  compareEntries,
  type ExportEntry,
  type ExportTargetKind,
  entryKey,
  type SliceEntries,
  targetValue
} from './export-entry.ts'
import type { ExportSource } from './export-source.ts'
import type { Slice } from './slice.ts'
import { sourced } from './sourced.ts'

/** The reasons for which a format leaves an entry out, in sentences for people. */
export const omissionReasons = {
  address: 'The format has no addresses.',
  host: 'The format has no host names.',
  wildcard: 'The format cannot express all subdomains of a name, or `wildcards=omit` leaves them out.',
  pattern: 'The format cannot express this pattern of names.',
  url: 'The format has no names, so no URLs either.',
  network: 'The format has single addresses only, and this is a network.',
  unbound:
    'Only the customer knows the variable of the pattern, or under a site who plays the role, and nothing says it.',
  role: 'Only those who run the product know the addresses of a role.',
  feed: 'The addresses stand in a list that is published elsewhere.',
  unresolved:
    'The addresses stand in a list that is published elsewhere, and no catalogue here has it, or nothing of it is selected.',
  unbounded:
    'The addresses stand in a list of more than 1000 rows that is published elsewhere, and the reference selects none of them.',
  any: 'The format cannot express any address, or must not.',
  transport: 'The format cannot express this transport.',
  ports_of_transport: 'The format has ports of other transports only: the entry would open every port of this one.',
  family: 'The messages of this service, or all addresses of the other end, belong to the other family of addresses.',
  source_host: 'The format has no host names, so the part of the entry that is for a name of the product is left out.',
  icmpv6_half: 'The format has ICMP of IPv4 only: the IPv6 half of any address is left out.',
  multicast: 'A multicast group is the destination of what comes in, and the format can match only its source.',
  multicast_policy: 'The device lets multicast groups through by policies of another kind.',
  icmp_type: 'The format cannot express a type of ICMP.',
  inbound_name: 'The format has names only for destinations: the inbound half is left out.',
  name_too_long: 'The name is too long to stand under the name of a zone.',
  too_many_ports: 'The format has an element for each port of each address, and that would be too many.',
  inbound: 'The format governs outbound connections only: the inbound half is left out.',
  outbound: 'The format governs inbound connections only: the outbound half is left out.',
  late_begin: 'It begins after the last date that the device can match.'
} as const
export type OmissionReason = keyof typeof omissionReasons

/** The reasons for which an entry lets through more than the catalogue says, in sentences for people. */
export const wideningReasons = {
  ports: 'The list is for several slices, so it does not say which ports belong to the entry.',
  every_port: 'The format recognises the protocol by itself and has no ports: the name is let through on each of them.',
  source_ports: 'The format cannot express source ports: any source port is let through.',
  subdomains: 'The format cannot express a name without its subdomains.',
  apex: 'The format cannot express the subdomains of a name without the name itself.',
  subdomains_as_apex: 'The name itself stands in for its subdomains, as `wildcards=apex` asks: they are left out.',
  deeper_subdomains: 'The format includes subdomains of any depth.',
  path: 'The format has names without paths: the whole host is let through.',
  late_end: 'It ends after the last date that the device can match: its rule has no end.',
  aggregate: 'Entries were joined into a range with more addresses, as `aggregate=budget` asks.'
} as const
type WideningReason = keyof typeof wideningReasons

/** One entry that an export leaves out or widens. */
export interface ExportFinding<Reason extends string> {
  readonly slice: string
  readonly kind: EndpointKind
  /** Absent for `any`. */
  readonly value?: string
  readonly requirements: readonly string[]
  readonly reason: Reason
}
export type Omission = ExportFinding<OmissionReason>
export type Widening = ExportFinding<WideningReason>

/** What a format can express. */
export interface Expression {
  /** A kind is expressed exactly, or wider for a reason. A kind that is absent cannot be expressed. */
  readonly targets: Readonly<Partial<Record<ExportTargetKind, 'exact' | WideningReason>>>
  readonly directions: readonly ('inbound' | 'outbound')[]
  /** `every`: also protocols that have only a number. */
  readonly transports: readonly TransportName[] | 'every'
  /** The transports whose ports the format can express. */
  readonly portsOf?: readonly TransportName[]
  /** The format says to which slice an entry belongs. A format that does not is exported for one slice at a time. */
  readonly hasPorts: boolean
  readonly hasSourcePorts: boolean
  readonly hasIcmpTypes: boolean
  /** What its rules take as the product's own end. Absent: they have no side for it, and are for the device on which they are. */
  readonly sources?: readonly ExportSource['kind'][]
  /** Rules for what comes in can match its destination, which a multicast group is. A list leaves that to the rule that uses it. */
  readonly hasInboundDestinations: boolean
  /** Why an entry is left out that the fields above let through. */
  readonly omits?: (group: SliceEntries, entry: ExportEntry) => OmissionReason | undefined
}

export interface Expressed {
  readonly slices: readonly SliceEntries[]
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
}

/**
 * Keeps the entries that a format can express, and gives reasons for those that it leaves out or widens. No entry is left out or widened
 * without a reason.
 */
export function express(slices: readonly SliceEntries[], expression: Expression): Expressed {
  const omissions: Omission[] = []
  const widenings: Widening[] = []
  const isMerged = !expression.hasPorts && slices.length > 1
  const kept = slices.map((group) => {
    const { slice } = group
    const entries = group.entries.flatMap((entry) => {
      const said = saidAs(entry, expression)
      const rule = omissionOf(slice, said, expression)
      // Where one half is left out anyway, the format may still have a reason to leave out the whole.
      const omitted = rule && !isHalf(slice, rule) ? rule : (expression.omits?.(group, said) ?? rule)
      if (omitted) omissions.push(finding(slice, entry, omitted))
      if (omitted && !isHalf(slice, omitted)) return []
      const path: readonly WideningReason[] = said === entry ? [] : ['path']
      for (const widened of [...path, ...wideningsOf(said, expression, isMerged)])
        widenings.push(finding(slice, entry, widened))
      const rules = sourced(said, expression.sources)
      if (rules.omitted) omissions.push(finding(slice, entry, rules.omitted))
      return rules.entries
    })
    return { slice, entries: joined(entries, group.entries) }
  })
  return { slices: kept, omissions, widenings }
}

/** The entry as a format says it: a format without paths says the host of a URL. */
function saidAs(entry: ExportEntry, { targets }: Expression): ExportEntry {
  const { target } = entry
  if (target.kind !== 'url' || targets.url !== undefined || targets.host === undefined) return entry
  return { ...entry, target: { kind: 'host', value: urlHost(target.value) } }
}

/** Hosts of several URLs, of URLs beside the host itself, and what differs only in a source that is not said, are one entry each. */
function joined(entries: readonly ExportEntry[], before: readonly ExportEntry[]): readonly ExportEntry[] {
  if (!before.some(({ target, sources }) => target.kind === 'url' || sources)) return entries
  const found = new Map<string, ExportEntry>()
  for (const entry of entries) addEntry(found, entryKey(entry), entry)
  return [...found.values()].sort(compareEntries)
}

/** Whether only one half is left out, of an entry in both directions or of any address. */
function isHalf({ direction }: Slice, reason: OmissionReason): boolean {
  if (reason === 'icmpv6_half') return true
  return direction === 'both' && ['inbound', 'outbound', 'inbound_name', 'multicast'].includes(reason)
}

function omissionOf(
  { direction, transport, ports, icmp }: Slice,
  { target, sourcePorts }: ExportEntry,
  { targets, directions, transports, portsOf, hasSourcePorts, hasIcmpTypes, hasInboundDestinations }: Expression
): OmissionReason | undefined {
  if (target.kind === 'pattern' && variablesOf(target.value).length > 0) return 'unbound'
  if (target.kind === 'feed' && target.leftOut) return target.leftOut
  if (targets[target.kind] === undefined) return target.kind
  const isAddress = target.kind === 'address'
  if (isAddress && !reachesFamily({ transport, icmp }, target.address.family)) return 'family'
  if (transports !== 'every' && !transports.some((name) => name === transport)) return 'transport'
  const saysPorts = ports !== undefined || (hasSourcePorts && sourcePorts !== undefined)
  if (saysPorts && portsOf && !portsOf.some((name) => name === transport)) return 'ports_of_transport'
  if (icmp && !hasIcmpTypes) return 'icmp_type'
  for (const half of ['inbound', 'outbound'] as const)
    if (!directions.includes(half) && (direction === half || direction === 'both')) return half
  if (isAddress && direction !== 'outbound' && !hasInboundDestinations && isMulticast(target.address))
    return 'multicast'
  return undefined
}

function wideningsOf(
  { target, sourcePorts }: ExportEntry,
  { targets, hasSourcePorts }: Expression,
  isMerged: boolean
): readonly WideningReason[] {
  const found: WideningReason[] = []
  const exactness = targets[target.kind]
  if (exactness !== undefined && exactness !== 'exact') found.push(exactness)
  if (isMerged) found.push('ports')
  if (sourcePorts && !hasSourcePorts) found.push('source_ports')
  return found
}

export function finding<Reason extends string>(
  slice: Pick<Slice, 'name'>,
  entry: ExportEntry,
  reason: Reason
): ExportFinding<Reason> {
  const { target, requirements } = entry
  const value = targetValue(target)
  return {
    slice: slice.name,
    kind: target.kind === 'wildcard' ? 'host' : target.kind,
    ...(value !== undefined && { value }),
    requirements,
    reason
  }
}
