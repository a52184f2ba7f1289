import type { Instant } from '../../domain/time/instant.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'

/** A webhook receiver as it is answered. */
export type SubscriptionNode = ReturnType<typeof subscriptionNode>

export function subscriptionNode(subscription: Subscription, now: Instant) {
  const { headers, format, ...rest } = subscriptionJson(subscription, now)
  return {
    ...rest,
    __typename: 'WebhookSubscription' as const,
    // Names in the schema have no hyphens.
    format: format === 'cloudevents-binary' ? ('cloudevents_binary' as const) : format,
    headerNames: headers && Object.keys(headers)
  }
}
