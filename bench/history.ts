import { statSync } from 'node:fs'
import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { alternate, timed } from './alternate.ts'
import { awsHistory, catalogue, hasHistory, historyFile } from './aws-history.ts'
import { documentJson } from './built.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { coldView } from './cold-reads.ts'
import { digits, median, megabytes, milliseconds } from './figures.ts'
import { readWriteAndHash } from './publish.ts'
import { randomNumbers } from './random.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { startService } from './service.ts'
import { withFolder } from './temporary-folder.ts'

interface Published {
  readonly ms: number
  readonly baselineMs: number
  readonly bytes: Buffer
}

/** Revisions whose bytes are kept while they are published, to be compared with what the store gives back. */
const samples = 60

/** A real history, published revision by revision. */
export const history: Benchmark = async (run) => {
  if (!hasHistory()) {
    return [{ what: 'SKIPPED: the AWS history stands beside a development checkout only', ours: '' }]
  }
  return withFolder(async (folder) => {
    const kept = new Map<number, Buffer>()
    const url = sqliteUrl(folder)
    const published = await withCatalogues(url, 64, (catalogues) => replay(catalogues, kept, run))
    const sizes = sizeRows(`${folder}/portolan.db`, published)
    const last = published.slice(-2).map(({ bytes }) => bytes)
    return [
      ...timeRows(published),
      ...sizes,
      await withCatalogues(url, 0, (catalogues) => oldReads(catalogues, kept, run)),
      await growth(url, sqliteUrl(`${folder}/short`), last, run),
      ...(await memoryRows(url, [...kept.keys()], run))
    ]
  })
}

async function replay(catalogues: Catalogues, kept: Map<number, Buffer>, { size, say }: Run): Promise<Published[]> {
  const random = randomNumbers(8)
  const published: Published[] = []
  for await (const { document, publishedAt } of awsHistory()) {
    const bytes = Buffer.from(JSON.stringify({ ...document, edition: { ...document.edition, publishedAt } }))
    let number = 0
    const ms = await timed(async () => {
      number = await publishAnyway(catalogues, catalogue, bytes)
    })
    published.push({ ms, baselineMs: await timed(() => readWriteAndHash(bytes)), bytes })
    if (number !== published.length) throw new Error(`revision ${number} instead of ${published.length}`)
    if (size === 'quick' || random() < samples / 1_600) kept.set(number, Buffer.from(JSON.stringify(document)))
    if (number % 100 === 0) say(`revision ${number}`)
    if (size === 'quick' && number === 30) break
  }
  return published
}

/** Ten parts of the history, each against reading, writing and hashing the same documents. */
function timeRows(published: readonly Published[]): readonly Row[] {
  const parts = Array.from({ length: 10 }, (_, part) =>
    published.slice(Math.floor((part * published.length) / 10), Math.floor(((part + 1) * published.length) / 10))
  )
  return parts.map((part, index) => ({
    what: `publish, part ${index + 1} of the history (${megabytes(median(part.map(({ bytes }) => bytes.byteLength)))})`,
    ours: milliseconds(median(part.map(({ ms }) => ms))),
    baseline: milliseconds(median(part.map(({ baselineMs }) => baselineMs))),
    figure: { value: median(part.map(({ ms, baselineMs }) => ms / baselineMs)), unit: 'x' }
  }))
}

/** The last two documents in turn, on the whole history and on nothing else: the number of revisions must not count. */
async function growth(long: string, short: string, last: readonly Buffer[], { size, say }: Run): Promise<Row> {
  say('growth')
  return withCatalogues(long, 64, (onAll) =>
    withCatalogues(short, 64, async (onNone) => {
      for (const bytes of last) await publishAnyway(onNone, catalogue, bytes)
      let turn = 0
      const publishOn = (catalogues: Catalogues, bytes: Buffer | undefined) =>
        timed(() => publishAnyway(catalogues, catalogue, bytes ?? Buffer.of()))
      const { ours, baseline, figure } = await alternate(
        size === 'quick' ? 1 : 20,
        () => publishOn(onAll, last[turn % 2]),
        () => publishOn(onNone, last[turn++ % 2])
      )
      return {
        what: 'publish the last document on the whole history against on its predecessor alone',
        ours: milliseconds(ours),
        baseline: milliseconds(baseline),
        figure,
        goal: { atMost: 1.25 }
      }
    })
  )
}

function sizeRows(file: string, published: readonly Published[]): readonly Row[] {
  const stored = statSync(file).size
  const documents = published.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
  const against = (what: string, bytes: number): Row => ({
    what: `database file against ${what}`,
    ours: megabytes(stored),
    baseline: megabytes(bytes),
    figure: { value: stored / bytes, unit: 'x' }
  })
  return [
    against(`the JSON of its ${published.length.toLocaleString('en')} documents`, documents),
    against('the gzip file of differences', statSync(historyFile).size)
  ]
}

/** @throws where a document is not, byte for byte, what was published. */
async function oldReads(catalogues: Catalogues, kept: ReadonlyMap<number, Buffer>, { say }: Run): Promise<Row> {
  say('old reads')
  for (const [number, expected] of kept) {
    const found = Buffer.from(await documentJson(catalogues, { catalogue, number }))
    if (!found.equals(expected)) throw new Error(`revision ${number} is not what was published`)
  }
  const numbers = [...kept.keys()]
  let [next, view]: [number, unknown] = [0, undefined]
  const { ours, baseline, figure } = await alternate(
    numbers.length,
    () => {
      const number = numbers[next % numbers.length] ?? 1
      next += 1
      return timed(async () => {
        view = (await coldView(catalogues, catalogue, number)).view
      })
    },
    () => timed(() => JSON.stringify(view))
  )
  return {
    what: `cold view of ${numbers.length} random old revisions, their documents byte for byte as published`,
    ours: milliseconds(ours),
    baseline: milliseconds(baseline),
    figure,
    goal: { atMost: 15 }
  }
}

async function memoryRows(url: string, numbers: readonly number[], { say }: Run): Promise<readonly Row[]> {
  say('memory')
  const service = await startService(url)
  const fresh = service.residentBytes()
  for (const number of numbers) {
    const answer = await fetch(`${service.url}/v1/catalogues/${catalogue}?asOf=${number}`)
    if (answer.status !== 200) throw new Error(`revision ${number} answered ${answer.status}`)
    await answer.arrayBuffer()
  }
  const used = service.residentBytes()
  await service.stop()
  return [
    { what: 'memory of the service on that store after the start', ours: megabytes(fresh) },
    { what: `memory after ${numbers.length} reads of old revisions`, ours: megabytes(used) }
  ]
}
