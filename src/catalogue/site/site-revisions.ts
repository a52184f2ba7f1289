import type { Change } from '../../domain/change/change.ts'
import { PortolanError } from '../../domain/errors.ts'
import { changeOfSite } from '../../domain/publishing/publish-site.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import { diffSites } from '../../domain/site/site-diff.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { SiteHead, StoredSiteRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

type Sources = Pick<Catalogues, 'store' | 'heads'>

/** @throws PortolanError `not_found`, `insufficient_scope` */
export function requireSite({ heads }: Pick<Catalogues, 'heads'>, site: string): SiteHead {
  const head = heads.site(site)
  if (!head) throw new PortolanError('not_found', `There is no site ${site}.`)
  return head
}

/**
 * The revision of a site that a read asks for.
 * @throws PortolanError `not_found`, `insufficient_scope`, `unknown_revision`, `time_out_of_range`, `invalid_parameter`
 */
export async function siteRevisionAt(sources: Sources, site: string, asOf: AsOf): Promise<StoredSiteRevision> {
  const head = requireSite(sources, site)
  const { revision } = head
  switch (asOf.kind) {
    case 'newest':
      return revision
    case 'number': {
      const isBefore = asOf.number < revision.number
      const found =
        asOf.number === revision.number ? revision : isBefore && (await sources.store.sites.revision(site, asOf.number))
      if (found) return found
      throw new PortolanError('unknown_revision', `The site ${site} has no revision ${asOf.number}.`)
    }
    case 'label':
      throw new PortolanError('invalid_parameter', 'Revisions of sites have no labels: give a number or an instant.')
    case 'instant': {
      const found =
        asOf.instant >= revision.publishedAt ? revision : await sources.store.sites.revisionAt(site, asOf.instant)
      if (found) return found
      throw new PortolanError(
        'time_out_of_range',
        `The site ${site} had no revision at ${formatInstant(asOf.instant)} yet.`
      )
    }
    default:
      throw new Error(`unknown asOf ${asOf satisfies never}`)
  }
}

/** The document of a revision; that of the newest one is in memory. */
export async function siteDocumentOf(sources: Sources, site: string, number: number): Promise<SiteDocument> {
  const head = requireSite(sources, site)
  return head.revision.number === number ? head.document : sources.store.sites.document(site, number)
}

export interface SiteComparison {
  readonly from: StoredSiteRevision
  readonly to: StoredSiteRevision
  readonly changes: readonly Change[]
}

/** What differs between the documents of two revisions. @throws PortolanError those of `siteRevisionAt` */
export async function compareSites(sources: Sources, site: string, from: AsOf, to: AsOf): Promise<SiteComparison> {
  const [older, newer] = [await siteRevisionAt(sources, site, from), await siteRevisionAt(sources, site, to)]
  const before = await siteDocumentOf(sources, site, older.number)
  const after = await siteDocumentOf(sources, site, newer.number)
  return { from: older, to: newer, changes: diffSites(before, after).map(changeOfSite) }
}

/** A revision with what it changed in the one before; in the first one everything is added. */
export async function siteRevisionWithChanges(sources: Sources, site: string, number: number) {
  const revision = await siteRevisionAt(sources, site, { kind: 'number', number })
  const before = number === 1 ? undefined : await siteDocumentOf(sources, site, number - 1)
  const changes = diffSites(before, await siteDocumentOf(sources, site, number)).map(changeOfSite)
  return { revision, changes }
}
