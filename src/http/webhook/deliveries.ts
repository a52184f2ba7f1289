import Type from 'typebox'
import { listDeadLetters, listDeliveries, redriveDeadLetters } from '../../catalogue/webhook/subscriptions.ts'
import { eventTypes } from '../../domain/event/event.ts'
import { InstantSchema } from '../../domain/text.ts'
import { noticeTypes } from '../../domain/webhook/notice.ts'
import { deadLetterJson, deliveryJson } from '../../render/webhook/subscription-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import { cursorAfter, cursorOf, limitOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { CountSchema, integerSchema, strict, textSchema, words } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, pageCodes, pageOf, parserCodes, problems } from '../schema/schemas.ts'
import { SubscriptionParamsSchema } from '../schema/subscription-schema.ts'
import {
  keyedRoute,
  PageQuerySchema,
  pageLink,
  requireSubscriber,
  type SubscriptionRouteContext
} from './subscriber.ts'

const most = Number.MAX_SAFE_INTEGER
const event = textSchema(30, 'Its `webhook-id`')
const seq = integerSchema(1, most, 'Place of the event in the log')

const DeliverySchema = Type.Object(
  {
    number: integerSchema(1, most, 'Counts the attempts of the subscription'),
    at: InstantSchema,
    kind: words(['live', 'replay', 'redrive', 'notice']),
    event,
    type: words([...eventTypes, ...noticeTypes]),
    seq: Type.Optional(seq),
    url: textSchema(2000),
    result: words(['delivered', 'failed', 'noted'], '`noted`: a notice that is not sent, such as that it is suspended'),
    status: Type.Optional(integerSchema(100, 999)),
    error: Type.Optional(textSchema(100, 'Why there was no answer')),
    detail: Type.Optional(textSchema(1000)),
    address: Type.Optional(textSchema(100, 'The address that was refused')),
    durationMs: integerSchema(0, most),
    response: Type.Optional(textSchema(4096, 'The beginning of what the receiver answered: text that nobody checked'))
  },
  { ...strict, title: 'Delivery' }
)

const DeadLetterSchema = Type.Object(
  {
    seq,
    event,
    type: words(eventTypes),
    at: InstantSchema,
    status: integerSchema(100, 999, 'What the receiver answered at last'),
    redriving: Type.Boolean({ description: 'Waits to be sent again' })
  },
  { ...strict, title: 'DeadLetter' }
)

const RedriveSchema = Type.Object(
  { seqs: Type.Optional(Type.Array(seq, { minItems: 1, maxItems: 1000, description: 'Default: all' })) },
  { ...strict, title: 'RedriveInput' }
)

const listCodes = ['unknown_parameter', 'invalid_parameter', 'insufficient_scope', 'not_found', ...pageCodes] as const

export function deliveryRoutes(app: App, routing: SubscriptionRouteContext): void {
  const { subscribing } = routing
  const params = SubscriptionParamsSchema

  app.get(
    '/v1/subscriptions/:id/deliveries',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'listDeliveries',
        summary: 'Every attempt, newest first',
        description: 'Kept for 30 days, and the newest 10,000 at most.',
        params,
        querystring: PageQuerySchema,
        response: {
          200: answerSchema('A page of attempts', pageOf(DeliverySchema, 'DeliveryPage'), pageLink),
          ...problems(...listCodes)
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const run = `deliveries\n${id}`
      const [before, limit] = [cursorOf(request.query, run)?.offset, limitOf(request.query)]
      const from = before === undefined ? {} : { before }
      const found = await listDeliveries(subscribing, requireSubscriber(request), id, { ...from, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const { page, link } = pageLinks(
        routing,
        request,
        last && cursorAfter(run, { point: 0, instant: 0, offset: last.number })
      )
      if (link !== undefined) reply.header('link', link)
      return sendFresh(reply, { items: items.map(deliveryJson), page })
    }
  )

  app.get(
    '/v1/subscriptions/:id/dead-letters',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'listDeadLetters',
        summary: 'Events that the receiver refused, ascending',
        description:
          'A receiver that answers 4xx three times over ten minutes refuses the event: it is kept here, and the next one is sent. One that is down has no dead letters: its cursor waits.',
        params,
        querystring: PageQuerySchema,
        response: {
          200: answerSchema('A page of dead letters', pageOf(DeadLetterSchema, 'DeadLetterPage'), pageLink),
          ...problems(...listCodes)
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const run = `dead-letters\n${id}`
      const [after, limit] = [cursorOf(request.query, run)?.offset ?? 0, limitOf(request.query)]
      const found = await listDeadLetters(subscribing, requireSubscriber(request), id, { after, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const { page, link } = pageLinks(
        routing,
        request,
        last && cursorAfter(run, { point: 0, instant: 0, offset: last.seq })
      )
      if (link !== undefined) reply.header('link', link)
      return sendFresh(reply, { items: items.map(deadLetterJson), page })
    }
  )

  app.post(
    '/v1/subscriptions/:id/dead-letters/redrive',
    {
      config: { access: 'subscriptions:write' },
      schema: {
        ...keyedRoute,
        operationId: 'redriveDeadLetters',
        summary: 'Sends dead letters again',
        description: 'All, or those named. Each is sent before what is new, with `portolan-replay: true`.',
        params,
        querystring: NoQuerySchema,
        body: RedriveSchema,
        response: {
          202: answerSchema(
            'How many will be sent',
            Type.Object({ redriven: CountSchema }, { ...strict, title: 'Redriven' })
          ),
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found', 'invalid_body', ...parserCodes)
        }
      }
    },
    async (request, reply) => {
      const { seqs } = request.body
      const redriven = await redriveDeadLetters(subscribing, requireSubscriber(request), request.params.id, seqs)
      return sendFresh(reply, { redriven }, 202)
    }
  )
}
