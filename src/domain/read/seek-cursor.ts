import { isCount, readCursorText, writeCursorText } from '../json/cursor-text.ts'

/** Where a page run over a list that only grows stands: no clock and no revision holds it, only the last item that its pages had. */
export interface SeekCursor {
  /** The query of the run in canonical form, without its paging parameters. */
  readonly query: string
  /** The last item that the pages before had: its number or seq, or how many items they had where items have no number. */
  readonly seen: number
  /** The seq of the event at which the run ends; undefined where it has no end of its own. */
  readonly upTo?: number
}

/** The cursor as a text: version, query, last item and, where there is one, the end. */
export function writeSeekCursor({ query, seen, upTo }: SeekCursor): string {
  return writeCursorText(upTo === undefined ? [2, query, seen] : [2, query, seen, upTo])
}

/** Reads what `writeSeekCursor` wrote; undefined where the text is no such cursor. */
export function readSeekCursor(text: string): SeekCursor | undefined {
  const parts = readCursorText(text)
  if (parts?.length !== 3 && parts?.length !== 4) return undefined
  const [version, query, seen, upTo] = parts
  if (version !== 2 || typeof query !== 'string' || !isCount(seen)) return undefined
  if (parts.length === 3) return { query, seen }
  return isCount(upTo) ? { query, seen, upTo } : undefined
}
