import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import { type Payer, payerOf } from './payer.ts'
import type { RateLimit, Standing } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The units that were taken for it before its answer was known. */
    paid: number
  }
  interface FastifyContextConfig {
    /**
     * What a request pays before its handler. `nothing`: it is not counted. `later`: the handler charges. Absent: one unit, and more where a
     * thread answers.
     */
    pays?: 'nothing' | 'later'
  }
}

/** Takes units for work that is about to begin. @throws PortolanError `rate_limited` */
export type Charge = (units: number) => void

/** How many bytes of a body, of a request or of its answer, cost a unit where a thread answers. */
const bytesPerUnit = 102_400
/** What a thread costs, whatever the size. */
const threadUnits = 10

/** Charges requests, and tells their clients what they have left. Without a limit everything is free, and nobody is told anything. */
export class Meter {
  readonly #limit: RateLimit | undefined

  constructor(limit: RateLimit | undefined) {
    this.#limit = limit
  }

  /** @throws PortolanError `rate_limited` */
  charge(request: FastifyRequest, reply: FastifyReply, units: number): void {
    this.#charge(payerOf(request), units, reply.raw)
    request.paid += units
  }

  /** The charge of a request whose handler has not begun: see `pays`. @throws PortolanError `rate_limited` */
  chargeRequest(request: FastifyRequest, reply: FastifyReply): void {
    const { pays } = request.routeOptions.config
    // A handshake is a request of its own, whatever its route charges for what follows.
    if (pays === undefined || (pays === 'later' && request.ws)) this.charge(request, reply, 1)
  }

  /** Whether the payer of a request has a unit left. */
  canPay(request: FastifyRequest): boolean {
    return this.#limit === undefined || this.#limit.standing(payerOf(request)).units > 0
  }

  /** The charge of an operation: `reply` is absent where the answer has no header fields of its own, as over a WebSocket. */
  chargeOf(request: FastifyRequest, key = request.key, reply?: FastifyReply): Charge {
    return (units) => this.#charge(payerOf(request, key), units, reply?.raw)
  }

  /** What a thread costs more than a read on the loop. @throws PortolanError `rate_limited` */
  chargeThread(request: FastifyRequest, reply: FastifyReply, bodyBytes: number): void {
    const base = request.routeOptions.config.pays === 'later' ? 0 : threadUnits - 1
    this.charge(request, reply, base + Math.floor(bodyBytes / bytesPerUnit))
  }

  /** Charges for the size of what a thread answered, and for what it found out. That is known only now, so it is never refused. */
  settleThread(request: FastifyRequest, reply: FastifyReply, answerBytes: number, units = 0): void {
    this.#settle(request, reply, Math.floor(answerBytes / bytesPerUnit) + units)
  }

  /** The same for an operation that came over a WebSocket. */
  settleOperation(request: FastifyRequest, key: Key | undefined, answerBytes: number, units: number): void {
    this.#limit?.settle(payerOf(request, key), Math.floor(answerBytes / bytesPerUnit) + units)
  }

  /** Charges for asking a thread once more, for a client that waits. */
  settleRepeat(request: FastifyRequest, reply: FastifyReply): void {
    this.#settle(request, reply, threadUnits)
  }

  /**
   * An answer that the client had already (304) costs nothing. Where a thread had to find that out it costs what it costs, and so it does
   * where `*` says that the client has whatever there is: else such requests would be work without a bound.
   */
  giveBack(request: FastifyRequest, { raw }: FastifyReply): void {
    if (!this.#limit || request.paid !== 1 || request.headers['if-none-match'] === '*') return
    this.#limit.settle(payerOf(request), -1)
    raw.removeHeader('ratelimit')
    raw.removeHeader('ratelimit-policy')
  }

  #settle(request: FastifyRequest, reply: FastifyReply, units: number): void {
    if (!this.#limit || units === 0) return
    tell(reply.raw, this.#limit, this.#limit.settle(payerOf(request), units))
  }

  #charge(payer: Payer, units: number, response: ServerResponse | undefined): void {
    const limit = this.#limit
    if (!limit || units <= 0) return
    try {
      const standing = limit.charge(payer, units)
      if (response) tell(response, limit, standing)
    } catch (error) {
      if (response && error instanceof PortolanError) {
        tell(response, limit, limit.standing(payer))
        response.setHeader('retry-after', String(error.extra.retryAfter))
      }
      throw error
    }
  }
}

/** The fields go to this answer alone: they are never kept with its bytes. */
function tell(response: ServerResponse, { policy }: RateLimit, { units, fullInSeconds }: Standing): void {
  response.setHeader('ratelimit-policy', policy)
  response.setHeader('ratelimit', `"default";r=${units};t=${fullInSeconds}`)
}
