import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Subscription, SubscriptionState } from '../../domain/webhook/subscription.ts'
import type { LeaseCounts } from '../../store/store.ts'

/** How many subscriptions that are behind are read. */
const mostLagging = 100
/** How long a scrape waits for the store, in milliseconds. */
const patienceMs = 1000

/** What the store said about webhooks that wait. */
export interface WaitingWebhooks {
  readonly counts: ReadonlyMap<SubscriptionState, number>
  readonly lagging: readonly Subscription[]
  readonly leases: LeaseCounts
  /** When the oldest event that was not sent yet happened; absent: none waits. */
  readonly oldestAt?: Instant
  /** When the store was asked, on a clock that nobody sets. */
  readonly askedAt: number
}

/**
 * What waits to be sent, as the store last said it. While the store is away that is what it said before, since metrics are needed just
 * then: `latest` never fails, and waits a second at most.
 */
export class WaitingWebhooksReader {
  readonly #catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>
  #latest: WaitingWebhooks | undefined
  #asking: Promise<void> | undefined

  constructor(catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>) {
    this.#catalogues = catalogues
  }

  /** Undefined before the store first answered. */
  async latest(): Promise<WaitingWebhooks | undefined> {
    // A store that does not answer would keep the question for long.
    if (this.#catalogues.heads.freshness.isFresh) await this.#ask()
    return this.#latest
  }

  async #ask(): Promise<void> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = undefined
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs)
    })
    await Promise.race([this.#asking, late])
    clearTimeout(timer)
  }

  async #read(): Promise<void> {
    const { store, now } = this.#catalogues
    const askedAt = performance.now()
    try {
      const counts = await store.subscriptions.countByState()
      const lagging = await store.subscriptions.lagging(mostLagging)
      const leases = await store.subscriptions.countLeases(now())
      const cursors = lagging.map(({ cursor }) => cursor)
      const [oldest] = cursors.length === 0 ? [] : await store.events({ after: Math.min(...cursors), limit: 1 })
      this.#latest = { counts, lagging, leases, askedAt, ...(oldest && { oldestAt: oldest.occurredAt }) }
    } catch {
      // The watch on the store tells of it. Here the age of what is known does.
    }
  }
}
