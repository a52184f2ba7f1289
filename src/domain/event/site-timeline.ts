import type { Revision } from '../history/revision.ts'
import type { MergedDocument } from '../site/merge.ts'
import { mergedRows } from '../site/merged-rows.ts'
import type { SiteRevision } from '../site/site-revision.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { type SiteRevisionRef, siteRevisionRef } from '../view/view.ts'
import { revisionEntry, type TimelineEntry, transitionEntry } from './timeline.ts'

/** One line of the history of a site: a publish of the site or of a catalogue that it takes, or a transition of the merged rows. */
export interface SiteTimelineEntry extends Omit<TimelineEntry, 'revision'> {
  /** The revision of the site; of a publish of a catalogue that of the catalogue. */
  readonly revision: TimelineEntry['revision'] | SiteRevisionRef
  /** Id of the catalogue that was published. */
  readonly catalogue?: string
}

export function siteRevisionEntry(revision: SiteRevision): SiteTimelineEntry {
  const { number, publishedAt, reason, counts } = revision
  return {
    at: formatInstant(publishedAt),
    kind: 'revision',
    state: 'happened',
    revision: siteRevisionRef(revision),
    summary: `Revision ${number} of the site.`,
    ...(reason !== undefined && { reason }),
    counts
  }
}

export function takenRevisionEntry(revision: Revision): SiteTimelineEntry {
  return { ...revisionEntry(revision), catalogue: revision.catalogue }
}

export function siteTransitionEntry(
  revision: SiteRevision,
  merged: MergedDocument,
  instant: Instant,
  now: Instant
): SiteTimelineEntry {
  return transitionEntry(siteRevisionRef(revision), mergedRows(merged), instant, now)
}
