import { setImmediate as turn } from 'node:timers/promises'
import type { Subscription } from '../domain/webhook/subscription.ts'
import type { Result, SubscriptionStore } from '../store/store.ts'

interface Waiting {
  readonly result: Result
  readonly resolve: (subscription: Subscription | undefined) => void
  readonly reject: (error: unknown) => void
}

/** How many results are committed together. */
const mostTogether = 100

/** Writes results in groups: those that come while a commit is under way go into the next one. */
export class ResultWriter {
  readonly #store: Pick<SubscriptionStore, 'record'>
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(store: Pick<SubscriptionStore, 'record'>) {
    this.#store = store
  }

  /** Resolves when the result is written: with the subscription as it is then, or with undefined where the lease was lost. */
  write(result: Result): Promise<Subscription | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ result, resolve, reject })
      if (!this.#isWriting) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      // Answers that arrived together reach their couriers one after the other. Waiting a turn lets them share a commit.
      await turn()
      const group = this.#waiting.splice(0, mostTogether)
      try {
        const subscriptions = await this.#store.record(group.map(({ result }) => result))
        for (const [index, { resolve }] of group.entries()) resolve(subscriptions[index])
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }
}
