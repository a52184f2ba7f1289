import type { Catalogues } from '../catalogue/catalogues.ts'
import { matchesEvent } from '../catalogue/webhook/matching.ts'
import type { SubscriptionFilter } from '../domain/webhook/subscription-filter.ts'

/** How many events are matched in one commit. */
const pageSize = 100

/**
 * Matches new events against the filters of all subscriptions, and marks the subscriptions that want them. The filters are kept in
 * memory, so a subscription that wants none of the events costs nothing.
 */
export class FanOut {
  readonly #sources: Pick<Catalogues, 'store' | 'cache'>
  #filters: readonly { readonly id: string; readonly filter: SubscriptionFilter }[] = []
  #definitions = -1

  constructor(sources: Pick<Catalogues, 'store' | 'cache'>) {
    this.#sources = sources
  }

  /** Resolves when every event of the log was matched, here or by another process. */
  async run(): Promise<void> {
    const { store } = this.#sources
    for (;;) {
      const place = await store.subscriptions.fanOut()
      const page = await store.events({ after: place.seq, limit: pageSize })
      const last = page.at(-1)
      if (!last) return
      if (place.definitions !== this.#definitions) {
        this.#filters = await store.subscriptions.filters()
        this.#definitions = place.definitions
      }
      const matched = new Map<number, readonly string[]>()
      const taken = new Set<string>()
      // From the newest on: a subscription needs only the mark of the newest event that it wants.
      for (const event of [...page].reverse()) {
        const ids: string[] = []
        for (const { id, filter } of this.#filters)
          if (!taken.has(id) && (await matchesEvent(this.#sources, event, filter))) ids.push(id)
        for (const id of ids) taken.add(id)
        if (ids.length > 0) matched.set(event.seq, ids)
      }
      // It is false where another process was faster or a subscription changed: the next round reads everything again.
      await store.subscriptions.mark(place, last.seq, matched)
    }
  }
}
