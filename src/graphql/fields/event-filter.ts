import { catalogueEventTypes } from '../../domain/event/event.ts'
import type { SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SubscriptionEventsArgs } from '../schema-types.ts'

/**
 * Which events of the log the arguments of a field ask for. `Event` was released with a catalogue that is never null, so the field is about
 * events of catalogues.
 */
export function eventFilter({ types, catalogues, filter }: SubscriptionEventsArgs): SubscriptionFilter {
  return {
    types: catalogueEventTypes.filter((type) => !types || types.includes(type)),
    ...(catalogues && { catalogues }),
    ...withoutNulls(filter ?? {})
  }
}
