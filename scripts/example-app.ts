import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { makeCatalogues } from '../src/catalogue/catalogues.ts'
import { createKey, Keys } from '../src/catalogue/keys.ts'
import type { ConfiguredFeed } from '../src/catalogue/polling/feed-folder.ts'
import { takeIn } from '../src/catalogue/polling/take-in.ts'
import { seed } from '../src/catalogue/publishing/seed.ts'
import { Clock } from '../src/delivery/clock.ts'
import { Deliveries } from '../src/delivery/deliveries.ts'
import { Egress } from '../src/delivery/egress.ts'
import { Poller } from '../src/delivery/poller.ts'
import type { KeyScope } from '../src/domain/key.ts'
import { readDocuments } from '../src/graphql/operation/trusted-documents.ts'
import type { Readiness } from '../src/http/request/gate.ts'
import type { App } from '../src/http/request/type-provider.ts'
import { openStore } from '../src/store/open.ts'
import { seedSite } from './example-site.ts'

/** After both revisions of the first catalogue, and before the transition that the second one announces. */
const start = Date.parse('2018-11-01T09:00:00Z')
const publicUrl = 'https://portolan.example'
const epoch = '5a1f0c37e2b94d68'
const folder = new URL('../catalogues', import.meta.url).pathname
const documents = new URL('../schema/documents', import.meta.url).pathname

export interface ExampleApp {
  readonly app: App
  readonly readiness: Readiness
  /** A new key, as the value of `Authorization`. */
  key(name: string, ...scopes: KeyScope[]): Promise<string>
  /** Text in which everything that differs from run to run (epoch, request ids) is replaced. */
  withoutChance(text: string): string
  /** Sets the clock to an instant and records the transitions that are due. */
  setTime(until: string): Promise<void>
  /** Sets the clock to an instant and looks at the feeds. */
  poll(until: string): Promise<void>
  /** The bodies that were sent, oldest first. */
  readonly sent: readonly string[]
  /** Sends everything that waits; each receiver answers 204. */
  deliver(): Promise<void>
  close(): Promise<void>
}

interface ExampleOptions {
  readonly isSeeded: boolean
  /** Whether there is a site, too. */
  readonly hasSite?: boolean
  /** Whether browsers open it at the address where it listens. Default: at a public URL, which every link names. */
  readonly isLocal?: boolean
  /** Default: everybody may read. */
  readonly readAccess?: 'public' | 'key'
}

/** The service in this process on a store in memory. Its clock stands still, and its random bytes are the same in every run. */
export async function exampleApp(options: ExampleOptions): Promise<ExampleApp> {
  let now = start
  const store = await openStore('sqlite::memory:')
  const keys = new Keys(store, () => now)
  const catalogues = makeCatalogues(store, {
    now: () => now,
    random: repeatableBytes(),
    cacheMegabytes: 1,
    onError: (error) => {
      throw error
    }
  })
  // It asks the store again by itself: a slow machine would else be told as a service that is not ready.
  await catalogues.heads.start()
  if (options.isSeeded) await seed(catalogues, folder)
  if (options.hasSite) {
    await seedSite(store, start)
    await catalogues.heads.refresh()
  }
  const readiness: Readiness = { isReady: true }
  const clock = new Clock({ catalogues, monotonic: () => now, holdMs: 0, log: pino({ level: 'silent' }) })
  const sent: string[] = []
  const deliveries = new Deliveries({
    catalogues,
    transport: {
      send: async ({ body }) => {
        sent.push(body)
        return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 12 }
      },
      close: async () => {}
    },
    base: () => publicUrl,
    chance: () => 0.5,
    rate: 1000,
    log: pino({ level: 'silent' })
  })
  let fetches = 0
  const poller = new Poller({
    catalogues,
    feeds,
    async fetch() {
      fetches += 1
      if (fetches > 2) return { kind: 'failed', reason: 'the source answered 503', status: 503 }
      const bytes = Buffer.from(addresses(fetches === 1 ? 14 : 3))
      return { kind: 'content', bytes, status: 200, etag: `"${fetches}"` }
    },
    takeIn: (list) => takeIn(catalogues, list),
    log: pino({ level: 'silent' })
  })
  const app = await buildApp({
    catalogues,
    keys,
    readAccess: options.readAccess ?? 'public',
    ...(!options.isLocal && { publicUrl }),
    log: pino({ level: 'silent' }),
    readiness,
    clock,
    receivers: new Egress({ policy: { allow: [], ports: [443, 8443], allowsHttp: false }, lookup, connectMs: 1000 }),
    graphql: { documents: await readDocuments(documents) },
    feeds,
    poller
  })
  // On a slow machine the examples take longer than the store may be silent for a service that is ready.
  app.addHook('onRequest', async () => catalogues.heads.refresh())
  await app.ready()
  return {
    app,
    readiness,
    sent,
    async key(name, ...scopes) {
      const { text } = await createKey(catalogues, { name, scopes })
      await keys.refresh()
      return `Bearer ${text}`
    },
    withoutChance: (text) =>
      text
        // A cursor of the delta contains the epoch, in base64url.
        .replaceAll(/\bWzEsI[\w-]+/g, (cursor) =>
          Buffer.from(Buffer.from(cursor, 'base64url').toString().replaceAll(store.epoch, epoch)).toString('base64url')
        )
        .replaceAll(store.epoch, epoch)
        .replaceAll(/urn:uuid:[0-9a-f-]{36}/g, 'urn:uuid:0b6f8a2e-4c1d-4f3a-9e57-1d2c3b4a5f60'),
    async setTime(until) {
      now = Date.parse(until)
      clock.start()
      await clock.look()
    },
    async poll(until) {
      now = Date.parse(until)
      await poller.look()
    },
    async deliver() {
      deliveries.wake()
      await deliveries.settled()
    },
    async close() {
      await deliveries.close()
      await clock.close()
      await app.close()
      await catalogues.close()
    }
  }
}

/** A list of another vendor, as `feeds/example-mirrors.yaml` would configure it. */
const feeds: readonly ConfiguredFeed[] = [
  {
    id: 'feed.example-mirrors',
    adapter: 'text',
    url: 'https://lists.example/mirrors.txt',
    every: 'PT15M',
    everyMs: 900_000,
    lingerMs: 0,
    settleMs: 0
  }
]

function addresses(count: number): string {
  return Array.from({ length: count }, (_, index) => `20.50.1.${index + 1}\n`).join('')
}

/** Resolves every name to a public address. */
const lookup = async () => ['93.184.215.14']

/** Bytes that look random and are the same in every run. */
function repeatableBytes(): (count: number) => Uint8Array {
  let turn = 0
  return (count) => {
    turn += 1
    const bytes: number[] = []
    for (let block = 0; bytes.length < count; block += 1)
      bytes.push(...createHash('sha256').update(`${turn} ${block}`).digest())
    return Uint8Array.from(bytes.slice(0, count))
  }
}
