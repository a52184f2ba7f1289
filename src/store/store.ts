import type { Document, Profile } from '../domain/document/document.ts'
import type { EventType, LoggedEvent, NewEvent } from '../domain/event/event.ts'
import type { HistoryRequirement, HistoryRow } from '../domain/history/history.ts'
import type { RequirementName } from '../domain/history/requirement-name.ts'
import type { Revision } from '../domain/history/revision.ts'
import type { Rows } from '../domain/history/rows.ts'
import type { Step } from '../domain/history/step.ts'
import type { Key, ReplacedSecret } from '../domain/key.ts'
import type { KeyRange } from '../domain/lookup/lookup-index.ts'
import type { Narrowing } from '../domain/narrowing.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { CommitOutcome } from './commit-outcome.ts'
import type { Connections, Pulse } from './engine/engine.ts'
import type { FeedStore } from './feed-store.ts'
import type { SiteStore } from './site-store.ts'
import type { SubscriptionStore } from './subscription-store.ts'

export type { CommitOutcome } from './commit-outcome.ts'
export type { KeptFeed } from './feed-store.ts'
export type { SiteHead, SitePublication, StoredSiteRevision } from './site-store.ts'
export type { LeaseCounts, Leased, Result, SubscriptionEdit, SubscriptionStore } from './subscription-store.ts'

/** A revision with the seq of its publish event. */
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
  /** The events in their order. The last one is that of the publish itself. */
  readonly events: readonly NewEvent[]
  /** The seq of the newest event of the catalogue when the publication was decided; absent: it does not matter. */
  readonly knownSeq?: number
}

/** Events of a catalogue that come without a publish, written in one transaction: those that time brings, and those of its feed. */
export interface TransitionCommit {
  readonly catalogue: string
  /** The number of the head when the events were decided. */
  readonly number: number
  /** The seq of the newest event of the catalogue when the events were decided. */
  readonly knownSeq: number
  readonly events: readonly NewEvent[]
}

/** Revisions, instants or seqs after one number, up to and including another. */
export interface NumberRange {
  readonly after: number
  readonly upTo: number
}

/** The place of a row in the history of its catalogue. */
export interface RowPlace {
  readonly since: number
  readonly place: number
}

/** Which events of the log; an absent field takes all. */
export interface EventFilter {
  /** About one of these catalogues or, where sites are given too, about one of them. */
  readonly catalogues?: readonly string[]
  /** About one of these sites or, where catalogues are given too, about one of them. */
  readonly sites?: readonly string[]
  /** Only about catalogues that it names, and about those sites that `amongSites` names. */
  readonly within?: Narrowing
  /** Of events about sites only those about these. */
  readonly amongSites?: readonly string[]
  readonly types?: readonly EventType[]
}

export interface EventQuery extends EventFilter {
  /** Only events with a larger seq. */
  readonly after: number
  readonly limit: number
  /** Only events up to this seq. */
  readonly upTo?: number
  /** Default: ascending. */
  readonly order?: 'ascending' | 'descending'
}

/** All that the service keeps. There is one implementation (`sql-store.ts`) on two engines. */
export interface Store {
  /** The random identity of this log. Another epoch means that sequence numbers started over. */
  readonly epoch: string
  /** Runs what is asked for under one name one after the other, over all processes where the engine can. */
  inTurn<T>(name: string, run: () => Promise<T>): Promise<T>
  /** How the store stands. It fails where the store does not say so within two seconds. */
  pulse(): Promise<Pulse>
  /** Calls `wake` soon after a commit of any process, where the store tells of it. */
  listen(wake: () => void): void
  /** How often it is to be looked for commits of other processes, in milliseconds. */
  readonly lookMs: number
  /** Absent: there is no server. */
  readonly connections?: Connections
  /** When `portolan backup` last succeeded; undefined: never. Absent: it backs up no such store. */
  backedUpAt?(): Instant | undefined
  /** The seq of the newest event, 0 in an empty log. */
  seq(): Promise<number>

  /** The heads of all catalogues, or of those that have an event after `afterSeq`, ordered by catalogue id. */
  heads(afterSeq?: number): Promise<readonly Head[]>
  /** For each catalogue the newest revision whose event is not after `seq` and that was published by `instant`, ordered by catalogue id. */
  headsAt(point: { readonly seq: number; readonly instant: Instant }): Promise<readonly Head[]>

  revision(catalogue: string, number: number): Promise<StoredRevision | undefined>
  /** The newest revision with the label. */
  revisionByLabel(catalogue: string, label: string): Promise<StoredRevision | undefined>
  /** The newest revision that was published by the instant. */
  revisionAt(catalogue: string, instant: Instant): Promise<StoredRevision | undefined>
  /** The newest revision whose event is not after `seq`. */
  revisionAtSeq(catalogue: string, seq: number): Promise<StoredRevision | undefined>
  /** At most `limit` revisions with numbers up to `from`, newest first. */
  revisions(
    catalogue: string,
    page: { readonly from: number; readonly limit: number }
  ): Promise<readonly StoredRevision[]>

  /** The document of a revision, as it was published. */
  document(catalogue: string, number: number): Promise<Document>
  /** Whether a catalogue has more than so many endpoint rows in all of its history. Cost: at most that many rows. */
  hasMoreRows(catalogue: string, most: number): Promise<boolean>
  /** How many endpoint rows stand in the newest revision of a catalogue. */
  headRows(catalogue: string): Promise<number>
  /** The document of a revision with these requirements only, at the cost of their rows. */
  documentPart(catalogue: string, number: number, keys: readonly string[]): Promise<Document>
  /** The fields of the document of a revision about its catalogue as a whole. */
  profile(catalogue: string, number: number): Promise<Profile>
  /**
   * The parts of two revisions that can differ, with the rows of equal value, on which the impact of a change depends. Comparing these
   * parts gives the same changes as comparing the whole documents, at the cost of the rows that changed in between.
   */
  rowsBetween(catalogue: string, from: number, to: number): Promise<{ readonly before: Rows; readonly after: Rows }>

  /** All endpoint rows, past ones too, whose lookup key is one of `keys` or lies in one of `ranges`, in total order. */
  findEndpoints(query: {
    readonly keys: readonly Uint8Array[]
    readonly ranges: readonly KeyRange[]
  }): Promise<readonly HistoryRow[]>
  /**
   * Endpoint rows, past ones too, whose lookup key lies in a range: about `limit` of those with the lowest keys, in total order, and all of
   * those with one key. `next`: where the range goes on; absent at its end.
   */
  findEndpointsIn(
    range: KeyRange,
    limit: number
  ): Promise<{ readonly rows: readonly HistoryRow[]; readonly next?: Uint8Array }>
  /** All endpoint rows, past ones too, of the named requirements, in total order. */
  findEndpointsOf(named: readonly RequirementName[]): Promise<readonly HistoryRow[]>
  /**
   * Endpoint rows of a catalogue, past ones too, in which all of these texts in lower case stand, in the value or in another field, in the
   * order in which they were written: at most `limit` after a place. `next`: the place where the list goes on; absent at its end.
   */
  findEndpointsWith(
    catalogue: string,
    texts: readonly string[],
    page: { readonly after: RowPlace; readonly limit: number }
  ): Promise<{ readonly rows: readonly HistoryRow[]; readonly next?: RowPlace }>
  /** All endpoint rows, past ones too, of the kinds that match no address or name (role, feed, any), in total order. */
  findUnaddressed(): Promise<readonly HistoryRow[]>
  /** The rows of the named requirements, or of all, past ones too, in total order. */
  findRequirements(named?: readonly RequirementName[]): Promise<readonly HistoryRequirement[]>

  /** All requirement rows of a catalogue, past ones too, in total order. */
  requirementsOf(catalogue: string): Promise<readonly HistoryRequirement[]>

  /** The requirement rows that revisions after `after`, up to and including `upTo`, opened or closed. */
  requirementsTouched(catalogue: string, revisions: NumberRange): Promise<readonly HistoryRequirement[]>
  /** The endpoint rows that those revisions opened or closed, in total order, at the cost of what those revisions wrote. */
  endpointsTouched(catalogue: string, revisions: NumberRange): Promise<readonly HistoryRow[]>
  /** The endpoint rows that had been closed by a revision, in total order, at the cost of these rows. */
  endpointsClosed(catalogue: string, upTo: number): Promise<readonly HistoryRow[]>
  /** The endpoint rows of a revision whose lifetime begins or ends after one instant, up to and including another, in total order. */
  endpointsTurning(catalogue: string, number: number, instants: NumberRange): Promise<readonly HistoryRow[]>

  /**
   * Writes all of a publication or nothing. After a `conflict` with another publisher, or with the clock of another process, the head
   * must be loaded and the publication decided again.
   */
  commit(publication: Publication): Promise<CommitOutcome>
  /** Appends events that come without a publish, or nothing: the same as `commit` without a revision. */
  commitTransitions(transitions: TransitionCommit): Promise<CommitOutcome>
  /** Those of the deduplication keys that are in the log. */
  loggedOnce(once: readonly string[]): Promise<ReadonlySet<string>>

  events(query: EventQuery): Promise<readonly LoggedEvent[]>
  /** How many events a filter takes after one seq, up to and including another. */
  countEvents(query: EventFilter & NumberRange): Promise<number>
  /** The seqs of the events that `events` would give. */
  eventSeqs(query: EventQuery): Promise<readonly number[]>
  /** The seq of the newest event before `seq` that the filter takes, or 0. */
  previousSeq(seq: number, filter: EventFilter): Promise<number>

  /** All keys, or those with these ids, the oldest first. */
  keys(ids?: readonly string[]): Promise<readonly Key[]>
  addKey(key: Key): Promise<void>
  /** Gives a key another secret. False where the secret is no longer the one that is replaced, or the key was revoked. */
  rotateKey(id: string, hash: string, previous: ReplacedSecret): Promise<boolean>
  /** Writes when keys were used last. */
  markKeysUsed(used: ReadonlyMap<string, Instant>): Promise<void>
  /** False where there is no such key, or the key was revoked before. */
  revokeKey(id: string, revokedAt: Instant): Promise<boolean>

  readonly subscriptions: SubscriptionStore
  readonly feeds: FeedStore
  readonly sites: SiteStore

  close(): Promise<void>
}
