import type { Change } from '../../domain/change/change.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** A revision as it is answered: with instants as text, and without what only the service needs. */
export function revisionJson(revision: Revision) {
  const {
    number,
    label,
    publishedAt,
    recordedAt,
    author,
    authorKey,
    summary,
    reason,
    reconstructed,
    overrides,
    counts,
    digest,
    chain
  } = revision
  return {
    number,
    label,
    publishedAt: formatInstant(publishedAt),
    recordedAt: formatInstant(recordedAt),
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    summary,
    ...(reason !== undefined && { reason }),
    reconstructed,
    overrides,
    counts,
    digest,
    chain
  }
}

export function revisionWithChangesJson(revision: Revision, changes: readonly Change[]) {
  return { ...revisionJson(revision), changes }
}
