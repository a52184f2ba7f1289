import type { Change } from '../change/change.ts'
import type { Counts } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'

/** The types of events about the feed of a catalogue: the states that somebody has to look at, told when they begin. */
export const feedEventTypes = ['feed.failing', 'feed.held', 'feed.stale'] as const
export type FeedEventType = (typeof feedEventTypes)[number]

/** The types of events about a catalogue. */
export const catalogueEventTypes = [
  'catalogue.created',
  'catalogue.revision_published',
  'catalogue.transitioned',
  'catalogue.transition_upcoming',
  ...feedEventTypes
] as const
export type CatalogueEventType = (typeof catalogueEventTypes)[number]

/** The types of events about a site. Its first publish is a `site.revision_published` too. */
export const siteEventTypes = ['site.revision_published', 'site.transitioned'] as const
export type SiteEventType = (typeof siteEventTypes)[number]

export const eventTypes = [...catalogueEventTypes, ...siteEventTypes] as const
export type EventType = (typeof eventTypes)[number]

/** How many changes an event has itself. All of them are behind its `diff` link. */
export const maxEventChanges = 50

/** What every event says. */
interface EventFacts {
  /** `evt_` and 26 characters of a ULID. */
  readonly id: string
  /** When the event was recorded. */
  readonly occurredAt: Instant
  /**
   * The `publishedAt` of a publish, the instant of a transition, also in a notice that the transition is coming near, or the instant at
   * which the state of a feed began.
   */
  readonly effectiveAt: Instant
  /** How long after it was due the event was recorded. */
  readonly lateByMs: number
  readonly counts: Counts
  readonly changes: readonly Change[]
  readonly truncated: boolean
}

interface CatalogueEventFacts extends EventFacts {
  readonly type: CatalogueEventType
  readonly catalogue: string
  readonly revision: { readonly number: number; readonly label: string; readonly digest: string }
}

interface SiteEventFacts extends EventFacts {
  readonly type: SiteEventType
  readonly site: string
  readonly revision: { readonly number: number; readonly digest: string }
}

/** An entry of the log before the store gives it its `seq`. */
interface Decided {
  /** Deduplication key: the store rejects a second event with the same key. Without it, only the id is unique. */
  readonly once?: string
}

interface Logged {
  /** Gapless over all catalogues and sites, from 1. */
  readonly seq: number
}

export type NewCatalogueEvent = CatalogueEventFacts & Decided
export type NewSiteEvent = SiteEventFacts & Decided
/** One entry of the log as it is decided: about a catalogue, or about a site. */
export type NewEvent = NewCatalogueEvent | NewSiteEvent

export type CatalogueEvent = CatalogueEventFacts & Logged
export type SiteEvent = SiteEventFacts & Logged
/** One entry of the log. */
export type LoggedEvent = CatalogueEvent | SiteEvent

/** The id of the catalogue or of the site that an event is about. */
export function subjectId(event: NewEvent | LoggedEvent): string {
  return 'site' in event ? event.site : event.catalogue
}

/** Whether an event is about a catalogue. */
export function isCatalogueEvent(event: LoggedEvent): event is CatalogueEvent {
  return 'catalogue' in event
}
