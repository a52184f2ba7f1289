import { Counter, Gauge, type Registry } from 'prom-client'
import type { ConfiguredFeed } from '../../catalogue/polling/feed-folder.ts'
import { type FeedSources, type FeedStatus, feedStatuses } from '../../catalogue/polling/polled-feeds.ts'
import { type FetchOutcome, fetchOutcomes } from '../../domain/polling/feed-record.ts'
import { feedStates } from '../../domain/polling/feed-state.ts'

/** The fetches of this process since it started, by what came of them. */
export interface FeedCounters {
  readonly counters: ReadonlyMap<FetchOutcome, number>
}

/** Metrics of the lists that the service fetches. Their states are read from the store, so they are the same in every process. */
export function feedMetrics(
  registry: Registry,
  catalogues: FeedSources,
  feeds: readonly ConfiguredFeed[],
  poller: FeedCounters | undefined
): void {
  const registers = [registry]
  // While the store is away, they are as they were.
  let last: readonly FeedStatus[] = []
  const statuses = async () => {
    last = await feedStatuses(catalogues, feeds).catch(() => last)
    return last
  }
  new Gauge({
    name: 'portolan_feed_state',
    help: '1 for the state that a feed is in, 0 for the others',
    labelNames: ['feed', 'state'],
    registers,
    async collect() {
      for (const { feed, state } of await statuses())
        for (const each of feedStates) this.set({ feed: feed.id, state: each }, each === state ? 1 : 0)
    }
  })
  new Gauge({
    name: 'portolan_feed_success_age_seconds',
    help: 'How long ago the list of a feed was last fetched with success; absent before the first time',
    labelNames: ['feed'],
    registers,
    async collect() {
      for (const { feed, record } of await statuses())
        if (record.lastSuccess !== undefined)
          this.set({ feed: feed.id }, Math.max(0, catalogues.now() - record.lastSuccess) / 1000)
    }
  })
  if (!poller) return
  new Counter({
    name: 'portolan_feed_fetches_total',
    help: 'Lists that this process fetched, by what came of it',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset()
      for (const outcome of fetchOutcomes) this.inc({ outcome }, poller.counters.get(outcome) ?? 0)
    }
  })
}
