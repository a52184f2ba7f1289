import Type from 'typebox'
import {
  changeSubscription,
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  requireSubscription
} from '../../catalogue/webhook/subscriptions.ts'
import { readCreation } from '../../domain/webhook/creation.ts'
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
import { canonicalQuery, limitOf, seekCursorAfter, seekCursorOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { LinkSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, pageCodes, pageSchema, parserCodes, problems } from '../schema/schemas.ts'
import {
  SubscriptionParamsSchema,
  SubscriptionSchema,
  SubscriptionWithSecretSchema
} from '../schema/subscription-schema.ts'
import {
  keyedOperation,
  PageQuerySchema,
  pageLinkHeaders,
  requireSubscriber,
  type SubscriptionRouteContext,
  subscriptionCodes
} from './subscriber.ts'

const IdempotencySchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 600,
      examples: ['"7d3f0c52-firewall-tickets"'],
      description:
        'A name for this request, of 1 to 255 characters, in quotes or not. For a day the same body with the same name makes nothing new, and the answer has the same id and secret. Another body is 422 `idempotency_key_reused`. Each key of the service has names of its own'
    })
  )
})

const bodyCodes = [...parserCodes, 'invalid_body', 'egress_refused'] as const

export function subscriptionRoutes(app: App, context: SubscriptionRouteContext): void {
  const { subscriptionContext } = context
  const { now } = subscriptionContext

  app.post(
    '/v1/subscriptions',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'createSubscription',
        summary: 'Creates a subscription for a receiver of webhooks',
        description:
          'Needs a key with `subscriptions:write`. The subscription belongs to this key; keys with `admin` see it too. Only this answer has the secret: give it to the receiver, then `ping`, and an answer of 2xx makes the subscription active. The cursor starts at the newest event. If the egress guard refuses the receiver, the answer is `egress_refused`, with `address` and `reason`. With `Idempotency-Key` a request may be sent again where its answer was lost.',
        querystring: NoQuerySchema,
        headers: IdempotencySchema,
        body: SubscriptionInputSchema,
        response: {
          201: answerSchema('The subscription, with its secret', SubscriptionWithSecretSchema, {
            Location: { ...LinkSchema, description: 'The subscription' }
          }),
          ...problems(
            'unknown_parameter',
            'invalid_parameter',
            'cross_site',
            'insufficient_scope',
            ...bodyCodes,
            'idempotency_key_reused',
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      const { id: owner } = requireSubscriber(request)
      const { body, headers } = request
      const key = headers['idempotency-key']
      const creation = key === undefined ? undefined : readCreation(key, body)
      const wanted = { definition: definitionOf(body), owner, secret: body.secret, creation }
      const { subscription, secret } = await createSubscription(subscriptionContext, wanted)
      reply.header('location', `${baseOf(context, request)}/v1/subscriptions/${subscription.id}`)
      return sendFresh(reply, { ...subscriptionJson(subscription, now()), secret }, 201)
    }
  )

  app.get(
    '/v1/subscriptions',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'listSubscriptions',
        summary: 'The subscriptions of the key, or all subscriptions for `admin`',
        description: 'Oldest first.',
        querystring: PageQuerySchema,
        response: {
          200: answerSchema(
            'A page of subscriptions',
            pageSchema(SubscriptionSchema, 'SubscriptionPage'),
            pageLinkHeaders
          ),
          ...problems('unknown_parameter', 'invalid_parameter', 'insufficient_scope', ...pageCodes)
        }
      }
    },
    async (request, reply) => {
      const key = requireSubscriber(request)
      const run = `${canonicalQuery('subscriptions', request.query)}\n${key.id}`
      const [offset, limit] = [seekCursorOf(request.query, run)?.seen ?? 0, limitOf(request.query)]
      const all = await listSubscriptions(subscriptionContext, key)
      const next = offset + limit
      const cursor = next < all.length ? seekCursorAfter(run, { seen: next }) : undefined
      const { page, link } = pageLinks(context, request, cursor)
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
        ...keyedOperation,
        operationId: 'getSubscription',
        summary: 'A subscription, its state and its progress in the log',
        description: 'The answer has neither secrets nor the values of header fields.',
        params: SubscriptionParamsSchema,
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The subscription', SubscriptionSchema),
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found')
        }
      }
    },
    async (request, reply) => {
      const subscription = await requireSubscription(subscriptionContext, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(subscription, now()))
    }
  )

  app.patch(
    '/v1/subscriptions/:id',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'changeSubscription',
        summary: 'Changes the given fields of a subscription',
        description:
          'RFC 7396: null removes a field; `filter` and `headers` are replaced as a whole, and the receiver is tried again at once. With another `url` the values of header fields are gone unless the request has new ones, and the subscription is `pending` until the new receiver answers a ping; otherwise the state does not change.',
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
        subscriptionContext,
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
        ...keyedOperation,
        operationId: 'deleteSubscription',
        summary: 'Deletes a subscription, with its secret and its deliveries',
        description: 'A request that is under way may still arrive.',
        params: SubscriptionParamsSchema,
        querystring: NoQuerySchema,
        response: {
          204: { description: 'The subscription is deleted', type: 'null' },
          ...problems('unknown_parameter', 'cross_site', 'insufficient_scope', 'not_found', ...parserCodes)
        }
      }
    },
    async (request, reply) => {
      await deleteSubscription(subscriptionContext, requireSubscriber(request), request.params.id)
      return reply.code(204).header('cache-control', 'no-store').send()
    }
  )
}
