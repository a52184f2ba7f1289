import { type Change, countChanges } from '../change/change.ts'
import { diff } from '../change/diff.ts'
import { endpointValue } from '../document/endpoint.ts'
import type { Counts, Revision } from '../history/revision.ts'
import type { EndpointRow, Rows } from '../history/rows.ts'
import { dayMs } from '../time/duration.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { intervalAt } from '../view/lifetime.ts'
import { maxEventChanges, type NewEvent } from './event.ts'

/** An event of a catalogue that time alone brings: a transition, or a notice that one is coming near. */
export interface Due {
  readonly type: 'catalogue.transitioned' | 'catalogue.transition_upcoming'
  /** The instant of the transition. */
  readonly instant: Instant
  /** When the event is due: at the transition, or some days before it. */
  readonly dueAt: Instant
  /** The deduplication key of the event, so that it is logged once by whichever process. */
  readonly once: string
}

/** The fields of a head that its schedule depends on. */
export type Scheduled = Pick<Revision, 'catalogue' | 'recordedAt' | 'transitions'>

/**
 * The events of a head that are due by now, in order, whether logged or not: every transition since the head was recorded, and the
 * nearest notice of each transition that lies ahead. Events that came due before the head was recorded are part of its publication.
 * `days`: how many days before a transition its notices are due.
 */
export function dueBy(head: Scheduled, now: Instant, days: readonly number[]): readonly Due[] {
  const { recordedAt, transitions } = head
  const furthest = now + Math.max(0, ...days) * dayMs
  const due: Due[] = []
  for (const instant of transitions) {
    if (instant > furthest) break
    if (instant <= recordedAt) continue
    if (instant <= now) due.push(transitionDue(head, instant))
    else {
      const notices = days.filter((each) => instant - each * dayMs <= now)
      const nearest = Math.min(...notices)
      if (notices.length > 0 && instant - nearest * dayMs > recordedAt) due.push(noticeDue(head, instant, nearest))
    }
  }
  return due.sort(
    (a, b) =>
      a.dueAt - b.dueAt ||
      Number(b.type === 'catalogue.transitioned') - Number(a.type === 'catalogue.transitioned') ||
      a.instant - b.instant
  )
}

/** When the next event of a head after an instant is due; undefined: never. */
export function nextDue(
  { recordedAt, transitions }: Scheduled,
  after: Instant,
  days: readonly number[]
): Instant | undefined {
  const start = Math.max(after, recordedAt)
  const nexts = [0, ...days].flatMap((each) => {
    const instant = intervalAt(transitions, start + each * dayMs).validUntil
    return instant === undefined ? [] : [instant - each * dayMs]
  })
  return nexts.length === 0 ? undefined : Math.min(...nexts)
}

function transitionDue({ catalogue }: Scheduled, instant: Instant): Due {
  return {
    type: 'catalogue.transitioned',
    instant,
    dueAt: instant,
    once: `transitioned ${catalogue} ${formatInstant(instant)}`
  }
}

function noticeDue({ catalogue }: Scheduled, instant: Instant, days: number): Due {
  return {
    type: 'catalogue.transition_upcoming',
    instant,
    dueAt: instant - days * dayMs,
    once: `upcoming ${catalogue} ${formatInstant(instant)} ${days}`
  }
}

/** The changes that the clock brings at an instant, from the view just before it to the view from it on, with their impact judged then. */
export function transitionChanges(rows: Rows, instant: Instant): readonly Change[] {
  const moved = rowsMovedAt(rows, instant)
  return diff({ rows: moved, effectiveAt: instant - 1 }, { rows: moved, effectiveAt: instant }, instant).changes
}

/**
 * The rows that begin or end at an instant, and all rows of the same values, on which the impact depends. Comparing these rows gives the
 * same changes as comparing the whole document, in a fraction of the time.
 */
function rowsMovedAt(rows: Rows, instant: Instant): Rows {
  const text = formatInstant(instant)
  const isMoved = ({ endpoint: { from, until } }: EndpointRow) => from === text || until === text
  const values = new Set<string>()
  for (const list of rows.endpoints.values())
    for (const row of list) if (isMoved(row)) values.add(endpointValue(row.endpoint))
  const endpoints = new Map(
    [...rows.endpoints].filter(([, [first]]) => first !== undefined && values.has(endpointValue(first.endpoint)))
  )
  return { ...rows, endpoints }
}

/** A transition in words: `2 endpoints become active, 6 endpoints retire`. Endpoints that are removed from the view are those that retire. */
export function transitionSummary({ added, removed, changed }: Counts): string {
  const begin = added + changed
  const parts = [
    begin > 0 ? `${begin} endpoint${begin === 1 ? ' becomes' : 's become'} active` : '',
    removed > 0 ? `${removed} endpoint${removed === 1 ? ' retires' : 's retire'}` : ''
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** An event that is due, as it is written into the log. */
export function clockEvent(
  { revision, rows }: { readonly revision: Revision; readonly rows: Rows },
  { type, instant, dueAt, once }: Due,
  { now, id }: { readonly now: Instant; readonly id: string }
): NewEvent {
  const { catalogue, number, label, digest } = revision
  const changes = transitionChanges(rows, instant)
  return {
    id,
    type,
    catalogue,
    once,
    occurredAt: now,
    effectiveAt: instant,
    lateByMs: Math.max(0, now - dueAt),
    revision: { number, label, digest },
    counts: countChanges(changes),
    changes: changes.slice(0, maxEventChanges),
    truncated: changes.length > maxEventChanges
  }
}
