import { type Change, countChanges } from '../change/change.ts'
import type { Counts, Revision } from '../history/revision.ts'
import type { Rows } from '../history/rows.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { type RevisionRef, revisionRef } from '../view/view.ts'
import { transitionChanges, transitionSummary } from './transition.ts'

/** One line of the change history as people read it. */
export interface TimelineEntry {
  /** RFC 3339 */
  readonly at: string
  readonly kind: 'revision' | 'transition'
  /** Whether it has happened at the instant of the read, or is announced. */
  readonly state: 'happened' | 'announced'
  /** The revision that was published, or that has the transition. */
  readonly revision: RevisionRef
  readonly summary: string
  readonly reason?: string
  readonly counts: Counts
  /** The changes of a transition. */
  readonly changes?: readonly Change[]
}

export function revisionEntry(revision: Revision): TimelineEntry {
  const { publishedAt, summary, reason, counts } = revision
  return {
    at: formatInstant(publishedAt),
    kind: 'revision',
    state: 'happened',
    revision: revisionRef(revision),
    summary,
    ...(reason !== undefined && { reason }),
    counts
  }
}

/**
 * The transitions that belong to a revision: those after it was published, and before its successor was. Earlier transitions of its
 * document are part of its publication.
 */
export function transitionsUnder(revision: Revision, successor: Revision | undefined): readonly Instant[] {
  return revision.transitions.filter(
    (instant) => instant > revision.publishedAt && (!successor || instant < successor.publishedAt)
  )
}

/** `revision`: the one that has the transition, of a catalogue or of a site. */
export function transitionEntry<Ref>(
  revision: Ref,
  rows: Rows,
  instant: Instant,
  now: Instant
): Omit<TimelineEntry, 'revision'> & { readonly revision: Ref } {
  const changes = transitionChanges(rows, instant)
  const counts = countChanges(changes)
  return {
    at: formatInstant(instant),
    kind: 'transition',
    state: instant <= now ? 'happened' : 'announced',
    revision,
    summary: `${transitionSummary(counts)}.`,
    counts,
    changes
  }
}
