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
  redriveDeadLetters,
  replaySubscription,
  requireSubscription,
  rotateSubscriptionSecret,
  type SubscriptionContext
} from '../../catalogue/webhook/subscriptions.ts'
import { type Key, requireScope } from '../../domain/key.ts'
import { readCreation } from '../../domain/webhook/creation.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import {
  definitionOf,
  patchDefinition,
  readRotation,
  readSubscription,
  readSubscriptionPatch
} from '../../domain/webhook/subscription-input.ts'
import type { Context } from '../reading/context.ts'
import { subscriptionNode } from '../reading/subscription-node.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { FieldResolvers, SomeResolvers } from '../resolvers.ts'
import type { UpdateSubscriptionInput } from '../schema-types.ts'
import { requireContextSubscriber } from './webhooks.ts'

type Change = (webhooks: SubscriptionContext, key: Key, id: string) => Promise<Subscription>

/** The resolver of a mutation that changes one subscription and answers with it. */
function subscriptionChange(change: Change): FieldResolvers['Mutation']['pingSubscription'] {
  return async (_, { input }, context) =>
    payload(context, await change(context.webhooks, requireContextSubscriber(context), input.id))
}

export const webhookMutations = {
  Mutation: {
    createSubscription: async (_, { input, idempotencyKey }, context) => {
      const { id: owner } = requireContextSubscriber(context)
      const read = readSubscription(written(withoutNulls(input)))
      const creation = typeof idempotencyKey === 'string' ? readCreation(idempotencyKey, read) : undefined
      const wanted = { definition: definitionOf(read), owner, secret: read.secret, creation }
      const { subscription, secret } = await createSubscription(context.webhooks, wanted)
      return { ...payload(context, subscription), secret }
    },
    updateSubscription: async (_, { input }, context) => {
      const key = requireContextSubscriber(context)
      const { id, ...fields } = input
      const patch = readSubscriptionPatch(written(fields))
      const change = await changeSubscription(context.webhooks, key, id, (before) => patchDefinition(before, patch))
      return payload(context, change)
    },
    deleteSubscription: async (_, { input: { id } }, context) => {
      await deleteSubscription(context.webhooks, requireContextSubscriber(context), id)
      return { id }
    },
    pingSubscription: subscriptionChange(pingSubscription),
    activateSubscription: async (_, { input }, context) => {
      const key = requireScope(requireContextSubscriber(context), 'admin')
      return payload(context, await activateSubscription(context.webhooks, key, input.id))
    },
    rotateSubscriptionSecret: async (_, { input, secret: wanted }, context) => {
      const own = readRotation(withoutNulls({ secret: wanted }))
      const key = requireContextSubscriber(context)
      const { subscription, secret } = await rotateSubscriptionSecret(context.webhooks, key, input.id, own.secret)
      return { ...payload(context, subscription), secret }
    },
    pauseSubscription: subscriptionChange(pauseSubscription),
    resumeSubscription: subscriptionChange(resumeSubscription),
    replaySubscription: async (_, { input }, context) => {
      const { id, fromSeq, toSeq } = input
      const range = { fromSeq, ...(typeof toSeq === 'number' && { toSeq }) }
      const key = requireContextSubscriber(context)
      return payload(context, await replaySubscription(context.webhooks, key, id, range))
    },
    redriveDeadLetters: async (_, { input }, context) => {
      const { id, seqs } = input
      const key = requireContextSubscriber(context)
      const count = await redriveDeadLetters(context.webhooks, key, id, seqs ?? undefined)
      return { ...payload(context, await requireSubscription(context.webhooks, key, id)), count }
    }
  }
} satisfies SomeResolvers<'Mutation', Exclude<keyof FieldResolvers['Mutation'], 'publish' | 'restore'>>

function payload({ webhooks }: Context, subscription: Subscription) {
  return { subscription: subscriptionNode(subscription, webhooks.now()) }
}

/** The body of the same request over REST: header fields by name, and the format with its hyphen. */
function written({ format, headers, ...rest }: Omit<UpdateSubscriptionInput, 'id'>): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    ...(format !== undefined && { format: format?.replaceAll('_', '-') ?? null }),
    ...(headers !== undefined && {
      headers: headers && Object.fromEntries(headers.map(({ name, value }) => [name, value]))
    })
  }
}
