import { type LoggedEvent, subjectId } from '../../domain/event/event.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { DeliveryTask } from '../../domain/webhook/delivery.ts'
import type { Notice } from '../../domain/webhook/notice.ts'
import type { WebhookFormat } from '../../domain/webhook/subscription.ts'
import { eventJson, eventLinks, subjectPath } from '../event/event-json.ts'
import { eventLines, eventTitle } from '../event/event-text.ts'
import { type ChatNote, chatText, teamsCard } from './chat.ts'

/** The most bytes of a body. Receivers rely on this limit. */
const mostWebhookBytes = 20_000

/** A webhook without its signature. `headers`: those that its format adds. */
export interface WebhookMessage {
  readonly id: string
  readonly type: string
  readonly seq?: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Sender {
  readonly epoch: string
  /** The base of links. */
  readonly base: string
}

/** Renders a task for a subscription with this id. An event that is too large loses its last changes, and says so by `truncated`. */
export function webhookMessage(
  task: DeliveryTask,
  subscription: string,
  format: WebhookFormat,
  sender: Sender
): WebhookMessage {
  if (task.kind === 'notice') {
    const { notice } = task
    const source = `${sender.base}/v1/subscriptions/${subscription}`
    const data = JSON.stringify(noticeJson(notice, subscription, source, sender))
    return messageOf(notice, data, format, source, () => noticeNote(notice, subscription, source))
  }
  const { event, prevSeq } = task
  const source = `${sender.base}${subjectPath(event)}`
  const data = eventBody(event, prevSeq, sender, format)
  return { ...messageOf(event, data, format, source, () => eventNote(event, sender)), seq: event.seq }
}

function eventNote(event: LoggedEvent, { base }: Sender): ChatNote {
  const { view, diff = view, changePack, feed = diff, held = feed } = eventLinks(event, base)
  const title = `${eventTitle(event, subjectId(event))} (${formatInstant(event.occurredAt)})`
  return {
    title,
    lines: eventLines(event),
    link: held,
    ...(changePack !== undefined && { work: `${changePack}&format=html` })
  }
}

function noticeNote({ type, state, reason, occurredAt }: Notice, id: string, link: string): ChatNote {
  const title = `Portolan: ${type} at ${formatInstant(occurredAt)}`
  return { title, lines: [reason ?? `The subscription ${id} is ${state}.`], link }
}

/** The event as JSON, with as many changes as fit. */
function eventBody(event: LoggedEvent, prevSeq: number, { epoch, base }: Sender, format: WebhookFormat): string {
  const whole = eventJson(event, prevSeq, epoch, base)
  // An envelope of CloudEvents needs room too.
  const most = mostWebhookBytes - (format === 'cloudevents' ? 1000 : 0)
  const text = JSON.stringify(whole)
  let over = Buffer.byteLength(text) - most
  if (over <= 0) return text
  const changes = [...whole.changes]
  while (over > 0 && changes.length > 0) over -= Buffer.byteLength(JSON.stringify(changes.pop())) + 1
  return JSON.stringify({ ...whole, changes, truncated: true })
}

function noticeJson(notice: Notice, id: string, link: string, { epoch }: Pick<Sender, 'epoch'>) {
  const { state, previousState, reason, occurredAt, type } = notice
  return {
    epoch,
    id: notice.id,
    type,
    occurredAt: formatInstant(occurredAt),
    subscription: {
      id,
      state,
      ...(previousState !== undefined && { previousState }),
      ...(reason !== undefined && { reason })
    },
    links: { subscription: link }
  }
}

type Subject = Pick<LoggedEvent, 'id' | 'type' | 'occurredAt'> | Notice

function messageOf(
  { id, type, occurredAt }: Subject,
  data: string,
  format: WebhookFormat,
  source: string,
  note: () => ChatNote
): WebhookMessage {
  const time = formatInstant(occurredAt)
  switch (format) {
    case 'standard':
      return { id, type, body: data, headers: { 'content-type': 'application/json' } }
    case 'cloudevents': {
      const attributes = { specversion: '1.0', id, source, type, time, datacontenttype: 'application/json' }
      // The data is inserted as text, so it is not serialised twice.
      const body = `${JSON.stringify(attributes).slice(0, -1)},"data":${data}}`
      return { id, type, body, headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } }
    }
    case 'cloudevents-binary': {
      const attributes = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': source, 'ce-type': type, 'ce-time': time }
      return { id, type, body: data, headers: { 'content-type': 'application/json', ...attributes } }
    }
    case 'text':
      return { id, type, body: chatText(note()), headers: { 'content-type': 'application/json' } }
    case 'teams':
      return { id, type, body: teamsCard(note()), headers: { 'content-type': 'application/json' } }
    default:
      throw new Error(`unknown format ${format satisfies never}`)
  }
}
