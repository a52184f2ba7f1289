import { selectFieldsOf } from '../../domain/feed/adapters.ts'
import type { FeedContent } from '../../domain/reference/resolution.ts'
import { normalSourceUrl } from '../../domain/reference/source-url.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from './document.ts'
import type { FeedPart } from './point.ts'

/** What feeds had at the revisions at which they are read, by URL. */
export async function contentsOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  feeds: readonly FeedPart[]
): Promise<(url: string) => FeedContent | undefined> {
  const contents = new Map<string, FeedContent>()
  for (const {
    url,
    found: [first, ...others]
  } of feeds) {
    if (!first) continue
    contents.set(url, {
      feed: { catalogue: first.catalogue, revision: first.number },
      others: others.map(({ catalogue }) => catalogue),
      fields: selectFieldsOf(first.source?.adapter ?? ''),
      requirements: (await loadDocument(catalogues, first)).requirements
    })
  }
  return (url) => contents.get(normalSourceUrl(url))
}
