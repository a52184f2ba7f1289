import { createHash } from 'node:crypto'
import { alternate, timed } from './alternate.ts'
import { createKey } from './built.ts'
import { overrides, publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { megabytes, milliseconds } from './figures.ts'
import type { Benchmark, Row, Run, Size } from './row.ts'
import { type Service, startService } from './service.ts'
import { type Shape, SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'
import { rowCount } from './written-rows.ts'

const id = 'large'
const changed = 24
const goal = { atMost: 8 }

/** Publishing a large document in which a few rows changed, against reading, writing and hashing the same bytes. */
export const publish: Benchmark = async (run) => {
  const endpoints = run.size === 'quick' ? 20_000 : 100_000
  const long =
    'Takes the place of a mirror at another site; opened by the change board, and looked at again each quarter of the year.'
  return [
    ...(await publishTo(endpoints / 10, run)),
    ...(await publishTo(endpoints, run)),
    // The rows are as long as those of the large public feeds: about 190 bytes each.
    ...(await publishTo(endpoints, run, { remarks: long })),
    // As many rows as Azure's list of service tags has, in as many requirements.
    ...(await publishTo(Math.round(endpoints * 0.93362), run, { perRequirement: 31 }))
  ]
}

function publishTo(
  endpoints: number,
  { size, say }: Run,
  shape: Pick<Shape, 'remarks' | 'perRequirement'> = {}
): Promise<readonly Row[]> {
  return withFolder(async (folder) => {
    const { perRequirement = 1000 } = shape
    say(`${endpoints} endpoints, ${perRequirement} to a requirement`)
    const url = sqliteUrl(folder)
    const editions = new SyntheticCatalogue({ id, endpoints, changed, ...shape })
    const nextBytes = () => Buffer.from(JSON.stringify(editions.next()))
    const { useCase, key } = await withCatalogues(url, 64, async (catalogues) => {
      await publishAnyway(catalogues, id, nextBytes())
      const rows = await measure(
        `publish ${endpoints.toLocaleString('en')} endpoints, ${perRequirement.toLocaleString('en')} to a requirement, ${changed} replaced`,
        size,
        nextBytes,
        (bytes) => publishAnyway(catalogues, id, bytes)
      )
      const written = rowCount(folder)
      const number = await publishAnyway(catalogues, id, nextBytes())
      const { inserted, closed } = written.since(number)
      const { text } = await createKey(catalogues, { scopes: ['catalogue:publish', 'catalogue:override'] })
      return {
        useCase: [rows, { what: `rows written by one such publish`, ours: `${inserted} inserted, ${closed} closed` }],
        key: text
      }
    })
    const service = await startService(url)
    try {
      const http = await measure('the same over HTTP', size, nextBytes, (bytes) => put(service, key, id, bytes))
      return [...useCase, http]
    } finally {
      await service.stop()
    }
  })
}

async function measure(
  what: string,
  size: Size,
  nextBytes: () => Buffer,
  publishBytes: (bytes: Buffer) => Promise<unknown>
): Promise<Row> {
  let bytes = nextBytes()
  const { ours, baseline, figure } = await alternate(
    size === 'quick' ? 1 : 7,
    () => {
      bytes = nextBytes()
      return timed(() => publishBytes(bytes))
    },
    () => timed(() => readWriteAndHash(bytes))
  )
  return {
    what: `${what} (${megabytes(bytes.byteLength)})`,
    ours: milliseconds(ours),
    baseline: milliseconds(baseline),
    figure,
    goal
  }
}

/** The least work with a document: reading, writing and hashing it. */
export function readWriteAndHash(bytes: Buffer): string {
  const text = JSON.stringify(JSON.parse(bytes.toString('utf8')))
  return createHash('sha256').update(bytes).digest('hex') + text.length
}

/** Publishes over HTTP, whatever the head is. */
export async function put(service: Service, key: string, catalogue: string, bytes: Uint8Array): Promise<void> {
  const query = [...overrides.map((rule) => `override=${rule}`), 'reason=benchmark'].join('&')
  const answer = await fetch(`${service.url}/v1/catalogues/${catalogue}/document?${query}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-match': '*' },
    body: bytes
  })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`publishing answered ${answer.status}: ${text.slice(0, 500)}`)
}
