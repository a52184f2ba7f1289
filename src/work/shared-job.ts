import { PortolanError } from '../domain/errors.ts'

/** The client has gone: nobody waits for an answer any more. */
export class AbandonedError extends Error {
  constructor() {
    super('The client has gone.')
    this.name = 'AbandonedError'
  }
}

/** One piece of work for all who ask for it. It ends at its deadline, and when the last of them has left. */
export class SharedJob<T> {
  /** Settles with the work, whoever waits. */
  readonly settled: Promise<T>
  readonly #end = new AbortController()
  #waiting = 0

  constructor(deadlineMs: number, work: (end: AbortSignal) => Promise<T>) {
    const late = setTimeout(() => {
      const detail = `The answer was not ready within ${Math.round(deadlineMs / 1000)} seconds.`
      this.#end.abort(new PortolanError('deadline_exceeded', detail))
    }, deadlineMs)
    this.settled = work(this.#end.signal).finally(() => clearTimeout(late))
    // Where nobody waits any more, nobody has to hear of a failure.
    this.settled.catch(() => {})
  }

  /** Aborted when the work is given up. */
  get ended(): AbortSignal {
    return this.#end.signal
  }

  /** Waits for the answer until the signal says that the client has gone. */
  join(signal?: AbortSignal): Promise<T> {
    this.#waiting += 1
    if (!signal) return this.settled
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting -= 1
        if (this.#waiting === 0) this.#end.abort(new AbandonedError())
        reject(new AbandonedError())
      }
      if (signal.aborted) {
        leave()
        return
      }
      signal.addEventListener('abort', leave, { once: true })
      const stay = () => signal.removeEventListener('abort', leave)
      this.settled.then(resolve, reject).finally(stay)
    })
  }
}
