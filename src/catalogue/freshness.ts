import type { Instant } from '../domain/time/instant.ts'

/** Heads that were confirmed longer ago are not fresh. In milliseconds. */
const freshMs = 5000
/** A clock that is further from that of the store is told of. In milliseconds. */
const nearMs = 1000
/** A clock that is further from that of the store is not trusted. In milliseconds. */
const trustedMs = 5000

/** When the store was asked, and what the own clock said before and after. */
interface Confirmation {
  /** In milliseconds, on a clock that nobody sets. */
  readonly askedAt: number
  readonly before: Instant
  readonly after: Instant
  /** What the store's clock said meanwhile; absent: it has none of its own. */
  readonly now?: Instant
}

/** What a process knows about how fresh its knowledge is, and how right its clock. It is read at once: nobody is asked. */
export class Freshness {
  readonly #monotonic: () => number
  #confirmedAt = Number.NEGATIVE_INFINITY
  #clockAheadMs = 0

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** Everything is known that was committed before the store was asked. */
  confirm({ askedAt, before, after, now }: Confirmation): void {
    this.#confirmedAt = askedAt
    // What the store said lies between the two, if both clocks are right. The time that the answer took is no difference.
    this.#clockAheadMs = now === undefined ? 0 : now < before ? before - now : Math.min(0, after - now)
  }

  /** How long ago the heads were the newest of the store; infinite before they were loaded. */
  get ageMs(): number {
    return this.#monotonic() - this.#confirmedAt
  }

  /** How far the clock of this process is ahead of that of the store; negative where it is behind. */
  get clockAheadMs(): number {
    return this.#clockAheadMs
  }

  get isFresh(): boolean {
    return this.ageMs <= freshMs
  }

  /** Whether the clock is so near to that of the store that there is nothing to tell. */
  get isClockNear(): boolean {
    return Math.abs(this.#clockAheadMs) <= nearMs
  }

  /** Whether what is due by this clock may be told and sent. */
  get isClockTrusted(): boolean {
    return Math.abs(this.#clockAheadMs) <= trustedMs
  }
}
