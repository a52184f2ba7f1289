import {
  activateSubscription,
  pauseSubscription,
  pingSubscription,
  resumeSubscription
} from '../../catalogue/webhook/subscription-state.ts'
import {
  changeSubscription,
  createSubscription,
  deleteSubscription,
  listDeadLetters,
  listDeliveries,
  listSubscriptions,
  redriveDeadLetters,
  replaySubscription,
  requireSubscription,
  rotateSubscriptionSecret,
  type SubscriptionContext
} from '../../catalogue/webhook/subscriptions.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { definitionOf, patchDefinition } from '../../domain/webhook/subscription-input.ts'
import { deadLetterJson, deliveryJson, subscriptionJson } from '../../render/webhook/subscription-json.ts'
import type { SubscriptionBackend } from './subscription-backend.ts'

const acts = {
  ping: pingSubscription,
  activate: activateSubscription,
  pause: pauseSubscription,
  resume: resumeSubscription
} as const

/** The subscriptions of a store. */
export function storeSubscriptions(context: SubscriptionContext): SubscriptionBackend {
  const told = (subscription: Subscription) => subscriptionJson(subscription, context.now())
  return {
    list: async () => (await listSubscriptions(context, 'shell')).map(told),
    get: async (id) => told(await requireSubscription(context, 'shell', id)),
    async create({ secret: own, ...input }, owner) {
      const wanted = { definition: definitionOf(input), owner, ...(own !== undefined && { secret: own }) }
      const { subscription, secret } = await createSubscription(context, wanted)
      return { ...told(subscription), secret }
    },
    change: async (id, patch) =>
      told(await changeSubscription(context, 'shell', id, (definition) => patchDefinition(definition, patch))),
    delete: (id) => deleteSubscription(context, 'shell', id),
    act: async (id, action) => told(await acts[action](context, 'shell', id)),
    async rotateSecret(id, own) {
      const { subscription, secret } = await rotateSubscriptionSecret(context, 'shell', id, own)
      return { ...told(subscription), secret }
    },
    replay: async (id, range) => told(await replaySubscription(context, 'shell', id, range)),
    deliveries: async (id, limit) => (await listDeliveries(context, 'shell', id, { limit })).map(deliveryJson),
    deadLetters: async (id) => (await listDeadLetters(context, 'shell', id, { limit: 1000 })).map(deadLetterJson),
    redrive: (id, seqs) => redriveDeadLetters(context, 'shell', id, seqs)
  }
}
