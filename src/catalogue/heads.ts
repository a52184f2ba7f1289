import type { Head, Store } from '../store/store.ts'

const pollMs = 250

/** `changed`: the heads of the catalogues that have a new event; none where something else was committed. */
export type HeadsListener = (changed: readonly Head[]) => void

/** The heads as they were known at one moment. It never changes: what is committed makes another one. */
export interface HeadsMoment {
  /** The seq of the newest event that is known. */
  readonly seq: number
  /** Ordered by catalogue id. */
  readonly all: readonly Head[]
  readonly byId: ReadonlyMap<string, Head>
}

/** What the use cases need of them: the heads as they are now, or as they were at one moment. */
export type KnownHeads = Pick<Heads, 'seq' | 'get' | 'all' | 'moment' | 'refresh' | 'onChange'>

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
  #moment: HeadsMoment = { seq: 0, all: [], byId: new Map() }
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
    return this.#moment.seq
  }

  /** All of it as it is at this moment. */
  get moment(): HeadsMoment {
    return this.#moment
  }

  get(catalogue: string): Head | undefined {
    return this.#moment.byId.get(catalogue)
  }

  /** Ordered by catalogue id. */
  all(): readonly Head[] {
    return this.#moment.all
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
    const changed = await this.#store.heads(this.seq)
    if (changed.length > 0) this.#moment = withChanged(this.#moment, changed)
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

function withChanged({ seq, byId: before }: HeadsMoment, changed: readonly Head[]): HeadsMoment {
  const byId = new Map(before)
  for (const head of changed) byId.set(head.revision.catalogue, head)
  const all = [...byId.values()].sort((a, b) => (a.revision.catalogue < b.revision.catalogue ? -1 : 1))
  return { seq: Math.max(seq, ...changed.map((head) => head.seq)), all, byId }
}
