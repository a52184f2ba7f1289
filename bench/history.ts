import { statSync } from 'node:fs'
import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { timed } from './alternate.ts'
import { awsHistory, catalogue, hasHistory, historyFile } from './aws-history.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { kilobytes, median, megabytes, milliseconds } from './figures.ts'
import { againstGit, growth, memoryRows, oldReads } from './history-reads.ts'
import { readWriteAndHash } from './publish.ts'
import { randomNumbers } from './random.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { withFolder } from './temporary-folder.ts'

interface Published {
  readonly ms: number
  readonly baselineMs: number
  readonly bytes: number
}

interface Replayed {
  readonly published: readonly Published[]
  /** The bytes of some revisions as they were published, by number. */
  readonly kept: ReadonlyMap<number, Buffer>
  /** The last two documents. */
  readonly last: readonly Buffer[]
}

/** How many bytes of the file a revision of this history may take. */
const bytesOfRevision = 1_500

/** How many revisions are compared, byte for byte, after they are read from the store. */
const samples = 60

/** A real history, published revision by revision. */
export const history: Benchmark = async (run) => {
  if (!hasHistory()) {
    return [{ what: 'SKIPPED: the file of the AWS history is not beside the repository', ours: '' }]
  }
  return withFolder(async (folder) => {
    const url = sqliteUrl(folder)
    const { published, kept, last } = await withCatalogues(url, 64, (catalogues) => replay(catalogues, run))
    // This comes before anything else is published.
    const sizes = sizeRows(`${folder}/portolan.db`, published)
    return [
      ...timeRows(published),
      ...sizes,
      await withCatalogues(url, 0, (catalogues) => oldReads(catalogues, kept, run)),
      await withCatalogues(url, 0, (catalogues) => againstGit(catalogues, kept, `${folder}/git`, run)),
      ...(await memoryRows(url, [...kept.keys()], run)),
      await growth(url, sqliteUrl(`${folder}/short`), last, run)
    ]
  })
}

async function replay(catalogues: Catalogues, { size, say }: Run): Promise<Replayed> {
  const random = randomNumbers(8)
  const published: Published[] = []
  const kept = new Map<number, Buffer>()
  let last: readonly Buffer[] = []
  for await (const { document, publishedAt } of awsHistory()) {
    const bytes = Buffer.from(JSON.stringify({ ...document, edition: { ...document.edition, publishedAt } }))
    let number = 0
    const ms = await timed(async () => {
      number = await publishAnyway(catalogues, catalogue, bytes)
    })
    published.push({ ms, baselineMs: await timed(() => readWriteAndHash(bytes)), bytes: bytes.byteLength })
    if (number !== published.length) throw new Error(`revision ${number} instead of ${published.length}`)
    last = [...last.slice(-1), Buffer.from(JSON.stringify(document))]
    if (size === 'quick' || random() < samples / 1_600) kept.set(number, last.at(-1) ?? Buffer.of())
    if (number % 100 === 0) say(`revision ${number}`)
    if (size === 'quick' && number === 30) break
  }
  return { published, kept, last }
}

/** Ten parts of the history, each against reading, writing and hashing the same documents. */
function timeRows(published: readonly Published[]): readonly Row[] {
  const parts = Array.from({ length: 10 }, (_, part) =>
    published.slice(Math.floor((part * published.length) / 10), Math.floor(((part + 1) * published.length) / 10))
  )
  return parts.map((part, index) => ({
    what: `publish, part ${index + 1} of the history (${megabytes(median(part.map(({ bytes }) => bytes)))})`,
    ours: milliseconds(median(part.map(({ ms }) => ms))),
    baseline: milliseconds(median(part.map(({ baselineMs }) => baselineMs))),
    figure: { value: median(part.map(({ ms, baselineMs }) => ms / baselineMs)), unit: 'x' }
  }))
}

function sizeRows(file: string, published: readonly Published[]): readonly Row[] {
  const stored = statSync(file).size
  const documents = published.reduce((sum, { bytes }) => sum + bytes, 0)
  const against = (what: string, bytes: number): Row => ({
    what: `database file against ${what}`,
    ours: megabytes(stored),
    baseline: megabytes(bytes),
    figure: { value: stored / bytes, unit: 'x' }
  })
  return [
    {
      what: `database file, ${kilobytes(stored / published.length)} for each revision`,
      ours: megabytes(stored),
      figure: { value: stored / 1_000_000, unit: 'MB' },
      goal: { atMost: (published.length * bytesOfRevision) / 1_000_000 }
    },
    against(`the JSON of its ${published.length.toLocaleString('en')} documents`, documents),
    against('the gzip file of differences', statSync(historyFile).size)
  ]
}
