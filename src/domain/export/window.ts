import type { Document } from '../document/document.ts'
import type { Endpoint } from '../document/endpoint.ts'
import { firstInstant, formatInstant, type Instant, lastInstant, readInstant } from '../time/instant.ts'
import { type Interval, intervalAt, type Lifetime, statusWithin } from '../view/lifetime.ts'
import type { View } from '../view/view.ts'

/** How much earlier than announced an export opens, and how much longer it keeps what retired; in milliseconds. */
export interface Window {
  readonly lead: number
  readonly lag: number
}

export function isOpen({ lead, lag }: Window): boolean {
  return lead > 0 || lag > 0
}

/** The lifetime as the window has it; a bound that it moves beyond the calendar stays at its edge. */
function widened({ from, until }: Pick<Endpoint, 'from' | 'until'>, { lead, lag }: Window): Lifetime {
  return {
    ...(from !== undefined && { from: Math.max(firstInstant, readInstant(from) - lead) }),
    ...(until !== undefined && { until: Math.min(lastInstant, readInstant(until) + lag) })
  }
}

/** The interval around an instant in which nothing changes for an export with this window. */
export function windowInterval(document: Document, instant: Instant, window: Window): Interval {
  const instants = new Set<Instant>()
  for (const { endpoints } of document.requirements) {
    for (const endpoint of endpoints) {
      const { from, until } = widened(endpoint, window)
      if (from !== undefined) instants.add(from)
      if (until !== undefined) instants.add(until)
    }
  }
  return intervalAt(
    [...instants].sort((a, b) => a - b),
    instant
  )
}

/** A view as an export with this window sees it. `from` and `until` of its endpoints stay as announced. */
export function windowView(view: View, instant: Instant, interval: Interval, window: Window): View {
  const { validFrom: _, validUntil: __, requirements, ...rest } = view
  return {
    ...rest,
    ...(interval.validFrom !== undefined && { validFrom: formatInstant(interval.validFrom) }),
    ...(interval.validUntil !== undefined && { validUntil: formatInstant(interval.validUntil) }),
    requirements: requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.map((endpoint) => ({
        ...endpoint,
        status: statusWithin(widened(endpoint, window), instant)
      }))
    }))
  }
}
