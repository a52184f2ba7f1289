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
    source,
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
    ...(source && { source }),
    overrides,
    counts,
    digest,
    chain
  }
}

/** How many changes an answer has at most, and how many bytes of JSON they take at most. */
const mostChanges = 1000
const mostBytes = 65_536

/** A revision with its changes, or with the first of them and a link to all of them. */
export function revisionWithChangesJson(revision: Revision, changes: readonly Change[], diffUrl?: string) {
  return { ...revisionJson(revision), ...firstChanges(changes, diffUrl) }
}

/** The first changes, and a link to all of them where there are more. */
export function firstChanges(changes: readonly Change[], diffUrl?: string) {
  const count = fittingChanges(changes)
  if (count === changes.length) return { changes }
  return {
    changes: changes.slice(0, count),
    truncated: true,
    ...(diffUrl !== undefined && { links: { diff: diffUrl } })
  }
}

/** How many of the changes fit into an answer that says no number: from the first on, and none where the first is too large by itself. */
export function fittingChanges(changes: readonly Change[]): number {
  let bytes = 0
  const first = changes.slice(0, mostChanges)
  const end = first.findIndex((change) => {
    bytes += Buffer.byteLength(JSON.stringify(change)) + 1
    return bytes > mostBytes
  })
  return end < 0 ? first.length : end
}

/** The path of all changes that a revision made: its difference from the one before, or those of the first revision. */
export function changesPath({ catalogue, number }: Pick<Revision, 'catalogue' | 'number'>): string {
  const root = `/v1/catalogues/${catalogue}`
  return number === 1 ? `${root}/revisions/1?limit=${mostChanges}` : `${root}/diff?from=${number - 1}&to=${number}`
}
