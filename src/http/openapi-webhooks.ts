import { type EventType, eventTypes } from '../domain/event.ts'
import { eventSchemas } from './event-schema.ts'
import { jsonOf, type Node, plainSchema } from './openapi-components.ts'

const told: Readonly<Record<EventType, { readonly summary: string; readonly description: string }>> = {
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
  }
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
export function webhookOperation(type: EventType): string {
  return `on${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}

/** What is posted to subscriptions that ask for it: the `webhooks` of the document, `catalogue-transitioned` by name. */
export function webhooks(): Node {
  return Object.fromEntries(eventTypes.map((type) => [type.replaceAll(/[._]/g, '-'), { post: operationOf(type) }]))
}

function operationOf(type: EventType): Node {
  return {
    operationId: webhookOperation(type),
    ...told[type],
    tags: ['subscriptions'],
    security: [],
    parameters: headers,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: plainSchema(jsonOf(eventSchemas[type])) } }
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
