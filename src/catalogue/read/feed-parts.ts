import { PortolanError } from '../../domain/errors.ts'
import { type Revision, revisionKey } from '../../domain/history/revision.ts'
import type { FeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { normalSourceUrl } from '../../domain/reference/source-url.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { commonInterval, intervalAt } from '../../domain/view/lifetime.ts'
import type { ViewableRequirement } from '../../domain/view/view.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from './document.ts'
import { type CataloguePoint, type FeedPart, outOfRange, type Point } from './point.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

interface References {
  /** In normal form, each once, in the order of the document. */
  readonly urls: readonly string[]
}
const references: Slot<References> = {
  name: 'feed references',
  bytes: ({ urls }) => urls.reduce((sum, url) => sum + 2 * url.length, 100)
}

/** The URLs of the feeds to which a revision refers. */
export async function feedUrlsOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  revision: Revision
): Promise<readonly string[]> {
  const kept = catalogues.cache.get(references, revisionKey(revision))
  if (kept) return kept.urls
  const { requirements } = await loadDocument(catalogues, revision)
  const urls = feedUrlsIn(requirements)
  catalogues.cache.set(references, revisionKey(revision), { urls })
  return urls
}

/** The URLs of the feeds to which some requirements refer, in normal form, each once. */
export function feedUrlsIn(requirements: Iterable<Pick<ViewableRequirement, 'endpoints'>>): readonly string[] {
  const found = new Set<string>()
  for (const { endpoints } of requirements)
    for (const endpoint of endpoints) if (endpoint.kind === 'feed') found.add(normalSourceUrl(endpoint.url))
  return [...found]
}

/**
 * The point with the feeds to which its revision refers, so that what is read at it is resolved. Without such references it is the same point.
 * @throws PortolanError `unknown_revision`, `time_out_of_range`
 */
export async function pointWithFeeds(
  catalogues: Sources,
  point: CataloguePoint,
  feedsAsOf: FeedsAsOf
): Promise<CataloguePoint> {
  const feeds = await feedsFor(catalogues, feedsAsOf, () => feedUrlsOf(catalogues, point.revision))
  if (!feeds) return point
  return {
    ...withFeeds(point, feeds),
    interval: commonInterval([
      point.interval,
      ...feeds.parts.flatMap(({ found: [first] }) => (first ? [intervalAt(first.transitions, point.instant)] : []))
    ])
  }
}

/** The feeds that a read refers to. */
interface FoundFeeds {
  readonly parts: readonly FeedPart[]
  /** The seq of the newest event of all catalogues from before they were found. */
  readonly allSeq: number
}

/** A point that depends on feeds too. */
export function withFeeds<Kind extends Omit<Point, 'interval'>>(point: Kind, { parts, allSeq }: FoundFeeds): Kind {
  return {
    ...point,
    seq: Math.max(point.seq, ...parts.map(({ seq }) => seq)),
    isPinned: point.isPinned && parts.every(({ moves }) => moves === 'never'),
    feeds: parts,
    ...(parts.some(({ moves }) => moves === 'with-all') && { allSeq })
  }
}

/**
 * The feeds with some URLs; undefined where there are none.
 * @throws PortolanError `unknown_revision`, `time_out_of_range`
 */
export async function feedsFor(
  catalogues: Sources,
  feedsAsOf: FeedsAsOf,
  urlsOf: () => Promise<readonly string[]>
): Promise<FoundFeeds | undefined> {
  requirePublished(catalogues, feedsAsOf)
  const allSeq = catalogues.heads.seq
  const pinned = await pinnedRevisions(catalogues, feedsAsOf)
  const urls = await urlsOf()
  if (urls.length === 0) return undefined
  return { parts: urls.map(await partFinder(catalogues, feedsAsOf, pinned)), allSeq }
}

/** @throws PortolanError `time_out_of_range` where the clock of the feeds lies ahead */
export function requirePublished({ now }: Pick<Catalogues, 'now'>, { instant }: FeedsAsOf): void {
  if (instant !== undefined && instant > now())
    throw outOfRange(`${formatInstant(instant)} lies after now: what feeds will publish is not known.`)
}

/** The revisions that are pinned, by the ids of their catalogues. */
async function pinnedRevisions({ store, heads }: Sources, { pins }: FeedsAsOf): Promise<readonly StoredRevision[]> {
  const found: StoredRevision[] = []
  for (const [catalogue, number] of [...pins].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const head = heads.get(catalogue)?.revision
    const revision =
      head?.number === number
        ? head
        : head && number < head.number
          ? await store.revision(catalogue, number)
          : undefined
    if (!revision)
      throw new PortolanError(
        'unknown_revision',
        `feedsAsOf=${catalogue}:${number} names a revision that is not there.`
      )
    found.push(revision)
  }
  return found
}

async function partFinder(
  { store, heads }: Sources,
  { instant, isComplete = false }: FeedsAsOf,
  pinned: readonly StoredRevision[]
): Promise<(url: string) => FeedPart> {
  const isFrom = (url: string) => (revision: Revision) =>
    revision.source !== undefined && normalSourceUrl(revision.source.url) === url
  const past =
    instant === undefined || isComplete
      ? []
      : (await store.headsAt({ seq: Number.MAX_SAFE_INTEGER, instant })).map(({ revision }) => revision)
  const newest = (url: string) =>
    (heads.moment.byFeed.get(url) ?? []).flatMap((catalogue) => heads.get(catalogue)?.revision ?? [])
  const seqOf = (revision: StoredRevision | undefined) => {
    const head = revision && heads.get(revision.catalogue)
    return head?.revision.number === revision?.number ? (head?.seq ?? 0) : (revision?.seq ?? 0)
  }
  return (url) => {
    const named = pinned.filter(isFrom(url))
    if (named.length > 0 || isComplete) return { url, found: named, seq: named[0]?.seq ?? 0, moves: 'never' }
    const found = instant === undefined ? newest(url) : past.filter(isFrom(url))
    return { url, found, seq: seqOf(found[0]), moves: instant === undefined ? 'with-feed' : 'with-all' }
  }
}

/** The revisions that pin the feeds of a point, as `CATALOGUE:NUMBER`, each once. */
export function feedPins({ feeds = [] }: Pick<Point, 'feeds'>): readonly string[] {
  return [
    ...new Set(feeds.flatMap(({ found }) => found.map(({ catalogue, number }) => `${catalogue}:${number}`)))
  ].sort()
}

/**
 * What the feeds of a point are as a text, empty where none was found: answers at points with the same text and transition have the same rows
 * of feeds.
 */
export function feedFacts({ feeds = [] }: Pick<Point, 'feeds'>): string {
  if (feeds.every(({ found }) => found.length === 0)) return ''
  return JSON.stringify(
    feeds.flatMap(({ url, found: [first, ...others] }) =>
      first
        ? [[url, first.catalogue, first.number, first.digest.slice(7, 23), others.map(({ catalogue }) => catalogue)]]
        : []
    )
  )
}
