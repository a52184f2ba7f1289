import { LRUCache } from 'lru-cache'
import type { Instant } from '../domain/time/instant.ts'
import type { DeliveryTask } from '../domain/webhook/delivery.ts'
import type { Subscription } from '../domain/webhook/subscription.ts'
import { usableSecrets } from '../domain/webhook/webhook-secret.ts'
import {
  asymmetricSignature,
  contentDigest,
  type SigningKey,
  webhookSignature
} from '../domain/webhook/webhook-signature.ts'
import { type Sender, type WebhookMessage, webhookMessage } from '../render/webhook/webhook.ts'
import type { WebhookRequest } from './transport.ts'

interface Message extends WebhookMessage {
  readonly digest: string
  /** The Ed25519 signature that was made last: it takes ten times as long as the others, and most requests can share it. */
  asymmetric?: { readonly timestamp: number; readonly key: string; readonly text: string }
}

/** How many messages are kept. Enough that a receiver that is behind does not push out the messages that all others get. */
const mostMessages = 500
const messages = new LRUCache<string, Message>({ max: mostMessages })

/** The message of a task. Subscriptions with the same format get the same message about an event, so it is rendered once. */
function messageFor(task: DeliveryTask, { id, format }: Subscription, sender: Sender): Message {
  const key =
    task.kind === 'notice' ? undefined : [task.event.id, task.prevSeq, format, sender.epoch, sender.base].join(' ')
  const known = key === undefined ? undefined : messages.get(key)
  if (known) return known
  const message = webhookMessage(task, id, format, sender)
  const made: Message = { ...message, digest: contentDigest(message.body) }
  if (key !== undefined) messages.set(key, made)
  return made
}

function asymmetricOf(message: Message, timestamp: number, key: SigningKey): string {
  const known = message.asymmetric
  if (known?.timestamp === timestamp && known.key === key.id) return known.text
  const text = asymmetricSignature({ id: message.id, timestamp, body: message.body }, key)
  message.asymmetric = { timestamp, key: key.id, text }
  return text
}

/** The request of one attempt (Standard Webhooks 1.0). Each attempt has its own timestamp and signatures; the id is always the same. */
export function webhookRequest(
  subscription: Subscription,
  task: DeliveryTask,
  { sender, now, key }: { readonly sender: Sender; readonly now: Instant; readonly key?: SigningKey }
): WebhookRequest {
  const message = messageFor(task, subscription, sender)
  const { id, type, seq, body, headers, digest } = message
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
        subscription.isAsymmetric && key ? asymmetricOf(message, timestamp, key) : undefined
      ),
      'portolan-subscription': subscription.id,
      'portolan-event': type,
      'portolan-epoch': sender.epoch,
      'portolan-attempt': String(task.kind === 'notice' ? 1 : subscription.failures + 1),
      ...(seq !== undefined && { 'portolan-seq': String(seq) }),
      ...((task.kind === 'replay' || task.kind === 'redrive') && { 'portolan-replay': 'true' })
    }
  }
}
