import type { NewSiteEvent } from '../domain/event/event.ts'
import type { SiteDocument } from '../domain/site/site-document.ts'
import type { SiteRevision } from '../domain/site/site-revision.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { CommitOutcome } from './commit-outcome.ts'

/** A revision of a site with the seq of its publish event. */
export interface StoredSiteRevision extends SiteRevision {
  readonly seq: number
}

/** The newest revision of a site, its document, and the newest event of the site in the log. */
export interface SiteHead {
  readonly revision: StoredSiteRevision
  readonly document: SiteDocument
  /** The ids of all catalogues that a revision of the site has taken, in order. */
  readonly catalogues: readonly string[]
  readonly seq: number
}

/** What one publish of a site writes, all in one transaction. */
export interface SitePublication {
  readonly revision: SiteRevision
  readonly document: SiteDocument
  /** The events in their order. The last one is that of the publish itself. */
  readonly events: readonly NewSiteEvent[]
  /** The seq of the newest event of the site when the publication was decided; absent: it does not matter. */
  readonly knownSeq?: number
}

/** The events of a site that time brings, written in one transaction. */
export interface SiteTransitionCommit {
  readonly site: string
  /** The number of the head when the events were decided. */
  readonly number: number
  /** The seq of the newest event of the site when the events were decided. */
  readonly knownSeq: number
  readonly events: readonly NewSiteEvent[]
}

/** The sites and their history. */
export interface SiteStore {
  /** The heads of all sites, or of those that have an event after `afterSeq`, ordered by id. */
  heads(afterSeq?: number): Promise<readonly SiteHead[]>
  revision(site: string, number: number): Promise<StoredSiteRevision | undefined>
  /** The newest revision that was published by the instant. */
  revisionAt(site: string, instant: Instant): Promise<StoredSiteRevision | undefined>
  /** At most `limit` revisions with numbers up to `from`, newest first. */
  revisions(
    site: string,
    page: { readonly from: number; readonly limit: number }
  ): Promise<readonly StoredSiteRevision[]>
  /** The document of a revision, as it was published. */
  document(site: string, number: number): Promise<SiteDocument>
  /** Writes all of a publication or nothing. After a `conflict` the head must be loaded and the publication decided again. */
  commit(publication: SitePublication): Promise<CommitOutcome>
  /** Appends the events that the clock brings, or nothing. */
  commitTransitions(transitions: SiteTransitionCommit): Promise<CommitOutcome>
}
