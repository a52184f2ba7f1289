import type { Endpoint } from '../document/endpoint.ts'
import { firstInstant, type Instant, lastInstant } from '../time/instant.ts'
import {
  boundsOf,
  type Interval,
  intervalAt,
  type Lifetime,
  lifetimeOf,
  statusWithin,
  writtenInterval
} from '../view/lifetime.ts'
import type { View, Viewable } from '../view/view.ts'

/** How much earlier than announced an export opens (`lead`), and how much longer it keeps retired endpoints (`lag`), in milliseconds. */
export interface Window {
  readonly lead: number
  readonly lag: number
}

export function isOpen({ lead, lag }: Window): boolean {
  return lead > 0 || lag > 0
}

/** The lifetime of an endpoint, moved by the window. A bound that would leave the calendar stays at its edge. */
function windowLifetime(endpoint: Pick<Endpoint, 'from' | 'until'>, { lead, lag }: Window): Lifetime {
  const { from, until } = lifetimeOf(endpoint)
  return {
    ...(from !== undefined && { from: Math.max(firstInstant, from - lead) }),
    ...(until !== undefined && { until: Math.min(lastInstant, until + lag) })
  }
}

/** The interval around an instant in which nothing changes for an export with this window. */
export function windowInterval(
  { requirements }: Pick<Viewable, 'requirements'>,
  instant: Instant,
  window: Window
): Interval {
  const lifetimes = requirements.flatMap(({ endpoints }) =>
    endpoints.map((endpoint) => windowLifetime(endpoint, window))
  )
  return intervalAt(boundsOf(lifetimes), instant)
}

/** The view for an export with this window. `from` and `until` of its endpoints stay as announced. */
export function windowView(view: View, instant: Instant, interval: Interval, window: Window): View {
  const { validFrom: _, validUntil: __, requirements, ...rest } = view
  return {
    ...rest,
    ...writtenInterval(interval),
    requirements: requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.map((endpoint) => ({
        ...endpoint,
        status: statusWithin(windowLifetime(endpoint, window), instant)
      }))
    }))
  }
}
