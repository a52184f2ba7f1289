import type { SiteRevision } from '../../domain/site/site-revision.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** A revision of a site as it is answered: with instants as text, and without what only the service needs. */
export function siteRevisionJson(revision: SiteRevision) {
  const { number, publishedAt, recordedAt, author, authorKey, reason, overrides, counts, digest, chain } = revision
  return {
    number,
    publishedAt: formatInstant(publishedAt),
    recordedAt: formatInstant(recordedAt),
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    ...(reason !== undefined && { reason }),
    overrides,
    counts,
    digest,
    chain
  }
}
