import { normalSourceUrl } from '../domain/reference/source-url.ts'
import { compareText } from '../domain/text.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Head, SiteHead, Store } from '../store/store.ts'
import { Freshness } from './freshness.ts'

/** Is called after a commit. The heads of the catalogues and of the sites that have a new event: none if something else was committed. */
export type HeadsListener = (changed: readonly Head[], sites: readonly SiteHead[]) => void

/** The heads as they were known at one moment. A moment never changes: a commit leads to a new one. */
export interface HeadsMoment {
  /** The seq of the newest event that is known. */
  readonly seq: number
  /** Ordered by catalogue id. */
  readonly all: readonly Head[]
  readonly byId: ReadonlyMap<string, Head>
  /** The ids of the catalogues whose newest revision was imported from a URL, in its normal form, ascending. */
  readonly byFeed: ReadonlyMap<string, readonly string[]>
  /** The sites by id, in the order of their ids. */
  readonly sites: ReadonlyMap<string, SiteHead>
}

/** The part of `Heads` that use cases need. `frozenHeads` has the heads of one moment in the same form. */
export type KnownHeads = Pick<Heads, 'seq' | 'get' | 'all' | 'site' | 'moment' | 'freshness' | 'refresh' | 'onChange'>

/** The full name of the product of a catalogue: `Clearswift SECURE Exchange Gateway 4.8`. */
export function productName({ vendor, product, version }: Pick<Head, 'vendor' | 'product' | 'version'>): string {
  return `${vendor} ${product} ${version}`
}

/** The name of the product of the catalogue with an id; the id itself where there is no such catalogue. */
export function productNameIn(heads: Pick<KnownHeads, 'get'>, catalogue: string): string {
  const head = heads.get(catalogue)
  return head ? productName(head) : catalogue
}

export interface HeadsOptions {
  readonly now: () => Instant
  /** Takes the failures of the watch on the store. */
  readonly onError: (error: unknown) => void
  /** Is called whenever the store has answered. */
  readonly onConfirmed?: (freshness: Freshness) => void
}

/**
 * Keeps the newest revision of every catalogue in memory, so that a hot read asks no database. A publish by another process into the same
 * store is noticed when the store tells of it, and within a second in any case.
 */
export class Heads {
  readonly #store: Store
  readonly #options: HeadsOptions
  /** How fresh all this is. */
  readonly freshness = new Freshness(monotonic)
  #moment: HeadsMoment = { seq: 0, all: [], byId: new Map(), byFeed: new Map(), sites: new Map() }
  #version = -1
  #refreshing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false
  readonly #listeners = new Set<HeadsListener>()

  constructor(store: Store, options: HeadsOptions) {
    this.#store = store
    this.#options = options
  }

  /** The seq of the newest event that this process knows. */
  get seq(): number {
    return this.#moment.seq
  }

  /** The heads at this moment. */
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

  /** @throws PortolanError `insufficient_scope` where who asks may not see all of its catalogues */
  site(site: string): SiteHead | undefined {
    return this.#moment.sites.get(site)
  }

  /** Calls a listener after every commit, of this process or another one, until the returned function is called. */
  onChange(listener: HeadsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Loads the heads that changed. When it resolves, everything is known that was committed before it was called. */
  async refresh(): Promise<void> {
    // A refresh that is under way may have read before the commit of the caller, so another one follows.
    await this.#refreshing
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined
    })
    await this.#refreshing
  }

  async #load(): Promise<void> {
    const { now, onConfirmed } = this.#options
    const [askedAt, before] = [monotonic(), now()]
    const pulse = await this.#store.pulse()
    const after = now()
    const isMoved = pulse.version !== this.#version
    const { seq, changed, sites } = isMoved ? await this.#moved() : { seq: this.seq, changed: [], sites: [] }
    if (seq > this.seq) this.#moment = withChanged(this.#moment, { seq, changed, sites })
    this.#version = pulse.version
    this.freshness.confirm({ askedAt, before, after, ...(pulse.now !== undefined && { now: pulse.now }) })
    onConfirmed?.(this.freshness)
    if (isMoved) for (const listener of this.#listeners) listener(changed, sites)
  }

  /** What changed since the seq that is known. The seq is read first: what is committed meanwhile is loaded again the next time. */
  async #moved() {
    const seq = await this.#store.seq()
    const [changed, sites] = await Promise.all([this.#store.heads(this.seq), this.#store.sites.heads(this.seq)])
    return { seq, changed, sites }
  }

  /** Loads the heads, and watches the store until `close`. */
  async start(): Promise<void> {
    const look = () =>
      this.refresh().catch((error: unknown) => {
        // Whoever is closed takes the connection away from what is still under way.
        if (!this.#closed) this.#options.onError(error)
      })
    this.#store.listen(() => {
      if (!this.#closed) void look()
    })
    await this.refresh()
    const watch = () => {
      if (this.#closed) return
      void look().finally(() => {
        if (!this.#closed) this.#timer = setTimeout(watch, this.#store.lookMs).unref()
      })
    }
    this.#timer = setTimeout(watch, this.#store.lookMs).unref()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }
}

function monotonic(): number {
  return performance.now()
}

function withChanged(
  { byId: before, byFeed, sites: sitesBefore }: HeadsMoment,
  {
    seq,
    changed,
    sites
  }: { readonly seq: number; readonly changed: readonly Head[]; readonly sites: readonly SiteHead[] }
): HeadsMoment {
  const byId = new Map(before)
  for (const head of changed) byId.set(head.revision.catalogue, head)
  const all = [...byId.values()].sort((a, b) => (a.revision.catalogue < b.revision.catalogue ? -1 : 1))
  const isMoved = changed.some(
    (head) => before.get(head.revision.catalogue)?.revision.source?.url !== head.revision.source?.url
  )
  return {
    seq,
    all,
    byId,
    byFeed: isMoved ? feedsIn(all) : byFeed,
    sites: sites.length === 0 ? sitesBefore : sitesIn([...sitesBefore.values(), ...sites])
  }
}

/** Sites by id, in order. Of two heads of one site the later one counts. */
export function sitesIn(heads: readonly SiteHead[]): HeadsMoment['sites'] {
  const byId = new Map(heads.map((head) => [head.revision.site, head]))
  return new Map([...byId].sort(([a], [b]) => compareText(a, b)))
}

/** The ids of the catalogues that were imported from each URL, in the order of the heads. */
export function feedsIn(heads: readonly Head[]): HeadsMoment['byFeed'] {
  const found = new Map<string, readonly string[]>()
  for (const { revision } of heads) {
    if (!revision.source) continue
    const url = normalSourceUrl(revision.source.url)
    found.set(url, [...(found.get(url) ?? []), revision.catalogue])
  }
  return found
}
