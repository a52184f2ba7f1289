import { setImmediate } from 'node:timers/promises'

/** How many operations may wait behind the one that is answered. */
const mostWaiting = 100
/** How many bytes they may have together. */
const mostWaitingBytes = 16 * 1_048_576

/** Ends a turn, so that the next one begins. */
export type EndTurn = () => void

/** Lets the operations of one connection be answered one after the other. */
export class OperationQueue {
  #last: Promise<void> = Promise.resolve()
  /** With the one that is answered. */
  #waiting = 0
  #waitingBytes = 0

  /** Resolves when the ones before are answered. Undefined: too many wait. */
  enter(bytes: number): Promise<EndTurn> | undefined {
    if (this.#waiting > mostWaiting || this.#waitingBytes + bytes > mostWaitingBytes) return undefined
    this.#waiting += 1
    this.#waitingBytes += bytes
    const before = this.#last
    const { promise, resolve } = withResolver()
    this.#last = promise
    return before.then(() => {
      this.#waitingBytes -= bytes
      let hasEnded = false
      return () => {
        if (hasEnded) return
        hasEnded = true
        this.#waiting -= 1
        resolve()
      }
    })
  }
}

/** Lets the operations of all connections begin each in a turn of the loop of its own, so that others are answered between them. */
export class LoopTurns {
  #last: Promise<unknown> = Promise.resolve()

  next(): Promise<unknown> {
    this.#last = this.#last.then(() => setImmediate())
    return this.#last
  }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
