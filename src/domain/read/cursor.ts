import { isCount, readCursorText, writeCursorText } from '../json/cursor-text.ts'
import { isInstant } from '../time/instant.ts'

/** Where a page run stands: everything that its pages have in common. Opaque to clients. */
export interface Cursor {
  /** The query of the run in canonical form, without its paging parameters. */
  readonly query: string
  /** The point at which the run began: a revision for one catalogue, the seq of an event for several. */
  readonly point: number
  /** The instant of effect at which the run began, in milliseconds. */
  readonly instant: number
  /** Of a site: the instant at which its catalogues are read, in milliseconds. */
  readonly asOf?: number
  /** How many items the pages before had. */
  readonly offset: number
  /** The revisions of feeds that the run reads, as `CATALOGUE:NUMBER`; absent: none. */
  readonly feeds?: readonly string[]
}

/** The cursor as a text: version, query, point, instant, offset, of a site the instant of its catalogues, and the feeds where there are some. */
export function writeCursor({ query, point, instant, asOf, offset, feeds = [] }: Cursor): string {
  const version = asOf === undefined ? [1] : [2, asOf]
  return writeCursorText([...version, query, point, instant, offset, ...feeds])
}

/** Reads what `writeCursor` wrote; undefined where the text is no such cursor. */
export function readCursor(text: string): Cursor | undefined {
  const parts = readCursorText(text)
  const [version, ...rest] = parts ?? []
  const [asOf, ...run] = version === 2 ? rest : [undefined, ...rest]
  const [query, point, instant, offset, ...feeds] = run
  if (version !== 1 && (version !== 2 || !isInstant(asOf))) return undefined
  if (typeof query !== 'string' || !feeds.every((feed) => typeof feed === 'string')) return undefined
  if (!isCount(point) || !isCount(offset) || !isInstant(instant)) return undefined
  return { query, point, instant, offset, ...(isInstant(asOf) && { asOf }), ...(feeds.length > 0 && { feeds }) }
}
