import { BlockList, isIPv6 } from 'node:net'
import type { Document } from '../../../../src/domain/document/document.ts'
import type { PortRange, Service } from '../../../../src/domain/network/network-service.ts'

/** One packet that begins something, or its like: what a firewall decides about. */
export interface Packet {
  readonly direction: 'inbound' | 'outbound'
  readonly family: 'ipv4' | 'ipv6'
  /** Of the other side. */
  readonly address: string
  /** The product's address, where it is not the one that every host of a test has. */
  readonly own?: string
  /** The multicast group that it comes in for, in place of the product's own address. */
  readonly group?: string
  readonly transport: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'gre' | 'esp' | 'dccp' | 'ip/97'
  readonly sourcePort: number
  readonly port: number
  readonly type: number
  readonly code: number
}

export interface Addressed {
  readonly direction: 'inbound' | 'outbound' | 'both'
  readonly service: Service
  /** An address or CIDR; `any` for all. What comes in for a multicast group has the group here. */
  readonly value: string
}

/** What of a document holds at an instant and can be said without names: read by plain comparison, without the code of exports. */
export function permissions(document: Document, at: string): readonly Addressed[] {
  const instant = Date.parse(at)
  return document.requirements.flatMap(({ direction, services, endpoints }) =>
    endpoints.flatMap((endpoint) => {
      if (endpoint.from !== undefined && instant < Date.parse(endpoint.from)) return []
      if (endpoint.until !== undefined && instant >= Date.parse(endpoint.until)) return []
      if (endpoint.kind !== 'address' && endpoint.kind !== 'any') return []
      const value = endpoint.kind === 'any' ? 'any' : endpoint.value
      return services.map((service) => ({ direction, service, value }))
    })
  )
}

/** Whether one of them is of this packet. */
export function judge(list: readonly Addressed[]): (packet: Packet) => boolean {
  const read = list.map(({ direction, service, value }) => ({
    direction,
    service,
    has: block(value),
    isGroup: isGroup(value)
  }))
  return (packet) =>
    read.some(
      ({ direction, service, has, isGroup }) =>
        (direction === 'both' || direction === packet.direction) &&
        fits(service, packet) &&
        has(isGroup && packet.direction === 'inbound' ? (packet.group ?? '') : packet.address, packet.family)
    )
}

/** 224.0.0.0/4 and ff00::/8. */
export function isGroup(value: string): boolean {
  return /^(?:22[4-9]|23\d)\.|^ff/.test(value)
}

function block(value: string): (address: string, family: Packet['family']) => boolean {
  if (value === 'any') return () => true
  const list = new BlockList()
  const [address = '', prefix] = value.split('/')
  const own = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, own)
  else list.addSubnet(address, Number(prefix), own)
  return (tried, family) => tried !== '' && family === own && list.check(tried, family)
}

function fits({ transport, ports, sourcePorts, icmp }: Service, packet: Packet): boolean {
  if (transport === 'any') return true
  if (packet.transport === 'icmp') {
    // A type is of one family; without one, `icmp` is that of the packet.
    const isOfFamily = transport === 'icmpv6' ? packet.family === 'ipv6' : !icmp || packet.family === 'ipv4'
    const isOfType = !icmp || (icmp.type === packet.type && (icmp.code === undefined || icmp.code === packet.code))
    return (transport === 'icmp' || transport === 'icmpv6') && isOfFamily && isOfType
  }
  if (transport !== packet.transport) return false
  return within(ports, packet.port) && within(sourcePorts, packet.sourcePort)
}

function within(ranges: readonly PortRange[] | undefined, port: number): boolean {
  return ranges === undefined || ranges.some(({ from, to }) => from <= port && port <= to)
}
