import {
  changeSubscription,
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  requireSubscription
} from '../../catalogue/webhook/subscriptions.ts'
import {
  definitionOf,
  patchDefinition,
  SubscriptionInputSchema,
  SubscriptionPatchSchema
} from '../../domain/webhook/subscription-input.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import { baseOf } from '../answer/send-point.ts'
import { canonicalQuery, cursorAfter, cursorOf, limitOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { LinkSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, pageCodes, pageOf, parserCodes, problems } from '../schema/schemas.ts'
import {
  SubscriptionParamsSchema,
  SubscriptionSchema,
  SubscriptionWithSecretSchema
} from '../schema/subscription-schema.ts'
import {
  keyedRoute,
  PageQuerySchema,
  pageLink,
  requireSubscriber,
  type SubscriptionRouteContext,
  subscriptionCodes
} from './subscriber.ts'

const bodyCodes = [...parserCodes, 'invalid_body', 'egress_refused'] as const

export function subscriptionRoutes(app: App, routing: SubscriptionRouteContext): void {
  const { subscribing } = routing
  const { now } = subscribing

  app.post(
    '/v1/subscriptions',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'createSubscription',
        summary: 'A webhook receiver, which waits for a ping',
        description:
          'Needs a key with `subscriptions:write`, which then sees it, as do keys with `admin`. The answer has the secret, once. Give it to the receiver, then `ping`: its 2xx makes the subscription active. The cursor starts at the newest event. A receiver that the egress guard refuses: `egress_refused`, with `address` and `reason`.',
        querystring: NoQuerySchema,
        body: SubscriptionInputSchema,
        response: {
          201: answerSchema('The subscription, with its secret', SubscriptionWithSecretSchema, {
            Location: { ...LinkSchema, description: 'The subscription' }
          }),
          ...problems('unknown_parameter', 'insufficient_scope', ...bodyCodes, 'storage_full')
        }
      }
    },
    async (request, reply) => {
      const { id: owner } = requireSubscriber(request)
      const { subscription, secret } = await createSubscription(subscribing, definitionOf(request.body), owner)
      reply.header('location', `${baseOf(routing, request)}/v1/subscriptions/${subscription.id}`)
      return sendFresh(reply, { ...subscriptionJson(subscription, now()), secret }, 201)
    }
  )

  app.get(
    '/v1/subscriptions',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'listSubscriptions',
        summary: 'The subscriptions of the key, or of all keys for `admin`',
        description: 'Oldest first.',
        querystring: PageQuerySchema,
        response: {
          200: answerSchema('A page of subscriptions', pageOf(SubscriptionSchema, 'SubscriptionPage'), pageLink),
          ...problems('unknown_parameter', 'invalid_parameter', 'insufficient_scope', ...pageCodes)
        }
      }
    },
    async (request, reply) => {
      const key = requireSubscriber(request)
      const run = `${canonicalQuery('subscriptions', request.query)}\n${key.id}`
      const [offset, limit] = [cursorOf(request.query, run)?.offset ?? 0, limitOf(request.query)]
      const all = await listSubscriptions(subscribing, key)
      const next = offset + limit
      const cursor = next < all.length ? cursorAfter(run, { point: 0, instant: 0, offset: next }) : undefined
      const { page, link } = pageLinks(routing, request, cursor)
      if (link !== undefined) reply.header('link', link)
      const items = all.slice(offset, next).map((subscription) => subscriptionJson(subscription, now()))
      return sendFresh(reply, { items, page })
    }
  )

  app.get(
    '/v1/subscriptions/:id',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'getSubscription',
        summary: 'A subscription, its state and how far it got',
        description: 'Secrets and the values of header fields are not answered.',
        params: SubscriptionParamsSchema,
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The subscription', SubscriptionSchema),
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found')
        }
      }
    },
    async (request, reply) => {
      const subscription = await requireSubscription(subscribing, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(subscription, now()))
    }
  )

  app.patch(
    '/v1/subscriptions/:id',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'changeSubscription',
        summary: 'Changes what is named, and leaves the rest',
        description:
          'RFC 7396: null takes a field away; `filter` and `headers` are replaced as a whole. Its state stays, and the receiver is tried again at once.',
        params: SubscriptionParamsSchema,
        querystring: NoQuerySchema,
        body: SubscriptionPatchSchema,
        response: {
          200: answerSchema('The subscription', SubscriptionSchema),
          ...problems(...subscriptionCodes, ...bodyCodes, 'storage_full')
        }
      }
    },
    async (request, reply) => {
      const changed = await changeSubscription(
        subscribing,
        requireSubscriber(request),
        request.params.id,
        (definition) => patchDefinition(definition, request.body)
      )
      return sendFresh(reply, subscriptionJson(changed, now()))
    }
  )

  app.delete(
    '/v1/subscriptions/:id',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'deleteSubscription',
        summary: 'Takes a subscription away, with its secret and its log',
        description: 'At most the request that is under way still arrives.',
        params: SubscriptionParamsSchema,
        querystring: NoQuerySchema,
        response: {
          204: { description: 'It is gone', type: 'null' },
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found', ...parserCodes)
        }
      }
    },
    async (request, reply) => {
      await deleteSubscription(subscribing, requireSubscriber(request), request.params.id)
      return reply.code(204).header('cache-control', 'no-store').send()
    }
  )
}
