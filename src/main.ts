import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { pino } from 'pino'
import { buildApp } from './app.ts'
import { Cache } from './catalogue/cache.ts'
import type { Catalogues } from './catalogue/catalogues.ts'
import { Drafting } from './catalogue/drafting.ts'
import { Heads } from './catalogue/heads.ts'
import { Keys } from './catalogue/keys.ts'
import { seed } from './catalogue/seed.ts'
import { readConfig } from './config.ts'
import { PortolanError } from './domain/errors.ts'
import type { Readiness } from './http/health.ts'
import { openStore } from './store/open.ts'

/** How long a stop waits for answers that are under way. */
const drainMs = 10_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = pino({ level: config.logLevel })
  const now = () => Date.now()
  const store = await openStore(config.databaseUrl)
  const heads = new Heads(store, (err) => log.error({ err }, 'the store could not be watched'))
  const keys = new Keys(store, now)
  const refreshKeys = () => keys.refresh().catch((err: unknown) => log.error({ err }, 'the keys could not be loaded'))
  heads.onChange(() => void refreshKeys())
  const catalogues: Catalogues = {
    store,
    heads,
    cache: new Cache(config.cacheMegabytes),
    drafting: new Drafting(),
    noticeDays: config.noticeDays,
    now,
    random: (count) => randomBytes(count)
  }
  const readiness: Readiness = { isReady: false }
  const app = await buildApp({
    catalogues,
    keys,
    readAccess: config.readAccess,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    log,
    readiness
  })
  const address = await app.listen({ host: config.host, port: config.port })

  const stop = async (signal: string) => {
    log.info({ signal }, 'stopping')
    readiness.isReady = false
    setTimeout(() => process.exit(1), drainMs).unref()
    await app.close()
    heads.close()
    await catalogues.drafting.close()
    await store.close()
    process.exit(0)
  }
  process.once('SIGTERM', (signal) => void stop(signal))
  process.once('SIGINT', (signal) => void stop(signal))

  await heads.start()
  await keys.refresh()
  if (config.catalogues !== undefined && existsSync(config.catalogues)) {
    const published = await seed(catalogues, config.catalogues)
    if (published > 0) log.info({ published, folder: config.catalogues }, 'published the documents of the folder')
  }
  readiness.isReady = true
  log.info({ address, catalogues: heads.all().length, seq: heads.seq }, 'ready')
  if (process.stdout.isTTY || log.isLevelEnabled('info'))
    process.stdout.write(welcome(address, heads.all()[0]?.revision.catalogue))
}

function welcome(address: string, catalogue: string | undefined): string {
  return `
  Portolan listens at ${address}

    ${address}/docs            the API
    ${address}/v1/catalogues   the catalogues
${catalogue === undefined ? '' : `    ${address}/v1/catalogues/${catalogue}\n`}
`
}

main().catch((error: unknown) => {
  const isExpected = error instanceof PortolanError
  process.stderr.write(`${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  if (isExpected) for (const { pointer, detail } of error.faults) process.stderr.write(`  ${pointer} ${detail}\n`)
  process.exit(1)
})
