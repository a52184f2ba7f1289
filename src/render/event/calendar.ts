import type { Change } from '../../domain/change/change.ts'
import { maxEventChanges } from '../../domain/event/event.ts'
import { transitionSummary } from '../../domain/event/transition.ts'
import type { Counts, Revision } from '../../domain/history/revision.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { iCalendar, iCalInstant, iCalText } from '../i-calendar.ts'
import { changeText } from './change-text.ts'
import { pagePath } from './page-path.ts'

/** What announces a transition. */
interface Announcer {
  /** Id of the catalogue or of the site. */
  readonly id: string
  /** Grows with what is published. */
  readonly sequence: number
  readonly recordedAt: Instant
  /** The path of its view at an instant. */
  readonly pathAt: (instant: Instant) => string
  /** The path of the same as a page for people. */
  readonly pageAt?: (instant: Instant) => string
}

/** A transition that is announced. */
export interface CalendarEntry {
  /** Name of the product that the catalogue is about, or title of the site. */
  readonly product: string
  readonly by: Announcer
  readonly instant: Instant
  readonly counts: Counts
  readonly changes: readonly Change[]
}

/** A revision of a catalogue as what announces its transitions. */
export function announcerOf({ catalogue, number, recordedAt }: Revision): Announcer {
  return {
    id: catalogue,
    sequence: number,
    recordedAt,
    pathAt: (instant) => `/v1/catalogues/${catalogue}?asOf=${number}&effectiveAt=${formatInstant(instant)}`,
    pageAt: (instant) => pagePath(catalogue, number, instant)
  }
}

/** An iCalendar, RFC 5545, with an event for each transition. `base`: the base of links. `hasPages`: whether there are pages for people. */
export function calendarText(
  title: string,
  entries: readonly CalendarEntry[],
  base: string,
  { hasPages }: { readonly hasPages: boolean } = { hasPages: false }
): string {
  return iCalendar(
    title,
    entries.flatMap((entry) => eventLinesOf(entry, base, hasPages))
  )
}

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
  { product, by, instant, counts, changes }: CalendarEntry,
  base: string,
  hasPages: boolean
): readonly string[] {
  const { id, sequence, recordedAt, pathAt, pageAt } = by
  const stamp = iCalInstant(recordedAt)
  const summary = iCalText(`${product}: ${transitionSummary(counts)}`)
  const shown = changes.slice(0, maxEventChanges).map((change) => changeText(change, 'catalogue.transitioned'))
  const rest = changes.length > maxEventChanges ? ['…'] : []
  return [
    'BEGIN:VEVENT',
    `UID:${formatInstant(instant)}.${id}@portolan`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${stamp}`,
    `LAST-MODIFIED:${stamp}`,
    `DTSTART:${iCalInstant(instant)}`,
    `SUMMARY:${summary}`,
    `DESCRIPTION:${iCalText([...shown, ...rest].join('\n'))}`,
    `CATEGORIES:${iCalText(id)}`,
    `URL:${base}${((hasPages && pageAt) || pathAt)(instant)}`,
    'TRANSP:TRANSPARENT',
    ...alarmLinesOf(summary),
    'END:VEVENT'
  ]
}
