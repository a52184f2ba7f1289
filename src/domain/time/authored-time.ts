import { Temporal } from 'temporal-polyfill'
import { type Instant, parseInstant } from './instant.ts'

const notATime =
  'is no time: write a date, such as 2018-11-22, a month, such as 2018-11, or an RFC 3339 instant, such as 2018-11-22T00:00:00Z'

export type Moment = { readonly instant: Instant } | { readonly fault: string }

const bareDate = /^\d{4}-\d{2}(?:-\d{2})?$/
const instantShape = /^\d{4}-\d{2}-\d{2}[Tt ]/
const localTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/

/**
 * Reads a time as authors write it: an RFC 3339 instant, exact to the millisecond, or a bare date (`2018-11-22`) or month (`2018-11`),
 * which stands for its first instant in the time zone. That is later than 00:00 where the clocks skip midnight, and a fault where they
 * skip the whole day. `timeZone` is one for which `isTimeZone` holds.
 */
export function parseAuthoredTime(text: string, timeZone: string): Moment {
  if (bareDate.test(text)) return startOfDay(text.length === 7 ? `${text}-01` : text, timeZone)
  if (localTime.test(text))
    return { fault: 'is a local time: give its offset, such as 2018-11-22T09:00:00+01:00, or a bare date' }
  const parsed = parseInstant(text)
  if ('fault' in parsed) return instantShape.test(text) ? parsed : { fault: notATime }
  if (!parsed.exact) return { fault: 'is finer than a millisecond, which cannot be kept' }
  return { instant: parsed.instant }
}

function startOfDay(date: string, timeZone: string): Moment {
  // This also shows whether the day exists in the calendar, and for UTC, the zone of nearly all catalogues, it is the answer.
  const midnight = parseInstant(`${date}T00:00:00Z`)
  if ('fault' in midnight) return { fault: 'does not exist in the calendar' }
  if (timeZone === 'UTC') return { instant: midnight.instant }
  const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone)
  if (start.toPlainDate().toString() !== date)
    return { fault: `does not exist in ${timeZone}: the clocks skipped that day` }
  // Near the year 1 the offset of the zone may lead out of the years that RFC 3339 can write.
  const parsed = parseInstant(new Date(start.epochMilliseconds).toISOString())
  return 'fault' in parsed ? parsed : { instant: parsed.instant }
}

/** Whether a text is the name of an IANA time zone, in the spelling of IANA: `europe/london` and offsets such as `+01:00` are not. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(text)) return false
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId === text
  } catch {
    return false
  }
}
