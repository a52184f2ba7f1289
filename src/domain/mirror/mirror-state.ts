import type { Endpoint } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import type { HistoryRequirement, HistoryRow } from '../history/history.ts'
import type { Instant } from '../time/instant.ts'
import { endpointMatches, type Filter, isPruning, requirementMatches } from '../view/filter.ts'
import { boundsOf, lifetimeOf } from '../view/lifetime.ts'
import { type ViewEndpoint, viewAt, withStatus } from '../view/view.ts'
import { type MirrorObject, mirrorOf } from './mirror.ts'
import type { RequirementIds } from './mirror-id.ts'
import { ascending, type MirrorPart, type MirrorSide, partWithin } from './mirror-part.ts'

/** When a revision was recorded; asked for those between two sides alone. */
export type RecordedAt = (number: number) => Instant

/**
 * Every state that an object of a part was in on the way from one side to the other, the first and the last included. A client that
 * was broken off in a round between may hold any of them.
 */
export function* statesBetween(
  part: MirrorPart,
  before: MirrorSide,
  after: MirrorSide,
  filter: Filter,
  ids: RequirementIds,
  recordedAt: RecordedAt
): Generator<MirrorObject> {
  const [low, high] = ascending(before.revision.number, after.revision.number)
  const { requirements, endpoints } = partWithin(part, low, high)
  const rows = groupBy(inTime(endpoints), ({ requirement }) => requirement)
  const shell = viewAt({ ...after.profile, requirements: [] }, after.revision, after.instant)
  for (const requirement of inTime(requirements)) {
    const { fields } = requirement
    if (!requirementMatches(fields, filter)) continue
    const states: ViewEndpoint[] = []
    for (const row of rows.get(fields.key) ?? []) {
      const bounds = together(requirement, row)
      if (!bounds || bounds.since > high || (bounds.until ?? high + 1) <= low) continue
      for (const instant of instantsOf(row.endpoint, windowOf(bounds, before, after, recordedAt))) {
        const endpoint = withStatus(row.endpoint, instant)
        if (endpointMatches(endpoint, filter)) states.push(endpoint)
      }
    }
    if (states.length === 0 && isPruning(filter)) continue
    const view = { ...shell, requirements: [{ ...fields, endpoints: states }] }
    const own = new Map([[fields.key, ids.of(requirement)]])
    yield* mirrorOf(view, own, 'requirement')
    yield* mirrorOf(view, own, 'endpoint')
  }
}

/** So that the last state of an object is the last that it had. */
function inTime<T extends { readonly since: number }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => a.since - b.since)
}

interface Bounds {
  readonly since: number
  readonly until?: number
}

/** The revisions in which an endpoint stood under these fields of its requirement. */
function together(a: HistoryRequirement, b: HistoryRow): Bounds | undefined {
  const since = Math.max(a.since, b.since)
  const ends = [a.until, b.until].filter((until) => until !== undefined)
  if (ends.length === 0) return { since }
  const until = Math.min(...ends)
  return since < until ? { since, until } : undefined
}

/** From when to when a mirror could see it so. */
function windowOf(
  { since, until }: Bounds,
  { revision: { number: first }, instant: one }: MirrorSide,
  { revision: { number: last }, instant: other }: MirrorSide,
  recordedAt: RecordedAt
): readonly [Instant, Instant] {
  const [low, high] = ascending(first, last)
  const [early, late] = ascending(one, other)
  const from = since > low ? Math.max(early, recordedAt(since)) : early
  // What still stands is known to the later instant; what was closed could be seen until then.
  const to = until !== undefined && until <= high ? recordedAt(until) : late
  return [from, Math.max(from, to)]
}

/** One instant for each status that an endpoint has in a window. */
function instantsOf(
  endpoint: Pick<Endpoint, 'from' | 'until'>,
  [early, late]: readonly [Instant, Instant]
): readonly Instant[] {
  const turns = boundsOf([lifetimeOf(endpoint)])
  return [early, ...turns.filter((instant) => early < instant && instant <= late)]
}
