import type { FeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { normalSourceUrl } from '../../domain/reference/source-url.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { requirePublished } from './feed-parts.ts'

/**
 * The clock of the feeds for a read over several catalogues that began at an event of the log: the revisions that they had then, so that what
 * is published later does not move the pages that follow. `heads`: those of the read.
 * @throws PortolanError `time_out_of_range`
 */
export async function feedsAtMark(
  catalogues: Pick<Catalogues, 'store' | 'now'>,
  feedsAsOf: FeedsAsOf,
  { seq, heads }: { readonly seq: number; readonly heads: readonly Head[] }
): Promise<FeedsAsOf> {
  requirePublished(catalogues, feedsAsOf)
  const { instant, pins } = feedsAsOf
  const read = instant === undefined ? heads : await catalogues.store.headsAt({ seq, instant })
  const urlOf = ({ revision: { source } }: Head) => (source ? normalSourceUrl(source.url) : undefined)
  // A feed of which a revision is named is that one, whatever other catalogues publish it.
  const named = new Set(read.filter(({ revision }) => pins.has(revision.catalogue)).map(urlOf))
  const others = read.flatMap((head): [string, number][] => {
    const { catalogue, number, source } = head.revision
    return source && !named.has(urlOf(head)) ? [[catalogue, number]] : []
  })
  return { pins: new Map([...others, ...pins]), isComplete: true }
}
