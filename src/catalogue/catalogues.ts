import type { Instant } from '../domain/time/instant.ts'
import type { Store } from '../store/store.ts'
import type { Cache } from './cache.ts'
import type { Drafting } from './drafting.ts'
import type { KnownHeads } from './heads.ts'
import type { LogCounters } from './log-counters.ts'

/** What every use case works with. Time and randomness come from outside. */
export interface Catalogues {
  readonly store: Store
  readonly heads: KnownHeads
  readonly cache: Cache
  readonly drafting: Drafting
  readonly logCounters: LogCounters
  readonly noticeDays: number
  /** How many days before a transition it is told that it is coming. */
  readonly upcomingDays: readonly number[]
  readonly now: () => Instant
  /** That many random bytes. */
  readonly random: (count: number) => Uint8Array
}
