import { PortolanError } from '../../domain/errors.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { type Interval, intervalAt } from '../../domain/view/lifetime.ts'
import type { Head, StoredRevision, StoredSiteRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import type { MergedSite } from './merged-site.ts'

/** Both clocks of a read, as the client asks for them. */
export interface Clocks {
  readonly asOf: AsOf
  /** Absent: now. */
  readonly effectiveAt?: Instant
}

interface PointFacts {
  readonly instant: Instant
  readonly interval: Interval
  /** The seq of the newest event of the catalogue, or of the site and its catalogues, that the answer contains. */
  readonly seq: number
  /** No later publish can lead to another revision. */
  readonly isPinned: boolean
  /** The client gave the instant of effect. */
  readonly isTimed: boolean
  /** The feeds to which the catalogue refers, where references are to be resolved and there are some. */
  readonly feeds?: readonly FeedPart[]
  /** The seq of the newest event of all catalogues from before the feeds were found, where any event may lead to others. */
  readonly allSeq?: number
}

/** One catalogue at both clocks. A read of its view depends on nothing else. */
export interface CataloguePoint extends PointFacts {
  readonly revision: StoredRevision
  /** The seq of the newest event of the catalogue when the point was found. A later event may lead to another point. */
  readonly headSeq: number
  readonly site?: never
  readonly parts?: never
}

/** A site with its catalogues at both clocks. A read of its view depends on nothing else. */
export interface SitePoint extends PointFacts {
  readonly site: ReadSite
  /** The catalogues that have a revision at the clocks, in the order of the site. */
  readonly parts: readonly ReadCatalogue[]
  /** The instant that leads to the same revisions of those catalogues that the site does not pin. */
  readonly asOf: Instant
  readonly merged: MergedSite
  readonly revision?: never
}

/** What a read of a view depends on. */
export type Point = CataloguePoint | SitePoint

/** A document at one of its revisions, as a part of what is read. */
interface PointPart<Revision> {
  readonly revision: Revision
  /** The seq of its newest event when the point was found; absent: no later event leads to another revision. */
  readonly headSeq?: number
}
export interface ReadSite extends PointPart<StoredSiteRevision> {
  readonly document: SiteDocument
}
export type ReadCatalogue = PointPart<StoredRevision>

/** The revisions of catalogues that a point reads, beside feeds. */
export function revisionsOf(point: Point): readonly StoredRevision[] {
  return point.site ? point.parts.map(({ revision }) => revision) : [point.revision]
}

/** When the newest of the revisions of a point was recorded, without those of feeds. */
export function recordedAtOf(point: Point): Instant {
  const own = point.site ? [point.site.revision.recordedAt] : []
  return Math.max(...own, ...revisionsOf(point).map(({ recordedAt }) => recordedAt))
}

/** When the newest of the documents of a point was published, without those of feeds. */
export function publishedAtOf(point: Point): Instant {
  const own = point.site ? [point.site.revision.publishedAt] : []
  return Math.max(...own, ...revisionsOf(point).map(({ publishedAt }) => publishedAt))
}

/** A feed to which a catalogue refers, as it was found. A read of a resolved view depends on it too. */
export interface FeedPart {
  /** In normal form. */
  readonly url: string
  /** The revisions of the catalogues that publish it, by id: the first one is read. */
  readonly found: readonly StoredRevision[]
  /** The seq of the newest event of the first one that the answer contains. */
  readonly seq: number
  /** What leads to another revision or catalogue: nothing, an event of the first one or another catalogue that publishes the feed, any event. */
  readonly moves: 'never' | 'with-feed' | 'with-all'
}

/**
 * Finds the revision and the interval that a read of one catalogue asks for.
 * @throws PortolanError `not_found`, `unknown_revision`, `time_out_of_range`
 */
export async function pointAt(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  catalogue: string,
  { asOf, effectiveAt }: Clocks
): Promise<CataloguePoint> {
  const now = catalogues.now()
  const head = requireHead(catalogues, catalogue)
  const revision = await revisionFor(catalogues, head, asOf, now)
  const instant = effectiveAt ?? now
  return {
    revision,
    instant,
    interval: intervalAt(revision.transitions, instant),
    seq: asOf.kind !== 'number' && revision.number === head.revision.number ? head.seq : revision.seq,
    headSeq: head.seq,
    isPinned: asOf.kind === 'number' || (asOf.kind === 'instant' && asOf.instant < head.revision.publishedAt),
    isTimed: effectiveAt !== undefined
  }
}

/** There is no catalogue with an id. Who may see all catalogues can be told which one is near. */
export class UnknownCatalogue extends PortolanError {
  readonly catalogue: string

  constructor(catalogue: string) {
    super('not_found', `There is no catalogue ${catalogue}.`)
    this.catalogue = catalogue
  }
}

/** @throws PortolanError `not_found` */
export function requireHead({ heads }: Pick<Catalogues, 'heads'>, catalogue: string): Head {
  const head = heads.get(catalogue)
  if (!head) throw noCatalogue(catalogue)
  return head
}

/** The heads with these ids, each once and by id; without ids all of them. @throws PortolanError `not_found` */
export function requireHeads(
  catalogues: Pick<Catalogues, 'heads'>,
  ids: readonly string[] | undefined
): readonly Head[] {
  return ids ? [...new Set(ids)].sort().map((id) => requireHead(catalogues, id)) : catalogues.heads.all()
}

export function noCatalogue(id: string): PortolanError {
  return new UnknownCatalogue(id)
}

async function revisionFor(
  { store }: Pick<Catalogues, 'store'>,
  head: Head,
  asOf: AsOf,
  now: Instant
): Promise<StoredRevision> {
  const { catalogue } = head.revision
  switch (asOf.kind) {
    case 'newest':
      return head.revision
    case 'number': {
      const { number } = head.revision
      // Numbers are gapless, so the store is not asked for a number above the head, however large it is.
      const found =
        asOf.number === number
          ? head.revision
          : asOf.number < number
            ? await store.revision(catalogue, asOf.number)
            : undefined
      if (found) return found
      throw new PortolanError(
        'unknown_revision',
        `${catalogue} has no revision ${asOf.number}: its newest is ${head.revision.number}.`
      )
    }
    case 'label': {
      const found =
        asOf.label === head.revision.label ? head.revision : await store.revisionByLabel(catalogue, asOf.label)
      if (found) return found
      throw new PortolanError('unknown_revision', `${catalogue} has no revision with the label ${asOf.label}.`)
    }
    case 'instant': {
      if (asOf.instant > now)
        throw outOfRange(`${formatInstant(asOf.instant)} lies after now: what will be published is not known.`)
      const found = await revisionAt({ store }, head, asOf.instant)
      if (found) return found
      const first = await store.revision(catalogue, 1)
      const since = first ? `, which was at ${formatInstant(first.publishedAt)}` : ''
      throw outOfRange(`${formatInstant(asOf.instant)} lies before the first revision of ${catalogue}${since}.`)
    }
    default:
      throw new Error(`unknown kind of asOf: ${asOf satisfies never}`)
  }
}

/** The newest revision that was published by an instant, if there is one. */
export async function revisionAt(
  { store }: Pick<Catalogues, 'store'>,
  { revision }: Head,
  instant: Instant
): Promise<StoredRevision | undefined> {
  return instant >= revision.publishedAt ? revision : store.revisionAt(revision.catalogue, instant)
}

export function outOfRange(detail: string): PortolanError {
  return new PortolanError('time_out_of_range', detail)
}

/** An instant inside the interval of a point, the same for all reads of the interval, so that the pinned URL always gives these bytes. */
export function mementoInstant(point: Point): Instant {
  return instantWithin(point.interval, publishedAtOf(point), point.instant)
}

/** The same for any interval, of what was published at an instant. `instant`: one inside it. */
export function instantWithin({ validFrom, validUntil }: Interval, publishedAt: Instant, instant: Instant): Instant {
  if (validFrom !== undefined) return validFrom
  return validUntil === undefined || publishedAt < validUntil ? publishedAt : instant
}
