import {
  type SiteTimelineEntry,
  siteRevisionEntry,
  siteTransitionEntry,
  takenRevisionEntry
} from '../../domain/event/site-timeline.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision, StoredSiteRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { mergedSite } from '../read/merged-site.ts'
import type { SitePoint } from '../read/point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

/** More than a catalogue has: the largest number of a column of 32 bits. */
const mostRevisions = 2 ** 31 - 1

/** A time in which neither the site nor a catalogue that it takes was published: what is merged stays the same. */
interface Stage {
  readonly at: Instant
  readonly site: { readonly revision: StoredSiteRevision; readonly document: SiteDocument }
  readonly parts: readonly { readonly revision: StoredRevision }[]
  /** The catalogues whose publish begins it; none where that of the site does. */
  readonly published: readonly StoredRevision[]
}

/**
 * A page of the history of a site as people read it, by time: its revisions, those of catalogues that it took meanwhile, the transitions
 * of the merged rows in between, and those that are announced. `point`: what is the newest.
 */
export async function siteTimelineOf(
  catalogues: Sources,
  point: SitePoint,
  { offset, limit }: { readonly offset: number; readonly limit: number }
): Promise<{ readonly entries: readonly SiteTimelineEntry[]; readonly total: number }> {
  const stages = await stagesOf(catalogues, point)
  const makers: (() => SiteTimelineEntry)[] = []
  for (const [index, { at, site, parts, published }] of stages.entries()) {
    const { revision } = site
    if (published.length === 0) makers.push(() => siteRevisionEntry(revision))
    for (const each of published) makers.push(() => takenRevisionEntry(each))
    const { document, transitions } = await mergedSite(catalogues, { site, parts })
    const end = stages[index + 1]?.at ?? Number.POSITIVE_INFINITY
    for (const instant of transitions)
      if (at < instant && instant < end)
        makers.push(() => siteTransitionEntry(revision, document, instant, point.instant))
  }
  return { entries: makers.slice(offset, offset + limit).map((make) => make()), total: makers.length }
}

async function stagesOf({ store }: Sources, point: SitePoint): Promise<readonly Stage[]> {
  const { site, number } = point.site.revision
  const revisions = [...(await store.sites.revisions(site, { from: number, limit: number }))].reverse()
  const histories = new Map<string, readonly StoredRevision[]>()
  const historyOf = async (catalogue: string) => {
    const known = histories.get(catalogue)
    if (known) return known
    const history = [...(await store.revisions(catalogue, { from: mostRevisions, limit: mostRevisions }))].reverse()
    histories.set(catalogue, history)
    return history
  }
  const stages: Stage[] = []
  for (const [index, revision] of revisions.entries()) {
    const document = await store.sites.document(site, revision.number)
    const end = revisions[index + 1]?.publishedAt ?? Number.POSITIVE_INFINITY
    const taken: { readonly asOf: number | undefined; readonly history: readonly StoredRevision[] }[] = []
    for (const { id, asOf } of document.catalogues) {
      // Under the newest revision of the site the clocks of the read say what had been published.
      const newest = point.parts.find((part) => part.revision.catalogue === id)?.revision.number ?? 0
      const upTo = revision.number === number ? newest : mostRevisions
      taken.push({ asOf, history: (await historyOf(id)).filter((each) => each.number <= upTo) })
    }
    const moving = taken.flatMap(({ asOf, history }) => (asOf === undefined ? history : []))
    const published = moving.filter(({ publishedAt }) => revision.publishedAt < publishedAt && publishedAt < end)
    const begins = [...new Set(published.map(({ publishedAt }) => publishedAt))].sort((a, b) => a - b)
    for (const at of [revision.publishedAt, ...begins])
      stages.push({
        at,
        site: { revision, document },
        parts: taken.flatMap(({ asOf, history }) => {
          const found = history.findLast((each) => (asOf === undefined ? each.publishedAt <= at : each.number === asOf))
          return found ? [{ revision: found }] : []
        }),
        published: published.filter(({ publishedAt }) => publishedAt === at)
      })
  }
  return stages
}
