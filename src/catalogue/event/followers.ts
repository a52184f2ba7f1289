import type { KnownHeads } from '../heads.ts'

/** Of connections that stay open. */
export interface Pace {
  /** After so long without anything else there is a sign of life. */
  readonly heartbeatMs: number
  /** A client that takes nothing for so long is closed. */
  readonly patienceMs: number
}

/** A connection that stays open for events. */
export interface EventStream {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
  /**
   * Resolves once the client takes more: what waits for it is never more than this beyond what its socket holds. One that takes nothing for
   * too long is closed; then, and where it has gone, it rejects.
   */
  send(text: string): Promise<void>
  /** What the client has not taken by then it asks for again. */
  end(): void
  /** At once. */
  abort(): void
}

/** A client that waits for the log to go on. */
export interface Follower {
  /** Aborted when the client has gone, or the service drains. */
  readonly signal: AbortSignal
  /** Resolves when the log has an event after this one, when the time is over, or at the end. Without a time: however long it takes. */
  next(seq: number, ms?: number): Promise<void>
  /** Waits no more. */
  leave(): void
}

const largestNumber = 1000

/** All clients that wait for the log. There is a bound to them, and none keeps the service from ending. */
export class Followers {
  readonly #heads: KnownHeads
  readonly #ends = new Set<AbortController>()
  readonly #wakers = new Set<() => void>()
  #isClosed = false

  constructor(heads: KnownHeads) {
    this.#heads = heads
    heads.onChange(() => {
      for (const wake of [...this.#wakers]) wake()
    })
  }

  get size(): number {
    return this.#ends.size
  }

  /** Undefined: there are too many, or the service ends. Whoever is admitted has to leave. */
  admit(): Follower | undefined {
    if (this.#isClosed || this.size >= largestNumber) return undefined
    const end = new AbortController()
    this.#ends.add(end)
    const leave = () => {
      this.#ends.delete(end)
      end.abort()
    }
    return { signal: end.signal, leave, next: (seq, ms) => this.#next(end.signal, seq, ms) }
  }

  #next(signal: AbortSignal, seq: number, ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || this.#heads.seq > seq) return resolve()
      const done = () => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const wake = () => {
        if (this.#heads.seq > seq) done()
      }
      const timer = ms === undefined ? undefined : setTimeout(done, ms)
      this.#wakers.add(wake)
      signal.addEventListener('abort', done)
    })
  }

  /** Ends all that wait, and admits no more. */
  close(): void {
    this.#isClosed = true
    for (const end of [...this.#ends]) end.abort()
    this.#ends.clear()
  }
}
