import { PortolanError } from '../../domain/errors.ts'
import { readCursor, writeCursor } from '../../domain/read/cursor.ts'
import { shortHash } from '../../domain/read/etag.ts'

export const defaultPage = 50
export const largestPage = 1000

/** How a page of a list is asked for. Relay Cursor Connections. */
export interface Paging {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/** A list in its total order. `run` names it with all that it depends on; `point` and `instant` are what a page run keeps. */
export interface Listed {
  readonly run: string
  /** The revision (of one catalogue) or the seq (across catalogues) that is read. */
  readonly point: number
  readonly instant: number
}

export interface Edge<T> {
  readonly cursor: string
  readonly node: T
}

/** A page; what is not asked for is not worked out. */
export class Connection<T> {
  readonly nodes: readonly T[]
  readonly totalCount: number
  readonly #start: number
  readonly #listed: Listed

  constructor(listed: Listed, start: number, nodes: readonly T[], totalCount: number) {
    this.#listed = listed
    this.#start = start
    this.nodes = nodes
    this.totalCount = totalCount
  }

  get edges(): readonly Edge<T>[] {
    return this.nodes.map((node, index) => ({ node, cursor: this.#cursor(index) }))
  }

  get pageInfo() {
    const { length } = this.nodes
    return {
      hasNextPage: this.#start + length < this.totalCount,
      hasPreviousPage: this.#start > 0 && this.totalCount > 0,
      startCursor: length > 0 ? this.#cursor(0) : null,
      endCursor: length > 0 ? this.#cursor(length - 1) : null
    }
  }

  #cursor(index: number): string {
    const { run, point, instant } = this.#listed
    return writeCursor({ query: shortHash(run), point, instant, offset: this.#start + index })
  }
}

/**
 * The page of a whole list.
 * @throws PortolanError `invalid_parameter`, `cursor_invalid`, `cursor_mismatch`
 */
export function connectionPage<T>(listed: Listed, items: readonly T[], paging: Paging): Connection<T> {
  const { start, end } = rangeOf(listed, items.length, paging)
  return new Connection(listed, start, items.slice(start, end), items.length)
}

/** Which items of a list of `total` are asked for. */
export function rangeOf(
  listed: Listed,
  total: number,
  paging: Paging
): { readonly start: number; readonly end: number } {
  checkPaging(paging)
  const { first, last, after, before } = paging
  const low = after ? offsetOf(listed, after) + 1 : 0
  const high = Math.max(low, before ? Math.min(offsetOf(listed, before), total) : total)
  if (typeof last === 'number') return { start: Math.max(low, high - last), end: high }
  return { start: Math.min(low, total), end: Math.min(high, low + (first ?? defaultPage)) }
}

/** @throws PortolanError `invalid_parameter` */
export function checkPaging({ first, last }: Pick<Paging, 'first' | 'last'>): void {
  for (const [name, value] of Object.entries({ first, last })) {
    if (typeof value === 'number' && (value < 0 || value > largestPage))
      throw new PortolanError('invalid_parameter', `${name}: ${value} must be from 0 to ${largestPage}.`)
  }
  if (typeof first === 'number' && typeof last === 'number')
    throw new PortolanError('invalid_parameter', 'first and last together have no meaning: give one of them.')
}

function offsetOf({ run, point, instant }: Listed, text: string): number {
  const cursor = requireCursor(text)
  if (cursor.query === shortHash(run) && cursor.point === point && cursor.instant === instant) return cursor.offset
  throw new PortolanError(
    'cursor_mismatch',
    'The cursor belongs to another list, filter or clock: begin again without it.'
  )
}

/** @throws PortolanError `cursor_invalid` */
export function requireCursor(text: string) {
  const cursor = readCursor(text)
  if (cursor) return cursor
  throw new PortolanError('cursor_invalid', 'The cursor was not made by this service: begin again without it.')
}
