import type { Catalogues } from '../catalogue/catalogues.ts'
import { matchesEvent } from '../catalogue/webhook/matching.ts'
import type { SubscriptionFilter } from '../domain/webhook/subscription-filter.ts'

/** Events that are held against the filters in one commit. */
const pageSize = 100

/** Holds new events against all filters, which it keeps in memory: a subscription that wants none of them costs nothing. */
export class FanOut {
  readonly #sources: Pick<Catalogues, 'store' | 'cache'>
  #filters: readonly { readonly id: string; readonly filter: SubscriptionFilter }[] = []
  #definitions = -1

  constructor(sources: Pick<Catalogues, 'store' | 'cache'>) {
    this.#sources = sources
  }

  /** Until every event of the log is marked where it is wanted, here or by another process. */
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
      // The newest first: what it marks, older ones need not.
      for (const event of [...page].reverse()) {
        const ids: string[] = []
        for (const { id, filter } of this.#filters)
          if (!taken.has(id) && (await matchesEvent(this.#sources, event, filter))) ids.push(id)
        for (const id of ids) taken.add(id)
        if (ids.length > 0) matched.set(event.seq, ids)
      }
      // Where it is false another process moved on, or a subscription changed: the next round looks again.
      await store.subscriptions.mark(place, last.seq, matched)
    }
  }
}
