import type { Head, Store } from '../store/store.ts'

const pollMs = 250

/** `changed`: the heads of the catalogues that have a new event; none where something else was committed. */
export type HeadsListener = (changed: readonly Head[]) => void

/** What the use cases need of them: the heads as they are now, or as they were at one moment. */
export type KnownHeads = Pick<Heads, 'seq' | 'get' | 'all' | 'refresh' | 'onChange'>

/** How people call what a catalogue is about: `Clearswift SECURE Exchange Gateway 4.8`. */
export function productName({ vendor, product, version }: Pick<Head, 'vendor' | 'product' | 'version'>): string {
  return `${vendor} ${product} ${version}`
}

/**
 * The newest revision of every catalogue, in memory, so that a hot read asks no database. Another process that publishes into the
 * same store is noticed within `pollMs`.
 */
export class Heads {
  readonly #store: Store
  readonly #onError: (error: unknown) => void
  readonly #heads = new Map<string, Head>()
  #sorted: readonly Head[] = []
  #seq = 0
  #version = -1
  #refreshing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false
  readonly #listeners = new Set<HeadsListener>()

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  /** The seq of the newest event that is known here. */
  get seq(): number {
    return this.#seq
  }

  get(catalogue: string): Head | undefined {
    return this.#heads.get(catalogue)
  }

  /** Ordered by catalogue id. */
  all(): readonly Head[] {
    return this.#sorted
  }

  /** Calls it after anything was committed, here or elsewhere, until what it answers is called. */
  onChange(listener: HeadsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes in what was committed since the last time. What a publish in this process committed is there when this resolves. */
  async refresh(): Promise<void> {
    // A refresh that is under way may have read before the commit that the caller speaks of: it must run once more.
    await this.#refreshing
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined
    })
    await this.#refreshing
  }

  async #load(): Promise<void> {
    const version = await this.#store.version()
    if (version === this.#version) return
    const changed = await this.#store.heads(this.#seq)
    for (const head of changed) {
      this.#heads.set(head.revision.catalogue, head)
      this.#seq = Math.max(this.#seq, head.seq)
    }
    if (changed.length > 0) {
      this.#sorted = [...this.#heads.values()].sort((a, b) => (a.revision.catalogue < b.revision.catalogue ? -1 : 1))
    }
    this.#version = version
    for (const listener of this.#listeners) listener(changed)
  }

  /** Loads, and keeps watching until `close`. */
  async start(): Promise<void> {
    await this.refresh()
    const watch = () => {
      if (this.#closed) return
      this.refresh()
        .catch(this.#onError)
        .finally(() => {
          if (!this.#closed) this.#timer = setTimeout(watch, pollMs).unref()
        })
    }
    this.#timer = setTimeout(watch, pollMs).unref()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }
}
