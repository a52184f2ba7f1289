import { formatInstant, type Instant, readInstant } from '../../domain/time/instant.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** A date for people, and for programs that read the page: what `<time>` needs. */
export interface DateText {
  /** RFC 3339 */
  readonly iso: string
  readonly text: string
}

/** `22 Nov 2018, 00:00 UTC`; seconds only where there are some. No order of digits can be mistaken. */
export function dateTime(at: Instant | string): DateText {
  const iso = typeof at === 'string' ? at : formatInstant(at)
  const clock = iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19)
  return { iso, text: `${dayText(iso)}, ${clock} UTC` }
}

/** The day alone where an instant is its beginning in UTC, as dates of papers are. */
export function dayOrTime(at: Instant | string): DateText {
  const full = dateTime(at)
  return full.iso.endsWith('T00:00:00Z') ? dayOf(at) : full
}

/** `22 Nov 2018`, of a day in UTC. */
export function dayOf(at: Instant | string): DateText {
  const iso = typeof at === 'string' ? at : formatInstant(at)
  return { iso, text: dayText(iso) }
}

function dayText(iso: string): string {
  const at = new Date(readInstant(iso))
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${iso.slice(0, iso.indexOf('-', 1))}`
}
/** A date as an author printed it, at its own precision: `Oct-2018` of `2018-10`. */
export function printedDate(date: string): string {
  const [year = '', month, day] = date.split('-')
  if (month === undefined) return year
  const name = months[Number(month) - 1]
  return day === undefined ? `${name}-${year}` : `${Number(day)} ${name} ${year}`
}
