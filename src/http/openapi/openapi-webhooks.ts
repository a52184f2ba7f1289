import { type EventType, eventTypes } from '../../domain/event/event.ts'
import { isSentToReceiver, type NoticeType, noticeTypes } from '../../domain/webhook/notice.ts'
import { eventSchemas } from '../schema/event-schema.ts'
import { noticeSchemas } from '../schema/notice-schema.ts'
import { jsonOf, type Node, plainSchema } from './openapi-components.ts'

export type WebhookType = EventType | NoticeType
/** The types that are posted. A receiver that fails or wants no more requests gets no notice of that. */
export const webhookTypes: readonly WebhookType[] = [
  ...eventTypes,
  ...noticeTypes.filter((type) => isSentToReceiver({ type }))
]

export const webhookSchemas = { ...eventSchemas, ...noticeSchemas }

const notPosted = 'Not posted: the owner finds it in the deliveries, in the metrics and in the log of the service.'
const webhookTexts: Readonly<Record<WebhookType, { readonly summary: string; readonly description: string }>> = {
  'catalogue.created': {
    summary: 'A catalogue was published for the first time',
    description: 'The first publish makes no other event: the transitions that it announces follow when they are near.'
  },
  'catalogue.revision_published': {
    summary: 'A catalogue has a new revision',
    description: '`changes` lists what differs from the previous revision, with the impact at `effectiveAt`.'
  },
  'catalogue.transitioned': {
    summary: 'The clock activated or retired endpoints',
    description: 'Once for each catalogue and instant. Firewalls must change although nobody published anything.'
  },
  'catalogue.transition_upcoming': {
    summary: 'The clock will activate or retire endpoints',
    description: '30, 7 and 1 days before `effectiveAt`. `changes` lists what the clock will change then.'
  },
  'feed.failing': {
    summary: 'The list of a feed could not be fetched',
    description:
      'Once for each time that its fetches begin to fail, at `effectiveAt`; `links.feed` says why. The newest revision stays.'
  },
  'feed.held': {
    summary: 'A guard rail refused the newest content of a feed',
    description:
      'Once for each change that is held; `links.held` shows it. The newest revision stays until it is accepted.'
  },
  'feed.stale': {
    summary: 'No fetch of a feed has succeeded for four periods',
    description: 'Once for each time; `effectiveAt` is when the four periods were over. `links.feed` says why.'
  },
  'site.revision_published': {
    summary: 'A site has a new revision',
    description: 'Its first one too. `changes` lists what differs in the document of the site.'
  },
  'site.transitioned': {
    summary: 'A binding or an overlay of a site began or ended',
    description:
      'Once for each site and instant that the document of the site names. What a catalogue does alone is told by `catalogue.transitioned`.'
  },
  'subscription.ping': {
    summary: 'Tests the receiver',
    description: 'Sent on request. An answer of 2xx makes the subscription active, whatever its state was.'
  },
  'subscription.activated': {
    summary: 'Events are sent from now on',
    description: 'A ping was answered, an administrator activated the subscription, or the receiver takes events again.'
  },
  'subscription.degraded': { summary: 'The last attempt failed', description: notPosted },
  'subscription.suspended': { summary: '72 hours without a success', description: notPosted },
  'subscription.paused': {
    summary: 'The owner paused the subscription',
    description: 'Nothing follows until it is resumed.'
  },
  'subscription.resumed': {
    summary: 'The owner resumed the subscription',
    description: 'The waiting events follow, from the cursor on.'
  },
  'subscription.gone': { summary: 'The receiver asked for no more', description: notPosted }
}

/** The header fields of Standard Webhooks that every request has. */
const headers = [
  ['webhook-id', 'The id of the event: the same for each attempt', 'evt_01CV780CM03J9KHTWW8X3E3HY0'],
  ['webhook-timestamp', 'When this attempt was made, in seconds since 1970', '1542844800'],
  [
    'webhook-signature',
    'Signatures separated by spaces, each `v1,` or `v1a,` followed by base64',
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

/** The operationId of a webhook, such as `onCatalogueTransitioned`. */
export function webhookOperation(type: WebhookType): string {
  return `on${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}

/** The `webhooks` of the document: what is posted to receivers, under names such as `catalogue-transitioned`. */
export function webhooks(): Node {
  return Object.fromEntries(webhookTypes.map((type) => [type.replaceAll(/[._]/g, '-'), { post: operationOf(type) }]))
}

function operationOf(type: WebhookType): Node {
  return {
    operationId: webhookOperation(type),
    ...webhookTexts[type],
    tags: ['subscriptions'],
    security: [],
    parameters: headers,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: plainSchema(jsonOf(webhookSchemas[type])) } }
    },
    responses: {
      204: { description: 'The receiver took the event. Any other 2xx means the same; a body is not read.' },
      410: {
        description:
          'The receiver wants no more requests: the subscription becomes `gone`. The body is kept with the delivery.',
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
