import type { Document, Profile } from '../domain/document/document.ts'
import type { EventType, LoggedEvent, NewEvent } from '../domain/event/event.ts'
import type { HistoryRequirement, HistoryRow } from '../domain/history/history.ts'
import type { RequirementName } from '../domain/history/requirement-name.ts'
import type { Revision } from '../domain/history/revision.ts'
import type { Rows } from '../domain/history/rows.ts'
import type { Step } from '../domain/history/step.ts'
import type { Key } from '../domain/key.ts'
import type { KeyRange } from '../domain/lookup/lookup-index.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { SubscriptionStore } from './subscription-store.ts'

export type { Leased, Result, SubscriptionEdit, SubscriptionStore } from './subscription-store.ts'

/** A revision with the place that its publish event has in the log. */
export interface StoredRevision extends Revision {
  readonly seq: number
}

/** The newest revision of a catalogue, and the newest event of it in the log. */
export interface Head {
  readonly revision: StoredRevision
  /** Title, vendor, product and version, for lists. */
  readonly title: string
  readonly vendor: string
  readonly product: string
  readonly version: string
  readonly seq: number
}

/** What one publish writes, all in one transaction. */
export interface Publication {
  readonly revision: Revision
  readonly step: Step
  /** In their order; the last one is the publish itself. */
  readonly events: readonly NewEvent[]
  /** The newest event of the catalogue that was known when it was decided; absent: whichever it is. */
  readonly knownSeq?: number
}

/** What came of a commit. `conflict`: another writer was faster, and nothing was written. */
export type CommitOutcome =
  | {
      readonly kind: 'committed'
      /** The seqs of the events, in their order. */
      readonly seqs: readonly number[]
      /** The seq of the last event; of a publication that is the seq of the revision. */
      readonly lastSeq: number
    }
  | { readonly kind: 'conflict' }

/** What the clock tells of a catalogue, all in one transaction. */
export interface TransitionCommit {
  readonly catalogue: string
  /** The head, and the newest event of the catalogue, that were known when it was decided. */
  readonly number: number
  readonly knownSeq: number
  readonly events: readonly NewEvent[]
}

export interface EventFilter {
  readonly catalogues?: readonly string[]
  readonly types?: readonly EventType[]
}

export interface EventQuery extends EventFilter {
  /** Events with a larger seq. */
  readonly after: number
  readonly limit: number
  /** Not after this seq. */
  readonly upTo?: number
  /** Default: ascending. */
  readonly order?: 'ascending' | 'descending'
}

/** Everything that is kept. One implementation (`sql-store.ts`) on two engines. */
export interface Store {
  /** The random identity of this log; another one means that sequence numbers start over. */
  readonly epoch: string
  /** A number that differs whenever anything, in any process, was committed since the last call. */
  version(): Promise<number>
  /** The seq of the newest event, 0 in an empty log. */
  seq(): Promise<number>

  /** The heads of all catalogues, or of those that have an event after `afterSeq`; ordered by catalogue id. */
  heads(afterSeq?: number): Promise<readonly Head[]>
  /** For each catalogue the newest revision whose event is not after `seq`, and which had been published by `instant`; ordered by id. */
  headsAt(point: { readonly seq: number; readonly instant: Instant }): Promise<readonly Head[]>

  revision(catalogue: string, number: number): Promise<StoredRevision | undefined>
  /** The newest revision that bears the label. */
  revisionByLabel(catalogue: string, label: string): Promise<StoredRevision | undefined>
  /** The highest number whose `publishedAt` is not after the instant. */
  revisionAt(catalogue: string, instant: Instant): Promise<StoredRevision | undefined>
  /** The newest revision whose event is not after `seq`. */
  revisionAtSeq(catalogue: string, seq: number): Promise<StoredRevision | undefined>
  /** Newest first: numbers at most `from`, `limit` of them. */
  revisions(
    catalogue: string,
    page: { readonly from: number; readonly limit: number }
  ): Promise<readonly StoredRevision[]>

  /** The document of a revision, as it was published. */
  document(catalogue: string, number: number): Promise<Document>
  /** What a revision says of its catalogue as a whole. */
  profile(catalogue: string, number: number): Promise<Profile>
  /**
   * The parts of two revisions that can differ, with the rows of equal value that the impact of a difference depends on: comparing
   * these parts gives the same changes as comparing the whole. Cost: the rows that changed in between.
   */
  rowsBetween(catalogue: string, from: number, to: number): Promise<{ readonly before: Rows; readonly after: Rows }>

  /** All rows of history, past ones too, whose lookup key is one of `keys` or lies in one of `ranges`; total order. */
  findEndpoints(query: {
    readonly keys: readonly Uint8Array[]
    readonly ranges: readonly KeyRange[]
  }): Promise<readonly HistoryRow[]>
  /** All rows of history, past ones too, of the named requirements; total order. */
  findEndpointsOf(named: readonly RequirementName[]): Promise<readonly HistoryRow[]>
  /** All rows of history of the kinds that match no address or name (role, feed, any). */
  findUnaddressed(): Promise<readonly HistoryRow[]>
  /** Requirement rows: those named, or all. */
  findRequirements(named?: readonly RequirementName[]): Promise<readonly HistoryRequirement[]>

  /** Requirement rows of one catalogue, past ones too. */
  requirementsOf(catalogue: string): Promise<readonly HistoryRequirement[]>

  /** Requirement rows that revisions after `after`, up to and including `upTo`, opened or closed. */
  requirementsTouched(
    catalogue: string,
    revisions: { readonly after: number; readonly upTo: number }
  ): Promise<readonly HistoryRequirement[]>
  /** The same of endpoint rows; total order. Cost: what those revisions wrote. */
  endpointsTouched(
    catalogue: string,
    revisions: { readonly after: number; readonly upTo: number }
  ): Promise<readonly HistoryRow[]>
  /** Endpoint rows of a revision that begin or end after one instant, up to and including another; total order. */
  endpointsTurning(
    catalogue: string,
    number: number,
    instants: { readonly after: Instant; readonly upTo: Instant }
  ): Promise<readonly HistoryRow[]>

  /**
   * Writes all of a publication or nothing. After a `conflict` with another publisher, or with the clock of another process, the head
   * must be loaded and the publication decided again.
   */
  commit(publication: Publication): Promise<CommitOutcome>
  /** Appends the events that the clock brings, or nothing: the same as `commit` without a revision. */
  commitTransitions(transitions: TransitionCommit): Promise<CommitOutcome>
  /** Which of these `once` are in the log. */
  loggedOnce(once: readonly string[]): Promise<ReadonlySet<string>>

  events(query: EventQuery): Promise<readonly LoggedEvent[]>
  /** How many events the filter matches after one seq, up to and including another. */
  countEvents(query: EventFilter & { readonly after: number; readonly upTo: number }): Promise<number>
  /** Of the same events only the places. */
  eventSeqs(query: EventQuery): Promise<readonly number[]>
  /** The seq of the newest event before `seq` that the filter matches, or 0. */
  previousSeq(seq: number, filter: EventFilter): Promise<number>

  keys(): Promise<readonly Key[]>
  addKey(key: Key): Promise<void>
  /** False where there is no such key, or it was revoked before. */
  revokeKey(id: string, revokedAt: Instant): Promise<boolean>

  readonly subscriptions: SubscriptionStore

  close(): Promise<void>
}
