import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { readInstant } from '../time/instant.ts'
import type { DocumentReader } from './document-reader.ts'
import type { Endpoint } from './endpoint.ts'
import { startOf } from './endpoint-order.ts'
import { type ReadEndpoint, readEndpoint } from './parse-endpoint.ts'

interface Placed extends ReadEndpoint {
  readonly index: number
}

/** Reads the endpoints of one requirement into canonical order. Endpoints with faults are left out. */
export function readEndpoints(list: readonly unknown[], at: string, reading: DocumentReader): readonly Endpoint[] {
  const placed: Placed[] = []
  for (const [index, value] of list.entries()) {
    if (reading.faults.isFull) break
    const read = readEndpoint(value, at + pointerTo(index), reading)
    if (read) placed.push({ endpoint: read.endpoint, order: read.order, index })
  }
  placed.sort(comparePlaced)
  reportOverlaps(placed, at, reading)
  return placed.map(({ endpoint }) => endpoint)
}

function comparePlaced(a: Placed, b: Placed): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  return startOf(a.endpoint) - startOf(b.endpoint) || a.index - b.index
}

/** Reports endpoints of one value whose lifetimes overlap: two of them in force at once would be two answers to one question. */
function reportOverlaps(sorted: readonly Placed[], at: string, reading: DocumentReader): void {
  let longest: Placed | undefined
  for (const placed of sorted) {
    if (longest?.order !== placed.order) {
      longest = placed
      continue
    }
    if (startOf(placed.endpoint) < endOf(longest.endpoint)) {
      const [first, later] = longest.index < placed.index ? [longest, placed] : [placed, longest]
      const same = placed.endpoint.from === longest.endpoint.from && placed.endpoint.until === longest.endpoint.until
      const [code, what] = same
        ? ['duplicate_endpoint', 'is the same as']
        : ['overlapping_lifetimes', 'overlaps in time with']
      reading.faults.add(
        at + pointerTo(later.index),
        code,
        `${nameOf(later.endpoint)} ${what} endpoint ${first.index} of this list`
      )
    }
    if (endOf(placed.endpoint) > endOf(longest.endpoint)) longest = placed
  }
}

function endOf({ until }: Endpoint): number {
  return until === undefined ? Number.MAX_VALUE : readInstant(until)
}

function nameOf(endpoint: Endpoint): string {
  return endpoint.kind === 'any' ? 'any' : `${endpoint.kind} ${quote(endpoint.value)}`
}
