import type { Endpoint, Status } from '../document/endpoint.ts'
import { forEachRow, type Rows } from '../history/rows.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'

/** A lifetime as instants; open where there is no bound. */
export interface Lifetime {
  readonly from?: Instant
  readonly until?: Instant
}

/** The lifetime of an endpoint, read from the texts that it has. */
export function lifetimeOf({ from, until }: Pick<Endpoint, 'from' | 'until'>): Lifetime {
  return {
    ...(from !== undefined && { from: readInstant(from) }),
    ...(until !== undefined && { until: readInstant(until) })
  }
}

/** The instants at which any of some lifetimes begins or ends, ascending, each once. */
export function boundsOf(lifetimes: Iterable<Lifetime>): readonly Instant[] {
  const bounds = new Set<Instant>()
  for (const { from, until } of lifetimes) {
    if (from !== undefined) bounds.add(from)
    if (until !== undefined) bounds.add(until)
  }
  return [...bounds].sort((a, b) => a - b)
}

/** The status of an endpoint at an instant. `until` is exclusive, and once it is announced an active endpoint is `retiring`. */
export function statusAt(endpoint: Pick<Endpoint, 'from' | 'until'>, instant: Instant): Status {
  // Most endpoints of a large document have no bounds.
  const isUnbounded = endpoint.from === undefined && endpoint.until === undefined
  return isUnbounded ? 'active' : statusWithin(lifetimeOf(endpoint), instant)
}

/** The status at an instant of what has this lifetime. */
export function statusWithin({ from, until }: Lifetime, instant: Instant): Status {
  if (from !== undefined && instant < from) return 'planned'
  if (until === undefined) return 'active'
  return instant < until ? 'retiring' : 'retired'
}

/** Whether an endpoint with this status holds, so that a firewall lets it through. */
export function isLive(status: Status | undefined): boolean {
  return status === 'active' || status === 'retiring'
}

const aliveness: Readonly<Record<Status, number>> = { active: 3, retiring: 2, planned: 1, retired: 0 }

/** The status of a value that stands in several rows: the more alive one of two. */
export function mostAlive(a: Status | undefined, b: Status): Status {
  return a === undefined || aliveness[b] > aliveness[a] ? b : a
}

/** The instants at which the clock alone changes the view of a document, ascending, each once. */
export function transitionsOf(rows: Pick<Rows, 'endpoints' | 'standing'>): readonly Instant[] {
  const lifetimes: Lifetime[] = []
  forEachRow(rows, (_, endpoint) => {
    if (endpoint.from !== undefined || endpoint.until !== undefined) lifetimes.push(lifetimeOf(endpoint))
  })
  return boundsOf(lifetimes)
}

/** The interval in which a view holds: `[validFrom, validUntil)`, open where there is no earlier or later transition. */
export interface Interval {
  readonly validFrom?: Instant
  readonly validUntil?: Instant
}

/** The interval in which all of these views hold. */
export function commonInterval(intervals: readonly Interval[]): Interval {
  const from = intervals.flatMap(({ validFrom }) => validFrom ?? [])
  const until = intervals.flatMap(({ validUntil }) => validUntil ?? [])
  return {
    ...(from.length > 0 && { validFrom: Math.max(...from) }),
    ...(until.length > 0 && { validUntil: Math.min(...until) })
  }
}

/** The bounds of an interval as RFC 3339 texts. */
export interface WrittenInterval {
  readonly validFrom?: string
  readonly validUntil?: string
}

export function writtenInterval({ validFrom, validUntil }: Interval): WrittenInterval {
  return {
    ...(validFrom !== undefined && { validFrom: formatInstant(validFrom) }),
    ...(validUntil !== undefined && { validUntil: formatInstant(validUntil) })
  }
}

/** The interval between two transitions that an instant lies in. `transitions`: ascending. */
export function intervalAt(transitions: readonly Instant[], instant: Instant): Interval {
  let low = 0
  let high = transitions.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((transitions[middle] ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  const validFrom = transitions[low - 1]
  const validUntil = transitions[low]
  return { ...(validFrom !== undefined && { validFrom }), ...(validUntil !== undefined && { validUntil }) }
}
