import Type from 'typebox'
import { listDeadLetters, listDeliveries, redriveDeadLetters } from '../../catalogue/webhook/subscriptions.ts'
import { eventTypes } from '../../domain/event/event.ts'
import { InstantSchema } from '../../domain/text.ts'
import { noticeTypes } from '../../domain/webhook/notice.ts'
import { deadLetterJson, deliveryJson } from '../../render/webhook/subscription-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import { limitOf, seekCursorAfter, seekCursorOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { CountSchema, closed, integerSchema, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, pageCodes, pageSchema, parserCodes, problems } from '../schema/schemas.ts'
import { SubscriptionParamsSchema } from '../schema/subscription-schema.ts'
import {
  keyedOperation,
  PageQuerySchema,
  pageLinkHeaders,
  requireSubscriber,
  type SubscriptionRouteContext
} from './subscriber.ts'

const most = Number.MAX_SAFE_INTEGER
const event = textSchema(30, 'The `webhook-id` of the event')
const seq = integerSchema(1, most, 'Place of the event in the log')

const DeliverySchema = Type.Object(
  {
    number: integerSchema(1, most, 'Number of the attempt within the subscription'),
    at: InstantSchema,
    kind: oneOfWords(['live', 'replay', 'redrive', 'notice']),
    event,
    type: oneOfWords([...eventTypes, ...noticeTypes]),
    seq: Type.Optional(seq),
    url: textSchema(2000),
    result: oneOfWords(
      ['delivered', 'failed', 'noted'],
      '`noted`: a notice that is recorded but not sent, such as `subscription.suspended`'
    ),
    status: Type.Optional(integerSchema(100, 999)),
    error: Type.Optional(textSchema(100, 'Why there was no answer')),
    detail: Type.Optional(textSchema(1000)),
    address: Type.Optional(textSchema(100, 'The address that was refused')),
    durationMs: integerSchema(0, most),
    response: Type.Optional(textSchema(4096, 'The beginning of the body that the receiver answered: unchecked text'))
  },
  { ...closed, title: 'Delivery' }
)

const DeadLetterSchema = Type.Object(
  {
    seq,
    event,
    type: oneOfWords(eventTypes),
    at: InstantSchema,
    status: integerSchema(100, 999, 'The last status that the receiver answered'),
    redriving: Type.Boolean({ description: 'True if the event waits to be sent again' })
  },
  { ...closed, title: 'DeadLetter' }
)

const RedriveSchema = Type.Object(
  { seqs: Type.Optional(Type.Array(seq, { minItems: 1, maxItems: 1000, description: 'Default: all dead letters' })) },
  { ...closed, title: 'RedriveInput' }
)

const listCodes = ['unknown_parameter', 'invalid_parameter', 'insufficient_scope', 'not_found', ...pageCodes] as const

export function deliveryRoutes(app: App, context: SubscriptionRouteContext): void {
  const { subscriptionContext } = context
  const params = SubscriptionParamsSchema

  app.get(
    '/v1/subscriptions/:id/deliveries',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'listDeliveries',
        summary: 'The attempts to deliver, newest first',
        description: 'Attempts are kept for 30 days, at most the newest 10,000.',
        params,
        querystring: PageQuerySchema,
        response: {
          200: answerSchema('A page of attempts', pageSchema(DeliverySchema, 'DeliveryPage'), pageLinkHeaders),
          ...problems(...listCodes)
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const run = `deliveries\n${id}`
      const [before, limit] = [seekCursorOf(request.query, run)?.seen, limitOf(request.query)]
      const from = before === undefined ? {} : { before }
      const found = await listDeliveries(subscriptionContext, requireSubscriber(request), id, {
        ...from,
        limit: limit + 1
      })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const { page, link } = pageLinks(context, request, last && seekCursorAfter(run, { seen: last.number }))
      if (link !== undefined) reply.header('link', link)
      return sendFresh(reply, { items: items.map(deliveryJson), page })
    }
  )

  app.get(
    '/v1/subscriptions/:id/dead-letters',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'listDeadLetters',
        summary: 'Events that the receiver refused, ascending',
        description:
          'A receiver that answers an event with 4xx three times over ten minutes refuses it: the event is kept here, and the next one is sent. A receiver that is down has no dead letters: the cursor waits.',
        params,
        querystring: PageQuerySchema,
        response: {
          200: answerSchema('A page of dead letters', pageSchema(DeadLetterSchema, 'DeadLetterPage'), pageLinkHeaders),
          ...problems(...listCodes)
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const run = `dead-letters\n${id}`
      const [after, limit] = [seekCursorOf(request.query, run)?.seen ?? 0, limitOf(request.query)]
      const found = await listDeadLetters(subscriptionContext, requireSubscriber(request), id, {
        after,
        limit: limit + 1
      })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const { page, link } = pageLinks(context, request, last && seekCursorAfter(run, { seen: last.seq }))
      if (link !== undefined) reply.header('link', link)
      return sendFresh(reply, { items: items.map(deadLetterJson), page })
    }
  )

  app.post(
    '/v1/subscriptions/:id/dead-letters/redrive',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedOperation,
        operationId: 'redriveDeadLetters',
        summary: 'Sends dead letters again',
        description:
          'All dead letters, or those that are named. They are sent before new events, with `portolan-replay: true`.',
        params,
        querystring: NoQuerySchema,
        body: RedriveSchema,
        response: {
          202: answerSchema(
            'How many events will be sent',
            Type.Object({ redriven: CountSchema }, { ...closed, title: 'Redriven' })
          ),
          ...problems(
            'unknown_parameter',
            'cross_site',
            'insufficient_scope',
            'not_found',
            'invalid_body',
            ...parserCodes
          )
        }
      }
    },
    async (request, reply) => {
      const { seqs } = request.body
      const redriven = await redriveDeadLetters(
        subscriptionContext,
        requireSubscriber(request),
        request.params.id,
        seqs
      )
      return sendFresh(reply, { redriven }, 202)
    }
  )
}
