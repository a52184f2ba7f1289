import { setImmediate as turn } from 'node:timers/promises'
import type { Subscription } from '../domain/webhook/subscription.ts'
import type { Result, SubscriptionStore } from '../store/store.ts'

interface Waiting {
  readonly result: Result
  readonly resolve: (subscription: Subscription | undefined) => void
  readonly reject: (error: unknown) => void
}

/** Results that commit together, at most. */
const most = 100

/** Writes results in groups: what comes while a commit is under way goes with the next. */
export class ResultWriter {
  readonly #store: Pick<SubscriptionStore, 'record'>
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(store: Pick<SubscriptionStore, 'record'>) {
    this.#store = store
  }

  /** Written when it resolves: the subscription as it is then, or undefined where the lease was lost. */
  write(result: Result): Promise<Subscription | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ result, resolve, reject })
      if (!this.#isWriting) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      // Answers that arrived together are taken up one after the other: a commit for each would be most of the work.
      await turn()
      const group = this.#waiting.splice(0, most)
      try {
        const held = await this.#store.record(group.map(({ result }) => result))
        for (const [index, { resolve }] of group.entries()) resolve(held[index])
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }
}
