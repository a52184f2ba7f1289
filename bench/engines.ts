import { startOwnPostgres } from '../test/support/postgres.ts'
import { alternate, timed } from './alternate.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { milliseconds } from './figures.ts'
import type { Benchmark, Row } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const changed = 24
const goal = { atMost: 2 }

/** Publishing on PostgreSQL against publishing the same on SQLite. Both wait for the disk. */
export const engines: Benchmark = async ({ size, say }) => {
  const server = await startOwnPostgres()
  try {
    const rows: Row[] = []
    for (const endpoints of size === 'quick' ? [1_000] : [1_000, 10_000]) {
      say(`${endpoints} endpoints`)
      rows.push(await publishOnBoth(endpoints, size === 'quick' ? 1 : 21, await server.database()))
    }
    return rows
  } finally {
    await server.stop()
  }
}

function publishOnBoth(endpoints: number, pairs: number, postgresUrl: string): Promise<Row> {
  return withFolder((folder) =>
    withCatalogues(sqliteUrl(folder), 64, (sqlite) =>
      withCatalogues(postgresUrl, 64, async (postgres) => {
        const editions = new SyntheticCatalogue({ id: 'one', endpoints, changed })
        const nextBytes = () => Buffer.from(JSON.stringify(editions.next()))
        let bytes = nextBytes()
        for (const catalogues of [sqlite, postgres]) await publishAnyway(catalogues, 'one', bytes)
        const { ours, baseline, figure } = await alternate(
          pairs,
          () => {
            bytes = nextBytes()
            return timed(() => publishAnyway(postgres, 'one', bytes))
          },
          () => timed(() => publishAnyway(sqlite, 'one', bytes))
        )
        return {
          what: `publish ${endpoints.toLocaleString('en')} endpoints, ${changed} replaced: PostgreSQL against SQLite`,
          ours: milliseconds(ours),
          baseline: milliseconds(baseline),
          figure,
          goal
        }
      })
    )
  )
}
