import { type Instant, parseInstant } from '../time/instant.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How long after each failure in a row the next attempt comes; after the last one, hourly. */
const schedule = [5 * second, 30 * second, 2 * minute, 5 * minute, 15 * minute, 30 * minute] as const

/** A receiver that failed for so long is suspended. */
export const patienceMs = 72 * hour

/** Milliseconds until the next attempt after that many failures in a row, within 20 % of the schedule. `random`: in [0, 1). */
export function retryDelay(failures: number, random: number): number {
  const base = schedule[failures - 1] ?? hour
  return Math.round(base * (0.8 + 0.4 * random))
}

/** An event that a receiver refuses is tried so often, so far apart. */
export const mostRefusals = 3
const refusalMs = 5 * minute
export const refusalPatienceMs = (mostRefusals - 1) * refusalMs

/** Never sooner: the last attempt must come when the patience is over. */
export function refusalDelay(random: number): number {
  return Math.round(refusalMs * (1 + 0.2 * random))
}

/** What `Retry-After` asks for, in seconds or as a date (RFC 9110), at least a second and at most an hour; undefined: nothing. */
export function retryAfterDelay(value: string | undefined, now: Instant): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const wanted = /^\d+$/.test(text) ? Number(text) * second : httpDate(text) - now
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, second), hour)
}

/** IMF-fixdate, and RFC 3339, which some write there. */
function httpDate(text: string): number {
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return Date.parse(text)
  const parsed = parseInstant(text)
  return 'fault' in parsed ? Number.NaN : parsed.instant
}
