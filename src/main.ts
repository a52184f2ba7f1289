import { existsSync } from 'node:fs'
import { pino } from 'pino'
import { buildApp } from './app.ts'
import { type ConfiguredFeed, readFeedFolder } from './catalogue/polling/feed-folder.ts'
import { requireOwnCatalogues } from './catalogue/polling/polled-feeds.ts'
import { seed } from './catalogue/publishing/seed.ts'
import { OversizedHeads } from './catalogue/read/oversized-heads.ts'
import { type Config, readConfig } from './config/config.ts'
import { Clock } from './delivery/clock.ts'
import { faultText, PortolanError } from './domain/errors.ts'
import type { Listener } from './domain/webhook/listener.ts'
import { readDocuments } from './graphql/operation/trusted-documents.ts'
import type { TlsFiles } from './http/answer/tls.ts'
import { RateLimit } from './http/limit/rate-limit.ts'
import type { Readiness } from './http/request/gate.ts'
import { openCatalogues } from './open-catalogues.ts'
import { openEgress } from './open-deliveries.ts'
import { openPoller } from './open-poller.ts'
import { openSending } from './open-sending.ts'
import { openThreads } from './open-threads.ts'
import { stopOnSignals } from './stopping.ts'
import { keepsSecretsInClear } from './store/open.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const { catalogues: folder, readAccess, publicUrl, trustedDocuments, role } = config
  const sends = role !== 'web'
  const log = pino({ level: config.logLevel })
  const hasDocuments = trustedDocuments !== undefined && existsSync(trustedDocuments)
  const documents = hasDocuments ? await readDocuments(trustedDocuments) : new Map<string, string>()
  if (trustedDocuments !== undefined && !hasDocuments)
    log.warn({ trustedDocuments }, 'there are no trusted documents at this path')
  const feeds = await configuredFeeds(config)
  const tls = tlsFiles(config.tls)
  const { catalogues, keys, close } = await openCatalogues(config, { now: () => Date.now(), log })
  const { heads } = catalogues
  if (config.secretKeys === undefined && keepsSecretsInClear(config.databaseUrl))
    log.warn('PORTOLAN_SECRET_KEY is not set: secrets of webhooks and the key that signs them are kept in clear')
  if (role === 'send' && publicUrl === undefined)
    log.warn('PORTOLAN_PUBLIC_URL is not set: links in webhooks lead to this process, which answers none of them')
  heads.onChange(() => void keys.refresh().catch((err: unknown) => log.error({ err }, 'the keys could not be loaded')))

  const clock = new Clock({
    catalogues,
    monotonic: () => performance.now(),
    holdMs: config.clockHoldSeconds * 1000,
    log
  })
  let [address, listeners]: [string, readonly Listener[]] = ['', []]
  const place = () => ({ base: publicUrl ?? address, listeners })
  const sending = sends ? openSending({ config, catalogues, place, log }) : undefined
  keys.onAnyEnd(() => void sending?.pauseOrphans())
  const readiness: Readiness = {
    isReady: false,
    isSenderDown: () => role === 'send' && sending?.thread?.isDown === true
  }
  const deadlineMs = config.deadlineSeconds * 1000
  const work = role === 'send' ? undefined : openThreads({ config, documents, feeds })
  const poller = openPoller({ config, catalogues, feeds, place, work, log })
  const oversizedHeads = new OversizedHeads(catalogues, {
    onFound: (head) =>
      log.warn(head, 'this catalogue does not fit into PORTOLAN_CACHE_MB: each read loads it from the store'),
    onError: (err) => log.error({ err }, 'the size of a catalogue could not be read')
  })
  const app = await buildApp({
    catalogues,
    keys,
    readAccess,
    ...(publicUrl !== undefined && { publicUrl }),
    hosts: config.hosts,
    corsOrigins: config.corsOrigins,
    ...(tls && { tls }),
    trustProxy: config.trustProxy,
    log,
    readiness,
    clock,
    receivers: openEgress(config, place),
    ...(sending && { deliveries: sending }),
    isMonitoredOnly: role === 'send',
    graphql: { ...config.graphql, documents },
    hasPages: config.hasPages,
    ...(config.rateLimit !== undefined && { rateLimit: new RateLimit(config.rateLimit) }),
    oversizedHeads,
    feeds,
    poller,
    ...(config.metricsPort !== undefined && { metricsListener: { host: config.host, port: config.metricsPort } }),
    ...(work && { threads: { work, deadlineMs } })
  })
  const listening = await app.listen({ host: config.host, port: config.port })
  // Fastify does not know what its server speaks.
  address = tls ? listening.replace(/^http:/, 'https:') : listening
  listeners = app.addresses().filter((bound) => typeof bound !== 'string')

  stopOnSignals({
    log,
    delayMs: config.drainDelaySeconds * 1000,
    drain() {
      readiness.isDraining = true
    },
    async end() {
      readiness.isReady = false
      await Promise.all([app.close(), clock.close(), sending?.close(), poller.close()])
      await work?.close()
      await keys.close()
    },
    close,
    exit: (code) => process.exit(code)
  })

  await heads.start()
  await keys.refresh()
  keys.start()
  if (folder !== undefined && existsSync(folder)) {
    const published = await seed(catalogues, folder)
    if (published > 0) log.info({ published, folder }, 'published the documents of the folder')
  }
  await requireOwnCatalogues(catalogues, feeds)
  readiness.isReady = true
  if (sending) {
    clock.start()
    poller.start()
    await sending.start()
  }
  log.info({ address, role, catalogues: heads.all().length, seq: heads.seq }, 'ready')
  process.stdout.write(welcome(address, heads.all()[0]?.revision.catalogue))
}

function configuredFeeds({ feeds: folder }: Config): Promise<readonly ConfiguredFeed[]> {
  return folder !== undefined && existsSync(folder) ? readFeedFolder(folder) : Promise.resolve([])
}

function tlsFiles({ cert, key, clientCa }: Config['tls']): TlsFiles | undefined {
  if (cert !== undefined && key !== undefined) return { cert, key, ...(clientCa !== undefined && { clientCa }) }
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined
  throw new PortolanError('invalid_parameter', 'TLS needs both PORTOLAN_TLS_CERT and PORTOLAN_TLS_KEY.')
}

function welcome(address: string, catalogue: string | undefined): string {
  const example = catalogue === undefined ? '' : `/${catalogue}`
  return `Portolan listens at ${address}/\n  the API:         ${address}/docs\n  the catalogues:  ${address}/v1/catalogues${example}\n`
}

main().catch((error: unknown) => {
  const isExpected = error instanceof PortolanError
  process.stderr.write(
    `${isExpected ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error)}\n`
  )
  if (isExpected) for (const fault of error.faults) process.stderr.write(`${faultText(fault)}\n`)
  // As the exit codes of the command line say: 2 is wrong usage, here of a variable.
  process.exit(isExpected && error.code === 'invalid_parameter' ? 2 : 1)
})
