import { selectFieldsOf } from '../../domain/feed/adapters.ts'
import { revisionKey } from '../../domain/history/revision.ts'
import { type FeedContent, type Resolved, resolveFeeds } from '../../domain/reference/resolution.ts'
import { normalSourceUrl } from '../../domain/reference/source-url.ts'
import { type CatalogueView, viewAt } from '../../domain/view/view.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { bytesOfEndpoint, loadDocument } from './document.ts'
import { feedFacts } from './feed-parts.ts'
import type { Point } from './point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

const slot: Slot<Resolved> = {
  name: 'resolved document',
  bytes: ({ document: { requirements } }) =>
    requirements.reduce((sum, { endpoints }) => sum + 1_000 + endpoints.length * bytesOfEndpoint, 4_000)
}

/** The document at a point with the rows of its feeds in the place of references. It is the same until one of its parts is published anew. */
async function resolvedDocument(catalogues: Sources, point: Point): Promise<Resolved> {
  const key = `${revisionKey(point.revision)}\n${feedFacts(point)}`
  const kept = catalogues.cache.get(slot, key)
  if (kept) return kept
  const contents = new Map<string, FeedContent>()
  for (const {
    url,
    found: [first, ...others]
  } of point.feeds ?? []) {
    if (!first) continue
    contents.set(url, {
      feed: { catalogue: first.catalogue, revision: first.number },
      others: others.map(({ catalogue }) => catalogue),
      fields: selectFieldsOf(first.source?.adapter ?? ''),
      requirements: (await loadDocument(catalogues, first)).requirements
    })
  }
  const resolved = resolveFeeds(await loadDocument(catalogues, point.revision), (url) =>
    contents.get(normalSourceUrl(url))
  )
  catalogues.cache.set(slot, key, resolved)
  return resolved
}

/** All of the view at a point. Where the point has feeds, references to them are resolved, and those that are left out are marked. */
export async function wholeView(catalogues: Sources, point: Point): Promise<CatalogueView> {
  const { revision, instant, interval } = point
  if (!point.feeds) return viewAt(await loadDocument(catalogues, revision), revision, instant)
  const { document, feeds } = await resolvedDocument(catalogues, point)
  return { ...viewAt(document, revision, instant, interval), feeds }
}
