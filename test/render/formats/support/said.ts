import type { Document } from '../../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../../src/domain/document/endpoint.ts'
import type { PortRange } from '../../../../src/domain/network/service.ts'

/** One thing that a document lets through, taken apart as far as it goes. `*` is all. */
export interface Saying {
  readonly direction: 'outbound' | 'inbound'
  readonly transport: string
  /** `80`, `8000-8100` */
  readonly ports: string
  readonly source: string
  /** `8`, `8/0` */
  readonly icmp: string
  readonly kind: 'address' | 'host' | 'wildcard' | 'role' | 'feed' | 'any'
  /** Addresses have the length of their prefix. */
  readonly value: string
}

function sayingText({ direction, transport, ports, source, icmp, kind, value }: Saying): string {
  return `${direction} ${transport} ports ${ports} from ${source} icmp ${icmp} ${kind} ${value}`
}

/** What a document says at an instant: found by going through it, without the code of exports. */
export function sayings(document: Document, at: string): readonly Saying[] {
  const found: Saying[] = []
  for (const { direction, services, endpoints } of document.requirements) {
    const halves = direction === 'both' ? (['outbound', 'inbound'] as const) : [direction]
    for (const half of halves)
      for (const { transport, ports, sourcePorts, icmp } of services)
        for (const range of written(ports))
          for (const source of written(sourcePorts))
            for (const endpoint of endpoints.filter((each) => isLive(each, at)))
              found.push({
                direction: half,
                transport,
                ports: range,
                source,
                icmp: icmp ? [icmp.type, icmp.code].filter((part) => part !== undefined).join('/') : '*',
                ...said(endpoint)
              })
  }
  return found
}

/** The texts of some sayings, each once, sorted, as a format has them that cannot say some of it. */
export function texts(
  all: readonly Saying[],
  blur: (saying: Saying) => Saying | undefined = (each) => each
): readonly string[] {
  const kept = all.map(blur).filter((saying) => saying !== undefined)
  return [...new Set(kept.map(sayingText))].sort()
}

function written(ranges: readonly PortRange[] | undefined): readonly string[] {
  return ranges?.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)) ?? ['*']
}

function isLive({ from, until }: Endpoint, at: string): boolean {
  const instant = Date.parse(at)
  return (from === undefined || Date.parse(from) <= instant) && (until === undefined || instant < Date.parse(until))
}

function said(endpoint: Endpoint): Pick<Saying, 'kind' | 'value'> {
  if (endpoint.kind === 'any') return { kind: 'any', value: '*' }
  const { kind, value } = endpoint
  if (kind === 'host') return value.startsWith('*.') ? { kind: 'wildcard', value: value.slice(2) } : { kind, value }
  if (kind !== 'address' || value.includes('/')) return { kind, value }
  return { kind, value: `${value}/${value.includes(':') ? 128 : 32}` }
}

/** For languages that have no word for any address: the whole of each family. */
export function anyAsNetworks(all: readonly Saying[]): readonly Saying[] {
  return all.flatMap((saying): Saying[] =>
    saying.kind === 'any' ? ['0.0.0.0/0', '::/0'].map((value) => ({ ...saying, kind: 'address', value })) : [saying]
  )
}
