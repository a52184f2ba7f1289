import type { Key } from '../../domain/key.ts'
import type { KnownHeads } from '../heads.ts'
import type { Keys } from '../keys.ts'

/** The times of connections that stay open, in milliseconds. */
export interface Pace {
  /** How long nothing is sent before a sign of life is. */
  readonly heartbeatMs: number
  /** How long a client may take nothing before its connection is closed. */
  readonly patienceMs: number
}

/** A connection that stays open for events. */
export interface EventStream {
  /** Aborted when the client has gone, or the stream was ended. */
  readonly signal: AbortSignal
  /**
   * Sends a text, and resolves once the client takes more. So no more than one text waits beyond what the socket holds. It rejects where the
   * client has gone, or has taken nothing for too long and was closed.
   */
  send(text: string): Promise<void>
  /** Ends the stream, after a last text. The client asks again for what it has not taken by then. */
  end(last?: string): void
  /** Closes the connection at once. */
  abort(): void
}

/** A client that waits for the log to go on. */
export interface Follower {
  /** Aborted when the client has gone, its key has ended, or the service drains. */
  readonly signal: AbortSignal
  /** Whether the key of the client was revoked or has expired. */
  readonly isRevoked: boolean
  /**
   * Resolves when the log has an event after a seq, when the time is over, or when `signal` is aborted. Without a time it
   * waits as long as it takes.
   */
  next(seq: number, ms?: number): Promise<void>
  /** Ends the waiting, and aborts `signal`. */
  leave(): void
}

/** All clients that wait for the log. None keeps the service from ending. Whoever admits them bounds their number. */
export class Followers {
  readonly #heads: KnownHeads
  readonly #ends = new Set<AbortController>()
  readonly #wakers = new Set<() => void>()
  readonly #keys: Pick<Keys, 'onEnd'>
  #isClosed = false

  constructor(heads: KnownHeads, keys: Pick<Keys, 'onEnd'>) {
    this.#heads = heads
    this.#keys = keys
    heads.onChange(() => {
      for (const wake of [...this.#wakers]) wake()
    })
  }

  get size(): number {
    return this.#ends.size
  }

  /** Admits a client, which has to leave in the end, and leaves when its key ends. Undefined where the service ends. */
  admit(key?: Key): Follower | undefined {
    if (this.#isClosed) return undefined
    const end = new AbortController()
    this.#ends.add(end)
    let isRevoked = false
    let unwatch = () => {}
    const leave = () => {
      unwatch()
      this.#ends.delete(end)
      end.abort()
    }
    if (key)
      unwatch = this.#keys.onEnd(key, () => {
        isRevoked = true
        leave()
      })
    return {
      signal: end.signal,
      get isRevoked() {
        return isRevoked
      },
      leave,
      next: (seq, ms) => this.#next(end.signal, seq, ms)
    }
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

  /** Ends the waiting of all clients, and admits no more. */
  close(): void {
    this.#isClosed = true
    for (const end of [...this.#ends]) end.abort()
    this.#ends.clear()
  }
}
