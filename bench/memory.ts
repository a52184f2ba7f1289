import { openStore } from '../src/store/open.ts'
import { sqliteUrl } from './catalogues.ts'
import { digits, median, megabytes, milliseconds, spread } from './figures.ts'
import { fill } from './fill.ts'
import { randomNumbers } from './random.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { type Service, startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const endpoints = 100
const goal = { atMost: 250 }

/** How soon the service is ready on a large store, and how much memory it needs, then and after reads of all kinds. */
export const memory: Benchmark = (run) =>
  withFolder(async (folder) => {
    const [catalogues, revisions, starts] = run.size === 'quick' ? [20, 5, 1] : [1_000, 10, 5]
    await build(folder, catalogues, revisions, run)
    const url = sqliteUrl(folder)
    const readyAfter: number[] = []
    for (let count = 1; count < starts; count += 1) {
      const service = await startService(url)
      readyAfter.push(service.readyAfterMs)
      await service.stop()
    }
    const service = await startService(url)
    readyAfter.push(service.readyAfterMs)
    const fresh = service.residentBytes()
    run.say('reads')
    const reads = await readAll(service, catalogues, revisions)
    const used = service.residentBytes()
    await service.stop()
    const size = `${catalogues.toLocaleString('en')} catalogues, ${(catalogues * revisions).toLocaleString('en')} revisions`
    return [
      {
        what: `from the start to /health/ready, ${size}`,
        ours: milliseconds(median(readyAfter)),
        figure: { value: median(readyAfter) / 1000, unit: 's', spread: spread(readyAfter.map((ms) => ms / 1000)) },
        goal: { atMost: 2 }
      },
      resident('memory after the start', fresh),
      resident(`memory after ${digits(reads)} reads`, used)
    ]
  })

function resident(what: string, bytes: number): Row {
  return { what, ours: megabytes(bytes), figure: { value: bytes / 1_000_000, unit: 'MB' }, goal }
}

async function build(folder: string, catalogues: number, revisions: number, { say }: Run): Promise<void> {
  say('builds the store')
  const store = await openStore(sqliteUrl(folder))
  for (let index = 0; index < catalogues; index += 1) {
    const shape = { id: `catalogue-${index}`, endpoints, changed: 10, seed: index * endpoints }
    await fill(store, new SyntheticCatalogue(shape).take(revisions))
  }
  await store.close()
}

/** Reads every view, half as many old views and documents, and diffs, look-ups and lists. @returns the number of reads */
async function readAll({ url }: Service, catalogues: number, revisions: number): Promise<number> {
  const random = randomNumbers(3)
  const any = (count: number) => Math.floor(random() * count)
  const paths: string[] = ['/v1/catalogues?limit=1000', '/v1/events?limit=1000']
  for (let index = 0; index < catalogues; index += 1) paths.push(`/v1/catalogues/catalogue-${index}`)
  for (let count = 0; count < catalogues / 2; count += 1) {
    const catalogue = `/v1/catalogues/catalogue-${any(catalogues)}`
    const value = new SyntheticCatalogue({ id: '', endpoints: 8, changed: 0, seed: any(catalogues) * endpoints }).value(
      5
    )
    paths.push(
      `${catalogue}?asOf=${1 + any(revisions)}`,
      `${catalogue}/document?asOf=${1 + any(revisions)}`,
      `${catalogue}/diff?from=1&to=${revisions}`,
      `/v1/lookup?value=${value}`
    )
  }
  for (const path of paths) {
    const answer = await fetch(url + path)
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
  }
  return paths.length
}
