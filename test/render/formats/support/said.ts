import type { Document } from '../../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../../src/domain/document/endpoint.ts'
import type { PortRange } from '../../../../src/domain/network/network-service.ts'
import { isGroup } from './permission.ts'

/** One thing that a document lets through, taken apart as far as it goes. `*` is all. */
export interface Saying {
  readonly direction: 'outbound' | 'inbound'
  readonly transport: string
  /** `80`, `8000-8100` */
  readonly ports: string
  readonly source: string
  /** `8`, `8/0` */
  readonly icmp: string
  /** `group`: a multicast group, for which something comes in. */
  readonly kind: 'address' | 'group' | 'host' | 'wildcard' | 'pattern' | 'url' | 'role' | 'feed' | 'any'
  /** Addresses have the length of their prefix. After any address stands the family where it is of one only: `* ipv4`. */
  readonly value: string
}

function sayingText({ direction, transport, ports, source, icmp, kind, value }: Saying): string {
  return `${direction} ${transport} ports ${ports} from ${source} icmp ${icmp} ${kind} ${value}`
}

/** What a document says at an instant: found by going through it, without the code of exports. */
export function sayings(document: Document, at: string, urls: 'urls' | 'hosts' = 'hosts'): readonly Saying[] {
  const found: Saying[] = []
  for (const { direction, services, endpoints } of document.requirements) {
    const halves = direction === 'both' ? (['outbound', 'inbound'] as const) : [direction]
    for (const half of halves)
      for (const { transport, ports, sourcePorts, icmp } of services)
        for (const range of written(ports))
          for (const source of written(sourcePorts))
            for (const endpoint of endpoints.filter((each) => isLive(each, at) && isReached(each, transport, icmp)))
              found.push({
                direction: half,
                // Both are ICMP, and what follows says of which family.
                transport: transport === 'icmpv6' ? 'icmp' : transport,
                ports: range,
                source,
                icmp: icmp ? [icmp.type, icmp.code].filter((part) => part !== undefined).join('/') : '*',
                ...said(endpoint, half, icmpFamily(transport, icmp), urls)
              })
  }
  return found
}

/** What is said of one family only. */
const ofOneFamily = / ipv[46]$/

/**
 * The texts of some sayings, each once, sorted, as a format has them that cannot say some of it. What is said of both families says what is
 * said of one: ICMP to any address lets ICMPv6 through as well.
 */
export function texts(
  all: readonly Saying[],
  blur: (saying: Saying) => Saying | undefined = (each) => each
): readonly string[] {
  const kept = all.map(blur).filter((saying) => saying !== undefined)
  const told = new Set(kept.map(sayingText))
  return [...told].filter((text) => !(ofOneFamily.test(text) && told.has(text.replace(ofOneFamily, '')))).sort()
}

/** The family that ICMP messages belong to: that of a type, and of ICMPv6. */
function icmpFamily(transport: string, icmp: object | undefined): 'ipv4' | 'ipv6' | undefined {
  if (transport === 'icmpv6') return 'ipv6'
  return transport === 'icmp' && icmp !== undefined ? 'ipv4' : undefined
}

export function isReached(endpoint: Endpoint, transport: string, icmp: object | undefined): boolean {
  const family = icmpFamily(transport, icmp)
  return endpoint.kind !== 'address' || family === undefined || (family === 'ipv6') === endpoint.value.includes(':')
}

function written(ranges: readonly PortRange[] | undefined): readonly string[] {
  return ranges?.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)) ?? ['*']
}

function isLive({ from, until }: Endpoint, at: string): boolean {
  const instant = Date.parse(at)
  return (from === undefined || Date.parse(from) <= instant) && (until === undefined || instant < Date.parse(until))
}

function said(
  endpoint: Endpoint,
  direction: Saying['direction'],
  family: 'ipv4' | 'ipv6' | undefined,
  urls: 'urls' | 'hosts'
): Pick<Saying, 'kind' | 'value'> {
  if (endpoint.kind === 'any') return { kind: 'any', value: family ? `* ${family}` : '*' }
  const { kind, value } = endpoint
  // A name in a list of one family is of that family.
  if (kind === 'host') return value.startsWith('*.') ? { kind: 'wildcard', value: value.slice(2) } : { kind, value }
  // Languages without paths say the host of a URL.
  if (kind === 'url' && urls === 'hosts') return { kind: 'host', value: value.replace(/\/.*/, '') }
  if (kind !== 'address') return { kind, value }
  const network = value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`
  return { kind: direction === 'inbound' && isGroup(value) ? 'group' : kind, value: network }
}

/** Whether it is the address that stands in for an empty list, which nobody has. */
export function nobody({ kind, value }: Saying): boolean {
  return kind === 'address' && value === '192.0.2.1/32'
}

/** For languages that have no word for any address: the whole of each family. */
export function anyAsNetworks(all: readonly Saying[]): readonly Saying[] {
  return all.flatMap((saying): Saying[] =>
    saying.kind === 'any'
      ? Object.entries({ ipv4: '0.0.0.0/0', ipv6: '::/0' })
          .filter(([family]) => saying.value === '*' || saying.value.endsWith(family))
          .map(([, value]) => ({ ...saying, kind: 'address', value }))
      : [saying]
  )
}

export interface InFamily {
  readonly family: string
  readonly saying: Saying
}

/** What is said in rules of one family each: a name, or any address, must stand in both, unless the messages of ICMP are of one. */
export function ofBothFamilies(found: readonly InFamily[]): readonly Saying[] {
  const known = new Set(found.map(({ family, saying }) => `${family} ${sayingText(saying)}`))
  return found.map(({ family, saying }) => {
    const other = family === 'ipv4' ? 'ipv6' : 'ipv4'
    if (saying.kind === 'address' || saying.kind === 'group' || known.has(`${other} ${sayingText(saying)}`))
      return saying
    if (saying.transport !== 'icmp') throw new Error(`${saying.value} stands for ${family} only`)
    return saying.kind === 'any' ? { ...saying, value: `* ${family}` } : saying
  })
}
