import type { SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SubscriptionEventsArgs } from '../schema-types.ts'

/** Which events of the log the arguments of a field ask for. */
export function eventFilter({ types, catalogues, filter }: SubscriptionEventsArgs): SubscriptionFilter {
  return { ...(types && { types }), ...(catalogues && { catalogues }), ...withoutNulls(filter ?? {}) }
}
