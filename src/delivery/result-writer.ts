import type { Result, SubscriptionStore } from '../store/store.ts'

interface Waiting {
  readonly result: Result
  readonly resolve: (held: boolean) => void
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

  /** Durable when it resolves: whether the lease still held. */
  write(result: Result): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ result, resolve, reject })
      if (!this.#isWriting) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isWriting = true
    // Those that are ready in the same turn go together from the first commit on.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, most)
      try {
        const held = await this.#store.record(group.map(({ result }) => result))
        for (const [index, { resolve }] of group.entries()) resolve(held[index] ?? false)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }
}
