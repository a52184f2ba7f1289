import type { Document, RequirementFields } from '../../../../src/domain/document/document.ts'
import { sliceOf } from '../../../../src/domain/export/slice.ts'
import type { Transport } from '../../../../src/domain/network/protocol.ts'
import { statusAt } from '../../../../src/domain/view/lifetime.ts'
import { documentOf, requirement } from '../../../domain/document/support/sample.ts'
import { clearswift, everything, today } from './rendered.ts'
import { isReached } from './said.ts'

/** What every format is tried with. */
export interface Occasion {
  readonly name: string
  readonly document: Document
  /** RFC 3339 */
  readonly at: string
  /** The slice with the most in it. */
  readonly slice: string
}

export const occasions: readonly Occasion[] = [
  { name: 'everything', document: everything, at: today, slice: 'out-tcp-80_443' },
  { name: 'the day before 22 November 2018', document: clearswift, at: '2018-11-21T23:59:59Z', slice: 'out-tcp-80' },
  { name: '22 November 2018', document: clearswift, at: '2018-11-22T00:00:00Z', slice: 'out-tcp-80' },
  { name: 'nothing', document: documentOf([requirement('nobody')]), at: today, slice: 'out-tcp-443' }
]

/** The six that retire on 22 November 2018. */
export const retiring = [
  '184.72.245.1',
  '79.125.8.252',
  '175.41.136.7',
  '174.129.26.118',
  '176.34.251.142',
  '54.254.98.96'
]

interface Wanted {
  readonly document: Document
  readonly at: string
  /** Absent: all. */
  readonly slice?: string
  readonly directions?: readonly RequirementFields['direction'][]
  readonly transports?: readonly Transport[]
  /** What is written for any address. Absent: nothing. */
  readonly anyAs?: readonly string[]
}

/** What an export has to say of addresses and names, sorted: found by going through the document, without the code of exports. */
export function liveValues(wanted: Wanted): {
  readonly addresses: readonly string[]
  readonly names: readonly string[]
  /** URLs, names and patterns as lists of PAN-OS write them. */
  readonly urls: readonly string[]
} {
  const { document, at, slice, directions, transports, anyAs = [] } = wanted
  const found = { address: new Set<string>(), host: new Set<string>(), exact: new Set<string>() }
  for (const { direction, services, endpoints } of document.requirements) {
    if (directions && !directions.includes(direction)) continue
    const chosen = services.filter(
      (service) =>
        (!transports || transports.includes(service.transport)) &&
        (slice === undefined || sliceOf(direction, service).name === slice)
    )
    if (chosen.length === 0) continue
    for (const endpoint of endpoints) {
      const status = statusAt(endpoint, Date.parse(at))
      const isLive = status === 'active' || status === 'retiring'
      if (!chosen.some(({ transport, icmp }) => isReached(endpoint, transport, icmp))) continue
      if (isLive && endpoint.kind === 'any') for (const value of anyAs) found.address.add(value)
      if (isLive && endpoint.kind === 'url') found.host.add(endpoint.value.replace(/\/.*/, ''))
      if (isLive && endpoint.kind === 'url') found.exact.add(endpoint.value)
      if (isLive && endpoint.kind === 'host') found.exact.add(`${endpoint.value}/`)
      if (isLive && endpoint.kind === 'pattern' && /\.\*\./.test(endpoint.value))
        found.exact.add(`${endpoint.value.replace('*', '^')}/`)
      if (isLive && (endpoint.kind === 'address' || endpoint.kind === 'host')) found[endpoint.kind].add(endpoint.value)
    }
  }
  return { addresses: [...found.address].sort(), names: [...found.host].sort(), urls: [...found.exact].sort() }
}
