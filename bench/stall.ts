import { setImmediate } from 'node:timers/promises'
import { createKey } from './built.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { output, root } from './child.ts'
import { median, milliseconds, spread } from './figures.ts'
import { connections } from './load.ts'
import { put } from './publish.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { type Service, startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

/** What the client measured, in milliseconds. */
export interface Latencies {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const id = 'large'
const goal = { atMost: 5 }

/** Hot reads of a small catalogue while a large one is published again and again, against the quiet service. */
export const stall: Benchmark = async (run) =>
  withFolder(async (folder) => {
    const url = sqliteUrl(folder)
    const endpoints = run.size === 'quick' ? 2_000 : 100_000
    const editions = new SyntheticCatalogue({ id, endpoints, changed: 24 })
    const bodies = [...editions.take(2)].map((document) => Buffer.from(JSON.stringify(document)))
    return withCatalogues(url, 64, async (catalogues) => {
      const small = new SyntheticCatalogue({ id: 'small', endpoints: 125, changed: 0, seed: 200_000 }).next()
      await publishAnyway(catalogues, 'small', Buffer.from(JSON.stringify(small)))
      await publishAnyway(catalogues, id, bodies[1] ?? Buffer.of())
      const { text } = await createKey(catalogues, { scopes: ['catalogue:publish', 'catalogue:override'] })
      const service = await startService(url)
      const throughService = (bytes: Buffer) => put(service, text, id, bytes)
      const besideService = async (bytes: Buffer) => {
        await catalogues.heads.refresh()
        await publishAnyway(catalogues, id, bytes)
      }
      let published = 0
      const busy = (publish: (bytes: Buffer) => Promise<void>) => () => {
        published += 1
        return publish(bodies[(published - 1) % bodies.length] ?? Buffer.of())
      }
      const what = `a document of ${endpoints.toLocaleString('en')} endpoints is published`
      try {
        return [
          ...(await compareLatencies(`${what} through it`, service, busy(throughService), run)),
          ...(await compareLatencies(`${what} by another process`, service, busy(besideService), run))
        ]
      } finally {
        await service.stop()
      }
    })
  })

async function compareLatencies(
  what: string,
  service: Service,
  publish: () => Promise<void>,
  { size, say }: Run
): Promise<readonly Row[]> {
  say(what)
  const [pairs, seconds] = size === 'quick' ? [1, 1] : [4, 8]
  const measured: Pair[] = []
  let published = 0
  // The first pair warms up and is dropped, unless it is the only one.
  for (let pair = 0; pair < pairs; pair += 1) {
    const client = { isDone: false }
    const latencies = readHot(service, seconds).finally(() => {
      client.isDone = true
    })
    // The last publish ends after the client, so the client sees nothing but a busy service. On SQLite a publish gives no turn to the
    // event loop, which must notice the end of the client.
    for (; !client.isDone; published += 1) {
      await publish()
      await setImmediate()
    }
    measured.push({ busy: await latencies, quiet: await readHot(service, seconds) })
  }
  const kept = pairs > 1 ? measured.slice(1) : measured
  say(`${published} times`)
  return [
    { ...row(`p50 of hot reads while ${what}`, kept, ({ p50 }) => p50) },
    { ...row(`p99 of hot reads while ${what}`, kept, ({ p99 }) => p99), goal },
    { ...row(`longest of them`, kept, ({ max }) => max) }
  ]
}

interface Pair {
  readonly busy: Latencies
  readonly quiet: Latencies
}

function row(what: string, pairs: readonly Pair[], of: (latencies: Latencies) => number): Row {
  const ratios = pairs.map(({ busy, quiet }) => of(busy) / of(quiet))
  return {
    what,
    ours: milliseconds(median(pairs.map(({ busy }) => of(busy)))),
    baseline: milliseconds(median(pairs.map(({ quiet }) => of(quiet)))),
    figure: { value: median(ratios), unit: 'x', spread: spread(ratios) }
  }
}

async function readHot({ url }: Service, seconds: number): Promise<Latencies> {
  const script = ['--import', 'tsx', `${root}bench/hot-client.ts`, `${url}/v1/catalogues/small`]
  return JSON.parse(await output([process.execPath, ...script, String(connections), String(seconds)]))
}
