import { type Merged, mergeSite, type SitePart, takesRequirement } from '../../domain/site/merge.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { boundsOf, lifetimeOf, writtenInterval } from '../../domain/view/lifetime.ts'
import {
  requirementsAt,
  revisionRef,
  type SiteView,
  siteRevisionRef,
  type TakenRevision,
  type ViewableRequirement
} from '../../domain/view/view.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { bytesOfEndpoint, loadDocument } from './document.ts'
import { contentsOf } from './feed-content.ts'
import { feedFacts, feedUrlsIn } from './feed-parts.ts'
import type { FeedPart, ReadCatalogue, ReadSite, SitePoint } from './point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

/** A site, merged with its catalogues. */
export interface MergedSite extends Merged {
  /** The instants at which the clock alone changes its view, ascending. */
  readonly transitions: readonly Instant[]
  readonly catalogues: readonly TakenRevision[]
}

const slot: Slot<MergedSite> = {
  name: 'merged site',
  bytes: ({ document: { requirements } }) =>
    requirements.reduce((sum, { endpoints }) => sum + 1_000 + endpoints.length * (bytesOfEndpoint + 100), 4_000)
}

/** What is merged. */
interface MergeParts {
  readonly site: Omit<ReadSite, 'headSeq'>
  readonly parts: readonly ReadCatalogue[]
  /** Absent: references to feeds stay as they are. */
  readonly feeds?: readonly FeedPart[]
}

/** The site with the rows of its catalogues. It is the same until one of its parts is published anew. */
export async function mergedSite(catalogues: Sources, { site, parts, feeds }: MergeParts): Promise<MergedSite> {
  const key = JSON.stringify([
    site.revision.site,
    site.revision.number,
    parts.map(({ revision }) => [revision.catalogue, revision.number]),
    feeds ? `resolved ${feedFacts({ feeds })}` : ''
  ])
  const kept = catalogues.cache.get(slot, key)
  if (kept) return kept
  const taken = new Map<string, SitePart>()
  for (const { revision } of parts)
    taken.set(revision.catalogue, { revision: revision.number, document: await loadDocument(catalogues, revision) })
  const merged = mergeSite({
    site: site.document,
    revision: site.revision.number,
    parts: taken,
    ...(feeds && { contentOf: await contentsOf(catalogues, feeds) })
  })
  const made: MergedSite = {
    ...merged,
    transitions: transitionsIn(merged.document.requirements),
    catalogues: parts.map(({ revision }) => ({
      id: revision.catalogue,
      title: taken.get(revision.catalogue)?.document.title ?? '',
      revision: revisionRef(revision)
    }))
  }
  catalogues.cache.set(slot, key, made)
  return made
}

function transitionsIn(requirements: readonly ViewableRequirement[]): readonly Instant[] {
  return boundsOf(
    requirements.flatMap(({ endpoints }) =>
      endpoints.flatMap((row) => (row.from === undefined && row.until === undefined ? [] : [lifetimeOf(row)]))
    )
  )
}

/** All of the view of a site at a point. */
export function siteView({ site, merged, instant, interval, feeds }: SitePoint): SiteView {
  const { document, catalogues } = merged
  return {
    id: document.id,
    title: document.title,
    revision: siteRevisionRef(site.revision),
    catalogues,
    ...writtenInterval(interval),
    requirements: requirementsAt(document.requirements, instant),
    ...(feeds && { feeds: merged.feeds })
  }
}

/** The URLs of the feeds to which the requirements refer that a site takes. */
export async function feedUrlsOfSite(
  catalogues: Sources,
  { document, parts }: { readonly document: SiteDocument; readonly parts: readonly ReadCatalogue[] }
): Promise<readonly string[]> {
  const requirements: ViewableRequirement[] = []
  for (const { revision } of parts) {
    const taken = document.catalogues.find(({ id }) => id === revision.catalogue)
    if (!taken) continue
    const found = await loadDocument(catalogues, revision)
    requirements.push(...found.requirements.filter((requirement) => takesRequirement(taken, requirement)))
  }
  return feedUrlsIn(requirements)
}
