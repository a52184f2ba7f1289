import { transitionsUnder } from '../../domain/event/timeline.ts'
import type { Release } from '../../domain/history/release.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** Tools read all releases at once, and look for newer ones than theirs. */
const mostReleases = 1000

/** What has happened by an instant, as releases, oldest first: each revision up to `upTo`, and each transition while it was the newest. */
export async function releasesOf(
  { store }: Pick<Catalogues, 'store'>,
  upTo: StoredRevision,
  instant: Instant
): Promise<readonly Release[]> {
  const limit = Math.min(upTo.number, mostReleases)
  const revisions = (await store.revisions(upTo.catalogue, { from: upTo.number, limit })).toReversed()
  return revisions
    .flatMap((revision, index): readonly Release[] => [
      { revision, at: revision.publishedAt },
      ...transitionsUnder(revision, revisions[index + 1]).map((at) => ({ revision, at, transition: at }))
    ])
    .filter(({ transition }) => transition === undefined || transition <= instant)
    .slice(-mostReleases)
}
