import { hourMs, minuteMs } from '../time/duration.ts'
import { type Instant, parseInstant } from '../time/instant.ts'

/** The pause after the first, second… failure in a row, in milliseconds. After more failures than these the pause is an hour. */
const schedule = [5_000, 30_000, 2 * minuteMs, 5 * minuteMs, 15 * minuteMs, 30 * minuteMs] as const

/** A subscription is suspended when its receiver has failed for so long. */
export const patienceMs = 72 * hourMs

/** Milliseconds until the next attempt after that many failures in a row, within 20 % of the schedule. `random`: in [0, 1). */
export function retryDelay(failures: number, random: number): number {
  const base = schedule[failures - 1] ?? hourMs
  return Math.round(base * (0.8 + 0.4 * random))
}

/** How many times an event that the receiver refuses is sent, and the pause between two attempts. */
export const mostRefusals = 3
const refusalMs = 5 * minuteMs
/** An event that was refused as often, over at least this time, becomes a dead letter. */
export const refusalPatienceMs = (mostRefusals - 1) * refusalMs

/** Milliseconds until a refused event is sent again. Never less than the pause: the last attempt must come when the patience is over. */
export function refusalDelay(random: number): number {
  return Math.round(refusalMs * (1 + 0.2 * random))
}

/**
 * Milliseconds that `Retry-After` asks for, in seconds or as a date (RFC 9110 section 10.2.3): at most `mostMs`, an hour by default, and
 * never negative. Undefined where the header field is absent or cannot be read.
 */
export function retryAfterDelay(value: string | undefined, now: Instant, mostMs = hourMs): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const wanted = /^\d+$/.test(text) ? Number(text) * 1000 : dateOf(text) - now
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), mostMs)
}

/** A date as RFC 9110 writes it (IMF-fixdate), or as RFC 3339 does, which some receivers send. */
function dateOf(text: string): number {
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return Date.parse(text)
  const parsed = parseInstant(text)
  return 'fault' in parsed ? Number.NaN : parsed.instant
}
