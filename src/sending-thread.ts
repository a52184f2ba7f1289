import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import type { Config } from './config/config.ts'
import type { Deliveries } from './delivery/deliveries.ts'
import { openCatalogues } from './open-catalogues.ts'
import { openDeliveries, type ServicePlace } from './open-deliveries.ts'

/** What the thread is started with. */
export interface SendingData {
  readonly config: Config
  readonly place: ServicePlace
}

/** What it is asked: something was committed, or the key of an owner has ended. */
export type SendingAsked = 'look' | 'pauseOrphans'

/** What it tells each second. */
export type SendingTold = Pick<Deliveries, 'counters'>

const tellEveryMs = 1000
/** The most of the cache: what is sent are the newest events, and each is rendered once. */
const mostCacheMegabytes = 32

const port = parentPort

async function startSending({ config, place }: SendingData) {
  const cacheMegabytes = Math.min(config.cacheMegabytes, mostCacheMegabytes)
  // That the store is away is said by the loop.
  const { catalogues, close } = await openCatalogues({ ...config, cacheMegabytes }, { now: () => Date.now() })
  const log = pino({ level: config.logLevel })
  const deliveries = openDeliveries(config, { catalogues, place: () => place, log })
  await catalogues.heads.start()
  await deliveries.start()
  const telling = setInterval(
    () => port?.postMessage({ counters: deliveries.counters } satisfies SendingTold),
    tellEveryMs
  )
  return {
    async ask(asked: SendingAsked | 'stop') {
      switch (asked) {
        case 'look':
          // A failure is noticed by the watch on the store.
          return catalogues.heads.refresh().catch(() => {})
        case 'pauseOrphans':
          return deliveries.pauseOrphans()
        case 'stop':
          clearInterval(telling)
          await deliveries.close()
          await close()
          // Nothing is left that keeps the thread.
          return port?.close()
        default:
          throw new Error(`unknown request ${asked satisfies never}`)
      }
    }
  }
}

// The service has started this thread with it.
const sending = startSending(workerData as SendingData)
port?.on('message', async (asked: SendingAsked | 'stop') => (await sending).ask(asked))
