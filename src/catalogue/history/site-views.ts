import type { Change } from '../../domain/change/change.ts'
import { diff } from '../../domain/change/diff.ts'
import { mergedRows } from '../../domain/site/merged-rows.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import type { SitePoint } from '../read/point.ts'
import { type SiteAsOf, sitePointAt } from '../read/site-point.ts'

/** One side of a comparison, as the client asks for it. */
export interface SiteComparand {
  readonly siteAsOf: SiteAsOf
  /** Absent: the instant of `siteAsOf`, or now. */
  readonly effectiveAt?: Instant
}

export interface SiteViewComparison {
  readonly from: SitePoint
  readonly to: SitePoint
  readonly changes: readonly Change[]
  /** One side is read at the present instant. */
  readonly movesWithClock: boolean
}

/**
 * Compares two views of a site. An instant T alone means all of the site as it was known and held at T. A revision of the site is read with
 * what its catalogues had published by then.
 */
export async function compareSiteViews(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  site: string,
  from: SiteComparand,
  to: SiteComparand
): Promise<SiteViewComparison> {
  const now = catalogues.now()
  const pointOf = async ({ siteAsOf, effectiveAt }: SiteComparand) => {
    if (siteAsOf.kind === 'instant')
      return sitePointAt(catalogues, site, {
        siteAsOf,
        asOf: siteAsOf.instant,
        effectiveAt: effectiveAt ?? siteAsOf.instant
      })
    const { site: read } = await sitePointAt(catalogues, site, { siteAsOf })
    const asOf = read.revision.publishedAt
    return sitePointAt(catalogues, site, { siteAsOf, asOf, effectiveAt: effectiveAt ?? now })
  }
  const [before, after] = [await pointOf(from), await pointOf(to)]
  const { changes } = diff(
    { rows: mergedRows(before.merged.document), effectiveAt: before.instant },
    { rows: mergedRows(after.merged.document), effectiveAt: after.instant },
    after.instant
  )
  const isNow = ({ siteAsOf, effectiveAt }: SiteComparand) => siteAsOf.kind === 'number' && effectiveAt === undefined
  return { from: before, to: after, changes, movesWithClock: isNow(from) || isNow(to) }
}
