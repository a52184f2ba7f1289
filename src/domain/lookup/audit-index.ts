import { type Status, statuses } from '../document/endpoint.ts'
import { storedAddress } from '../network/address.ts'
import type { Service } from '../network/network-service.ts'
import { isPattern } from '../network/pattern.ts'
import type { ViewEndpoint, ViewRequirement } from '../view/view.ts'
import { type AuditPort, portName, usesPort } from './audit-port.ts'
import type { Destination } from './destination.ts'
import { type LookupTarget, matchEndpoint } from './lookup.ts'
import { everyValue, type KeyRange, lookupKey, lookupSpan, patternRanges } from './lookup-index.ts'

/** A host or address that a list of destinations is compared with. */
export interface AuditRow {
  readonly catalogue: string
  readonly requirement: ViewRequirement
  /** The services of the requirement that reach the endpoint. Rows of one requirement share these lists. */
  readonly services: readonly Service[]
  readonly endpoint: ViewEndpoint
  /** Rows that a filter leaves out explain no entry and are never missing. They still say what lets others through. */
  readonly isSelected: boolean
}

/** How the rows of a slice match a destination. */
type SliceMatch = 'exact' | 'covers' | 'within'

/** Neighbouring rows, from `start` up to but without `end`, that all match a destination alike. */
export interface RowSlice {
  readonly start: number
  readonly end: number
  readonly match: SliceMatch
}

/** The rows with one key, and those that lie inside it. */
interface Node {
  readonly key: string
  readonly start: number
  end: number
  /** The end of the keys inside this one; absent where there can be none. */
  readonly to?: string
  /** The nearest node that covers this one. */
  readonly above?: Node
}

/** Up to so many rows are looked at one by one; more are counted by sums. */
const fewRows = 64

const mostSums = 50

/**
 * Hosts and addresses by their lookup key. A key is a text whose characters are its bytes, so that it sorts as bytes do, and a value comes
 * before all that lies in it: whatever a destination covers is one slice, however much that is.
 */
export class AuditIndex {
  /** In the order of their keys. */
  readonly rows: readonly AuditRow[]
  readonly #nodes: readonly Node[]
  readonly #sums = new Map<string, Sums>()
  readonly #sumsOfPort = new Map<string, Sums>()
  readonly #services: readonly (readonly Service[])[]

  constructor(rows: readonly AuditRow[]) {
    const keyed = rows.map((row) => {
      const key = lookupKey(row.endpoint)
      return { row, text: key ? keyText(key) : '' }
    })
    keyed.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    this.rows = keyed.map(({ row }) => row)
    this.#nodes = nodesOf(keyed)
    this.#services = [...new Set(rows.map(({ services }) => services))]
  }

  /** The slices of all rows that match a destination, whatever its port: first the equal ones, then the nearest that cover it. */
  slices({ targets }: Destination): readonly RowSlice[] {
    if (targets === 'everything') return this.#within(everyValue)
    const slices = targets.flatMap((target) => this.#slicesOf(target))
    if (targets.length === 1) return slices
    // A row may cover several parts of a range.
    return [...new Map(slices.map((slice) => [`${slice.start} ${slice.end}`, slice])).values()]
  }

  #slicesOf(target: LookupTarget): readonly RowSlice[] {
    const { key, range } = lookupSpan(target)
    const text = keyText(key)
    const at = this.#firstAt(text)
    const node = this.#nodes[at]
    const slices: RowSlice[] = node?.key === text ? [{ start: node.start, end: node.end, match: 'exact' }] : []
    for (let above = this.#nodes[at - 1]; above; above = above.above)
      if (above.to !== undefined && text < above.to)
        slices.push({ start: above.start, end: above.end, match: 'covers' })
    slices.push(...this.#patternsOver(target))
    return range ? [...slices, ...this.#within(range)] : slices
  }

  /** The rows of patterns that cover a name. */
  #patternsOver(target: LookupTarget): readonly RowSlice[] {
    if ('family' in target || isPattern(target.value) || target.value.startsWith('*.')) return []
    return patternRanges(target.value).flatMap(({ from, to }) => {
      const nodes = this.#nodes.slice(this.#firstAt(keyText(from)), this.#firstAt(keyText(to)))
      return nodes
        .filter(({ start }) => matchEndpoint(this.#row(start).endpoint, target) === 'covers')
        .map(({ start, end }): RowSlice => ({ start, end, match: 'covers' }))
    })
  }

  #within({ from, to }: KeyRange): readonly RowSlice[] {
    const first = this.#nodes[this.#firstAt(keyText(from))]
    const last = this.#nodes[this.#firstAt(keyText(to)) - 1]
    return first && last && first.start < last.end ? [{ start: first.start, end: last.end, match: 'within' }] : []
  }

  #firstAt(key: string): number {
    let low = 0
    let high = this.#nodes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#nodes[middle]?.key ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many selected rows of a slice use a port, by their status. */
  counts(slice: RowSlice, port: AuditPort | undefined): Readonly<Record<Status, number>> {
    const counts = { planned: 0, active: 0, retiring: 0, retired: 0 }
    if (slice.end - slice.start <= fewRows) {
      for (const at of this.#positions(slice, port)) counts[this.#row(at).endpoint.status] += 1
      return counts
    }
    const sums = this.#sumsFor(port)
    for (const status of statuses) counts[status] = sums.count(status, slice)
    return counts
  }

  /** The first `most` selected rows of a slice that use a port and have a status. */
  pick(slice: RowSlice, port: AuditPort | undefined, status: Status, most: number): readonly AuditRow[] {
    if (slice.end - slice.start > fewRows)
      return this.#sumsFor(port)
        .pick(status, slice, most)
        .map((at) => this.#row(at))
    const rows = [...this.#positions(slice, port)].map((at) => this.#row(at))
    return rows.filter(({ endpoint }) => endpoint.status === status).slice(0, most)
  }

  *#positions({ start, end }: RowSlice, port: AuditPort | undefined): Generator<number> {
    for (let at = start; at < end; at += 1) {
      const { isSelected, services } = this.#row(at)
      if (isSelected && uses(services, port)) yield at
    }
  }

  #row(at: number): AuditRow {
    const row = this.rows[at]
    if (!row) throw new Error(`there is no row ${at}`)
    return row
  }

  /** Ports that the same services use have the same sums. */
  #sumsFor(port: AuditPort | undefined): Sums {
    const name = port ? portName(port) : ''
    const known = this.#sumsOfPort.get(name)
    if (known) return known
    const using = new Set(this.#services.filter((services) => uses(services, port)))
    const id = this.#services.map((services) => (using.has(services) ? '1' : '0')).join('')
    const sums =
      this.#sums.get(id) ?? new Sums(this.rows, ({ isSelected, services }) => isSelected && using.has(services))
    // Sums take 16 bytes for each row, and a list may have as many ports as entries.
    if (this.#sums.size >= mostSums) {
      this.#sums.clear()
      this.#sumsOfPort.clear()
    }
    this.#sums.set(id, sums)
    this.#sumsOfPort.set(name, sums)
    return sums
  }
}

function uses(services: readonly Service[], port: AuditPort | undefined): boolean {
  return services.some((service) => usesPort(service, port))
}

/** How many of the first rows have each status, for all numbers of rows. */
class Sums {
  readonly #upTo: Readonly<Record<Status, Uint32Array>>

  constructor(rows: readonly AuditRow[], isCounted: (row: AuditRow) => boolean) {
    const upTo = () => new Uint32Array(rows.length + 1)
    this.#upTo = { planned: upTo(), active: upTo(), retiring: upTo(), retired: upTo() }
    for (const [index, row] of rows.entries()) {
      for (const status of statuses) {
        const sums = this.#upTo[status]
        sums[index + 1] = (sums[index] ?? 0) + (row.endpoint.status === status && isCounted(row) ? 1 : 0)
      }
    }
  }

  count(status: Status, { start, end }: RowSlice): number {
    const sums = this.#upTo[status]
    return (sums[end] ?? 0) - (sums[start] ?? 0)
  }

  pick(status: Status, { start, end }: RowSlice, most: number): readonly number[] {
    const sums = this.#upTo[status]
    const before = sums[start] ?? 0
    const found = Math.min(most, (sums[end] ?? 0) - before)
    return Array.from({ length: found }, (_, index) => firstAbove(sums, before + index, start, end))
  }
}

/** The row after which more than `sum` are counted. */
function firstAbove(sums: Uint32Array, sum: number, start: number, end: number): number {
  let [low, high] = [start, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle + 1] ?? 0) <= sum) low = middle + 1
    else high = middle
  }
  return low
}

function nodesOf(keyed: readonly { readonly row: AuditRow; readonly text: string }[]): readonly Node[] {
  const nodes: Node[] = []
  let last: Node | undefined
  for (const [index, { row, text }] of keyed.entries()) {
    if (last?.key === text) {
      last.end = index + 1
      continue
    }
    let above = last
    while (above && (above.to === undefined || text >= above.to)) above = above.above
    const to = endOfInside(row.endpoint)
    last = { key: text, start: index, end: index + 1, ...(to !== undefined && { to }), ...(above && { above }) }
    nodes.push(last)
  }
  return nodes
}

function endOfInside(endpoint: ViewEndpoint): string | undefined {
  if (endpoint.kind !== 'address' && endpoint.kind !== 'host') return undefined
  const { range } = lookupSpan(endpoint.kind === 'address' ? storedAddress(endpoint.value) : { value: endpoint.value })
  return range && keyText(range.to)
}

function keyText(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1')
}
