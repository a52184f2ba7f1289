import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import type { ConfiguredFeed } from '../catalogue/polling/feed-folder.ts'
import { recordAlarm } from '../catalogue/polling/record-alarm.ts'
import type { FetchedList, TakenIn } from '../catalogue/polling/take-in.ts'
import { PortolanError } from '../domain/errors.ts'
import type { Fetched, Validators } from '../domain/feed/fetched.ts'
import { askAll, type Gathered, gatherOne } from '../domain/feed/gathering/gathering.ts'
import { sha256 } from '../domain/json/sha256.ts'
import { withoutUndefined } from '../domain/json/without-undefined.ts'
import type { Accepted, FeedRecord, FetchOutcome } from '../domain/polling/feed-record.ts'
import { afterFetch, dueAt, type FetchResult, newFeedRecord } from '../domain/polling/feed-state.ts'
import { adapterOf } from '../domain/polling/polled-feed.ts'
import { formatInstant } from '../domain/time/instant.ts'
import type { KeptFeed, Store } from '../store/store.ts'

export interface PollerOptions {
  readonly catalogues: Pick<Catalogues, 'store' | 'heads' | 'now' | 'random' | 'logCounters'>
  readonly feeds: readonly ConfiguredFeed[]
  /** Asks one URL of `https:` or `file:`. */
  readonly fetch: (url: string, validators: Validators) => Promise<Fetched>
  /** Reads a list and publishes what differs: here, or in a thread, where it can be given up. */
  readonly takeIn: (list: FetchedList, givenUp: AbortSignal) => Promise<TakenIn>
  /** Gives up the requests that are under way. */
  readonly onClose?: () => Promise<void>
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** How long a lease holds, in milliseconds: after a process was killed, others wait so long. */
const leaseMs = 45_000
/** How often it is renewed while a list is fetched, read and published, in milliseconds. */
const renewMs = 15_000
/** How long somebody who asks waits for the fetch of another process, in milliseconds. */
const mostWaitMs = 180_000
/** How many lists are fetched at the same time. */
const mostAtOnce = 4
/** It looks at least this often, in milliseconds: another process may have fetched meanwhile. */
const lookMs = 60_000
/** How often it is looked whether another process has fetched what is asked for here, in milliseconds. */
const waitMs = 250

/** Asks for lists when they are due, one process for all. What came of it is kept in the store. */
export class Poller {
  /** Fetches of this process since it started, by what came of them. */
  readonly counters = new Map<FetchOutcome, number>()
  readonly #options: PollerOptions
  /** Fetches that are under way here, by feed. */
  readonly #underWay = new Map<string, Promise<boolean>>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  /** Aborted once the process stops: what is under way is given up. */
  readonly #closing = new AbortController()

  constructor(options: PollerOptions) {
    this.#options = options
  }

  /** Fetches what is due, and then each list at its time, until `close`. */
  start(): void {
    if (this.#options.feeds.length === 0 || this.#closing.signal.aborted) return
    this.#looking = this.look()
      .catch((err: unknown) => {
        // That the store is away is said by those who watch it.
        if (!(err instanceof PortolanError && err.code === 'not_ready'))
          this.#options.log.error({ err }, 'the feeds could not be looked at')
        return lookMs
      })
      .then((delay) => {
        if (!this.#closing.signal.aborted) this.#timer = setTimeout(() => this.start(), delay).unref()
      })
  }

  /** Fetches the lists that are due by now, and tells the states that time alone brings. The answer: in how many milliseconds it has to look again. */
  async look(): Promise<number> {
    const { feeds, catalogues } = this.#options
    const now = catalogues.now()
    const kept = await catalogues.store.feeds.all()
    const due = feeds
      .map((feed) => ({ feed, kept: kept.get(feed.id), at: dueOf(feed, kept.get(feed.id), now) }))
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at)
    const fetchNext = async (): Promise<void> => {
      for (let next = due.shift(); next && !this.#closing.signal.aborted; next = due.shift())
        await this.#fetchOnce(next.feed, next.kept?.version ?? 0)
    }
    await Promise.all(Array.from({ length: mostAtOnce }, fetchNext))
    const after = await catalogues.store.feeds.all()
    for (const feed of feeds) {
      const record = after.get(feed.id)?.record
      // A list that is still due is being fetched by another process, which then tells what came of it.
      if (record && dueAt(feed, record) > now) await this.#tell(feed, record)
    }
    const next = Math.min(...feeds.map((feed) => dueOf(feed, after.get(feed.id), now)))
    return Math.min(Math.max(next - catalogues.now(), 1000), lookMs)
  }

  /** Fetches the list of a feed now, whenever it is due. Who asks at the same time, here or elsewhere, waits for the same fetch. */
  async fetchNow(feed: ConfiguredFeed): Promise<void> {
    const { store } = this.#options.catalogues
    const before = (await store.feeds.all()).get(feed.id)?.version ?? 0
    for (let waited = 0; waited < mostWaitMs && !this.#closing.signal.aborted; waited += waitMs) {
      if (await this.#fetchOnce(feed)) return
      await wait(waitMs)
      if (((await store.feeds.all()).get(feed.id)?.version ?? 0) > before) return
    }
    if (this.#closing.signal.aborted) throw new PortolanError('not_ready', 'The service is stopping.')
    throw new PortolanError('busy', `Another process has been fetching the list of ${feed.id} for long. Try again.`)
  }

  /** Gives up the fetches that are under way, and gives their leases back: another process begins them anew. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#options.onClose?.()
    await Promise.allSettled([this.#looking, ...this.#underWay.values()])
  }

  /** False where another process fetches, or has fetched since a version, or where the fetch was given up. */
  #fetchOnce(feed: ConfiguredFeed, version?: number): Promise<boolean> {
    const known = this.#underWay.get(feed.id)
    if (known !== undefined) return known
    const fetching = this.#claimAndFetch(feed, version).finally(() => this.#underWay.delete(feed.id))
    this.#underWay.set(feed.id, fetching)
    return fetching
  }

  async #claimAndFetch(feed: ConfiguredFeed, version: number | undefined): Promise<boolean> {
    const { catalogues } = this.#options
    const { feeds } = catalogues.store
    const [holder, now] = [randomUUID(), catalogues.now()]
    const claim = { first: newFeedRecord(feed.id, now), holder, now, leaseMs }
    const record = await feeds.claim({ ...claim, ...(version !== undefined && { version }) })
    if (!record) return false
    const hold = { id: feed.id, holder }
    const renewal = setInterval(
      () => void feeds.hold({ ...hold, now: catalogues.now(), leaseMs }).catch(() => {}),
      renewMs
    )
    const { result, heldDocument } = await this.#resultOf(feed, record)
      .catch((err: unknown): TakenIn => this.#failureOf(feed, err))
      .finally(() => clearInterval(renewal))
    if (this.#closing.signal.aborted && result.kind === 'failed') {
      await feeds.hold({ ...hold, now: catalogues.now(), leaseMs: 0 })
      return false
    }
    const next = afterFetch(feed, record, result, catalogues.now())
    this.#report(feed, record, next)
    if (await feeds.write(holder, next, heldDocument)) await this.#tell(feed, next)
    return true
  }

  /** Tells subscribers where the state of a feed asks for somebody. What cannot be told now is told at one of the next looks. */
  async #tell(feed: ConfiguredFeed, record: FeedRecord): Promise<void> {
    const { catalogues, log } = this.#options
    try {
      for (const { type, effectiveAt } of await recordAlarm(catalogues, { feed, record }, catalogues.now()))
        log.info({ type, feed: feed.id, since: formatInstant(effectiveAt) }, 'the state of a feed was told')
    } catch (err) {
      // That the store is away is said by those who watch it.
      if (!(err instanceof PortolanError && err.code === 'not_ready'))
        log.error({ err, feed: feed.id }, 'the state of a feed could not be told')
    }
  }

  #failureOf({ id }: ConfiguredFeed, err: unknown): TakenIn {
    const isNoList = err instanceof PortolanError && err.code === 'invalid_source'
    if (!isNoList && !this.#closing.signal.aborted)
      this.#options.log.error({ err, feed: id }, 'a list could not be taken in')
    return failure(err instanceof PortolanError ? err.message : 'an internal error, which the log has')
  }

  async #resultOf(feed: ConfiguredFeed, record: FeedRecord): Promise<TakenIn> {
    const { catalogues, takeIn } = this.#options
    const url = feed.mirror ?? feed.url ?? ''
    const source = sha256(url)
    const accepted = this.#acceptedOf(feed, record, source)
    const fetched = await this.#gather(feed, url, accepted?.validators ?? {})
    switch (fetched.kind) {
      case 'failed':
        return { result: fetched }
      case 'not_modified':
        if (!accepted) return failure('the source says that nothing has changed, and nothing was known of it')
        return { result: { ...fetched, kind: 'not-modified' } }
      case 'content': {
        const { kind: _, bytes, etag, lastModified, version, status, parts = [], datesAfter } = fetched
        const validators = withoutUndefined({ etag, lastModified, version })
        const answered = withoutUndefined({ status })
        const hash = createHash('sha256').update(bytes)
        for (const part of parts) hash.update(part.bytes)
        const digest = hash.digest('hex')
        if (accepted?.digest === digest)
          return { result: { kind: 'unchanged', accepted: { ...accepted, validators }, ...answered } }
        const list = { feed, record, bytes, parts, datesAfter, digest, validators, source, status }
        const taken = await takeIn(withoutUndefined({ ...list, at: catalogues.now() }), this.#closing.signal)
        if (taken.result.kind === 'published') await catalogues.heads.refresh()
        return taken
      }
      default:
        throw new Error(`unknown answer ${fetched satisfies never}`)
    }
  }

  /** A mirror is one file, whatever its provider publishes beside the list. */
  #gather(feed: ConfiguredFeed, url: string, validators: Validators): Promise<Gathered> {
    const { catalogues, fetch } = this.#options
    const gather = (feed.mirror === undefined && adapterOf(feed.adapter).gather) || gatherOne
    const request = {
      url,
      validators,
      headToken: catalogues.heads.get(feed.id)?.revision.source?.token,
      requestId: requestIdOf(catalogues.store),
      at: catalogues.now()
    }
    return askAll(gather(withoutUndefined(request)), fetch)
  }

  /** What was accepted, as long as the catalogue still has what came of it. */
  #acceptedOf({ id }: ConfiguredFeed, { accepted }: FeedRecord, source: string): Accepted | undefined {
    const head = this.#options.catalogues.heads.get(id)
    return accepted?.source === source && accepted.revision === head?.revision.number ? accepted : undefined
  }

  #report({ id }: ConfiguredFeed, before: FeedRecord, { lastFetch, reason, failures, held }: FeedRecord): void {
    if (!lastFetch) return
    const { log } = this.#options
    const { outcome } = lastFetch
    this.counters.set(outcome, (this.counters.get(outcome) ?? 0) + 1)
    if (failures === 1) log.warn({ feed: id, reason }, 'the list of a feed could not be fetched')
    else if (failures === 0 && before.failures > 0) log.info({ feed: id }, 'the list of a feed can be fetched again')
    if (held && held.content !== before.held?.content)
      log.warn({ feed: id, rules: [...new Set(held.findings.map(({ rule }) => rule))] }, 'a change of a feed is held')
    if (outcome === 'published') log.info({ feed: id }, 'a list has changed, and was published')
  }
}

/** The GUID by which providers that want one tell their callers apart: one for a store. Its epoch is not told to others. */
function requestIdOf({ epoch }: Pick<Store, 'epoch'>): string {
  const [, ...groups] = /^sha256:(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(sha256(`feeds of ${epoch}`)) ?? []
  const [first, second, third, fourth, fifth] = groups
  return `${first}-${second}-8${third}-8${fourth}-${fifth}`
}

function failure(reason: string): TakenIn {
  const result: FetchResult = { kind: 'failed', reason }
  return { result }
}

function dueOf(feed: ConfiguredFeed, kept: KeptFeed | undefined, now: number): number {
  return kept ? dueAt(feed, kept.record) : now
}
