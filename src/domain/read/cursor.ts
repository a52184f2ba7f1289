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
  /** How many items the pages before had. */
  readonly offset: number
}

/** The cursor as a text: version, query, point, instant and offset. */
export function writeCursor({ query, point, instant, offset }: Cursor): string {
  return writeCursorText([1, query, point, instant, offset])
}

/** Reads what `writeCursor` wrote; undefined where the text is no such cursor. */
export function readCursor(text: string): Cursor | undefined {
  const parts = readCursorText(text)
  if (parts?.length !== 5) return undefined
  const [version, query, point, instant, offset] = parts
  if (version !== 1 || typeof query !== 'string') return undefined
  return isCount(point) && isCount(offset) && isInstant(instant) ? { query, point, instant, offset } : undefined
}
