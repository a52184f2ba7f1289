import { changePack } from '../../domain/change-pack/change-pack.ts'
import { flowSource } from '../../domain/change-pack/flow-source.ts'
import { movesBetween } from '../../domain/change-pack/moves.ts'
import { packId, type ResolvedSpan } from '../../domain/change-pack/question.ts'
import { riskOf } from '../../domain/change-pack/risk.ts'
import type { Since } from '../../domain/change-pack/since.ts'
import type { PackSide, SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import type { PackSpan } from '../../domain/change-pack/written-span.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import { publishedAtOf, type SitePoint } from '../read/point.ts'
import { type SiteAsOf, sitePointAt } from '../read/site-point.ts'
import { type PackRequest, requireTransition } from './change-pack.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

/** A change pack of a site, with the state to which it leads. */
export interface SitePack extends SubjectPack {
  readonly point: SitePoint
}

interface Sides {
  readonly from: SitePoint
  readonly to: SitePoint
  readonly since: Instant
  readonly now: Instant
  /** From when on something can be opened: before that nobody knew of it. */
  readonly known: Instant
  readonly resolved: ResolvedSpan
}

/**
 * What a firewall that follows a site has to do between two states of it, in steps with dates. Nothing is closed that another requirement of
 * the site needs. A revision stands for the catalogues as they were known when it was published.
 * @throws PortolanError `not_found`, `unknown_revision`, `unknown_tag`, `time_out_of_range`, `invalid_parameter`, `insufficient_scope`
 */
export async function sitePackOf(
  catalogues: Sources,
  site: string,
  { span, filter, lead, written }: PackRequest
): Promise<SitePack> {
  const { from, to, since, now, known, resolved } = await sidesOf(catalogues, site, span)
  const before = flowSource(from.merged.document, filter)
  const moves = movesBetween({ before, after: flowSource(to.merged.document, filter), since, now })
  const pack = changePack(moves, { known, elsewhere: new Map(), ...(lead !== undefined && { lead }) })
  const { reason } = to.site.revision
  return {
    ...pack,
    id: packId({ site, span: resolved, ...written }),
    subject: { kind: 'site', id: site },
    product: to.merged.document.title,
    ...(reason !== undefined && { reason }),
    from: sideOf(from),
    to: sideOf(to),
    since,
    now,
    risk: riskOf(pack, before, since),
    point: to
  }
}

function sideOf({ site: { revision }, asOf }: SitePoint): PackSide {
  const { number, recordedAt } = revision
  return { number, label: `revision ${number}`, recordedAt, asOf }
}

async function sidesOf(catalogues: Sources, site: string, span: PackSpan): Promise<Sides> {
  switch (span.kind) {
    case 'between': {
      const from = await whenPublished(catalogues, site, span.from)
      const to = await whenPublished(catalogues, site, span.to)
      const { publishedAt } = to.site.revision
      const resolved = { from: from.site.revision.number, to: to.site.revision.number }
      return { from, to, since: publishedAt, now: publishedAt, known: publishedAt, resolved }
    }
    case 'at': {
      const { at } = span
      const point = await sitePointAt(catalogues, site, {})
      const { number } = point.site.revision
      requireTransition({ name: `site ${site}`, number, transitions: point.merged.transitions }, at)
      return { from: point, to: point, since: at - 1, now: at, known: publishedAtOf(point), resolved: { at } }
    }
    case 'since': {
      const { number, instant } = await loaded(catalogues, site, span.since)
      const from = await sitePointAt(catalogues, site, { siteAsOf: { kind: 'number', number }, asOf: instant })
      const to = await sitePointAt(catalogues, site, {})
      const now = Math.max(instant, catalogues.now())
      return { from, to, since: instant, now, known: instant, resolved: { since: { revision: number, at: instant } } }
    }
    default:
      throw new Error(`unknown kind of span: ${span satisfies never}`)
  }
}

/** A revision of a site, with its catalogues as they were known when it was published. */
async function whenPublished(catalogues: Sources, site: string, asOf: AsOf): Promise<SitePoint> {
  const wanted = siteAsOf(asOf)
  const { revision } = (await sitePointAt(catalogues, site, wanted ? { siteAsOf: wanted } : {})).site
  return sitePointAt(catalogues, site, {
    siteAsOf: { kind: 'number', number: revision.number },
    asOf: revision.publishedAt
  })
}

/** Absent: the newest. */
function siteAsOf(asOf: AsOf): SiteAsOf | undefined {
  if (asOf.kind === 'newest') return undefined
  if (asOf.kind !== 'label') return asOf
  throw new PortolanError('invalid_parameter', `A revision of a site has no label ${asOf.label}: give its number.`)
}

/**
 * The revision of the site that somebody loaded, and an instant up to which they know its catalogues. A tag names no revisions of catalogues, so
 * it stands for those of the instant from which on its answer held: what they know beyond that is work that they find done.
 */
async function loaded(
  { store }: Sources,
  site: string,
  since: Since
): Promise<{ readonly number: number; readonly instant: Instant }> {
  if (since.kind === 'tag') {
    const { number, digest, transition } = since
    const revision = await store.sites.revision(site, number)
    if (!revision?.digest.startsWith(`sha256:${digest}`))
      throw new PortolanError('unknown_tag', `The ETag of since names no revision of the site ${site}.`)
    return { number, instant: Math.max(revision.publishedAt, transition ?? revision.publishedAt) }
  }
  const before = { after: 0, upTo: since.seq, limit: 1, order: 'descending' } as const
  const [own] = await store.events({ ...before, sites: [site] })
  if (!own)
    throw new PortolanError(
      'time_out_of_range',
      `Up to seq ${since.seq} nothing of the site ${site} had been published.`
    )
  const { number } = own.revision
  const { catalogues } = await store.sites.document(site, number)
  const [last = own] = await store.events({ ...before, sites: [site], catalogues: catalogues.map(({ id }) => id) })
  return { number, instant: last.effectiveAt }
}
