import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { signingKeyOf } from '../catalogue/webhook/signing.ts'
import { dayMs } from '../domain/time/duration.ts'
import type { Leased } from '../store/store.ts'
import { type DeliveryCounters, newDeliveryCounters } from './counters.ts'
import { type CourierContext, deliverTo, leaseMs } from './courier.ts'
import { FanOut } from './fan-out.ts'
import { ResultWriter } from './result-writer.ts'
import type { WebhookTransport } from './transport.ts'

export interface DeliveriesOptions {
  readonly catalogues: Catalogues
  readonly transport: WebhookTransport
  /** Base of links. */
  readonly base: () => string
  readonly chance: () => number
  /** Requests a second for each subscription. */
  readonly rate: number
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug' | 'error'>
}

/** Receivers that are sent to at a time. */
const mostCouriers = 256
/** After a failure of the store, and as long as the clock may differ from the timers. */
const longestMs = 60_000
const purgeEveryMs = 60_000
/** The log of deliveries keeps so much of each subscription. */
const keptMs = 30 * dayMs
const keptDeliveries = 10_000
/** How long a stop waits for attempts that are under way. */
const drainMs = 5000

/** Sends what the log has for the subscriptions. Idle, it waits for a commit or an instant: nothing is polled. */
export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #post: CourierContext
  readonly #fanOut: FanOut
  readonly #running = new Set<Promise<void>>()
  #round: Promise<void> | undefined
  #isStale = false
  #timer: NodeJS.Timeout | undefined
  #purgeTimer: NodeJS.Timeout | undefined
  #leave: (() => void) | undefined

  constructor(options: DeliveriesOptions) {
    const { catalogues, transport, base, chance, rate, log } = options
    let key: ReturnType<typeof signingKeyOf> | undefined
    this.#options = options
    this.#fanOut = new FanOut(catalogues)
    this.#post = {
      catalogues,
      transport,
      chance,
      rate,
      log,
      results: new ResultWriter(catalogues.store.subscriptions),
      sender: () => ({ epoch: catalogues.store.epoch, base: base() }),
      signingKey: () => {
        key ??= signingKeyOf(catalogues)
        return key
      },
      tally: newDeliveryCounters(),
      buckets: new Map(),
      isStopping: false,
      isGivenUp: false
    }
  }

  get tally(): DeliveryCounters {
    return this.#post.tally
  }

  /** Sends what waits, and then whatever comes, until `close`. */
  async start(): Promise<void> {
    const { catalogues } = this.#options
    await catalogues.store.subscriptions.takeOver()
    this.#leave = catalogues.heads.onChange(() => this.wake())
    this.#purgeTimer = setInterval(() => void this.#purge(), purgeEveryMs).unref()
    this.wake()
  }

  /** Something may be there to be sent. */
  wake(): void {
    this.#isStale = true
    this.#round ??= this.#work().finally(() => {
      this.#round = undefined
      // Something came while the timer was set.
      if (this.#isStale && !this.#post.isStopping) this.wake()
    })
  }

  /** Resolves when nothing that can be sent now is left. */
  async settled(): Promise<void> {
    while (this.#round || this.#running.size > 0) {
      await this.#round
      if (this.#running.size > 0) await Promise.race(this.#running)
    }
  }

  /** Begins nothing new, waits a while for what is under way, and lets go of every lease. */
  async close(): Promise<void> {
    this.#leave?.()
    clearTimeout(this.#timer)
    clearInterval(this.#purgeTimer)
    this.#post.isStopping = true
    await this.#round
    const giveUp = setTimeout(() => {
      this.#post.isGivenUp = true
      void this.#options.transport.close()
    }, drainMs)
    await Promise.all(this.#running)
    clearTimeout(giveUp)
    await this.#options.transport.close()
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      while (this.#isStale && !this.#post.isStopping) {
        this.#isStale = false
        await this.#fanOut.run()
        await this.#hire()
      }
      await this.#wind()
    } catch (err) {
      this.#isStale = false
      if (this.#post.isStopping) return
      this.#options.log.error({ err }, 'nothing could be delivered: the store failed')
      this.#timer = setTimeout(() => this.wake(), 1000)
    }
  }

  /** A courier for each subscription that something waits for. */
  async #hire(): Promise<void> {
    const { store, now } = this.#options.catalogues
    while (!this.#post.isStopping) {
      const limit = mostCouriers - this.#running.size
      if (limit <= 0) return
      const at = now()
      const holder = `${hostname()} ${process.pid} ${randomUUID()}`
      const claimed = await store.subscriptions.claim({ holder, now: at, until: at + leaseMs, limit })
      for (const leased of claimed) this.#run(leased)
      if (claimed.length < limit) return
    }
  }

  #run(leased: Leased): void {
    const { log } = this.#options
    const running = deliverTo(this.#post, leased)
      .catch((err: unknown) =>
        log.error({ err, subscription: leased.subscription.id }, 'a delivery failed unexpectedly')
      )
      .finally(() => {
        this.#running.delete(running)
        if (!this.#post.isStopping) this.wake()
      })
    this.#running.add(running)
  }

  /** Waits for the instant when something is due, or its lease ends. */
  async #wind(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#post.isStopping || this.#running.size >= mostCouriers) return
    const { store, now } = this.#options.catalogues
    const due = await store.subscriptions.nextDue()
    if (due === undefined) return
    const delay = Math.min(Math.max(due - now(), 1), longestMs)
    this.#timer = setTimeout(() => this.wake(), delay).unref()
  }

  async #purge(): Promise<void> {
    const { catalogues, log } = this.#options
    try {
      const limits = { before: catalogues.now() - keptMs, most: keptDeliveries }
      while ((await catalogues.store.subscriptions.purge(limits)) > 0 && !this.#post.isStopping);
    } catch (err) {
      log.error({ err }, 'old deliveries could not be purged')
    }
  }
}
