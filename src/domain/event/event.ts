import type { Change } from '../change/change.ts'
import type { Counts } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'

export const eventTypes = [
  'catalogue.created',
  'catalogue.revision_published',
  'catalogue.transitioned',
  'catalogue.transition_upcoming'
] as const
export type EventType = (typeof eventTypes)[number]

/** How many changes an event has itself. All of them are behind its `diff` link. */
export const maxEventChanges = 50

/** One entry of the log as it is decided. The store gives it its `seq`. */
export interface NewEvent {
  /** `evt_` and 26 characters of a ULID. */
  readonly id: string
  readonly type: EventType
  readonly catalogue: string
  /** Deduplication key: the store rejects a second event with the same key. Without it, only the id is unique. */
  readonly once?: string
  /** When the event was recorded. */
  readonly occurredAt: Instant
  /** The `publishedAt` of a publish, or the instant of a transition, also in a notice that the transition is coming near. */
  readonly effectiveAt: Instant
  /** How long after it was due the event was recorded. */
  readonly lateByMs: number
  readonly revision: { readonly number: number; readonly label: string; readonly digest: string }
  readonly counts: Counts
  readonly changes: readonly Change[]
  readonly truncated: boolean
}

export interface LoggedEvent extends Omit<NewEvent, 'once'> {
  /** Gapless over all catalogues, from 1. */
  readonly seq: number
}
