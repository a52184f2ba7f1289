import type { Change } from '../domain/change.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Revision } from '../domain/revision.ts'

/** A revision as it is answered: instants as text, and nothing that only the service needs. */
export function revisionJson(revision: Revision) {
  const {
    number,
    label,
    publishedAt,
    recordedAt,
    author,
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
