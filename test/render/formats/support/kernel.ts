import type { PortRange, Service } from '../../../../src/domain/network/network-service.ts'
import { isTransport, type Transport } from '../../../../src/domain/network/protocol.ts'
import type { Addressed } from './permission.ts'
import { protocolName } from './protocol-names.ts'

/* What a kernel says that it has loaded, read back into whom it lets through. */

type Value =
  | string
  | number
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [string | number, string | number] }
  | { readonly concat: readonly Value[] }
  | { readonly elem: { readonly val: Value } }

interface Listed {
  readonly nftables: readonly { readonly set?: { readonly name: string; readonly elem?: readonly Value[] } }[]
}

/** `nft -jn list ruleset`: the sets of the format, each by the key that its name says. */
export function fromNft(json: string): readonly Addressed[] {
  // What nft says of itself, as libnftables-json(5) has it.
  const { nftables } = JSON.parse(json) as Listed
  return nftables.flatMap(({ set }) => {
    if (!set) return []
    const [, way, family, sort = 'port'] = /^(out|in|mc)([46])(?:-([a-z]+))?_/.exec(set.name) ?? []
    const direction = way === 'out' ? 'outbound' : 'inbound'
    return (set.elem ?? []).flatMap((element): readonly Addressed[] => {
      const [address = '', ...rest] = partsOf(element)
      return servicesOf(sort, rest, family === '6').map((service) => ({ direction, value: textOf(address), service }))
    })
  })
}

function partsOf(value: Value): readonly Value[] {
  if (typeof value === 'object' && 'elem' in value) return partsOf(value.elem.val)
  if (typeof value === 'object' && 'concat' in value) return value.concat
  return [value]
}

function textOf(value: Value): string {
  if (typeof value === 'object' && 'prefix' in value) return `${value.prefix.addr}/${value.prefix.len}`
  if (typeof value === 'object') throw new Error(`not an address: ${JSON.stringify(value)}`)
  return String(value)
}

function servicesOf(sort: string, rest: readonly Value[], isIpv6: boolean): readonly Service[] {
  const [first = '', second = '', third = ''] = rest
  if (sort === 'any') return [{ transport: 'any' }]
  if (sort === 'icmp') return icmpServices(rangeOf(first), rangeOf(second), isIpv6 ? 'icmpv6' : 'icmp')
  const transport = transportOf(String(first))
  if (sort === 'protocol') return [{ transport }]
  if (sort === 'source') return [{ transport, sourcePorts: [rangeOf(second)], ports: [rangeOf(third)] }]
  return [{ transport, ports: [rangeOf(second)] }]
}

function rangeOf(value: Value): PortRange {
  if (typeof value === 'object' && 'range' in value)
    return { from: numberOf(value.range[0]), to: numberOf(value.range[1]) }
  if (typeof value === 'object') throw new Error(`not a number: ${JSON.stringify(value)}`)
  return { from: numberOf(value), to: numberOf(value) }
}

function numberOf(text: string | number): number {
  const found = Number(text)
  if (Number.isNaN(found)) throw new Error(`not a number: ${text}`)
  return found
}

/** A service has one type and one code, or all of them. */
function icmpServices(types: PortRange, codes: PortRange, transport: 'icmp' | 'icmpv6'): readonly Service[] {
  const isAny = ({ from, to }: PortRange) => from === 0 && to === 255
  if (isAny(types) && isAny(codes)) return [{ transport }]
  return each(types).flatMap((type): readonly Service[] =>
    isAny(codes) ? [{ transport, icmp: { type } }] : each(codes).map((code) => ({ transport, icmp: { type, code } }))
  )
}

function each({ from, to }: PortRange): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** What the tools call protocols where the machine has a file of their names. */
const others: Readonly<Record<string, string>> = {
  'ipv6-icmp': 'icmp',
  ipencap: 'ipip',
  ospfigp: 'ospf',
  etherip: 'ip/97'
}

function transportOf(text: string): Transport {
  const name = /^\d+$/.test(text) ? protocolName(Number(text)) : (others[text] ?? text)
  if (isTransport(name)) return name
  throw new Error(`unknown transport ${text}`)
}

/** What ipset calls types and codes of IPv4. */
const icmpNames: Readonly<Record<string, string>> = {
  'echo-reply': '0/0',
  'echo-request': '8/0',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'protocol-unreachable': '3/2',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'source-route-failed': '3/5',
  'network-unknown': '3/6',
  'host-unknown': '3/7',
  'network-prohibited': '3/9',
  'host-prohibited': '3/10',
  'TOS-network-unreachable': '3/11',
  'TOS-host-unreachable': '3/12',
  'communication-prohibited': '3/13',
  'host-precedence-violation': '3/14',
  'precedence-cutoff': '3/15'
}

/** What ipset calls types and codes of IPv6. */
const icmpv6Names: Readonly<Record<string, string>> = {
  'no-route': '1/0',
  'communication-prohibited': '1/1',
  'address-unreachable': '1/3',
  'port-unreachable': '1/4',
  'echo-request': '128/0',
  'echo-reply': '129/0'
}

/** `ipset save`, which has each port of a range on its own. */
export function fromIpset(text: string): readonly Addressed[] {
  const ports = new Map<string, number[]>()
  const found: Addressed[] = []
  for (const match of text.matchAll(/^add \S+-(out|in|mc)[46](-icmp|-any)? ([^ ,]+)(?:,([^: ]+):(\S+))?/gm)) {
    const [, way, sort, value = '', protocol = '', port = ''] = match
    const direction = way === 'out' ? 'outbound' : 'inbound'
    if (sort === '-any') found.push({ direction, value, service: { transport: 'any' } })
    else if (sort === '-icmp') found.push({ direction, value, service: { transport: 'icmp' } })
    else if (port === '0' && !['tcp', 'udp', 'sctp'].includes(protocol))
      found.push({ direction, value, service: { transport: transportOf(protocol) } })
    else if (protocol.includes('icmp')) {
      const names = value.includes(':') ? icmpv6Names : icmpNames
      const [type = '', code = ''] = (names[port] ?? port).split('/')
      const icmp = { type: numberOf(type), code: numberOf(code) }
      found.push({ direction, value, service: { transport: value.includes(':') ? 'icmpv6' : 'icmp', icmp } })
    } else {
      const key = `${direction} ${value} ${protocol}`
      const list = ports.get(key) ?? []
      list.push(Number(port))
      ports.set(key, list)
    }
  }
  for (const [key, list] of ports) {
    const [direction, value = '', protocol = ''] = key.split(' ')
    const service = { transport: transportOf(protocol), ports: runs(list) }
    found.push({ direction: direction === 'outbound' ? direction : 'inbound', value, service })
  }
  return found
}

/** Ranges of numbers that follow on each other. */
function runs(numbers: readonly number[]): readonly PortRange[] {
  const found: { from: number; to: number }[] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && number === last.to + 1) last.to = number
    else found.push({ from: number, to: number })
  }
  return found
}

/** `iptables-save` or `ip6tables-save`; one that has no address is for all of the family. */
export function fromIptables(text: string, family: '4' | '6'): readonly Addressed[] {
  const rules = [...text.matchAll(/^-A PORTOLAN-(OUT|IN)-\S+ (.*)-j ACCEPT$/gm)]
  return rules.map(([, way, matches = '']) => {
    const option = (name: string) => new RegExp(`--?${name} (\\S+)`).exec(matches)?.[1]
    const value = option('d') ?? option('s') ?? (family === '4' ? '0.0.0.0/0' : '::/0')
    const transport = option('p')
    const [sourcePorts, ports] = [portsOf(option('sports?')), portsOf(option('dports?'))]
    const [type, code] = (option(family === '4' ? 'icmp-type' : 'icmpv6-type') ?? '').split('/')
    return { direction: way === 'OUT' ? 'outbound' : 'inbound', value, service: service() }

    function service(): Service {
      if (transport === undefined) return { transport: 'any' }
      if (transport !== 'icmp' && transport !== 'ipv6-icmp')
        return { transport: transportOf(transport), ...(ports && { ports }), ...(sourcePorts && { sourcePorts }) }
      const ofFamily = family === '4' ? 'icmp' : 'icmpv6'
      if (!type) return { transport: ofFamily }
      return {
        transport: ofFamily,
        icmp: { type: numberOf(type), ...(code !== undefined && { code: numberOf(code) }) }
      }
    }
  })
}

function portsOf(text: string | undefined): readonly PortRange[] | undefined {
  return text?.split(',').map((each) => {
    const [from = '', to = from] = each.split(':')
    return { from: Number(from), to: Number(to) }
  })
}
