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

/** How many changes an event carries itself; the rest is behind its `diff` link. */
export const maxEventChanges = 50

/** One entry of the log as it is decided; the store gives it its `seq`. */
export interface NewEvent {
  /** `evt_` and 26 characters of a ULID. */
  readonly id: string
  readonly type: EventType
  readonly catalogue: string
  /** Names what may happen once only: the store takes no second event with it. Absent: nothing but its id. */
  readonly once?: string
  readonly occurredAt: Instant
  /** Of a publish `publishedAt`; of a transition its instant, also where it is only coming near. */
  readonly effectiveAt: Instant
  /** How long after its time it was recorded. */
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
