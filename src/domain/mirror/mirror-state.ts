import type { Endpoint } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import type { HistoryRequirement, HistoryRow } from '../history/history.ts'
import type { Instant } from '../time/instant.ts'
import { endpointMatches, type Filter, isPruning, requirementMatches } from '../view/filter.ts'
import { boundsOf, lifetimeOf } from '../view/lifetime.ts'
import { type ViewEndpoint, viewAt, withStatus } from '../view/view.ts'
import { type MirrorObject, mirrorOf } from './mirror.ts'
import type { RequirementIds } from './mirror-id.ts'
import { type MirrorPart, type MirrorSide, partWithin, sortPair } from './mirror-part.ts'

/** Says when a revision was recorded. It is called for revisions between two sides only. */
export type RecordedAt = (number: number) => Instant

/** A state that an object was in, and the revisions in which a mirror could have seen it so. */
export interface MirrorState {
  readonly object: MirrorObject
  readonly stood: readonly Bounds[]
}

/**
 * Every state that an object of a part was in from one side to the other, both included. A client whose round was interrupted in between
 * may hold any of them.
 */
export function* statesBetween(
  part: MirrorPart,
  before: MirrorSide,
  after: MirrorSide,
  filter: Filter,
  ids: RequirementIds,
  recordedAt: RecordedAt
): Generator<MirrorState> {
  const [low, high] = sortPair(before.revision.number, after.revision.number)
  const { requirements, endpoints } = partWithin(part, low, high)
  const rows = groupBy(sortByTime(endpoints), ({ requirement }) => requirement)
  const shell = viewAt({ ...after.profile, requirements: [] }, after.revision, after.instant)
  for (const requirement of sortByTime(requirements)) {
    const { fields } = requirement
    if (!requirementMatches(fields, filter)) continue
    const states: ViewEndpoint[] = []
    const stood: Bounds[] = []
    for (const row of rows.get(fields.key) ?? []) {
      const bounds = boundsTogether(requirement, row)
      if (!bounds || bounds.since > high || (bounds.until ?? high + 1) <= low) continue
      for (const instant of instantsOf(row.endpoint, windowOf(bounds, before, after, recordedAt))) {
        const endpoint = withStatus(row.endpoint, instant)
        if (!endpointMatches(endpoint, filter)) continue
        states.push(endpoint)
        stood.push(bounds)
      }
    }
    if (states.length === 0 && isPruning(filter)) continue
    const view = { ...shell, requirements: [{ ...fields, endpoints: states }] }
    const own = new Map([[fields.key, ids.of(requirement)]])
    // Where the filter prunes, a requirement stands only as long as one of its endpoints.
    for (const object of mirrorOf(view, own, 'requirement'))
      yield { object, stood: isPruning(filter) ? stood : [requirement] }
    let index = 0
    for (const object of mirrorOf(view, own, 'endpoint')) {
      yield { object, stood: stood.slice(index, index + 1) }
      index += 1
    }
  }
}

/** Sorts rows by time, so that the states of an object come in the order in which it had them. */
function sortByTime<T extends { readonly since: number }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => a.since - b.since)
}

/** Revisions: from `since` to the last one before `until`. */
export interface Bounds {
  readonly since: number
  readonly until?: number
}

/** Whether bounds leave out any revision from `low` to `high`, so that an object with these bounds was absent in between. */
export function hasGap(bounds: readonly Bounds[], [low, high]: readonly [number, number]): boolean {
  let reached = low
  for (const { since, until = high + 1 } of sortByTime(bounds)) {
    if (since > reached) return true
    reached = Math.max(reached, until)
  }
  return reached <= high
}

/** The revisions in which an endpoint row stood together with a row of its requirement; undefined where there are none. */
function boundsTogether(a: HistoryRequirement, b: HistoryRow): Bounds | undefined {
  const since = Math.max(a.since, b.since)
  const ends = [a.until, b.until].filter((until) => until !== undefined)
  if (ends.length === 0) return { since }
  const until = Math.min(...ends)
  return since < until ? { since, until } : undefined
}

/** The first and the last instant at which a mirror could see rows with these bounds. */
function windowOf(
  { since, until }: Bounds,
  { revision: { number: first }, instant: one }: MirrorSide,
  { revision: { number: last }, instant: other }: MirrorSide,
  recordedAt: RecordedAt
): readonly [Instant, Instant] {
  const [low, high] = sortPair(first, last)
  const [early, late] = sortPair(one, other)
  const from = since > low ? Math.max(early, recordedAt(since)) : early
  // A row that still stands can be seen up to the later instant, and a row that was closed up to its end.
  const to = until !== undefined && until <= high ? recordedAt(until) : late
  return [from, Math.max(from, to)]
}

/** Instants in a window, one for each status that an endpoint has there. */
function instantsOf(
  endpoint: Pick<Endpoint, 'from' | 'until'>,
  [early, late]: readonly [Instant, Instant]
): readonly Instant[] {
  const turns = boundsOf([lifetimeOf(endpoint)])
  return [early, ...turns.filter((instant) => early < instant && instant <= late)]
}
