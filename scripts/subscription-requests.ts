import type { ExampleRequest } from './example-requests.ts'

const one = '/v1/subscriptions/{subscription}'
const as = 'subscriber'

/** The life of a subscription, in this order. `{subscription}` is replaced by the id of the one that was created last. */
export const subscriptionRequests: readonly ExampleRequest[] = [
  {
    operation: 'createSubscription',
    name: 'closings',
    summary: 'Events about everything that may be closed',
    method: 'POST',
    url: '/v1/subscriptions',
    as,
    body: {
      url: 'https://receiver.example/portolan',
      description: 'Ticket for the firewall team',
      types: ['catalogue.revision_published', 'catalogue.transitioned'],
      filter: { impact: ['closes'] },
      headers: { authorization: 'Bearer of-the-receiver' }
    }
  },
  {
    operation: 'createSubscription',
    name: 'loopback',
    summary: 'The egress guard refuses the address',
    method: 'POST',
    url: '/v1/subscriptions',
    as,
    body: { url: 'https://127.0.0.1/portolan' }
  },
  {
    operation: 'listSubscriptions',
    name: 'own',
    summary: 'The subscriptions of the key',
    url: '/v1/subscriptions',
    as
  },
  {
    operation: 'resumeSubscription',
    name: 'pending',
    summary: 'The subscription waits for a ping',
    method: 'POST',
    url: `${one}/resume`,
    as
  },
  {
    operation: 'pingSubscription',
    name: 'ping',
    summary: 'A ping will be sent',
    method: 'POST',
    url: `${one}/ping`,
    as
  },
  { operation: 'getSubscription', name: 'active', summary: 'The ping was answered', url: one, as },
  {
    operation: 'getSubscription',
    name: 'unknown',
    summary: 'There is no such subscription, or it belongs to another key',
    url: '/v1/subscriptions/sub_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    as
  },
  { operation: 'listDeliveries', name: 'ping', summary: 'The ping and its answer', url: `${one}/deliveries`, as },
  { operation: 'listDeadLetters', name: 'none', summary: 'Nothing was refused', url: `${one}/dead-letters`, as },
  {
    operation: 'redriveDeadLetters',
    name: 'all',
    summary: 'All dead letters',
    method: 'POST',
    url: `${one}/dead-letters/redrive`,
    as,
    body: {}
  },
  {
    operation: 'changeSubscription',
    name: 'everything',
    summary: 'All events from now on',
    method: 'PATCH',
    url: one,
    as,
    body: { types: null, filter: null }
  },
  {
    operation: 'replaySubscription',
    name: 'fromTheStart',
    summary: 'The log from its beginning',
    method: 'POST',
    url: `${one}/replay`,
    as,
    body: { fromSeq: 1 }
  },
  {
    operation: 'rotateSubscriptionSecret',
    name: 'rotated',
    summary: 'A new secret',
    method: 'POST',
    url: `${one}/rotate-secret`,
    as,
    body: {}
  },
  { operation: 'pauseSubscription', name: 'paused', summary: 'Paused', method: 'POST', url: `${one}/pause`, as },
  { operation: 'resumeSubscription', name: 'resumed', summary: 'Resumed', method: 'POST', url: `${one}/resume`, as },
  {
    operation: 'activateSubscription',
    name: 'active',
    summary: 'The subscription is active already',
    method: 'POST',
    url: `${one}/activate`,
    as: 'admin'
  },
  {
    operation: 'activateSubscription',
    name: 'subscriber',
    summary: 'Only an administrator may activate it',
    method: 'POST',
    url: `${one}/activate`,
    as
  },
  { operation: 'listWebhookKeys', name: 'one', summary: 'The key of this service', url: '/v1/webhook-keys' },
  {
    operation: 'deleteSubscription',
    name: 'gone',
    summary: 'The subscription is deleted',
    method: 'DELETE',
    url: one,
    as
  }
]
