import { PortolanError } from '../../domain/errors.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { FeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import type { Head, SiteHead, StoredSiteRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { feedsFor, withFeeds } from './feed-parts.ts'
import { feedUrlsOfSite, mergedSite } from './merged-site.ts'
import { outOfRange, type ReadCatalogue, revisionAt, type SitePoint } from './point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

/** The clocks of a read of a site, as the client asks for them. */
export interface SiteClocks {
  /** Which revision of the site; absent: the newest, whatever `asOf` says. */
  readonly siteAsOf?: SiteAsOf
  /** What had been published of the catalogues that the site does not pin; absent: what is the newest. */
  readonly asOf?: Instant
  /** Absent: now. */
  readonly effectiveAt?: Instant
}

/** A revision of a site has no label. */
export type SiteAsOf = Extract<AsOf, { readonly kind: 'number' | 'instant' }>

/**
 * Finds the revisions and the interval that a read of a site asks for. A catalogue that had no revision then is left out. Without `feedsAsOf`
 * references to feeds are not resolved.
 * @throws PortolanError `not_found`, `unknown_revision`, `time_out_of_range`, and `insufficient_scope` where the asker may not see one of
 * the catalogues
 */
export async function sitePointAt(
  catalogues: Sources,
  id: string,
  { siteAsOf, asOf, effectiveAt }: SiteClocks,
  feedsAsOf?: FeedsAsOf
): Promise<SitePoint> {
  const now = catalogues.now()
  if (asOf !== undefined && asOf > now)
    throw outOfRange(`${formatInstant(asOf)} lies after now: what will be published is not known.`)
  const head = requireSite(catalogues, id)
  const revision = await siteRevisionFor(catalogues, head, siteAsOf, now)
  const isNewest = revision.number === head.revision.number
  const document = isNewest ? head.document : await catalogues.store.sites.document(id, revision.number)
  const found = await foundParts(catalogues, document, asOf)
  const parts = found.map(({ part }) => part)
  const feeds =
    feedsAsOf && (await feedsFor(catalogues, feedsAsOf, () => feedUrlsOfSite(catalogues, { document, parts })))
  const isSitePinned = siteAsOf?.kind === 'number' || !isNewest
  const site = { revision, document, ...(!isSitePinned && { headSeq: head.seq }) }
  const instant = effectiveAt ?? now
  const merged = await mergedSite(catalogues, { site, parts, ...(feedsAsOf && { feeds: feeds?.parts ?? [] }) })
  const point: SitePoint = {
    site,
    parts,
    asOf: asOf ?? Math.max(0, ...parts.map((part) => part.revision.publishedAt)),
    merged,
    instant,
    interval: intervalAt(merged.transitions, instant),
    seq: Math.max(isNewest && siteAsOf?.kind !== 'number' ? head.seq : revision.seq, ...found.map(({ seq }) => seq)),
    isPinned: isSitePinned && parts.every(({ headSeq }) => headSeq === undefined),
    isTimed: effectiveAt !== undefined
  }
  return feeds ? withFeeds(point, feeds) : point
}

/** @throws PortolanError `not_found` */
function requireSite({ heads }: Pick<Catalogues, 'heads'>, id: string): SiteHead {
  const head = heads.site(id)
  if (head) return head
  throw new PortolanError('not_found', `There is no site ${id}.`)
}

/** @throws PortolanError `unknown_revision`, `time_out_of_range` */
async function siteRevisionFor(
  { store }: Pick<Catalogues, 'store'>,
  { revision: newest }: SiteHead,
  asOf: SiteAsOf | undefined,
  now: Instant
): Promise<StoredSiteRevision> {
  const { site } = newest
  if (asOf === undefined) return newest
  if (asOf.kind === 'number') {
    const { number } = asOf
    const found =
      number === newest.number ? newest : number < newest.number ? await store.sites.revision(site, number) : undefined
    if (found) return found
    throw new PortolanError(
      'unknown_revision',
      `The site ${site} has no revision ${number}: its newest is ${newest.number}.`
    )
  }
  const { instant } = asOf
  if (instant > now) throw outOfRange(`${formatInstant(instant)} lies after now: what will be published is not known.`)
  const found = instant >= newest.publishedAt ? newest : await store.sites.revisionAt(site, instant)
  if (found) return found
  throw outOfRange(`${formatInstant(instant)} lies before the first revision of the site ${site}.`)
}

/** The catalogues of a site that have a revision at a clock, with the seq of the newest event of each that an answer contains. */
async function foundParts(
  catalogues: Sources,
  document: SiteDocument,
  asOf: Instant | undefined
): Promise<readonly { readonly part: ReadCatalogue; readonly seq: number }[]> {
  const found: { readonly part: ReadCatalogue; readonly seq: number }[] = []
  for (const taken of document.catalogues) {
    const head = catalogues.heads.get(taken.id)
    if (!head) continue
    const revision = await partRevision(catalogues, head, taken.asOf, asOf)
    if (!revision) continue
    const isNewest = revision.number === head.revision.number
    const isPinned = taken.asOf !== undefined || (asOf !== undefined && asOf < head.revision.publishedAt)
    found.push({
      part: { revision, ...(!isPinned && { headSeq: head.seq }) },
      seq: isNewest && taken.asOf === undefined ? head.seq : revision.seq
    })
  }
  return found
}

async function partRevision(
  { store }: Pick<Catalogues, 'store'>,
  head: Head,
  number: number | undefined,
  asOf: Instant | undefined
) {
  if (number !== undefined)
    return number === head.revision.number ? head.revision : store.revision(head.revision.catalogue, number)
  return asOf === undefined ? head.revision : revisionAt({ store }, head, asOf)
}
