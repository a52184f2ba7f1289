import type { Endpoint } from '../document/endpoint.ts'
import { orderText, startOf } from '../document/endpoint-order.ts'
import { firstInstant, formatInstant, lastInstant } from '../time/instant.ts'
import { lifetimeOf } from '../view/lifetime.ts'
import type { ResolvedEndpoint } from '../view/view.ts'
import type { Stretch } from './interval-set.ts'

/** The time in which an endpoint, or whatever has such bounds, holds. */
export function stretchOf(bounded: Pick<Endpoint, 'from' | 'until'>): Stretch {
  const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = lifetimeOf(bounded)
  return { start: from, end: until }
}

/** The endpoint with another lifetime. */
export function lasting<T extends Pick<Endpoint, 'from' | 'until'>>(bounded: T, { start, end }: Stretch): T {
  const { from: _, until: __, ...rest } = bounded
  // The fields without their lifetime, which is optional, and with another one.
  return {
    ...rest,
    ...(start >= firstInstant && { from: formatInstant(start) }),
    ...(end <= lastInstant && { until: formatInstant(end) })
  } as T
}

/** Rows in the order of documents: by kind and value, then by their beginning. */
export function inRowOrder(endpoints: readonly ResolvedEndpoint[]): readonly ResolvedEndpoint[] {
  return endpoints
    .map((endpoint) => ({ endpoint, text: orderText(endpoint) }))
    .sort((a, b) => (a.text === b.text ? startOf(a.endpoint) - startOf(b.endpoint) : a.text < b.text ? -1 : 1))
    .map(({ endpoint }) => endpoint)
}
