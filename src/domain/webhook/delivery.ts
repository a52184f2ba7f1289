import type { EventType, LoggedEvent } from '../event/event.ts'
import type { Instant } from '../time/instant.ts'
import type { Notice, NoticeType } from './notice.ts'
import { isTaken, type Outcome } from './outcome.ts'

/** One message to be sent to one receiver. */
export type DeliveryTask =
  | { readonly kind: 'notice'; readonly notice: Notice }
  | {
      readonly kind: 'live' | 'replay' | 'redrive'
      readonly event: LoggedEvent
      /** The seq of the event before it that matches the subscription; 0 where there is none. */
      readonly prevSeq: number
    }

/** An entry in the log of deliveries. */
export interface Delivery {
  readonly subscription: string
  /** Counts the attempts of the subscription, from 1. */
  readonly number: number
  readonly at: Instant
  readonly kind: DeliveryTask['kind']
  readonly event: string
  readonly type: EventType | NoticeType
  readonly seq?: number
  readonly url: string
  /** `noted`: a notice that is not sent to receivers. */
  readonly result: 'delivered' | 'failed' | 'noted'
  readonly status?: number
  readonly error?: string
  readonly detail?: string
  readonly address?: string
  readonly durationMs: number
  /** The first 4 KiB of the body of the answer. */
  readonly response?: string
}

/** How many characters of an answer are kept. */
const mostResponse = 4096

/** The entry for an attempt. */
export function deliveryOf(
  { id, url }: { readonly id: string; readonly url: string },
  number: number,
  task: DeliveryTask,
  outcome: Outcome,
  at: Instant
): Delivery {
  const isNotice = task.kind === 'notice'
  const { address, durationMs } = outcome
  const common = {
    subscription: id,
    number,
    at,
    kind: task.kind,
    event: isNotice ? task.notice.id : task.event.id,
    type: isNotice ? task.notice.type : task.event.type,
    ...(!isNotice && { seq: task.event.seq }),
    url,
    ...(address !== undefined && { address }),
    durationMs
  }
  if (outcome.kind === 'failed') return { ...common, result: 'failed', error: outcome.error, detail: outcome.detail }
  const { status, body } = outcome
  return {
    ...common,
    result: isTaken(outcome) ? 'delivered' : 'failed',
    status,
    ...(body !== '' && { response: body.slice(0, mostResponse) })
  }
}

/** The entry for a notice that is not sent to the receiver. */
export function loggedNotice(
  { id, url }: { readonly id: string; readonly url: string },
  number: number,
  notice: Notice,
  at: Instant
): Delivery {
  const { reason, type } = notice
  const detail = reason === undefined ? {} : { detail: reason }
  const common = { subscription: id, number, at, kind: 'notice', event: notice.id, type, url } as const
  return { ...common, result: 'noted', ...detail, durationMs: 0 }
}

/** An event that a receiver refused until it was given up. */
export interface DeadLetter {
  readonly subscription: string
  readonly seq: number
  readonly event: string
  readonly type: EventType
  readonly at: Instant
  readonly status: number
  /** The event waits to be sent again. */
  readonly isRedriving: boolean
}
