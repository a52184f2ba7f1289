import type { Catalogues } from '../src/catalogue/catalogues.ts'
import type { View } from '../src/domain/view/view.ts'
import { openStore } from '../src/store/open.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { alternate, timed } from './alternate.ts'
import { pointAt, viewOf } from './built.ts'
import { sqliteUrl, withCatalogues } from './catalogues.ts'
import { kilobytes, milliseconds } from './figures.ts'
import { fill } from './fill.ts'
import { randomNumbers } from './random.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const id = 'old'
const goal = { atMost: 15 }

/** Reads a random old revision from the store and renders its view, without any cache, against only serialising that view. */
export const coldReads: Benchmark = async (run) => {
  const sqlite = await withFolder((folder) => readOld(sqliteUrl(folder), 'SQLite', run))
  const server = await startPostgres()
  try {
    const postgres = await readOld(await server.database(), 'PostgreSQL', run)
    return [{ ...sqlite, goal }, postgres]
  } finally {
    await server.stop()
  }
}

async function readOld(url: string, engine: string, { size, say }: Run): Promise<Row> {
  say(engine)
  const [endpoints, revisions, pairs] = size === 'quick' ? [500, 10, 1] : [10_000, 200, 25]
  const store = await openStore(url)
  await fill(store, new SyntheticCatalogue({ id, endpoints, changed: 24 }).take(revisions))
  await store.close()
  return withCatalogues(url, 0, async (catalogues) => {
    const random = randomNumbers(1)
    let read: { readonly view: View; readonly bytes: Buffer } | undefined
    const { ours, baseline, figure } = await alternate(
      pairs,
      () =>
        timed(async () => {
          read = await coldView(catalogues, id, 1 + Math.floor(random() * (revisions - 1)))
        }),
      () => timed(() => JSON.stringify(read?.view))
    )
    return {
      what: `cold view of an old revision, ${endpoints.toLocaleString('en')} endpoints (${kilobytes(read?.bytes.byteLength ?? 0)}), ${engine}`,
      ours: milliseconds(ours),
      baseline: milliseconds(baseline),
      figure
    }
  })
}

/** Does what a route does for the first reader of a revision. */
export async function coldView(catalogues: Catalogues, catalogue: string, number: number) {
  const view = await viewOf(catalogues, await pointAt(catalogues, catalogue, { asOf: { kind: 'number', number } }), {})
  return { view, bytes: Buffer.from(JSON.stringify(view)) }
}
