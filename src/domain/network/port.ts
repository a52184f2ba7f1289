import { quote } from '../json/source-text.ts'
import type { PortRange } from './network-service.ts'

/** A fault of the port at `index` of the input. */
export interface PortFault {
  readonly index: number
  readonly code: 'invalid_port' | 'duplicate_port' | 'overlapping_ports'
  readonly detail: string
}

interface Placed extends PortRange {
  readonly index: number
}

/**
 * Reads ports as authors write them (`80`, `"80"`, `"1024-65535"`, `{from, to}`) into sorted ranges. Adjacent ranges are not joined,
 * since the author stated them separately. Every fault is reported; of two ranges that overlap, the later one has the fault.
 */
export function parsePorts(
  input: readonly unknown[]
): { readonly ranges: readonly PortRange[] } | { readonly faults: readonly PortFault[] } {
  const faults: PortFault[] = []
  const placed: Placed[] = []
  for (const [index, item] of input.entries()) {
    const range = readRange(item)
    if ('fault' in range) faults.push({ index, code: 'invalid_port', detail: range.fault })
    else placed.push({ ...range, index })
  }
  placed.sort((a, b) => a.from - b.from || a.to - b.to || a.index - b.index)
  faults.push(...collisions(placed))
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.index - b.index) }
  return { ranges: placed.map(({ from, to }) => ({ from, to })) }
}

/** A range as people write it: `80` or `1024-65535`. */
export function portText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`
}

function collisions(sorted: readonly Placed[]): PortFault[] {
  const faults: PortFault[] = []
  let widest: Placed | undefined
  for (const range of sorted) {
    if (widest && range.from <= widest.to) {
      const [first, later] = widest.index < range.index ? [widest, range] : [range, widest]
      const same = range.from === widest.from && range.to === widest.to
      faults.push({
        index: later.index,
        code: same ? 'duplicate_port' : 'overlapping_ports',
        detail: same ? `${portText(later)} stands twice` : `${portText(later)} overlaps ${portText(first)}: join them`
      })
    }
    if (!widest || range.to > widest.to) widest = range
  }
  return faults
}

function readRange(item: unknown): PortRange | { readonly fault: string } {
  if (typeof item === 'number') return rangeOf(item, item)
  if (typeof item === 'string') return readText(item)
  if (typeof item === 'object' && item !== null && 'from' in item && 'to' in item && Object.keys(item).length === 2) {
    const { from, to } = item
    if (typeof from === 'number' && typeof to === 'number') return rangeOf(from, to)
  }
  return { fault: 'is not a port: write 80, "1024-65535" or {from: 1024, to: 65535}' }
}

function readText(text: string): PortRange | { readonly fault: string } {
  const match = /^(0|[1-9]\d{0,8})(?:-(0|[1-9]\d{0,8}))?$/.exec(text)
  if (!match)
    return {
      fault: `${quote(text)} is not a port or range: write "80" or "1024-65535", without spaces or leading zeros`
    }
  const [, from, to = from] = match
  return rangeOf(Number(from), Number(to))
}

function rangeOf(from: number, to: number): PortRange | { readonly fault: string } {
  for (const port of [from, to])
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      return { fault: `${port} is not a port: ports are whole numbers from 1 to 65535` }
  if (from > to) return { fault: `${from}-${to} runs backwards: write ${to}-${from}` }
  return { from, to }
}
