import { isCount, readCursorText, writeCursorText } from '../json/cursor-text.ts'
import { isInstant } from '../time/instant.ts'

/** Where a page run stands: everything that its pages have in common. Opaque to clients. */
export interface Cursor {
  /** The query that began the run, canonical and without paging. */
  readonly query: string
  /** The revision at which the run began (of one catalogue), or the seq (across catalogues). */
  readonly point: number
  /** The instant of effect at which it began, in milliseconds. */
  readonly instant: number
  /** How many items came before. */
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
