import { revisionKey } from '../../domain/history/revision.ts'
import { type Resolved, resolveFeeds } from '../../domain/reference/resolution.ts'
import { type CatalogueView, type View, viewAt } from '../../domain/view/view.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { bytesOfEndpoint, loadDocument } from './document.ts'
import { contentsOf } from './feed-content.ts'
import { feedFacts } from './feed-parts.ts'
import { siteView } from './merged-site.ts'
import type { CataloguePoint, Point } from './point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

const slot: Slot<Resolved> = {
  name: 'resolved document',
  bytes: ({ document: { requirements } }) =>
    requirements.reduce((sum, { endpoints }) => sum + 1_000 + endpoints.length * bytesOfEndpoint, 4_000)
}

/** The document at a point with the rows of its feeds in the place of references. It is the same until one of its parts is published anew. */
async function resolvedDocument(catalogues: Sources, point: CataloguePoint): Promise<Resolved> {
  const key = `${revisionKey(point.revision)}\n${feedFacts(point)}`
  const kept = catalogues.cache.get(slot, key)
  if (kept) return kept
  const resolved = resolveFeeds(
    await loadDocument(catalogues, point.revision),
    await contentsOf(catalogues, point.feeds ?? [])
  )
  catalogues.cache.set(slot, key, resolved)
  return resolved
}

/** All of the view at a point. Where the point has feeds, references to them are resolved, and those that are left out are marked. */
export async function wholeView(catalogues: Sources, point: Point): Promise<View> {
  return point.site ? siteView(point) : catalogueView(catalogues, point)
}

/** The same of a catalogue. */
export async function catalogueView(catalogues: Sources, point: CataloguePoint): Promise<CatalogueView> {
  const { revision, instant, interval } = point
  if (!point.feeds) return viewAt(await loadDocument(catalogues, revision), revision, instant)
  const { document, feeds } = await resolvedDocument(catalogues, point)
  return { ...viewAt(document, revision, instant, interval), feeds }
}
