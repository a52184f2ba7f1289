import { setImmediate } from 'node:timers/promises'
import { createKey } from './built.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { milliseconds } from './figures.ts'
import { hotLatencies, type Latencies } from './hot-latencies.ts'
import type { Benchmark, Row } from './row.ts'
import { startService } from './service.ts'
import { operationsOn } from './stall-operations.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

/** Endpoints of the catalogue that is read, and of the one that is published; seconds for each operation. */
const sizes = {
  full: { read: 20_000, published: 100_000, seconds: 5 },
  quick: { read: 2_000, published: 2_000, seconds: 0.2 }
} as const
/** How many of one operation are under way at a time. */
const atOnce = 2
/** Hot reads may wait for so many milliseconds at p99, or for so many times as long as on the quiet service, whichever is longer. */
const [leastMs, mostTimes] = [50, 5]

/** Hot reads of a small catalogue while each operation runs again and again on a large one, against the quiet service. */
export const stalls: Benchmark = ({ size, say }) =>
  withFolder((folder) => {
    const url = sqliteUrl(folder)
    const { read, published, seconds } = sizes[size]
    return withCatalogues(url, 64, async (catalogues) => {
      const { text: key } = await createKey(catalogues, { scopes: ['catalogue:publish', 'catalogue:override'] })
      const small = new SyntheticCatalogue({ id: 'small', endpoints: 125, changed: 0, seed: 200_000 }).next()
      await publishAnyway(catalogues, small.id, Buffer.from(JSON.stringify(small)))
      for (const edition of new SyntheticCatalogue({ id: 'large', endpoints: read, changed: 24 }).take(2))
        await publishAnyway(catalogues, 'large', Buffer.from(JSON.stringify(edition)))
      const editions = [...new SyntheticCatalogue({ id: 'published', endpoints: published, changed: 24 }).take(2)]
      const bodies = editions.map((edition) => Buffer.from(JSON.stringify(edition)))
      await publishAnyway(catalogues, 'published', bodies[0] ?? Buffer.of())
      let next = 0
      const service = await startService(url)
      const hot = `${service.url}/v1/catalogues/small`
      try {
        const rows: {
          readonly what: string
          readonly busy: Latencies
          readonly quiet: Latencies
          readonly stallMs: number
        }[] = []
        const quietAtFirst = await hotLatencies(hot, seconds)
        let turn = 0
        for (const { what, run } of operationsOn({
          service,
          catalogue: 'large',
          largest: 'published',
          key,
          nextEdition: () => ({ id: 'published', bytes: bodies[++next % bodies.length] ?? Buffer.of() })
        })) {
          const quiet = size === 'quick' ? quietAtFirst : await hotLatencies(hot, seconds / 2)
          const client = { isDone: false }
          const measured = hotLatencies(hot, seconds).finally(() => {
            client.isDone = true
          })
          const first = turn
          await longestStallMs(service.url)
          const again = async () => {
            while (!client.isDone) {
              await run(turn++)
              await setImmediate()
            }
          }
          await Promise.all(Array.from({ length: atOnce }, again))
          const busy = await measured
          const stallMs = await longestStallMs(service.url)
          rows.push({ what, busy, quiet, stallMs })
          say(`${what}: ${turn - first} times, p99 ${milliseconds(busy.p99)}, stall ${milliseconds(stallMs)}`)
        }
        return rows.map(rowOf)
      } finally {
        await service.stop()
      }
    })
  })

/** How often Node looks at its loop, in milliseconds: a loop that nothing holds up shows as that. */
const resolutionMs = 10

/** For how long the loop that answers was held up at most since the last time this was asked. */
async function longestStallMs(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const seconds = Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1])
  return Math.max(0, seconds * 1000 - resolutionMs)
}

function rowOf({
  what,
  busy,
  quiet,
  stallMs
}: {
  readonly what: string
  readonly busy: Latencies
  readonly quiet: Latencies
  readonly stallMs: number
}): Row {
  return {
    what: `p99 of hot reads during: ${what} (the loop stood for ${milliseconds(stallMs)} at most, the longest read took ${milliseconds(busy.max)})`,
    ours: milliseconds(busy.p99),
    baseline: milliseconds(quiet.p99),
    figure: { value: busy.p99 / Math.max(leastMs, mostTimes * quiet.p99), unit: 'x' },
    goal: { atMost: 1 }
  }
}
