import { countChanges } from '../change/change.ts'
import type { MergedDocument } from '../site/merge.ts'
import { mergedRows } from '../site/merged-rows.ts'
import type { SiteRevision } from '../site/site-revision.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { maxEventChanges, type NewSiteEvent } from './event.ts'
import { transitionChanges } from './transition.ts'

/** A transition that the document of a site makes by itself. */
export interface SiteDue {
  readonly instant: Instant
  /** The deduplication key of the event, so that it is logged once by whichever process. */
  readonly once: string
}

type ScheduledSite = Pick<SiteRevision, 'site' | 'recordedAt' | 'transitions'>

/** The transitions of the newest revision of a site that are due by now, in order, whether logged or not: those after it was recorded. */
export function siteDueBy({ site, recordedAt, transitions }: ScheduledSite, now: Instant): readonly SiteDue[] {
  return transitions
    .filter((instant) => instant > recordedAt && instant <= now)
    .map((instant) => ({ instant, once: `site transitioned ${site} ${formatInstant(instant)}` }))
}

/** When the next transition of a revision after an instant is; undefined: never. */
export function nextSiteDue({ recordedAt, transitions }: ScheduledSite, after: Instant): Instant | undefined {
  const start = Math.max(after, recordedAt)
  return transitions.find((instant) => instant > start)
}

/** A transition that is due, as it is written into the log. `merged`: the site with its catalogues as they are. */
export function siteClockEvent(
  { site, number, digest }: SiteRevision,
  merged: MergedDocument,
  { instant, once }: SiteDue,
  { now, id }: { readonly now: Instant; readonly id: string }
): NewSiteEvent {
  const changes = transitionChanges(mergedRows(merged), instant)
  return {
    id,
    type: 'site.transitioned',
    site,
    once,
    occurredAt: now,
    effectiveAt: instant,
    lateByMs: Math.max(0, now - instant),
    revision: { number, digest },
    counts: countChanges(changes),
    changes: changes.slice(0, maxEventChanges),
    truncated: changes.length > maxEventChanges
  }
}
