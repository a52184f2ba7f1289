import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import {
  activateSubscription,
  pauseSubscription,
  pingSubscription,
  replaySubscription,
  resumeSubscription,
  rotateSubscriptionSecret
} from '../../catalogue/webhook/subscriptions.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import { requireScope } from '../../domain/key.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { App } from '../request/type-provider.ts'
import { integerSchema, strict } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, parserCodes, problems } from '../schema/schemas.ts'
import {
  SubscriptionParamsSchema,
  SubscriptionSchema,
  SubscriptionWithSecretSchema
} from '../schema/subscription-schema.ts'
import { keyedRoute, requireSubscriber, type SubscriptionRouteContext, subscriptionCodes } from './subscriber.ts'

const most = Number.MAX_SAFE_INTEGER

const ReplaySchema = Type.Object(
  {
    fromSeq: integerSchema(1, most, 'The first event'),
    toSeq: Type.Optional(integerSchema(1, most, 'The last event. Default, and at most: the cursor'))
  },
  { ...strict, title: 'ReplayInput' }
)

/** What an action answers with, where that differs from the others. */
interface ActionAnswer {
  readonly status?: number
  readonly body?: TSchema
  readonly codes?: readonly ErrorCode[]
}

/** What is done to a subscription, beside changing what it says. */
export function subscriptionActionRoutes(app: App, { subscribing }: SubscriptionRouteContext): void {
  const { now } = subscribing
  const params = SubscriptionParamsSchema
  const querystring = NoQuerySchema
  type Request = FastifyRequest<{ Params: { id: string } }>

  const schemaOf = (
    operationId: string,
    summary: string,
    description: string,
    { status = 200, body = SubscriptionSchema, codes = [] }: ActionAnswer = {}
  ) => ({
    ...keyedRoute,
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
        'One request with a `subscription.ping`, in any state. Answered with 2xx it makes the subscription active. What came of it stands in the deliveries.',
        { status: 202 }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const pinged = await pingSubscription(subscribing, requireSubscriber(request), request.params.id)
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
        'Needs a key with `admin`: whoever is at the URL did not say that it wants to be sent anything.'
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const activated = await activateSubscription(subscribing, requireScope(request.key, 'admin'), request.params.id)
      return sendFresh(reply, subscriptionJson(activated, now()))
    }
  )

  app.post(
    '/v1/subscriptions/:id/pause',
    {
      config: { access: 'subscriptions:write' },
      schema: schemaOf('pauseSubscription', 'Sends nothing until it is resumed', 'Its cursor waits: no event is lost.')
    },
    async (request: Request, reply: FastifyReply) => {
      const paused = await pauseSubscription(subscribing, requireSubscriber(request), request.params.id)
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
        'From degraded, suspended, paused or gone. What waited is sent, in order. One that never was active needs a ping.',
        { codes: ['wrong_state'] }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const resumed = await resumeSubscription(subscribing, requireSubscriber(request), request.params.id)
      return sendFresh(reply, subscriptionJson(resumed, now()))
    }
  )

  app.post(
    '/v1/subscriptions/:id/rotate-secret',
    {
      config: { access: 'subscriptions:write' },
      schema: schemaOf(
        'rotateSubscriptionSecret',
        'A new secret, shown once',
        'The one before it signs for 24 hours more, beside the new one; at most two replaced ones do.',
        { body: SubscriptionWithSecretSchema }
      )
    },
    async (request: Request, reply: FastifyReply) => {
      const key = requireSubscriber(request)
      const { subscription, secret } = await rotateSubscriptionSecret(subscribing, key, request.params.id)
      return sendFresh(reply, { ...subscriptionJson(subscription, now()), secret })
    }
  )

  app.post(
    '/v1/subscriptions/:id/replay',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'replaySubscription',
        summary: 'Sends a range of the log once more',
        description:
          'Each of its requests carries `portolan-replay: true`. What is new comes after it. Events of any age, also those from before the subscription.',
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
      const replaying = await replaySubscription(subscribing, key, request.params.id, range)
      return sendFresh(reply, subscriptionJson(replaying, now()), 202)
    }
  )
}
