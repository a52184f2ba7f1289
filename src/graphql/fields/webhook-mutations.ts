import {
  activateSubscription,
  changeSubscription,
  createSubscription,
  deleteSubscription,
  pauseSubscription,
  pingSubscription,
  redriveDeadLetters,
  replaySubscription,
  requireSubscription,
  resumeSubscription,
  rotateSubscriptionSecret,
  type SubscriptionContext
} from '../../catalogue/webhook/subscriptions.ts'
import { type Key, requireScope } from '../../domain/key.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import {
  definitionOf,
  patched,
  readSubscription,
  readSubscriptionPatch
} from '../../domain/webhook/subscription-input.ts'
import type { Context } from '../reading/context.ts'
import type { Resolver, Resolvers } from '../reading/resolver.ts'
import { requireContextSubscriber, subscriptionNode } from './webhooks.ts'

interface Input<T = { readonly id: string }> {
  readonly input: T
}
interface HeaderInput {
  readonly name: string
  readonly value: string
}
type Written = Readonly<Record<string, unknown>> & {
  readonly format?: string | null
  readonly headers?: readonly HeaderInput[] | null
}

type Change = (webhooks: SubscriptionContext, key: Key, id: string) => Promise<Subscription>

/** What is done to one subscription, and answered with it. */
function changing(change: Change): Resolver {
  return async (_, { input }: Input, context) =>
    payload(context, await change(context.webhooks, requireContextSubscriber(context), input.id))
}

export const subscribingFields: Resolvers = {
  Mutation: {
    createSubscription: async (_, { input }: Input<Written>, context) => {
      const { id: owner } = requireContextSubscriber(context)
      const definition = definitionOf(readSubscription(withoutNulls(written(input))))
      const { subscription, secret } = await createSubscription(context.webhooks, definition, owner)
      return { ...payload(context, subscription), secret }
    },
    updateSubscription: async (_, { input }: Input<Written & { readonly id: string }>, context) => {
      const key = requireContextSubscriber(context)
      const { id, ...fields } = input
      const patch = readSubscriptionPatch(written(fields))
      const change = await changeSubscription(context.webhooks, key, id, (before) => patched(before, patch))
      return payload(context, change)
    },
    deleteSubscription: async (_, { input: { id } }: Input, context) => {
      await deleteSubscription(context.webhooks, requireContextSubscriber(context), id)
      return { id }
    },
    pingSubscription: changing(pingSubscription),
    activateSubscription: async (_, { input }: Input, context) => {
      const key = requireScope(requireContextSubscriber(context), 'admin')
      return payload(context, await activateSubscription(context.webhooks, key, input.id))
    },
    rotateSubscriptionSecret: async (_, { input }: Input, context) => {
      const key = requireContextSubscriber(context)
      const { subscription, secret } = await rotateSubscriptionSecret(context.webhooks, key, input.id)
      return { ...payload(context, subscription), secret }
    },
    pauseSubscription: changing(pauseSubscription),
    resumeSubscription: changing(resumeSubscription),
    replaySubscription: async (_, { input }: Input<ReplayInput>, context) => {
      const { id, fromSeq, toSeq } = input
      const range = { fromSeq, ...(typeof toSeq === 'number' && { toSeq }) }
      const key = requireContextSubscriber(context)
      return payload(context, await replaySubscription(context.webhooks, key, id, range))
    },
    redriveDeadLetters: async (_, { input }: Input<RedriveInput>, context) => {
      const { id, seqs } = input
      const key = requireContextSubscriber(context)
      const count = await redriveDeadLetters(context.webhooks, key, id, seqs ?? undefined)
      return { ...payload(context, await requireSubscription(context.webhooks, key, id)), count }
    }
  }
}

interface ReplayInput {
  readonly id: string
  readonly fromSeq: number
  readonly toSeq?: number | null
}
interface RedriveInput {
  readonly id: string
  readonly seqs?: readonly number[] | null
}

function payload({ webhooks }: Context, subscription: Subscription) {
  return { subscription: subscriptionNode(subscription, webhooks.now()) }
}

/** As it is written over REST: header fields by name, and the format with its hyphen. */
function written({ format, headers, ...rest }: Written): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    ...(format !== undefined && { format: format?.replaceAll('_', '-') ?? null }),
    ...(headers !== undefined && {
      headers: headers && Object.fromEntries(headers.map(({ name, value }) => [name, value]))
    })
  }
}

/** Of what is new, null says nothing. */
function withoutNulls(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
