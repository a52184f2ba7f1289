import ipaddr from 'ipaddr.js'
import type { PortRange, Service } from '../../../../src/domain/network/network-service.ts'
import { type Addressed, isGroup, judge, type Packet } from './permission.ts'

const ephemeral = 40_000
const transportsWithPorts = ['tcp', 'udp', 'sctp'] as const
/** Addresses that no document here names. */
const strangers = ['203.0.113.77', '2001:db8:ffff::1']

/** At every bound of what may get through, a packet to either side of it: what is wrong by one is seen. */
export function packetsAround(list: readonly Addressed[]): readonly Packet[] {
  const services = list.map(({ service }) => service)
  const addresses = new Set([...list.flatMap(({ value }) => around(value)), ...strangers])
  const portsOf = new Map(transportsWithPorts.map((transport) => [transport, portsFor(transport, services)]))
  return [...addresses].flatMap((address) => {
    const family = address.includes(':') ? 'ipv6' : 'ipv4'
    return (['outbound', 'inbound'] as const).flatMap((direction) => {
      const peer = { direction, family, address, sourcePort: ephemeral, port: 0, type: 0, code: 0 } as const
      // No packet comes from a group: a stranger sends it there.
      const base =
        direction === 'inbound' && isGroup(address)
          ? { ...peer, address: strangers[family === 'ipv4' ? 0 : 1] ?? '', group: address }
          : peer
      return [
        ...transportsWithPorts.flatMap((transport) =>
          (portsOf.get(transport) ?? []).map((port) => ({ ...base, transport, port }))
        ),
        ...services.flatMap((service) => fromSourcePorts(base, service)),
        ...icmpTypes(services).map(([type, code]) => ({ ...base, transport: 'icmp', type, code }) as const),
        ...(['gre', 'esp', 'ip/97', 'dccp'] as const).map((transport) => ({ ...base, transport }))
      ]
    })
  })
}

/** The bounds of its own, and one of each port that another transport has. */
function portsFor(transport: Packet['transport'], services: readonly Service[]): readonly number[] {
  const own = services.filter((service) => service.transport === transport).flatMap(({ ports = [] }) => ports)
  const others = services.flatMap(({ ports = [] }) => ports).map(({ from }) => from)
  return [...new Set([...boundsOf(own), ...(transport === 'sctp' ? [80] : others)])]
}

function fromSourcePorts(base: Omit<Packet, 'transport'>, { transport, ports = [], sourcePorts }: Service): Packet[] {
  const named = transportsWithPorts.find((name) => name === transport)
  if (!sourcePorts || !named) return []
  return boundsOf(sourcePorts).flatMap((sourcePort) =>
    boundsOf(ports).map((port) => ({ ...base, transport: named, sourcePort, port }))
  )
}

function icmpTypes(services: readonly Service[]): readonly (readonly [number, number])[] {
  const named = services.flatMap(({ icmp }) => (icmp ? [icmp] : []))
  const found = [{ type: 8, code: 0 }, { type: 128, code: 0 }, ...named].flatMap(
    ({ type, code = 0 }) =>
      [
        [type, code],
        [type, code + 1],
        [type + 1, code]
      ] as const
  )
  return [...new Map(found.map((pair) => [pair.join('/'), pair])).values()]
}

/** Each bound, and what is next to it. */
function boundsOf(ranges: readonly PortRange[]): readonly number[] {
  const found = ranges.flatMap(({ from, to }) => [from - 1, from, to, to + 1])
  return [...new Set(found)].filter((port) => port >= 1 && port <= 65535).sort((a, b) => a - b)
}

/** First and last address of a CIDR, and those before and after it; of a single address the one after it. */
function around(value: string): readonly string[] {
  if (value === 'any') return []
  const { first, bits, prefix, isIpv6 } = read(value)
  const last = first + (1n << BigInt(bits - prefix)) - 1n
  return [...(first === last ? [] : [first - 1n]), first, last, last + 1n]
    .filter((number) => number >= 0n && number < 1n << BigInt(bits))
    .map((number) => written(number, isIpv6))
}

function read(value: string) {
  const [address = '', prefix] = value.split('/')
  const parsed = ipaddr.parse(address)
  const isIpv6 = parsed.kind() === 'ipv6'
  const bits = isIpv6 ? 128 : 32
  const first = parsed.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  return { first, bits, prefix: prefix === undefined ? bits : Number(prefix), isIpv6 }
}

function written(number: bigint, isIpv6: boolean): string {
  const bytes = Array.from({ length: isIpv6 ? 16 : 4 }, (_, index) =>
    Number((number >> BigInt(8 * ((isIpv6 ? 15 : 3) - index))) & 255n)
  )
  return isIpv6 ? new ipaddr.IPv6(bytes).toRFC5952String() : new ipaddr.IPv4(bytes).toString()
}

/** The packets around either list about which the two differ. */
export function differences(a: readonly Addressed[], b: readonly Addressed[]): readonly Packet[] {
  const [inA, inB] = [judge(a), judge(b)]
  return packetsAround(a).filter((packet) => inA(packet) !== inB(packet))
}
