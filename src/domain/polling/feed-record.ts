import type { Validators } from '../feed/fetched.ts'
import type { GuardRailFinding } from '../publishing/guard-rail-finding.ts'
import type { Instant } from '../time/instant.ts'

export const fetchOutcomes = ['published', 'unchanged', 'not-modified', 'held', 'failed'] as const
export type FetchOutcome = (typeof fetchOutcomes)[number]

/** The last time that a list was asked for, and what came of it for the catalogue. */
interface LastFetch {
  readonly at: Instant
  readonly outcome: FetchOutcome
  /** Of HTTP; absent where there was no answer, or the list was read from a file. */
  readonly status?: number
}

/** An answer that was taken in: asked for again conditionally as long as the catalogue has what came of it. */
export interface Accepted {
  /** The digest of the URL that was asked, which may hold a secret. */
  readonly source: string
  readonly validators: Validators
  /** The digest of the bytes of the list. */
  readonly digest: string
  /** The number of the head that says what the list said. */
  readonly revision: number
}

/** A change that a guard rail refused, without its document. */
export interface Held {
  /** The digest of what the list said, without its edition. */
  readonly content: string
  /** When this change was first held. */
  readonly since: Instant
  readonly findings: readonly GuardRailFinding[]
  readonly token?: string
  /** The number of the head that the change was judged against; 0: there was none. */
  readonly head: number
  readonly answered: Omit<Accepted, 'revision'>
}

/** What is kept of a feed from one fetch to the next. */
export interface FeedRecord {
  readonly id: string
  /** The newest token that was seen. */
  readonly token?: string
  readonly accepted?: Accepted
  readonly lastFetch?: LastFetch
  readonly lastSuccess?: Instant
  /** When the catalogue last got a revision of the list. */
  readonly lastChange?: Instant
  /** How many fetches in a row failed, since when, and why. */
  readonly failures: number
  readonly failingSince?: Instant
  readonly reason?: string
  /** When the list is asked for next. */
  readonly next: Instant
  /** A change that waits for a second fetch that agrees. */
  readonly pending?: { readonly content: string; readonly firstSeen: Instant }
  /** The token of an answer that was older than what was seen before. */
  readonly behind?: string
  readonly held?: Held
}
