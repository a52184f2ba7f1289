import {
  listDeadLetters,
  listDeliveries,
  listSubscriptions,
  requireSubscription
} from '../../catalogue/webhook/subscriptions.ts'
import { type Key, requireScope } from '../../domain/key.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { deadLetterJson, deliveryJson, subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { checkPaging, connectionPage, defaultPage, type Paging } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'

type SubscriptionNode = ReturnType<typeof subscriptionNode>

export function subscriptionNode(subscription: Subscription, now: Instant) {
  const { headers, format, ...rest } = subscriptionJson(subscription, now)
  const names = headers && Object.keys(headers)
  // Names of the schema have no hyphens.
  return {
    ...rest,
    ...{ __typename: 'WebhookSubscription' as const, format: format.replaceAll('-', '_'), headerNames: names }
  }
}

/** The key of who may see and change its own subscriptions. What it gets is for it alone, and moves with every delivery. */
export function requireContextSubscriber({ key, snapshot: { dependencies } }: Context): Key {
  dependencies.forbidKeeping()
  return requireScope(key, 'subscriptions:write')
}

export const subscriptionFields: Resolvers = {
  Query: {
    subscriptions: async (_, paging: Paging, context) => {
      const key = requireContextSubscriber(context)
      const { webhooks } = context
      const all = await listSubscriptions(webhooks, key)
      const nodes = all.map((subscription) => subscriptionNode(subscription, webhooks.now()))
      return connectionPage({ run: `subscriptions\n${key.id}`, point: 0, instant: 0 }, nodes, paging)
    },
    subscription: async (_, { id }: { readonly id: string }, context) => {
      const { webhooks } = context
      const found = await requireSubscription(webhooks, requireContextSubscriber(context), id)
      return subscriptionNode(found, webhooks.now())
    }
  },
  WebhookSubscription: {
    deliveries: async ({ id }: SubscriptionNode, { first, after }: Paging, context) => {
      checkPaging({ first: first ?? null })
      const limit = first ?? defaultPage
      const before = numberOf(after)
      const page = { limit: limit + 1, ...(before !== undefined && { before }) }
      const found = await listDeliveries(context.webhooks, requireContextSubscriber(context), id, page)
      return numbered(found.map(deliveryJson), ({ number }) => number, limit, before !== undefined)
    },
    deadLetters: async ({ id }: SubscriptionNode, { first, after }: Paging, context) => {
      checkPaging({ first: first ?? null })
      const limit = first ?? defaultPage
      const beyond = numberOf(after)
      const page = { limit: limit + 1, ...(beyond !== undefined && { after: beyond }) }
      const found = await listDeadLetters(context.webhooks, requireContextSubscriber(context), id, page)
      return numbered(found.map(deadLetterJson), ({ seq }) => seq, limit, beyond !== undefined)
    }
  }
}

function numberOf(cursor: string | null | undefined): number | undefined {
  return cursor && /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined
}

/** A page of what has numbers of its own, with one item more than it may have. */
function numbered<T>(found: readonly T[], number: (item: T) => number, limit: number, isLater: boolean) {
  const nodes = found.slice(0, limit)
  const cursor = (item: T | undefined) => (item === undefined ? null : String(number(item)))
  return {
    nodes,
    edges: nodes.map((node) => ({ node, cursor: cursor(node) })),
    pageInfo: {
      hasNextPage: found.length > limit,
      hasPreviousPage: isLater,
      startCursor: cursor(nodes[0]),
      endCursor: cursor(nodes.at(-1))
    }
  }
}
