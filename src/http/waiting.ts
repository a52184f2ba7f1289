import type { FastifyRequest } from 'fastify'
import type { Heads } from '../catalogue/heads.ts'

/** The longest wait that is granted, in seconds: below what proxies are used to cut off. */
const longest = 55

/** Requests that wait for something to happen. */
export class Waiting {
  readonly #heads: Heads
  readonly #wakers = new Set<() => void>()
  #isEnded = false

  constructor(heads: Heads) {
    this.#heads = heads
    heads.onChange(() => this.#wake())
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Resolves when something is committed after `seq`, after so many milliseconds, when the client goes, or when the service stops. */
  change(request: FastifyRequest, seq: number, milliseconds: number): Promise<void> {
    if (this.#isEnded || this.#heads.seq !== seq || request.raw.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        request.raw.socket.off('close', wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.max(0, milliseconds))
      this.#wakers.add(wake)
      request.raw.socket.on('close', wake)
    })
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake()
  }
}

/** How many seconds a client would rather wait than be told that nothing happened. RFC 7240; undefined: none. */
export function preferredWait({ headers }: FastifyRequest): number | undefined {
  const found = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?(?=$|[,;\s])/i.exec([headers.prefer ?? ''].flat().join(','))
  return found ? Math.min(Number(found[1]), longest) : undefined
}
