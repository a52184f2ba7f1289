import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { type AppOptions, buildApp, type GraphQLOptions } from '../../src/app.ts'
import { makeCatalogues, type OwnedCatalogues } from '../../src/catalogue/catalogues.ts'
import type { Pace } from '../../src/catalogue/event/followers.ts'
import { createKey, Keys } from '../../src/catalogue/keys.ts'
import { seed } from '../../src/catalogue/publishing/seed.ts'
import { Clock as TransitionClock } from '../../src/delivery/clock.ts'
import { Egress } from '../../src/delivery/egress.ts'
import type { KeyScope } from '../../src/domain/key.ts'
import type { EgressPolicy } from '../../src/domain/webhook/receiver-url.ts'
import type { TlsFiles } from '../../src/http/answer/tls.ts'
import { RateLimit } from '../../src/http/limit/rate-limit.ts'
import type { Shares } from '../../src/http/limit/shares.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { ContractChecker } from './contract-checker.ts'
import { type Route, routesIn } from './routes.ts'

export const clearswift = 'clearswift-exchange-gateway-4.8'
export const clearswiftPath = `/v1/catalogues/${clearswift}`

/** A clock that stands still until it is set. */
interface Clock {
  now: number
  /** Goes with time only; a wall clock that is set without it has jumped. */
  monotonic: number
}

export interface TestApp {
  readonly clock: Clock
  /** What tells transitions; it looks when it is told to. */
  readonly transitions: TransitionClock
  /** Time passes until an instant, and then what is due is told. */
  timePasses(until: string): Promise<void>
  readonly catalogues: OwnedCatalogues
  /** Sends a request and holds the answer against the OpenAPI document. */
  request(options: InjectOptions | string): Promise<LightMyRequestResponse>
  /** Takes connections on a free port: `http://127.0.0.1:PORT`. */
  listen(): Promise<string>
  /** Every route that is registered. */
  readonly routes: readonly Route[]
  /** The service ends; the store stays open until the end of the test. */
  close(): Promise<void>
  /** A new key as the header field that presents it. */
  key(...scopes: KeyScope[]): Promise<{ readonly authorization: string }>
  /** Takes in keys that were revoked elsewhere. */
  refreshKeys(): Promise<void>
}

export interface TestAppOptions {
  readonly now?: string
  /** The time is that of the machine, and `clock` sets nothing. Default: no. */
  readonly isTicking?: boolean
  /** How far a clock that ticks is ahead of that of the machine. */
  readonly aheadMs?: () => number
  /** Publish the documents under `catalogues/`. Default true. */
  readonly isSeeded?: boolean
  readonly readAccess?: 'public' | 'key'
  readonly noticeDays?: number
  /** Default: 64. */
  readonly cacheMegabytes?: number
  readonly publicUrl?: string
  readonly hosts?: readonly string[]
  readonly corsOrigins?: readonly string[]
  readonly tls?: TlsFiles
  readonly trustProxy?: readonly string[]
  readonly store?: Store
  /** The process learns of commits of others only when it asks. Default: no. */
  readonly isUnwatched?: boolean
  /** Whether the test takes the store away. */
  readonly mayLoseStore?: boolean
  readonly isReady?: boolean
  /** Whether the thread that sends webhooks is down, in a process that does nothing else. Default false. */
  readonly isSenderDown?: boolean
  readonly pace?: Pace
  /** Default: `testEgress`. */
  readonly egress?: Egress
  readonly graphql?: GraphQLOptions
  /** Default: yes. */
  readonly hasPages?: boolean
  /** Units a minute, on the monotonic part of the clock. Default: no limit. */
  readonly rateLimit?: number
  readonly shares?: Shares
  /** Default: none. */
  readonly feeds?: AppOptions['feeds']
  readonly poller?: AppOptions['poller']
}

interface Test {
  teardown(close: () => Promise<void>): void
}

/** One for all apps of this process: options change nothing of the document, which takes longer to make than an app. */
let checker: ContractChecker | undefined

/** The service on a store in memory, with a clock of its own; it closes with the test. */
export async function startApp(t: Test, options: TestAppOptions = {}): Promise<TestApp> {
  const clock = { now: Date.parse(options.now ?? '2026-11-24T12:00:00Z'), monotonic: 0 }
  const now = options.isTicking ? () => Date.now() + (options.aheadMs?.() ?? 0) : () => clock.now
  const store = options.store ?? (await openStore('sqlite::memory:'))
  const keys = new Keys(store, now)
  const catalogues = makeCatalogues(store, {
    now,
    random: randomBytes,
    noticeDays: options.noticeDays ?? 0,
    ...(options.cacheMegabytes !== undefined && { cacheMegabytes: options.cacheMegabytes }),
    onError: (error) => {
      if (!options.mayLoseStore) throw error
    }
  })
  if (options.isUnwatched) await catalogues.heads.refresh()
  else await catalogues.heads.start()
  if (options.isSeeded ?? true) await seed(catalogues, new URL('../../catalogues', import.meta.url).pathname)
  const log = pino({ level: 'silent' })
  const transitions = new TransitionClock({ catalogues, monotonic: () => clock.monotonic, holdMs: 300_000, log })
  // It takes in what is there; from then on it looks only when a test says so.
  transitions.start()
  await transitions.look()
  const app = await buildApp({
    catalogues,
    keys,
    readAccess: options.readAccess ?? 'public',
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    ...(options.hosts && { hosts: options.hosts }),
    ...(options.corsOrigins && { corsOrigins: options.corsOrigins }),
    ...(options.tls && { tls: options.tls }),
    ...(options.trustProxy && { trustProxy: options.trustProxy }),
    log,
    readiness: { isReady: options.isReady ?? true, isSenderDown: () => options.isSenderDown ?? false },
    clock: transitions,
    receivers: options.egress ?? testEgress(),
    ...(options.pace && { pace: options.pace }),
    ...(options.graphql && { graphql: options.graphql }),
    ...(options.hasPages !== undefined && { hasPages: options.hasPages }),
    ...(options.shares && { shares: options.shares }),
    ...(options.feeds && { feeds: options.feeds }),
    ...(options.poller && { poller: options.poller }),
    ...(options.rateLimit !== undefined && { rateLimit: new RateLimit(options.rateLimit, () => clock.monotonic) })
  })
  await app.ready()
  keys.start()
  t.teardown(async () => {
    await app.close()
    await transitions.close()
    await keys.close()
    await catalogues.close()
  })
  return {
    clock,
    transitions,
    catalogues,
    async timePasses(until) {
      const ms = Date.parse(until) - clock.now
      clock.now += ms
      clock.monotonic += ms
      await transitions.look()
    },
    async request(request) {
      const answer = await app.inject(request)
      checker ??= new ContractChecker(app.swagger())
      checker.check(typeof request === 'string' ? { url: request } : request, answer)
      return answer
    },
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    routes: routesIn(app.printRoutes({ commonPrefix: false })),
    close: () => app.close(),
    refreshKeys: () => keys.refresh(),
    async key(...scopes) {
      const { text } = await createKey(catalogues, { scopes })
      return { authorization: `Bearer ${text}` }
    }
  }
}

/** Lets webhooks go to this machine; every name has a public address. */
export function testEgress(policy: Partial<EgressPolicy> = {}): Egress {
  return new Egress({
    policy: { allow: ['127.0.0.0/8'], allowsHttp: true, ...policy },
    lookup: async () => ['93.184.215.14'],
    connectMs: 5000
  })
}

/** A file of the first catalogue, as it is in the repository. */
export function catalogueFile(name: string): Buffer {
  return readFileSync(new URL(`../../catalogues/${clearswift}/${name}`, import.meta.url))
}
