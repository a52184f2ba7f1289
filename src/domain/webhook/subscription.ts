import { ulid } from '../event/ulid.ts'
import type { Instant } from '../time/instant.ts'
import type { SubscriptionFilter } from './subscription-filter.ts'
import type { Secret } from './webhook-secret.ts'

export const subscriptionStates = ['pending', 'active', 'degraded', 'suspended', 'paused', 'gone'] as const
export type SubscriptionState = (typeof subscriptionStates)[number]

export const webhookFormats = ['standard', 'cloudevents', 'cloudevents-binary'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

export const orderings = ['strict', 'none'] as const
export type Ordering = (typeof orderings)[number]

/** How many events may be under way to one receiver at a time. */
export const parallel: Readonly<Record<Ordering, number>> = { strict: 1, none: 4 }

/** What its owner decides. */
export interface SubscriptionDefinition {
  readonly url: string
  readonly description?: string
  readonly filter: SubscriptionFilter
  readonly format: WebhookFormat
  readonly ordering: Ordering
  /** Signed with Ed25519 too. */
  readonly isAsymmetric: boolean
  /** Sent with each request, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
}

/** A range of the log that is sent once more; `next` is the first that was not yet. Both ends belong to it. */
export interface Replay {
  readonly from: number
  readonly to: number
  readonly next: number
}

/** How far it got, and how the receiver does. */
export interface Progress {
  /** Everything that matches, up to here, is delivered or a dead letter. */
  readonly cursor: number
  /** The newest event that is known to match; work is what lies between. */
  readonly matched: number
  /** The newest matching event that is not after the cursor; absent: not known yet. */
  readonly previous?: number | undefined
  /** Delivered beyond the cursor, where order does not matter. */
  readonly ahead: readonly number[]
  readonly replay?: Replay | undefined
  /** Dead letters that wait to be sent again. */
  readonly redrives: number
  /** Notices that wait to be told. */
  readonly notices: number
  /** Nothing is sent before. */
  readonly dueAt: Instant
  /** Attempts in a row that failed, and since when. */
  readonly failures: number
  readonly failingSince?: Instant | undefined
  /** How often the receiver refused the event at the cursor, and since when. */
  readonly refusals: number
  readonly refusedSince?: Instant | undefined
  /** All attempts ever: numbers the log of deliveries. */
  readonly attempts: number
}

/** A webhook receiver: a URL, a filter, a secret and a cursor in the log. */
export interface Subscription extends SubscriptionDefinition, Progress {
  /** `sub_` and 26 characters of a ULID. */
  readonly id: string
  /** Id of the key that made it; absent: made from a shell, for administrators only. */
  readonly owner?: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly state: SubscriptionState
  readonly stateSince: Instant
  readonly stateReason?: string
  /** When it first was active. */
  readonly activatedAt?: Instant
  /** Newest first. */
  readonly secrets: readonly Secret[]
  /** Counts changes of the definition, so that none of two is lost. */
  readonly version: number
}

/** `sub_` and a ULID. `random`: 10 bytes. */
export function subscriptionId(now: Instant, random: Uint8Array): string {
  return `sub_${ulid(now, random)}`
}

/** How far it got, without what it is. Written out, as it is made several times for each delivery: spreads take ten times as long. */
export function progressOf(subscription: Progress): Progress {
  const { cursor, matched, previous, ahead, replay, redrives, notices } = subscription
  const { dueAt, failures, failingSince, refusals, refusedSince, attempts } = subscription
  return {
    cursor,
    matched,
    previous,
    ahead,
    replay,
    redrives,
    notices,
    dueAt,
    failures,
    failingSince,
    refusals,
    refusedSince,
    attempts
  }
}

/** States in which events are sent. */
export function isSending(state: SubscriptionState): boolean {
  switch (state) {
    case 'active':
    case 'degraded':
      return true
    case 'pending':
    case 'suspended':
    case 'paused':
    case 'gone':
      return false
    default:
      throw new Error(`unknown state ${state satisfies never}`)
  }
}
