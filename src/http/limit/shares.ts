import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { PortolanError } from '../../domain/errors.ts'
import { type Payer, payerName } from './payer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a WebSocket holds of the connections that may stay open. */
    share: Share | undefined
  }
}

/** How many streams, long polls and WebSockets may be open at a time. */
export interface ShareBounds {
  readonly address: number
  readonly key: number
  /** In all. A tenth of them is kept free for keys. */
  readonly all: number
}

const defaultBounds: ShareBounds = { address: 20, key: 200, all: 4000 }

/** One of the connections that may stay open. */
export interface Share {
  /** Another payer holds it from now on, if that one has room for it. */
  pass(payer: Payer): void
  /** Gives it back. */
  leave(): void
}

/** The connections that stay open. They are counted by who holds them, so that nobody takes all of them. */
export class Shares {
  readonly #bounds: ShareBounds
  readonly #held = new Map<string, number>()
  /** How many are held, and how often one was refused since the start. */
  readonly counts = { held: { key: 0, address: 0 }, refused: { key: 0, address: 0 } }

  constructor(bounds = defaultBounds) {
    this.#bounds = bounds
  }

  /**
   * Takes a share until the connection closes.
   * @throws PortolanError `busy`
   */
  hold(payer: Payer, connection: ServerResponse | Socket): Share {
    const refusal = this.#refusal(payer)
    if (refusal !== undefined) {
      this.counts.refused[payer.kind] += 1
      throw new PortolanError('busy', `${refusal} Try again later. Reads that do not wait are answered all the same.`)
    }
    let holder: Payer | undefined = payer
    this.#add(payer, 1)
    const share: Share = {
      pass: (next) => {
        if (!holder || this.#refusal(next) !== undefined) return
        this.#add(holder, -1)
        this.#add(next, 1)
        holder = next
      },
      leave: () => {
        if (holder) this.#add(holder, -1)
        holder = undefined
      }
    }
    // A connection that has closed says so only once.
    if (connection.destroyed) share.leave()
    else connection.once('close', share.leave)
    return share
  }

  /** Why a payer gets no more. */
  #refusal(payer: Payer): string | undefined {
    const { key, address, all } = this.#bounds
    const { held } = this.counts
    const most = payer.kind === 'key' ? key : address
    if ((this.#held.get(payerName(payer)) ?? 0) >= most)
      return `This ${payer.kind} has ${most} streams, long polls and WebSockets open, and may have no more.`
    const isFull =
      held.key + held.address >= all || (payer.kind === 'address' && held.address >= all - Math.ceil(all / 10))
    return isFull ? 'The service has as many streams, long polls and WebSockets open as it can.' : undefined
  }

  #add(payer: Payer, count: number): void {
    const name = payerName(payer)
    const held = (this.#held.get(name) ?? 0) + count
    if (held === 0) this.#held.delete(name)
    else this.#held.set(name, held)
    this.counts.held[payer.kind] += count
  }
}
