import type { Endpoint, Status } from '../document/endpoint.ts'
import type { Rows } from '../history/rows.ts'
import { type Instant, readInstant } from '../time/instant.ts'

/** What an endpoint is at an instant. `until` is exclusive, and once it is announced an active endpoint is `retiring`. */
export function statusAt({ from, until }: Pick<Endpoint, 'from' | 'until'>, instant: Instant): Status {
  return statusWithin(
    {
      ...(from !== undefined && { from: readInstant(from) }),
      ...(until !== undefined && { until: readInstant(until) })
    },
    instant
  )
}

/** A lifetime as instants; open where there is no bound. */
export interface Lifetime {
  readonly from?: Instant
  readonly until?: Instant
}

export function statusWithin({ from, until }: Lifetime, instant: Instant): Status {
  if (from !== undefined && instant < from) return 'planned'
  if (until === undefined) return 'active'
  return instant < until ? 'retiring' : 'retired'
}

/** Holds at that instant: a firewall lets it through. */
export function isLive(status: Status | undefined): boolean {
  return status === 'active' || status === 'retiring'
}

const aliveness: Readonly<Record<Status, number>> = { active: 3, retiring: 2, planned: 1, retired: 0 }

/** The status of a value that stands in several rows: the most alive wins. */
export function mostAlive(a: Status | undefined, b: Status): Status {
  return a === undefined || aliveness[b] > aliveness[a] ? b : a
}

/** The instants at which the clock alone changes the view of a document, ascending, each once. */
export function transitionsOf({ endpoints }: Pick<Rows, 'endpoints'>): readonly Instant[] {
  const instants = new Set<Instant>()
  for (const rows of endpoints.values()) {
    for (const { endpoint } of rows) {
      if (endpoint.from !== undefined) instants.add(readInstant(endpoint.from))
      if (endpoint.until !== undefined) instants.add(readInstant(endpoint.until))
    }
  }
  return [...instants].sort((a, b) => a - b)
}

/** Where a view holds: `[validFrom, validUntil)`, open where there is no earlier or later transition. */
export interface Interval {
  readonly validFrom?: Instant
  readonly validUntil?: Instant
}

/** The interval around an instant, by the ascending transitions of a document. */
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
