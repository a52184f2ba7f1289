import { pino } from 'pino'
import type { Catalogues } from '../src/catalogue/catalogues.ts'
import type { Store } from '../src/store/store.ts'
import { Deliveries } from './built.ts'
import { publishAnyway, withCatalogues } from './catalogues.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'

/** Subscriptions on a store, with couriers whose network answers at once. */
export interface Post {
  /** Resolves when nothing is left to send. */
  settled(): Promise<void>
  /** The number of requests so far. */
  readonly sent: number
  /** When the newest request was made, in milliseconds of this process. */
  readonly sentAt: number
  /** The number of calls of the store so far. */
  readonly calls: number
  publish(catalogue: string): Promise<void>
}

/** Lends a `Post`. `wants`: the catalogue that each subscription is about. */
export async function withPost<T>(
  databaseUrl: string,
  wants: readonly string[],
  use: (post: Post) => Promise<T>
): Promise<T> {
  return withCatalogues(databaseUrl, 64, async (catalogues) => {
    for (const [index, catalogue] of wants.entries()) await subscribe(catalogues, index, catalogue)
    let [sent, sentAt, calls] = [0, 0, 0]
    const counted = counting(catalogues.store, () => {
      calls += 1
    })
    const deliveries = new Deliveries({
      catalogues: { ...catalogues, store: counted },
      transport: {
        async send() {
          sent += 1
          sentAt = performance.now()
          return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 0 }
        },
        close: async () => {}
      },
      base: () => 'https://portolan.example',
      chance: () => 0.5,
      rate: 1_000_000,
      log: pino({ level: 'silent' })
    })
    await catalogues.heads.start()
    await deliveries.start()
    await deliveries.settled()
    const editions = new Map<string, Iterator<object>>()
    const post: Post = {
      settled: () => deliveries.settled(),
      get sent() {
        return sent
      },
      get sentAt() {
        return sentAt
      },
      get calls() {
        return calls
      },
      async publish(catalogue) {
        const known = editions.get(catalogue)
        const turns = known ?? new SyntheticCatalogue({ id: catalogue, endpoints: 20, changed: 2 }).take(1000)
        editions.set(catalogue, turns)
        await publishAnyway(catalogues, catalogue, Buffer.from(JSON.stringify(turns.next().value)))
      }
    }
    try {
      return await use(post)
    } finally {
      await deliveries.close()
    }
  })
}

async function subscribe({ store }: Catalogues, index: number, catalogue: string): Promise<void> {
  const id = `sub_${String(index).padStart(26, '0')}`
  const definition = {
    url: `https://receiver-${index}.example/`,
    filter: { catalogues: [catalogue] },
    format: 'standard',
    ordering: 'strict',
    isAsymmetric: false,
    headers: {}
  } as const
  const secrets = [{ text: `whsec_${Buffer.alloc(32, index).toString('base64')}` }]
  await store.subscriptions.add({ id, definition, secrets, createdAt: Date.now() })
  await store.subscriptions.edit(id, 1, { state: { to: 'active' } }, Date.now())
}

/** The store with a callback for each call. */
function counting(store: Store, onCall: () => void): Store {
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          onCall()
          return Reflect.apply(value, inner, given)
        }
      }
    })
  return wrap({ ...store, subscriptions: wrap(store.subscriptions) })
}
