import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { Expression, OmissionReason } from '../../domain/export/expression.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { isMulticast, type ParsedAddress, storedAddress } from '../../domain/network/address.ts'
import { type PortRange, reachesFamily } from '../../domain/network/network-service.ts'
import { isIcmp } from '../../domain/network/protocol.ts'
import type { Area } from './disjoint.ts'

/**
 * A chain of a Linux packet filter: one for each direction and address family. What comes in for a multicast group has chains of its own,
 * since the group is the destination of the packet, and never its source.
 */
export type Chain = 'out4' | 'out6' | 'in4' | 'in6' | 'mc4' | 'mc6'
export const chains: readonly Chain[] = ['out4', 'out6', 'in4', 'in6', 'mc4', 'mc6']

/** An address to which (out), from which (in) or for which (group) packets are allowed. */
export interface AllowedAddress {
  readonly chain: Chain
  readonly address: ParsedAddress
  /** The product's own end, of the same family; absent: any. */
  readonly own?: ParsedAddress
  readonly slice: Slice
  readonly entry: ExportEntry
}

/** A packet filter expresses everything but names, since it would look a name up only once, when it loads. */
export const packetFilterExpression: Expression = {
  targets: { address: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports: 'every',
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true,
  hasInboundDestinations: true
}

/** Many packet filters read protocol 0, which is that of hop-by-hop options, as every protocol. */
export function omitsProtocolZero({ slice }: SliceEntries): OmissionReason | undefined {
  return slice.transport === 'ip/0' ? 'transport' : undefined
}

/** In the kernel of Linux, the ICMP match of IPv4 reads type 255 as any type. That of IPv6 does not. */
export function omitsEveryType({ slice }: SliceEntries, { target }: ExportEntry): OmissionReason | undefined {
  const isIpv6 = target.kind === 'address' && target.address.family === 'ipv6'
  return slice.transport === 'icmp' && slice.icmp?.type === 255 && !isIpv6 ? 'icmp_type' : undefined
}

/** The allowed addresses in the order of slices and entries. Any address becomes one network in each family; `both` is two directions. */
export function allowedAddresses(slices: readonly SliceEntries[]): readonly AllowedAddress[] {
  return slices.flatMap(({ slice, entries }) =>
    entries.flatMap((entry) =>
      addressesOf(entry).flatMap((address) =>
        chainsOf(slice, address).flatMap((chain) =>
          ownEnds(entry, chain).map((own) => ({ chain, address, slice, entry, ...(own && { own }) }))
        )
      )
    )
  )
}

function addressesOf({ target }: ExportEntry): readonly ParsedAddress[] {
  if (target.kind === 'address') return [target.address]
  return target.kind === 'any' ? everyAddress : []
}

/** What comes in for a multicast group has the group as its destination, so it is for any host. */
function ownEnds({ sources }: ExportEntry, chain: Chain): readonly (ParsedAddress | undefined)[] {
  if (!sources || isForGroups(chain)) return [undefined]
  const family = isIpv4(chain) ? 'ipv4' : 'ipv6'
  return sources.flatMap((source) =>
    source.kind === 'address' && source.address.family === family ? [source.address] : []
  )
}

const everyAddress = [storedAddress('0.0.0.0/0'), storedAddress('::/0')]

function chainsOf(slice: Slice, address: ParsedAddress): readonly Chain[] {
  const { family } = address
  if (!reachesFamily(slice, family)) return []
  const isGroup = isMulticast(address)
  return chains.filter(
    (chain) =>
      isIpv4(chain) === (family === 'ipv4') &&
      slice.direction !== (isOut(chain) ? 'inbound' : 'outbound') &&
      (isOut(chain) || isForGroups(chain) === isGroup)
  )
}

export function isOut(chain: Chain): boolean {
  return chain === 'out4' || chain === 'out6'
}

export function isIpv4(chain: Chain): boolean {
  return chain === 'out4' || chain === 'in4' || chain === 'mc4'
}

export function isForGroups(chain: Chain): boolean {
  return chain === 'mc4' || chain === 'mc6'
}

/** The end of the packet that an address of a chain is. */
export function endOf(chain: Chain): 'destination' | 'source' {
  return isOut(chain) || isForGroups(chain) ? 'destination' : 'source'
}

const everyPort: PortRange = { from: 0, to: 65535 }
const everyType: PortRange = { from: 0, to: 255 }

/** The areas of an entry: source ports × destination ports, or types × codes of ICMP. */
export function areasOf({ slice, entry }: Pick<AllowedAddress, 'slice' | 'entry'>): readonly Area[] {
  const { transport, ports = [everyPort], icmp } = slice
  if (isIcmp(transport)) return [{ x: rangeOf(icmp?.type), y: rangeOf(icmp?.code) }]
  return (entry.sourcePorts ?? [everyPort]).flatMap((x) => ports.map((y) => ({ x, y })))
}

function rangeOf(number: number | undefined): PortRange {
  return number === undefined ? everyType : { from: number, to: number }
}
