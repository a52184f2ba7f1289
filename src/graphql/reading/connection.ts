import { PortolanError } from '../../domain/errors.ts'
import { type Cursor, readCursor, writeCursor } from '../../domain/read/cursor.ts'
import { shortHash } from '../../domain/read/etag.ts'

/** Items of a page where an operation does not say how many. `assumedSize` in the schema is the same number. */
export const defaultPage = 50
export const largestPage = 1000

/** Which page of a list is asked for. Relay Cursor Connections. */
export interface Paging {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/** What tells one list from another: the cursors of a list are good for no other list. */
export interface ListIdentity {
  /** Names the list and all that it depends on, such as its filter. */
  readonly name: string
  /** The revision (of one catalogue) or the seq (across catalogues) at which the list is read. A page run keeps it. */
  readonly point: number
  /** The instant at which the list is read. A page run keeps it too. */
  readonly instant: number
  /** The revisions of the feeds that the list reads, as `CATALOGUE:NUMBER`. A page run keeps them too. */
  readonly feeds?: readonly string[]
}

export interface Edge<T> {
  readonly cursor: string
  readonly node: T
}

export interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

/** A page. What an operation does not ask for is not worked out. */
export class Page<T> {
  readonly nodes: readonly T[]
  readonly #start: number
  readonly #list: ListIdentity
  readonly #hasMore: boolean

  /** `start` is the place of the first of `nodes` in the list, from 0. `hasMore`: whether the list goes on after them. */
  constructor(list: ListIdentity, start: number, nodes: readonly T[], hasMore: boolean) {
    this.#list = list
    this.#start = start
    this.#hasMore = hasMore
    this.nodes = nodes
  }

  get edges(): readonly Edge<T>[] {
    return this.nodes.map((node, index) => ({ node, cursor: this.#cursor(index) }))
  }

  get pageInfo(): PageInfo {
    const { length } = this.nodes
    return {
      hasNextPage: this.#hasMore,
      hasPreviousPage: this.#start > 0,
      startCursor: length > 0 ? this.#cursor(0) : null,
      endCursor: length > 0 ? this.#cursor(length - 1) : null
    }
  }

  #cursor(index: number): string {
    const { name, point, instant, feeds } = this.#list
    return writeCursor({ query: shortHash(name), point, instant, offset: this.#start + index, ...(feeds && { feeds }) })
  }
}

/** A page of a list whose length is known. */
export class Connection<T> extends Page<T> {
  readonly totalCount: number

  constructor(list: ListIdentity, start: number, nodes: readonly T[], totalCount: number) {
    super(list, start, nodes, start + nodes.length < totalCount)
    this.totalCount = totalCount
  }
}

/**
 * The page that is asked for, of a list whose items are all at hand.
 * @throws PortolanError `invalid_parameter`, `cursor_invalid`, `cursor_mismatch`
 */
export function connectionPage<T>(list: ListIdentity, items: readonly T[], paging: Paging): Connection<T> {
  const { start, end } = rangeOf(list, items.length, paging)
  return new Connection(list, start, items.slice(start, end), items.length)
}

/**
 * Which items of a list of unknown length are asked for; undefined where that depends on its length or on its end.
 * @throws PortolanError `invalid_parameter`, `cursor_invalid`, `cursor_mismatch`
 */
export function forwardRange(
  list: ListIdentity,
  paging: Paging
): { readonly offset: number; readonly limit: number } | undefined {
  checkPaging(paging)
  const { first, last, after, before } = paging
  if (typeof last === 'number' || before) return undefined
  return { offset: after ? offsetOf(list, after) + 1 : 0, limit: first ?? defaultPage }
}

/**
 * Which items of a list of `total` are asked for: from `start`, up to but without `end`.
 * @throws PortolanError `invalid_parameter`, `cursor_invalid`, `cursor_mismatch`
 */
export function rangeOf(
  list: ListIdentity,
  total: number,
  paging: Paging
): { readonly start: number; readonly end: number } {
  checkPaging(paging)
  const { first, last, after, before } = paging
  const low = after ? offsetOf(list, after) + 1 : 0
  const high = Math.max(low, before ? Math.min(offsetOf(list, before), total) : total)
  if (typeof last === 'number') return { start: Math.max(low, high - last), end: high }
  return { start: Math.min(low, total), end: Math.min(high, low + (first ?? defaultPage)) }
}

/** @throws PortolanError `invalid_parameter` */
export function checkPaging({ first, last }: Pick<Paging, 'first' | 'last'>): void {
  for (const [name, value] of Object.entries({ first, last })) {
    if (typeof value === 'number' && (value < 0 || value > largestPage))
      throw new PortolanError('invalid_parameter', `${name} must be from 0 to ${largestPage}, and is ${value}.`)
  }
  if (typeof first === 'number' && typeof last === 'number')
    throw new PortolanError('invalid_parameter', 'first and last together have no meaning: give one of them.')
}

function offsetOf({ name, point, instant }: ListIdentity, text: string): number {
  const cursor = requireCursor(text)
  if (cursor.query === shortHash(name) && cursor.point === point && cursor.instant === instant) return cursor.offset
  throw new PortolanError(
    'cursor_mismatch',
    'The cursor belongs to another list, filter or clock: begin again without it.'
  )
}

/** @throws PortolanError `cursor_invalid` */
export function requireCursor(text: string): Cursor {
  const cursor = readCursor(text)
  if (cursor) return cursor
  throw new PortolanError('cursor_invalid', 'The cursor was not made by this service: begin again without it.')
}
