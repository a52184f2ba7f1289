import { setImmediate } from 'node:timers/promises'
import { createKey } from './built.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { output, root } from './child.ts'
import { median, megabytes, milliseconds, spread } from './figures.ts'
import { connections } from './load.ts'
import { put } from './publish.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { type Service, startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

/** Latencies that the client measured, in milliseconds. */
export interface Latencies {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const goal = { atMost: 5 }

/** Sizes of the documents that are published meanwhile: one that a thread of its own reads, and the largest that is read without it. */
const sizes = { full: { large: 100_000, middle: 19_000 }, quick: { large: 20_000, middle: 2_000 } } as const

/** Hot reads of a small catalogue while another one is published again and again, against the quiet service. */
export const stall: Benchmark = async (run) =>
  withFolder((folder) => {
    const url = sqliteUrl(folder)
    return withCatalogues(url, 64, async (catalogues) => {
      const { text } = await createKey(catalogues, { scopes: ['catalogue:publish', 'catalogue:override'] })
      const small = new SyntheticCatalogue({ id: 'small', endpoints: 125, changed: 0, seed: 200_000 }).next()
      await publishAnyway(catalogues, small.id, Buffer.from(JSON.stringify(small)))
      const [large, middle] = [turns('large', run), turns('middle', run)]
      await publishAnyway(catalogues, 'large', large.next())
      await publishAnyway(catalogues, 'middle', middle.next())
      const service = await startService(url)
      try {
        return [
          ...(await compareLatencies(`${large.what} is published through it`, service, run, () =>
            put(service, text, 'large', large.next())
          )),
          ...(await compareLatencies(`${large.what} is published by another process`, service, run, async () => {
            await catalogues.heads.refresh()
            await publishAnyway(catalogues, 'large', large.next())
          })),
          ...(await compareLatencies(`${middle.what} is published through it`, service, run, () =>
            put(service, text, 'middle', middle.next())
          ))
        ]
      } finally {
        await service.stop()
      }
    })
  })

/** Two editions of a catalogue in turn, so that each differs from the head. */
function turns(id: 'large' | 'middle', { size }: Run) {
  const endpoints = sizes[size][id]
  const editions = [...new SyntheticCatalogue({ id, endpoints, changed: 24 }).take(2)]
  const bodies = editions.map((document) => Buffer.from(JSON.stringify(document)))
  let turn = 0
  return {
    what: `a document of ${endpoints.toLocaleString('en')} endpoints (${megabytes(bodies[0]?.byteLength ?? 0)})`,
    next: () => bodies[turn++ % 2] ?? Buffer.of()
  }
}

async function compareLatencies(
  what: string,
  service: Service,
  { size, say }: Run,
  publish: () => Promise<void>
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
    // The last publish ends after the client, so the client sees only a busy service. On SQLite a publish does not yield to the event
    // loop, which must notice the end of the client.
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
