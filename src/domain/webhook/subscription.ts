import { ulid } from '../event/ulid.ts'
import type { Instant } from '../time/instant.ts'
import type { SubscriptionFilter } from './subscription-filter.ts'
import type { Secret } from './webhook-secret.ts'

export const subscriptionStates = ['pending', 'active', 'degraded', 'suspended', 'paused', 'gone'] as const
export type SubscriptionState = (typeof subscriptionStates)[number]

export const webhookFormats = ['standard', 'cloudevents', 'cloudevents-binary', 'text', 'teams'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

export const orderings = ['strict', 'none'] as const
export type Ordering = (typeof orderings)[number]

/** How many events may be sent to one receiver at a time. */
export const parallelRequests: Readonly<Record<Ordering, number>> = { strict: 1, none: 4 }

/** The part of a subscription that its owner decides. */
export interface SubscriptionDefinition {
  readonly url: string
  readonly description?: string
  readonly filter: SubscriptionFilter
  readonly format: WebhookFormat
  readonly ordering: Ordering
  /** Requests are also signed with Ed25519. */
  readonly isAsymmetric: boolean
  /** Header fields that are sent with each request, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
}

/** A range of the log that is sent once more, both ends included. `next` is the first seq that was not sent yet. */
export interface Replay {
  readonly from: number
  readonly to: number
  readonly next: number
}

/** How far a subscription has come, and how its receiver fares. */
export interface Progress {
  /** All events up to this seq that match are delivered or dead letters. */
  readonly cursor: number
  /** The seq of the newest event that is known to match. If it is beyond the cursor, something waits to be sent. */
  readonly matched: number
  /** The seq of the newest matching event that is not after the cursor; absent: not known yet. */
  readonly previous?: number | undefined
  /** The seqs of events beyond the cursor that are delivered already, where order does not matter. */
  readonly ahead: readonly number[]
  readonly replay?: Replay | undefined
  /** How many dead letters wait to be sent again. */
  readonly redrives: number
  /** How many notices wait to be sent or logged. */
  readonly notices: number
  /** Nothing is sent before this instant. */
  readonly dueAt: Instant
  /** How many attempts in a row failed, and since when. */
  readonly failures: number
  readonly failingSince?: Instant | undefined
  /** How often the receiver refused the event at the cursor, and since when. */
  readonly refusals: number
  readonly refusedSince?: Instant | undefined
  /** How many attempts there were in all. It numbers the log of deliveries. */
  readonly attempts: number
}

/** A webhook receiver: a URL, a filter, a secret and a cursor in the log. */
export interface Subscription extends SubscriptionDefinition, Progress {
  /** `sub_` and 26 characters of a ULID. */
  readonly id: string
  /** The id of the key that made the subscription. Absent: it was made from a shell, and only administrators see it. */
  readonly owner?: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly state: SubscriptionState
  readonly stateSince: Instant
  readonly stateReason?: string
  /** When the subscription was active for the first time. */
  readonly activatedAt?: Instant
  /** Newest first. */
  readonly secrets: readonly Secret[]
  /** Counts changes of the definition, so that none of two simultaneous changes is lost. */
  readonly version: number
}

/** The id of a new subscription: `sub_` and a ULID. `random`: 10 bytes. */
export function subscriptionId(now: Instant, random: Uint8Array): string {
  return `sub_${ulid(now, random)}`
}

/**
 * The progress of a subscription, without its other fields. Each field is named, since this is made several times for each delivery and
 * spreads take ten times as long.
 */
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

/** Whether events are sent in a state. */
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
