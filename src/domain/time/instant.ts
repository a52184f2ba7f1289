/** Milliseconds since 1970-01-01T00:00:00Z, a whole number. At every edge it is written as RFC 3339 in UTC. */
export type Instant = number

const shape = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

export type Parsed = { readonly instant: Instant; readonly exact: boolean } | { readonly fault: string }

/**
 * Reads an RFC 3339 date-time with its offset. Fractions finer than a millisecond are cut off, and then `exact` is false: right for a
 * query, since nothing changes within a millisecond, and a fault in a document.
 */
export function parseInstant(text: string): Parsed {
  const match = shape.exec(text)
  if (!match) return { fault: hint(text) }
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const parts = [year, month, day, hour, minute, second].map(Number)
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts
  if (s === 60) return { fault: 'has a leap second, which cannot be kept: use second 59' }
  const local = Date.UTC(2000, mo - 1, d, h, mi, s)
  const date = new Date(local)
  date.setUTCFullYear(y, mo - 1, d)
  const real = date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60
  if (!real || Number(offsetHour) > 23 || Number(offsetMinute) > 59)
    return { fault: 'does not exist in the calendar or on the clock' }
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1)
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3))
  const instant = date.getTime() + millis - offset
  if (instant < firstInstant || instant > lastInstant) return { fault: 'lies outside the years 0001 to 9999' }
  return { instant, exact: !/[1-9]/.test(fraction.slice(3)) }
}

// Parsed, since Date.UTC takes the year 1 for 1901.
export const firstInstant = Date.parse('0001-01-01T00:00:00Z')
export const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Whether a value is an instant that RFC 3339 can write: a whole number of milliseconds in the years 0001 to 9999. */
export function isInstant(value: unknown): value is Instant {
  return Number.isSafeInteger(value) && firstInstant <= Number(value) && Number(value) <= lastInstant
}

function hint(text: string): string {
  if (/^\d{4}(-\d{2}){0,2}$/.test(text))
    return 'is a bare date: give the time and its offset, such as 2018-11-22T00:00:00Z'
  if (/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)) return 'has no offset: end it with Z or +01:00'
  if (/ \d{2}:\d{2}$/.test(text)) return 'has a space where its offset should be: a plus sign in a URL is written %2B'
  return 'is not an RFC 3339 instant with an offset, such as 2018-11-22T00:00:00Z'
}

/** RFC 3339 in UTC with a `Z`, and a fraction only where there is one. */
export function formatInstant(instant: Instant): string {
  const text = new Date(instant).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text
}

/** Reads what `formatInstant` wrote. */
export function readInstant(text: string): Instant {
  return Date.parse(text)
}
