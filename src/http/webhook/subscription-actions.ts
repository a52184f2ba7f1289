import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import {
  activateSubscription,
  pauseSubscription,
  pingSubscription,
  resumeSubscription
} from '../../catalogue/webhook/subscription-state.ts'
import { replaySubscription, rotateSubscriptionSecret } from '../../catalogue/webhook/subscriptions.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import { requireScope } from '../../domain/key.ts'
import { RotationInputSchema } from '../../domain/webhook/subscription-input.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { App } from '../request/type-provider.ts'
import { closed, integerSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, parserCodes, problems } from '../schema/schemas.ts'
import {
  SubscriptionParamsSchema,
  SubscriptionSchema,
  SubscriptionWithSecretSchema
} from '../schema/subscription-schema.ts'
import { keyedOperation, requireSubscriber, type SubscriptionRouteContext, subscriptionCodes } from './subscriber.ts'

const most = Number.MAX_SAFE_INTEGER

const ReplaySchema = Type.Object(
  {
    fromSeq: integerSchema(1, most, 'The first event'),
    toSeq: Type.Optional(integerSchema(1, most, 'The last event. The default is the cursor, which is also the limit'))
  },
  { ...closed, title: 'ReplayInput' }
)

/** How the answer of an action differs from 200 with the subscription. */
interface ActionAnswer {
  readonly status?: number
  readonly body?: TSchema
  readonly codes?: readonly ErrorCode[]
}

/** The routes that act on a subscription without changing its definition. */
export function subscriptionActionRoutes(app: App, { subscriptionContext }: SubscriptionRouteContext): void {
  const { now } = subscriptionContext
  const params = SubscriptionParamsSchema
  const querystring = NoQuerySchema
  type Request = FastifyRequest<{ Params: { id: string } }>

  const schemaOf = (
    operationId: string,
    summary: string,
    description: string,
    { status = 200, body = SubscriptionSchema, codes = [] }: ActionAnswer = {}
  ) => ({
    ...keyedOperation,
    operationId,
    summary,
    description,
    params,
    querystring,
    response: {
      [status]: answerSchema('The subscription', body),
      ...problems(...subscriptionCodes, ...parserCodes, ...codes)
    }
  })

  app.post(
    '/v1/subscriptions/:id/ping',
    {
      config: { access: 'subscriptions:write' },
      schema: schemaOf(
        'pingSubscription',
        'Sends a signed ping',
        'Sends one request with a `subscription.ping`, in any state. An answer of 2xx makes the subscription active. The deliveries show the result. 409 `wrong_state` where the key of its owner was revoked or has expired.',
        { status: 202, codes: ['wrong_state'] }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const pinged = await pingSubscription(subscriptionContext, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(pinged, now()), 202)
    }
  )

  app.post(
    '/v1/subscriptions/:id/activate',
    {
      config: { access: 'admin' },
      schema: schemaOf(
        'activateSubscription',
        'Makes a subscription active without a ping',
        'Needs a key with `admin`, since the receiver did not confirm that it wants to receive anything. 409 `wrong_state` where the key of its owner was revoked or has expired.',
        { codes: ['wrong_state'] }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const activated = await activateSubscription(
        subscriptionContext,
        requireScope(request.key, 'admin'),
        request.params.id
      )
      return sendFresh(reply, subscriptionJson(activated, now()))
    }
  )

  app.post(
    '/v1/subscriptions/:id/pause',
    {
      config: { access: 'subscriptions:write' },
      schema: schemaOf(
        'pauseSubscription',
        'Sends nothing until the subscription is resumed',
        'The cursor waits: no event is lost.'
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const paused = await pauseSubscription(subscriptionContext, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(paused, now()))
    }
  )

  app.post(
    '/v1/subscriptions/:id/resume',
    {
      config: { access: 'subscriptions:write' },
      schema: schemaOf(
        'resumeSubscription',
        'Makes a subscription active again',
        'From degraded, suspended, paused or gone. The waiting events are sent in order. A subscription that never was active needs a ping, and one whose owner has no key any more has to be created anew: both are 409 `wrong_state`.',
        { codes: ['wrong_state'] }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const resumed = await resumeSubscription(subscriptionContext, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(resumed, now()))
    }
  )

  app.post(
    '/v1/subscriptions/:id/rotate-secret',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        body: RotationInputSchema,
        ...schemaOf(
          'rotateSubscriptionSecret',
          'Replaces the secret; the new one is shown once',
          'For 24 hours the previous secret signs too, beside the new one; at most two replaced secrets do. Without a body, or without `secret` in it, the new one is random.',
          { body: SubscriptionWithSecretSchema, codes: ['invalid_body'] }
        )
      }
    },
    async (request, reply) => {
      const key = requireSubscriber(request)
      const { subscription, secret } = await rotateSubscriptionSecret(
        subscriptionContext,
        key,
        request.params.id,
        request.body.secret
      )
      return sendFresh(reply, { ...subscriptionJson(subscription, now()), secret })
    }
  )

  app.post(
    '/v1/subscriptions/:id/replay',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'replaySubscription',
        summary: 'Sends a range of the log once more',
        description:
          'Each of these requests carries `portolan-replay: true`. New events follow after the range. The range may have events of any age, even older than the subscription.',
        params,
        querystring,
        body: ReplaySchema,
        response: {
          202: answerSchema('The subscription, with its replay', SubscriptionSchema),
          ...problems(...subscriptionCodes, ...parserCodes, 'invalid_parameter', 'invalid_body')
        }
      }
    },
    async (request, reply) => {
      const { fromSeq, toSeq } = request.body
      const range = { fromSeq, ...(toSeq !== undefined && { toSeq }) }
      const key = requireSubscriber(request)
      const replaying = await replaySubscription(subscriptionContext, key, request.params.id, range)
      return sendFresh(reply, subscriptionJson(replaying, now()), 202)
    }
  )
}
