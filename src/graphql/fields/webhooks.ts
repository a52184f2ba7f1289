import {
  listDeadLetters,
  listDeliveries,
  listSubscriptions,
  requireSubscription
} from '../../catalogue/webhook/subscriptions.ts'
import { type Key, requireScope } from '../../domain/key.ts'
import { deadLetterJson, deliveryJson } from '../../render/webhook/subscription-json.ts'
import { checkPaging, connectionPage, defaultPage } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import { subscriptionNode } from '../reading/subscription-node.ts'
import type { SomeResolvers } from '../resolvers.ts'

/** The key that sees and changes its own subscriptions. Answers are for it alone, and move with every delivery, so they are not kept. */
export function requireContextSubscriber({ key, snapshot: { dependencies } }: Context): Key {
  dependencies.forbidKeeping()
  return requireScope(key, 'subscriptions:write')
}

export const webhookFields = {
  Query: {
    subscriptions: async (_, paging, context) => {
      const key = requireContextSubscriber(context)
      const { webhooks } = context
      const all = await listSubscriptions(webhooks, key)
      const nodes = all.map((subscription) => subscriptionNode(subscription, webhooks.now()))
      return connectionPage({ name: `subscriptions\n${key.id}`, point: 0, instant: 0 }, nodes, paging)
    },
    subscription: async (_, { id }, context) => {
      const { webhooks } = context
      const found = await requireSubscription(webhooks, requireContextSubscriber(context), id)
      return subscriptionNode(found, webhooks.now())
    }
  },
  WebhookSubscription: {
    deliveries: async ({ id }, { first, after }, context) => {
      checkPaging({ first: first ?? null })
      const limit = first ?? defaultPage
      const before = numberOf(after)
      const page = { limit: limit + 1, ...(before !== undefined && { before }) }
      const found = await listDeliveries(context.webhooks, requireContextSubscriber(context), id, page)
      return numberedPage(found.map(deliveryJson), ({ number }) => number, limit, before !== undefined)
    },
    deadLetters: async ({ id }, { first, after }, context) => {
      checkPaging({ first: first ?? null })
      const limit = first ?? defaultPage
      const beyond = numberOf(after)
      const page = { limit: limit + 1, ...(beyond !== undefined && { after: beyond }) }
      const found = await listDeadLetters(context.webhooks, requireContextSubscriber(context), id, page)
      return numberedPage(found.map(deadLetterJson), ({ seq }) => seq, limit, beyond !== undefined)
    }
  }
} satisfies SomeResolvers<'Query', 'subscriptions' | 'subscription'> &
  SomeResolvers<'WebhookSubscription', 'deliveries' | 'deadLetters'>

function numberOf(cursor: string | null | undefined): number | undefined {
  return cursor && /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined
}

/** A page of items that have numbers of their own. `found` has one item more than `limit` where there is a next page. */
function numberedPage<T>(found: readonly T[], number: (item: T) => number, limit: number, isLater: boolean) {
  const nodes = found.slice(0, limit)
  const cursor = (item: T) => String(number(item))
  const [start, end] = [nodes[0], nodes.at(-1)]
  return {
    nodes,
    edges: nodes.map((node) => ({ node, cursor: cursor(node) })),
    pageInfo: {
      hasNextPage: found.length > limit,
      hasPreviousPage: isLater,
      startCursor: start ? cursor(start) : null,
      endCursor: end ? cursor(end) : null
    }
  }
}
