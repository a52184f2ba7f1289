import { type EventType, eventTypes } from '../../domain/event/event.ts'
import { isSentToReceiver, type NoticeType, noticeTypes } from '../../domain/webhook/notice.ts'
import { eventSchemas } from '../schema/event-schema.ts'
import { noticeSchemas } from '../schema/notice-schema.ts'
import { jsonOf, type Node, plainSchema } from './openapi-components.ts'

export type WebhookType = EventType | NoticeType
/** What is posted: a receiver that fails, or wants no more, is not told of it. */
export const webhookTypes: readonly WebhookType[] = [
  ...eventTypes,
  ...noticeTypes.filter((type) => isSentToReceiver({ type }))
]

export const webhookSchemas = { ...eventSchemas, ...noticeSchemas }

const unsent = 'Not posted: its owner finds it among the deliveries, in the metrics and in the log of the service.'
const told: Readonly<Record<WebhookType, { readonly summary: string; readonly description: string }>> = {
  'catalogue.created': {
    summary: 'A catalogue was published for the first time',
    description: 'Nothing else is made then: what it announces is told when it comes near.'
  },
  'catalogue.revision_published': {
    summary: 'A catalogue has a new revision',
    description: '`changes` are what it changed in its predecessor, with the impact at `effectiveAt`.'
  },
  'catalogue.transitioned': {
    summary: 'The clock activated or retired endpoints',
    description: 'Once for each catalogue and instant. Nobody published anything, and yet firewalls must change.'
  },
  'catalogue.transition_upcoming': {
    summary: 'The clock will activate or retire endpoints',
    description: '30, 7 and 1 days before `effectiveAt`. `changes` are what the clock will then bring.'
  },
  'subscription.ping': {
    summary: 'Is anybody there?',
    description: 'Somebody asked for it. A 2xx makes the subscription active, whatever it was.'
  },
  'subscription.activated': {
    summary: 'Events are sent from now on',
    description: 'By a ping that was answered, by an administrator, or since the receiver takes events again.'
  },
  'subscription.degraded': { summary: 'The last attempt failed', description: unsent },
  'subscription.suspended': { summary: '72 hours without a success', description: unsent },
  'subscription.paused': { summary: 'Its owner paused it', description: 'Nothing follows until it is resumed.' },
  'subscription.resumed': {
    summary: 'Its owner resumed it',
    description: 'What waited follows, from the cursor on.'
  },
  'subscription.gone': { summary: 'The receiver asked for no more', description: unsent }
}

/** The header fields of Standard Webhooks, in which they are sent. */
const headers = [
  ['webhook-id', 'The id of the event: the same for each attempt', 'evt_01CV780CM03J9KHTWW8X3E3HY0'],
  ['webhook-timestamp', 'When this attempt was made, in seconds since 1970', '1542844800'],
  [
    'webhook-signature',
    'Signatures with a space between them, each `v1,` or `v1a,` and base64',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='
  ]
].map(([name, description, example]) => ({
  name,
  in: 'header',
  required: true,
  description,
  example,
  schema: { type: 'string', maxLength: 4000 }
}))

const text = { type: 'string', maxLength: 4000 } as const

/** `onCatalogueTransitioned` */
export function webhookOperation(type: WebhookType): string {
  return `on${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}

/** What is posted to subscriptions that ask for it: the `webhooks` of the document, `catalogue-transitioned` by name. */
export function webhooks(): Node {
  return Object.fromEntries(webhookTypes.map((type) => [type.replaceAll(/[._]/g, '-'), { post: operationOf(type) }]))
}

function operationOf(type: WebhookType): Node {
  return {
    operationId: webhookOperation(type),
    ...told[type],
    tags: ['subscriptions'],
    security: [],
    parameters: headers,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: plainSchema(jsonOf(webhookSchemas[type])) } }
    },
    responses: {
      204: { description: 'Taken. Any other 2xx says the same; a body is not read.' },
      410: {
        description:
          'Nobody is here any more: the subscription is `gone`. What the body says is kept with the delivery.',
        content: {
          'application/problem+json': {
            schema: {
              type: 'object',
              properties: { type: text, title: text, detail: text },
              additionalProperties: false
            }
          }
        }
      }
    }
  }
}
