import type { Instant } from '../domain/time/instant.ts'
import type { DeadLetter, Delivery } from '../domain/webhook/delivery.ts'
import type { Notice } from '../domain/webhook/notice.ts'
import type { Settlement } from '../domain/webhook/settle.ts'
import type { Subscription, SubscriptionDefinition, SubscriptionState } from '../domain/webhook/subscription.ts'
import type { SubscriptionFilter } from '../domain/webhook/subscription-filter.ts'
import type { Secret } from '../domain/webhook/webhook-secret.ts'
import type { SigningKey } from '../domain/webhook/webhook-signature.ts'

export interface NewSubscription {
  readonly id: string
  readonly owner?: string
  readonly definition: SubscriptionDefinition
  readonly secrets: readonly Secret[]
  readonly createdAt: Instant
}

/** What its owner changes; what is absent stays. Whatever it is, the receiver is tried again at once. */
export interface SubscriptionEdit {
  readonly definition?: SubscriptionDefinition
  readonly secrets?: readonly Secret[]
  readonly state?: { readonly to: SubscriptionState; readonly reason?: string }
  readonly replay?: { readonly from: number; readonly to: number }
  readonly notices?: readonly Notice[]
}

/** A subscription that nobody else sends for, until the lease ends. */
export interface Leased {
  readonly subscription: Subscription
  /** Writes of a holder that another one replaced are refused by it. */
  readonly fence: number
}

export interface Result {
  readonly id: string
  readonly fence: number
  /** As it was when the attempts were decided on: only what is still so is changed. */
  readonly before: Subscription
  readonly settlement: Settlement
  readonly deliveries: readonly Delivery[]
  /** What the settlement gives rise to. */
  readonly notices: readonly Notice[]
  readonly at: Instant
  /** When the lease ends; 0: now. */
  readonly leaseUntil: Instant
}

/** Newest first: numbers below `before`. */
export interface DeliveryPage {
  readonly before?: number
  readonly limit: number
}

/** Subscriptions and what is sent to them. */
export interface SubscriptionStore {
  /** Its cursor starts at the end of the log. */
  add(subscription: NewSubscription): Promise<void>
  find(id: string): Promise<Subscription | undefined>
  /** Oldest first; of one owner, or all. */
  list(owner?: string): Promise<readonly Subscription[]>
  /** False where it changed since `version`, or is gone. */
  edit(id: string, version: number, edit: SubscriptionEdit, at: Instant): Promise<boolean>
  /** With its log. False where there is none. */
  remove(id: string): Promise<boolean>
  countByState(): Promise<ReadonlyMap<SubscriptionState, number>>
  /** Those that have something to send, oldest need first. */
  lagging(limit: number): Promise<readonly Subscription[]>

  /** How far the log was held against the subscriptions. */
  fanOut(): Promise<{ readonly seq: number; readonly definitions: number }>
  filters(): Promise<readonly { readonly id: string; readonly filter: SubscriptionFilter }[]>
  /** Marks what matched, and moves on; false where another process did, or a subscription changed: look again. */
  mark(
    from: { readonly seq: number; readonly definitions: number },
    to: number,
    matched: ReadonlyMap<number, readonly string[]>
  ): Promise<boolean>

  /** Leases of subscriptions that have something to send, at most `limit`; each to one holder only. */
  claim(claim: {
    readonly holder: string
    readonly now: Instant
    readonly until: Instant
    readonly limit: number
  }): Promise<readonly Leased[]>
  /** The subscription as it is now, while the lease holds. */
  leased(id: string, fence: number): Promise<Subscription | undefined>
  /** Writes all of it in one commit; of each, the subscription as it is then, or undefined where its lease was lost. */
  record(results: readonly Result[]): Promise<readonly (Subscription | undefined)[]>
  /** When something can be claimed next; undefined: nothing waits. */
  nextDue(): Promise<Instant | undefined>
  /** Ends the leases that a process before this one left. Of a store that several processes may serve: none. */
  takeOver(): Promise<void>

  pendingNotice(id: string): Promise<Notice | undefined>
  deliveries(id: string, page: DeliveryPage): Promise<readonly Delivery[]>
  /** Ascending by seq. */
  deadLetters(id: string, limit: number, after?: number): Promise<readonly DeadLetter[]>
  nextRedrive(id: string): Promise<DeadLetter | undefined>
  /** Marks dead letters to be sent again, all or those named: how many. */
  redrive(id: string, seqs: readonly number[] | undefined, at: Instant): Promise<number>
  /** Takes away old entries of the log of deliveries, at most 500: how many. */
  purge(limits: { readonly before: Instant; readonly most: number }): Promise<number>

  signingKeys(): Promise<readonly SigningKey[]>
  /** The key that is kept: this one, or one that another process was faster to add. */
  addSigningKey(key: SigningKey): Promise<SigningKey>
}
