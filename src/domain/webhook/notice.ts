import type { Instant } from '../time/instant.ts'
import type { SubscriptionState } from './subscription.ts'

export const noticeTypes = [
  'subscription.ping',
  'subscription.activated',
  'subscription.degraded',
  'subscription.suspended',
  'subscription.paused',
  'subscription.resumed',
  'subscription.gone'
] as const
export type NoticeType = (typeof noticeTypes)[number]

/** A message to the owner of one subscription about it. Notices are not in the log, so they have no `seq`. */
export interface Notice {
  /** `evt_` and 26 characters of a ULID. */
  readonly id: string
  readonly type: NoticeType
  readonly occurredAt: Instant
  /** The state of the subscription after the event. */
  readonly state: SubscriptionState
  readonly previousState?: SubscriptionState
  readonly reason?: string
}

/** Whether a notice is sent to the receiver: not while the receiver fails, and not after it asked for no more. */
export function isSentToReceiver({ type }: Pick<Notice, 'type'>): boolean {
  switch (type) {
    case 'subscription.ping':
    case 'subscription.activated':
    case 'subscription.paused':
    case 'subscription.resumed':
      return true
    case 'subscription.degraded':
    case 'subscription.suspended':
    case 'subscription.gone':
      return false
    default:
      throw new Error(`unknown notice ${type satisfies never}`)
  }
}
