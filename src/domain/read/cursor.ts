import type { Instant } from '../time/instant.ts'

/** Where a page run stands: everything that it must keep the same. Opaque to clients. */
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

/** Version, query, point, instant and offset as base64url JSON. Nothing in it is secret: a made-up one only asks another question. */
export function writeCursor({ query, point, instant, offset }: Cursor): string {
  return Buffer.from(JSON.stringify([1, query, point, instant, offset])).toString('base64url')
}

export function readCursor(text: string): Cursor | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(parsed) || parsed.length !== 5) return undefined
    const [version, query, point, instant, offset]: unknown[] = parsed
    if (version !== 1 || typeof query !== 'string') return undefined
    return isCount(point) && isCount(offset) && isInstant(instant) ? { query, point, instant, offset } : undefined
  } catch {
    return undefined
  }
}

const [firstInstant, lastInstant] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]

/** One that RFC 3339 can write. */
function isInstant(value: unknown): value is Instant {
  return Number.isSafeInteger(value) && firstInstant <= Number(value) && Number(value) <= lastInstant
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
