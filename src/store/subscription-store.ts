import type { Instant } from '../domain/time/instant.ts'
import type { KeptCreation } from '../domain/webhook/creation.ts'
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
  readonly creation?: KeptCreation
  readonly definition: SubscriptionDefinition
  readonly secrets: readonly Secret[]
  readonly createdAt: Instant
}

export interface MadeSubscription {
  readonly subscription: Subscription
  readonly creation: KeptCreation
}

/** The changes of an owner. An absent field stays as it is. After any change the receiver is tried again at once. */
export interface SubscriptionEdit {
  readonly definition?: SubscriptionDefinition
  readonly secrets?: readonly Secret[]
  readonly state?: { readonly to: SubscriptionState; readonly reason?: string }
  readonly replay?: { readonly from: number; readonly to: number }
  readonly notices?: readonly Notice[]
}

/** How far the log was matched against the subscriptions. */
export interface FanOutPosition {
  readonly seq: number
  /** Counts the changes of subscriptions that a filter may depend on. */
  readonly definitions: number
}

export interface LeaseClaim {
  /** A name that no other claim has. */
  readonly holder: string
  readonly now: Instant
  /** How long the lease holds, in milliseconds, by the clock of the store where it has one. */
  readonly leaseMs: number
  readonly limit: number
}

export interface LeaseRelease {
  readonly id: string
  readonly fence: number
  readonly now: Instant
  /** How long nobody may claim it, in milliseconds. */
  readonly pauseMs: number
}

/** The leases that were not given back. */
export interface LeaseCounts {
  readonly held: number
  /** Those whose time is over: their holder ended or hangs, and nobody took them over yet. */
  readonly lapsed: number
}

/** A subscription for which no other process sends until the lease ends. */
export interface Leased {
  readonly subscription: Subscription
  /** The number of the lease. Writes with an older fence are refused: their holder was replaced. */
  readonly fence: number
}

/** The outcome of some attempts for one subscription, as it is written. */
export interface Result {
  readonly id: string
  readonly fence: number
  /** The subscription when the attempts were decided. A field that its owner changed since is not written. */
  readonly before: Subscription
  readonly settlement: Settlement
  readonly deliveries: readonly Delivery[]
  /** New notices that the settlement leads to. */
  readonly notices: readonly Notice[]
  readonly at: Instant
  /** How long the lease holds from now on, in milliseconds; 0: it is given back. */
  readonly leaseMs: number
}

/** A page of the log of deliveries, newest first: `limit` entries with numbers below `before`. */
export interface DeliveryPage {
  readonly before?: number
  readonly limit: number
}

/** The subscriptions and what is sent to them. */
export interface SubscriptionStore {
  /**
   * Adds a subscription whose cursor starts at the end of the log. False where its owner made another one with the same key of creation
   * within `creationMs`.
   */
  add(subscription: NewSubscription): Promise<boolean>
  /** What an owner made with a key of creation within `creationMs`. */
  made(owner: string, key: string, now: Instant): Promise<MadeSubscription | undefined>
  find(id: string): Promise<Subscription | undefined>
  /** The subscriptions of one owner, or of all, oldest first. */
  list(owner?: string): Promise<readonly Subscription[]>
  /** The ids of the keys that own a subscription that is neither paused nor gone. */
  owners(): Promise<readonly string[]>
  /** False where the subscription changed since `version`, or is gone. */
  edit(id: string, version: number, edit: SubscriptionEdit, at: Instant): Promise<boolean>
  /** Removes a subscription with its log of deliveries. False where there is none. */
  remove(id: string): Promise<boolean>
  countByState(): Promise<ReadonlyMap<SubscriptionState, number>>
  /** The subscriptions that have something to send, those that have been due for longest first. */
  lagging(limit: number): Promise<readonly Subscription[]>

  /** How far the log was matched against the subscriptions, and how often those had changed by then. */
  fanOut(): Promise<FanOutPosition>
  filters(): Promise<readonly { readonly id: string; readonly filter: SubscriptionFilter }[]>
  /**
   * Marks the subscriptions that want events, by seq, and moves the fan-out on. Many are marked in several commits, so that nobody waits
   * long for one of them. False where another process moved it, or a subscription changed: then the caller has to match again.
   */
  mark(from: FanOutPosition, to: number, matched: ReadonlyMap<number, readonly string[]>): Promise<boolean>

  /** Leases at most `limit` subscriptions that have something to send. Each is leased to one holder only. */
  claim(claim: LeaseClaim): Promise<readonly Leased[]>
  /** The subscription as it is now; undefined where the lease is lost. */
  leased(id: string, fence: number): Promise<Subscription | undefined>
  /** Writes all results in one commit. The answer has each subscription as it is then, or undefined where its lease was lost. */
  record(results: readonly Result[]): Promise<readonly (Subscription | undefined)[]>
  /** Lets go of a lease whose holder failed. */
  release(lease: LeaseRelease): Promise<void>
  /** In how many milliseconds something can be claimed; undefined: nothing waits. */
  nextDueIn(now: Instant): Promise<number | undefined>
  /** The leases of all processes. */
  countLeases(now: Instant): Promise<LeaseCounts>
  /** Ends the leases that an earlier process left. It does nothing in a store that several processes may serve. */
  takeOver(): Promise<void>

  /** The oldest notice that waits to be sent or logged. */
  pendingNotice(id: string): Promise<Notice | undefined>
  deliveries(id: string, page: DeliveryPage): Promise<readonly Delivery[]>
  /** At most `limit` dead letters after a seq, ascending. */
  deadLetters(id: string, limit: number, after?: number): Promise<readonly DeadLetter[]>
  /** The first dead letter that waits to be sent again. */
  nextRedrive(id: string): Promise<DeadLetter | undefined>
  /** Marks the named dead letters, or all, to be sent again. The answer is their number. */
  redrive(id: string, seqs: readonly number[] | undefined, at: Instant): Promise<number>
  /**
   * Removes entries of the log of deliveries, at most 500 at a time: those from before an instant, and those beyond `most` of a
   * subscription. The answer is their number.
   */
  purge(limits: { readonly before: Instant; readonly most: number }): Promise<number>

  signingKeys(): Promise<readonly SigningKey[]>
  /** Adds the key, unless another process was faster. The answer is the key that is kept. */
  addSigningKey(key: SigningKey): Promise<SigningKey>
}
