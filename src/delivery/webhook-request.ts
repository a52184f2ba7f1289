import { LRUCache } from 'lru-cache'
import type { Errand } from '../domain/delivery.ts'
import type { Instant } from '../domain/instant.ts'
import type { Subscription } from '../domain/subscription.ts'
import { usableSecrets } from '../domain/webhook-secret.ts'
import { contentDigest, type SigningKey, webhookSignature } from '../domain/webhook-signature.ts'
import { type Sender, type WebhookMessage, webhookMessage } from '../render/webhook.ts'
import type { WebhookRequest } from './transport.ts'

interface Message extends WebhookMessage {
  readonly digest: string
}

/** Messages that are kept: a receiver that is behind does not push out what all others get. */
const mostMessages = 500
const messages = new LRUCache<string, Message>({ max: mostMessages })

/** What most subscriptions get alike is rendered once. */
function messageFor(errand: Errand, { id, format }: Subscription, sender: Sender): Message {
  const key =
    errand.kind === 'notice'
      ? undefined
      : [errand.event.id, errand.prevSeq, format, sender.epoch, sender.base].join(' ')
  const known = key === undefined ? undefined : messages.get(key)
  if (known) return known
  const message = webhookMessage(errand, id, format, sender)
  const made = { ...message, digest: contentDigest(message.body) }
  if (key !== undefined) messages.set(key, made)
  return made
}

/** One attempt as a request: a timestamp and signatures of its own, the same id as every other attempt. Standard Webhooks 1.0. */
export function webhookRequest(
  subscription: Subscription,
  errand: Errand,
  { sender, now, key }: { readonly sender: Sender; readonly now: Instant; readonly key?: SigningKey }
): WebhookRequest {
  const { id, type, seq, body, headers, digest } = messageFor(errand, subscription, sender)
  const timestamp = Math.floor(now / 1000)
  const secrets = usableSecrets(subscription.secrets, now)
  return {
    subscription: subscription.id,
    url: subscription.url,
    body,
    headers: {
      ...subscription.headers,
      ...headers,
      'user-agent': 'Portolan-Webhooks/1',
      'content-digest': digest,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(
        { id, timestamp, body },
        secrets,
        subscription.isAsymmetric ? key : undefined
      ),
      'portolan-subscription': subscription.id,
      'portolan-event': type,
      'portolan-epoch': sender.epoch,
      'portolan-attempt': String(errand.kind === 'notice' ? 1 : subscription.failures + 1),
      ...(seq !== undefined && { 'portolan-seq': String(seq) }),
      ...((errand.kind === 'replay' || errand.kind === 'redrive') && { 'portolan-replay': 'true' })
    }
  }
}
