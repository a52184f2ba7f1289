import type { Logger } from 'pino'
import type { Catalogues } from './catalogue/catalogues.ts'
import type { Config } from './config/config.ts'
import { newDeliveryCounters } from './delivery/counters.ts'
import type { Deliveries } from './delivery/deliveries.ts'
import { openDeliveries, type ServicePlace } from './open-deliveries.ts'
import { heapOf, runsThreads } from './open-threads.ts'
import type { SendingAsked, SendingData, SendingTold } from './sending-thread.ts'
import { LastingThread } from './work/lasting-thread.ts'

/** What is sent to receivers, on the loop or in a thread. */
export interface Sending extends Pick<Deliveries, 'counters' | 'start' | 'pauseOrphans' | 'close'> {
  /** Absent: it is on the loop. */
  readonly thread?: { readonly isDown: boolean; readonly restarts: number }
}

export interface SendingOptions {
  readonly config: Config
  readonly catalogues: Catalogues
  /** Known when it starts. */
  readonly place: () => ServicePlace
  readonly log: Logger
}

/** The heap of the thread for what is young, in MiB: most of what a delivery makes has no use after it. */
const youngMb = 32

/** Deliveries in a thread of their own, on a connection of their own, where threads run: else on the loop. */
export function openSending(options: SendingOptions): Sending {
  const { config, ...context } = options
  return runsThreads(config) ? new ThreadedDeliveries(options) : openDeliveries(config, context)
}

/**
 * Deliveries in a thread. It starts with the first subscription, since a service without receivers has nothing to send. What it counted is
 * what it told last.
 */
class ThreadedDeliveries implements Sending {
  readonly #options: SendingOptions
  #thread: LastingThread<SendingAsked, SendingTold> | undefined
  #stopListening: (() => void) | undefined
  counters = newDeliveryCounters()

  constructor(options: SendingOptions) {
    this.#options = options
  }

  get thread() {
    return { isDown: this.#thread?.isDown ?? false, restarts: this.#thread?.restarts ?? 0 }
  }

  async start(): Promise<void> {
    // What this process commits is told at once, before the thread looks at the store by itself.
    this.#stopListening = this.#options.catalogues.heads.onChange(() => void this.#look())
    await this.#look()
  }

  async pauseOrphans(): Promise<void> {
    this.#thread?.ask('pauseOrphans')
  }

  async close(): Promise<void> {
    this.#stopListening?.()
    this.#stopListening = undefined
    await this.#thread?.close()
  }

  async #look(): Promise<void> {
    if (this.#thread) return this.#thread.ask('look')
    const { store } = this.#options.catalogues
    // Where the store is away, nobody knows: the thread is started, and looks until the store is back.
    const mayHaveSubscriptions = await store.subscriptions.fanOut().then(
      ({ definitions }) => definitions > 0,
      () => true
    )
    if (!mayHaveSubscriptions || this.#thread || !this.#stopListening) return
    this.#thread = this.#makeThread()
    this.#thread.start()
  }

  #makeThread(): LastingThread<SendingAsked, SendingTold> {
    const { config, place, log } = this.#options
    const data: SendingData = { config, place: place() }
    return new LastingThread({
      script: new URL('./sending-thread.js', import.meta.url),
      data,
      heapMb: heapOf(config),
      youngMb,
      onTold: ({ counters }) => {
        this.counters = counters
      },
      onCrash: (err) => log.error({ err }, 'the thread that sends webhooks ended, and is started again')
    })
  }
}
