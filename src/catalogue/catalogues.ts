import type { Narrowing } from '../domain/narrowing.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Store } from '../store/store.ts'
import { Cache } from './cache.ts'
import { Heads, type HeadsOptions, type KnownHeads } from './heads.ts'
import { LogCounters } from './log-counters.ts'

/** What use cases work with; each names the part that it needs. Time and randomness come from outside. */
export interface Catalogues {
  /** The only catalogues that are to be seen; absent: all. */
  readonly narrowing?: Narrowing
  readonly store: Store
  readonly heads: KnownHeads
  readonly cache: Cache
  readonly logCounters: LogCounters
  /** How many days before its end a retirement must be announced. */
  readonly noticeDays: number
  /** How many days before a transition its notices are logged. */
  readonly upcomingDays: readonly number[]
  readonly now: () => Instant
  /** Gives that many random bytes. */
  readonly random: (count: number) => Uint8Array
}

/** The catalogues with what only their owner does: load and watch the heads, and close everything. */
export interface OwnedCatalogues extends Catalogues {
  readonly heads: Heads
  /** Closes the store too. */
  close(): Promise<void>
}

export interface CataloguesOptions extends Pick<Catalogues, 'now' | 'random'> {
  /** Default: 64. */
  readonly cacheMegabytes?: number
  /** Default: 0. */
  readonly noticeDays?: number
  /** Default: 30, 7 and 1. */
  readonly upcomingDays?: readonly number[]
  /** Takes the failures of the watch on the store. */
  readonly onError: (error: unknown) => void
  /** Is called whenever the store has answered. */
  readonly onConfirmed?: HeadsOptions['onConfirmed']
}

/** Puts together what use cases work with, on an open store. The heads are not loaded yet: `heads.refresh()` or `heads.start()` does it. */
export function makeCatalogues(
  store: Store,
  {
    now,
    random,
    cacheMegabytes = 64,
    noticeDays = 0,
    upcomingDays = [30, 7, 1],
    onError,
    onConfirmed
  }: CataloguesOptions
): OwnedCatalogues {
  const heads = new Heads(store, { now, onError, ...(onConfirmed && { onConfirmed }) })
  return {
    store,
    heads,
    cache: new Cache(cacheMegabytes),
    logCounters: new LogCounters(),
    noticeDays,
    upcomingDays,
    now,
    random,
    async close() {
      heads.close()
      await store.close()
    }
  }
}
