import type { FeedRecord } from '../domain/polling/feed-record.ts'
import type { Instant } from '../domain/time/instant.ts'

export interface FeedClaim {
  /** What is kept of a feed that was never asked for. */
  readonly first: FeedRecord
  /** A name that no other claim has. */
  readonly holder: string
  readonly now: Instant
  /** How long the lease holds, in milliseconds, by the clock of the store where it has one. */
  readonly leaseMs: number
  /** The version that the claim was decided on; absent: any. 0: there was none. */
  readonly version?: number
}

export interface FeedHold {
  readonly id: string
  readonly holder: string
  readonly now: Instant
  /** For how long from now on, in milliseconds; 0: the lease is given back, and nothing else has changed. */
  readonly leaseMs: number
}

export interface KeptFeed {
  readonly record: FeedRecord
  /** Counts the writes. 0: nothing was written yet. */
  readonly version: number
}

/** What the feeds remember from one fetch to the next. */
export interface FeedStore {
  /** All that is kept, by id. */
  all(): Promise<ReadonlyMap<string, KeptFeed>>
  /** Takes the lease of a feed. The record as it is then, or undefined where another holder has it, or it has another version. */
  claim(claim: FeedClaim): Promise<FeedRecord | undefined>
  /** Renews a lease, or gives it back. False where it was lost. */
  hold(hold: FeedHold): Promise<boolean>
  /**
   * Writes a record and gives the lease back. `heldDocument`: the document of the change that is held, as JSON; undefined: the one that is
   * kept, as long as something is held. False where the lease was lost.
   */
  write(holder: string, record: FeedRecord, heldDocument?: string): Promise<boolean>
  /** The document of the change that is held, as JSON. */
  heldDocument(id: string): Promise<string | undefined>
}
