import { type Change, countChanges } from '../change/change.ts'
import { diff } from '../change/diff.ts'
import { endpointValue } from '../document/endpoint.ts'
import type { Counts, Revision } from '../history/revision.ts'
import type { EndpointRow, Rows } from '../history/rows.ts'
import { dayMs } from '../time/duration.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { intervalAt } from '../view/lifetime.ts'
import { maxEventChanges, type NewEvent } from './event.ts'

/** Something that the clock has to tell of a catalogue. */
export interface Due {
  readonly type: 'catalogue.transitioned' | 'catalogue.transition_upcoming'
  /** The transition. */
  readonly instant: Instant
  /** When it is told, or should have been: at the transition, or some days before. */
  readonly dueAt: Instant
  /** Names it in the log: what is told once, by whichever process, is told. */
  readonly once: string
}

/** A head, as far as the clock goes by it. */
export type Scheduled = Pick<Revision, 'catalogue' | 'recordedAt' | 'transitions'>

/**
 * What the clock has to tell of a head by now, in order, told before or not: every transition since it was recorded, and of each that
 * lies ahead the nearest notice. What came due before the revision was recorded is part of its publication. `days`: how many days
 * before a transition it is told that it is coming.
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

/** When the clock next has something to tell of a head, after an instant; undefined: never. */
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

/** What the clock moves at an instant, with its impact judged then: the view just before it against the view from it on. */
export function transitionChanges(rows: Rows, instant: Instant): readonly Change[] {
  const moved = rowsMovedAt(rows, instant)
  return diff({ rows: moved, effectiveAt: instant - 1 }, { rows: moved, effectiveAt: instant }, instant).changes
}

/**
 * The rows that begin or end at an instant, and those of the same values, on which the impact depends. Comparing them gives what
 * comparing the whole would, for a fraction of the time.
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

/** `2 endpoints become active, 6 endpoints retire`: of what the clock moves, what is removed retires. */
export function transitionSummary({ added, removed, changed }: Counts): string {
  const begin = added + changed
  const parts = [
    begin > 0 ? `${begin} endpoint${begin === 1 ? ' becomes' : 's become'} active` : '',
    removed > 0 ? `${removed} endpoint${removed === 1 ? ' retires' : 's retire'}` : ''
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** What is told of a head, as an event. */
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
