import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { signingKeyOf } from '../catalogue/webhook/signing.ts'
import { pauseOrphans } from '../catalogue/webhook/subscription-state.ts'
import { PortolanError } from '../domain/errors.ts'
import { dayMs } from '../domain/time/duration.ts'
import type { Leased } from '../store/store.ts'
import { type DeliveryCounters, newDeliveryCounters } from './counters.ts'
import { type CourierContext, type DeliverySources, deliverTo, leaseMs } from './courier.ts'
import { FanOut } from './fan-out.ts'
import { ResultWriter } from './result-writer.ts'
import type { WebhookTransport } from './transport.ts'

export interface DeliveriesOptions {
  readonly catalogues: DeliverySources
  readonly transport: WebhookTransport
  /** The base of links in what is sent. */
  readonly base: () => string
  /** A random number in [0, 1). */
  readonly chance: () => number
  /** How many requests a second a subscription may get. */
  readonly rate: number
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug' | 'error'>
}

/** How many receivers are sent to at a time. */
const mostCouriers = 256
/** The longest time that the timer is set for, since the clock may differ from it. */
const longestMs = 60_000
/** The pause after a failure of the store. */
const failureMs = 1000
/** How often what is old is removed, and what has lost its owner is looked for. */
const tidyEveryMs = 60_000
/** How long, and how many of each subscription, entries of the log of deliveries are kept. */
const keptMs = 30 * dayMs
const keptDeliveries = 10_000
/** How long a stop waits for attempts that are under way. */
const drainMs = 1500

/**
 * Sends what the log has for the subscriptions: fans new events out, and starts a courier for each subscription that something waits for.
 * Idle, it waits for a commit or an instant: nothing is polled.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #context: CourierContext
  readonly #fanOut: FanOut
  readonly #couriers = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #givingUp = new AbortController()
  /** The run of `#dispatch` that is under way. */
  #dispatching: Promise<void> | undefined
  /** Something may have come since the last look at the store. */
  #isAwoken = false
  #timer: NodeJS.Timeout | undefined
  #tidyTimer: NodeJS.Timeout | undefined
  #stopListening: (() => void) | undefined

  constructor(options: DeliveriesOptions) {
    const { catalogues, transport, base, chance, rate, log } = options
    let key: ReturnType<typeof signingKeyOf> | undefined
    this.#options = options
    this.#fanOut = new FanOut(catalogues)
    this.#context = {
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
      counters: newDeliveryCounters(),
      buckets: new Map(),
      stopping: this.#stopping.signal,
      givingUp: this.#givingUp.signal
    }
  }

  get counters(): DeliveryCounters {
    return this.#context.counters
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** By a clock that is apart from that of the store, what is not due might be sent. */
  get #isClockTrusted(): boolean {
    return this.#options.catalogues.heads.freshness.isClockTrusted
  }

  /** Sends what waits, and then whatever comes, until `close`. */
  async start(): Promise<void> {
    const { catalogues } = this.#options
    await catalogues.store.subscriptions.takeOver()
    this.#stopListening = catalogues.heads.onChange(() => this.wake())
    await this.pauseOrphans()
    this.#tidyTimer = setInterval(() => void this.pauseOrphans().then(() => this.#purge()), tidyEveryMs).unref()
    this.wake()
  }

  /** Looks for something to send. */
  wake(): void {
    this.#isAwoken = true
    this.#dispatching ??= this.#dispatch().finally(() => {
      this.#dispatching = undefined
      // Something came while the timer was set.
      if (this.#isAwoken && !this.#isStopping) this.wake()
    })
  }

  /** Resolves when nothing that can be sent now is left. */
  async settled(): Promise<void> {
    while (this.#dispatching || this.#couriers.size > 0) {
      await this.#dispatching
      if (this.#couriers.size > 0) await Promise.race(this.#couriers)
    }
  }

  /** Begins nothing new, waits a while for what is under way, and lets go of every lease. */
  async close(): Promise<void> {
    this.#stopListening?.()
    clearTimeout(this.#timer)
    clearInterval(this.#tidyTimer)
    this.#stopping.abort()
    await this.#dispatching
    const giveUp = setTimeout(() => {
      this.#givingUp.abort()
      void this.#options.transport.close()
    }, drainMs)
    await Promise.all(this.#couriers)
    clearTimeout(giveUp)
    await this.#options.transport.close()
  }

  async #dispatch(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      while (this.#isAwoken && !this.#isStopping) {
        this.#isAwoken = false
        await this.#fanOut.run()
        await this.#startCouriers()
      }
      if (this.#isClockTrusted) await this.#schedule()
      else this.#timer = setTimeout(() => this.wake(), failureMs).unref()
    } catch (err) {
      this.#isAwoken = false
      if (this.#isStopping) return
      // That the store is away is said by those who watch it.
      const level = err instanceof PortolanError && err.code === 'not_ready' ? 'debug' : 'error'
      this.#options.log[level]({ err }, 'nothing could be delivered: the store failed')
      this.#timer = setTimeout(() => this.wake(), failureMs)
    }
  }

  /** Starts a courier for each subscription that something waits for. */
  async #startCouriers(): Promise<void> {
    const { store, now } = this.#options.catalogues
    while (!this.#isStopping && this.#isClockTrusted) {
      const limit = mostCouriers - this.#couriers.size
      if (limit <= 0) return
      const holder = `${hostname()} ${process.pid} ${randomUUID()}`
      const claimed = await store.subscriptions.claim({ holder, now: now(), leaseMs, limit })
      for (const leased of claimed) this.#startCourier(leased)
      if (claimed.length < limit) return
    }
  }

  #startCourier(leased: Leased): void {
    const courier = deliverTo(this.#context, leased)
      .catch((err: unknown) => this.#giveBack(leased, err))
      .finally(() => {
        this.#couriers.delete(courier)
        if (!this.#isStopping) this.wake()
      })
    this.#couriers.add(courier)
  }

  /** Lets go of the lease of a courier that failed: another one, here or elsewhere, goes on after a pause. */
  async #giveBack({ subscription: { id }, fence }: Leased, err: unknown): Promise<void> {
    const { log, catalogues } = this.#options
    log.error({ err, subscription: id }, 'a delivery failed unexpectedly')
    try {
      await catalogues.store.subscriptions.release({ id, fence, now: catalogues.now(), pauseMs: failureMs })
    } catch {
      // Its time ends all the same.
    }
  }

  /** Sets the timer to the instant when something is due, or a lease ends. */
  async #schedule(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#isStopping || this.#couriers.size >= mostCouriers) return
    const { store, now } = this.#options.catalogues
    const dueIn = await store.subscriptions.nextDueIn(now())
    if (dueIn === undefined) return
    const delay = Math.min(Math.max(dueIn, 1), longestMs)
    this.#timer = setTimeout(() => this.wake(), delay).unref()
  }

  /** Pauses the subscriptions of keys that were revoked or have expired. */
  async pauseOrphans(): Promise<void> {
    const { catalogues, log } = this.#options
    if (!this.#isClockTrusted) return
    try {
      for (const subscription of await pauseOrphans(catalogues))
        log.warn({ subscription }, 'the subscription is paused, since the key of its owner has ended')
    } catch (err) {
      log.error({ err }, 'the subscriptions of keys that have ended could not be paused')
    }
  }

  /** Removes old entries of the log of deliveries. */
  async #purge(): Promise<void> {
    const { catalogues, log } = this.#options
    const limits = { before: catalogues.now() - keptMs, most: keptDeliveries }
    try {
      while ((await catalogues.store.subscriptions.purge(limits)) > 0 && !this.#isStopping);
    } catch (err) {
      log.error({ err }, 'old deliveries could not be purged')
    }
  }
}
