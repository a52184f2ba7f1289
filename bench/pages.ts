import { openStore } from '../src/store/open.ts'
import { alternate, timed } from './alternate.ts'
import { ask } from './answer.ts'
import { sqliteUrl } from './catalogues.ts'
import { milliseconds } from './figures.ts'
import { fill } from './fill.ts'
import { compareWithBare } from './hot-reads.ts'
import type { Benchmark, Row } from './row.ts'
import { startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const id = 'paper'
const endpoints = 1000
const html = { accept: 'text/html' }

/** Pages of a catalogue of 1,000 rows: kept, against a Fastify with the same bytes; and cold, against the cold view as JSON. */
export const pages: Benchmark = async ({ size, say }) =>
  withFolder(async (folder) => {
    const pairs = size === 'quick' ? 1 : 25
    const url = sqliteUrl(folder)
    const store = await openStore(url)
    // Two revisions for each pair and for the warm-up: what was read once is kept.
    const revisions = 2 * (pairs + 2)
    await fill(store, new SyntheticCatalogue({ id, endpoints, perRequirement: 50, changed: 8 }).take(revisions))
    await store.close()

    const service = await startService(url, { core: 0 })
    say('cold')
    let next = 0
    const cold = (path: (revision: number) => string) =>
      timed(async () => {
        next += 1
        const { status } = await ask(service.url + path(next), html)
        if (status !== 200) throw new Error(`revision ${next} answered ${status}`)
      })
    const { ours, baseline, figure } = await alternate(
      pairs,
      () => cold((revision) => `/c/${id}?asOf=${revision}`),
      () => cold((revision) => `/v1/catalogues/${id}?asOf=${revision}`)
    )
    const rows: Row[] = [
      {
        what: `cold page of ${endpoints.toLocaleString('en')} rows, against the cold view as JSON`,
        ours: milliseconds(ours),
        baseline: milliseconds(baseline),
        figure,
        goal: { atMost: 3 }
      }
    ]
    const read = { what: 'page', path: `/c/${id}`, headers: html }
    for (const mode of ['200', 'gzip'] as const) {
      say(`hot ${mode}`)
      rows.push(await compareWithBare(service, read, mode, { baseline: 'Fastify', folder, size }))
    }
    await service.stop()
    return rows
  })
