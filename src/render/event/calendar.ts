import type { Change } from '../../domain/change/change.ts'
import { maxEventChanges } from '../../domain/event/event.ts'
import { transitionSummary } from '../../domain/event/transition.ts'
import type { Counts, Revision } from '../../domain/history/revision.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { changeText } from './change-text.ts'
import { pagePath } from './page-path.ts'

/** A transition that a revision announces. */
export interface CalendarEntry {
  /** Name of the product that the catalogue is about. */
  readonly product: string
  readonly revision: Revision
  readonly instant: Instant
  readonly counts: Counts
  readonly changes: readonly Change[]
}

/** An iCalendar, RFC 5545, with an event for each transition. `base`: the base of links. `hasPages`: whether there are pages for people. */
export function calendarText(
  title: string,
  entries: readonly CalendarEntry[],
  base: string,
  { hasPages }: { readonly hasPages: boolean } = { hasPages: false }
): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Portolan//Portolan//EN',
    'METHOD:PUBLISH',
    // NAME is of RFC 7986; older programs know X-WR-CALNAME.
    `NAME:${escapeText(title)}`,
    `X-WR-CALNAME:${escapeText(title)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    // Outlook reads this field in place of the one before.
    'X-PUBLISHED-TTL:PT1H',
    // A calendar must have a component, also while nothing is announced (section 3.6).
    ...(entries.length === 0 ? timeZoneUtc : []),
    ...entries.flatMap((entry) => eventLinesOf(entry, base, hasPages)),
    'END:VCALENDAR'
  ]
  return lines.map((line) => `${foldLine(line)}\r\n`).join('')
}

const timeZoneUtc = [
  'BEGIN:VTIMEZONE',
  'TZID:UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'END:STANDARD',
  'END:VTIMEZONE'
]

/** Reminders 30, 7 and 1 days before, as the log has them. */
function alarmLinesOf(summary: string): readonly string[] {
  return [30, 7, 1].flatMap((days) => [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${summary}`,
    `TRIGGER:-P${days}D`,
    'END:VALARM'
  ])
}

/** An event keeps its UID from revision to revision, and its SEQUENCE rises with their numbers. */
function eventLinesOf(
  { product, revision, instant, counts, changes }: CalendarEntry,
  base: string,
  hasPages: boolean
): readonly string[] {
  const { catalogue, number, recordedAt } = revision
  const stamp = dateTime(recordedAt)
  const summary = escapeText(`${product}: ${transitionSummary(counts)}`)
  const shown = changes.slice(0, maxEventChanges).map((change) => changeText(change, 'catalogue.transitioned'))
  const rest = changes.length > maxEventChanges ? ['…'] : []
  return [
    'BEGIN:VEVENT',
    `UID:${formatInstant(instant)}.${catalogue}@portolan`,
    `SEQUENCE:${number}`,
    `DTSTAMP:${stamp}`,
    `LAST-MODIFIED:${stamp}`,
    `DTSTART:${dateTime(instant)}`,
    `SUMMARY:${summary}`,
    `DESCRIPTION:${escapeText([...shown, ...rest].join('\n'))}`,
    `CATEGORIES:${escapeText(catalogue)}`,
    `URL:${base}${hasPages ? pagePath(catalogue, number, instant) : `/v1/catalogues/${catalogue}?asOf=${number}&effectiveAt=${formatInstant(instant)}`}`,
    'TRANSP:TRANSPARENT',
    ...alarmLinesOf(summary),
    'END:VEVENT'
  ]
}

/** An instant such as `20181122T000000Z`. Fractions of a second are cut off, since section 3.3.12 has no place for them. */
function dateTime(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Escapes a value of type TEXT, section 3.3.11. */
function escapeText(text: string): string {
  return text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** Folds a line into lines of at most 75 octets, section 3.1. No character is cut in two. */
function foldLine(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > 75) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += length
  }
  return [...lines, current].join('\r\n')
}
