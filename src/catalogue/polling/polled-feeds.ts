import { PortolanError } from '../../domain/errors.ts'
import { namesCatalogue } from '../../domain/narrowing.ts'
import type { FeedRecord } from '../../domain/polling/feed-record.ts'
import { dueAt, type FeedState, feedState, newFeedRecord } from '../../domain/polling/feed-state.ts'
import type { Catalogues } from '../catalogues.ts'
import type { ConfiguredFeed } from './feed-folder.ts'

/** A feed at an instant. */
export interface FeedStatus {
  readonly feed: ConfiguredFeed
  readonly record: FeedRecord
  readonly state: FeedState
}

export type FeedSources = Pick<Catalogues, 'store' | 'now' | 'narrowing'>

/** The feeds that are configured and whose catalogues the asker may see, by id, as they are now. */
export async function feedStatuses(
  catalogues: FeedSources,
  feeds: readonly ConfiguredFeed[]
): Promise<readonly FeedStatus[]> {
  const seen = feeds.filter(({ id }) => namesCatalogue(catalogues.narrowing, id))
  const kept = seen.length === 0 ? new Map() : await catalogues.store.feeds.all()
  const now = catalogues.now()
  return seen.map((feed) => {
    const record: FeedRecord = kept.get(feed.id)?.record ?? newFeedRecord(feed.id, now)
    return { feed, record: { ...record, next: dueAt(feed, record) }, state: feedState(feed, record, now) }
  })
}

/** @throws PortolanError `not_found` */
export async function feedStatus(
  catalogues: FeedSources,
  feeds: readonly ConfiguredFeed[],
  id: string
): Promise<FeedStatus> {
  requireFeed(catalogues, feeds, id)
  const [status] = await feedStatuses(
    catalogues,
    feeds.filter((feed) => feed.id === id)
  )
  if (!status) throw noFeed(id)
  return status
}

/** @throws PortolanError `not_found`, also of a feed that the asker may not see */
export function requireFeed(
  { narrowing }: Pick<Catalogues, 'narrowing'>,
  feeds: readonly ConfiguredFeed[],
  id: string
): ConfiguredFeed {
  const feed = feeds.find((each) => each.id === id)
  if (!feed || !namesCatalogue(narrowing, id)) throw noFeed(id)
  return feed
}

function noFeed(id: string): PortolanError {
  return new PortolanError('not_found', `There is no feed ${id}.`)
}

/**
 * Refuses feeds whose catalogues persons published: a feed would take them over.
 * @throws PortolanError `invalid_parameter`
 */
export async function requireOwnCatalogues(
  { store, heads }: Pick<Catalogues, 'store' | 'heads'>,
  feeds: readonly ConfiguredFeed[]
): Promise<void> {
  const kept = feeds.length === 0 ? new Map() : await store.feeds.all()
  for (const { id } of feeds) {
    const head = heads.get(id)
    if (!head || head.revision.source || kept.get(id)?.record.accepted) continue
    throw new PortolanError(
      'invalid_parameter',
      `The feed ${id} would take over the catalogue of that id, which was published by hand: give the feed another id.`
    )
  }
}
