import { join } from 'node:path'
import t from 'tap'
import { verify } from '../../src/store/integrity/verify.ts'
import { packStore } from '../../src/store/log/packing.ts'
import { openStore } from '../../src/store/open.ts'
import { withEngineOf } from '../../src/store/open-engine.ts'
import { noPostgres, noSqlite } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import type { Testing } from './contract/use.ts'
import { runSql } from './migrations/support/earlier-store.ts'
import { writeHistory } from './support/written-history.ts'

const folder = t.testdir()
const server = postgresServer(t)
let files = 0

t.test('SQLite', { skip: noSqlite }, async (t) => {
  packing(t, async () => {
    files += 1
    return `sqlite:${join(folder, `store-${files}.db`)}`
  })
})
t.test('PostgreSQL', { skip: noPostgres }, async (t) => packing(t, () => server.database()))

/** All that the history and the log of a store say, as text. */
async function wholeStore(url: string, revisions: number): Promise<string> {
  const store = await openStore(url)
  try {
    const documents = []
    for (const { revision } of await store.heads())
      for (let number = 1; number <= revisions; number += 1)
        documents.push(await store.document(revision.catalogue, number))
    return JSON.stringify([documents, await store.events({ after: 0, limit: 1000 })])
  } finally {
    await store.close()
  }
}

/** The bytes of the columns that are packed. */
async function columnBytes(url: string): Promise<number> {
  const length = (column: string) =>
    url.startsWith('sqlite:') ? `length(cast(${column} as blob))` : `length(${column}::text)`
  const [row] = await runSql(url, [
    `select (select sum(${length('changes')}) from events) + (select sum(${length('keys')}) from orders) as bytes`
  ])
  return Number(Object.values(row ?? {})[0])
}

function packing(t: Testing, fresh: () => Promise<string>): void {
  t.test('a store of the version before is read and written as it was, until it is packed', async (t) => {
    const url = await fresh()
    await (await openStore(url)).close()
    await runSql(url, ['update log set packed = null'])
    await writeHistory(url, { revisions: 3 })
    const rows = await runSql(url, ['select cast(changes as text) as changes from events'])
    t.ok(
      rows.every((row) => Array.isArray(JSON.parse(String(Object.values(row)[0])))),
      'an older program reads the changes'
    )
    const [before, bytes] = [await wholeStore(url, 3), await columnBytes(url)]

    t.match(
      await withEngineOf({ url, keys: [] }, verify),
      { catalogues: 2, revisions: 6 },
      'it verifies in its old form'
    )
    t.equal(await withEngineOf({ url, keys: [] }, packStore), true)
    t.equal(await wholeStore(url, 3), before, 'all documents and events are the same, byte for byte')
    t.ok((await columnBytes(url)) < bytes / 2, `${await columnBytes(url)} bytes of ${bytes}`)
    t.match(await withEngineOf({ url, keys: [] }, verify), { catalogues: 2, revisions: 6 })
    t.equal(await withEngineOf({ url, keys: [] }, packStore), false, 'there is nothing left to pack')
  })

  t.test('a packing that ended half way is ended by the next one', async (t) => {
    const url = await fresh()
    await writeHistory(url, { revisions: 2 })
    const before = await wholeStore(url, 2)
    await runSql(url, ['update log set packed = null'])
    await writeHistory(url, { catalogues: ['probe'], revisions: 2 })
    t.equal(await withEngineOf({ url, keys: [] }, packStore), true)
    t.match(await withEngineOf({ url, keys: [] }, verify), { catalogues: 3, revisions: 6 })
    t.equal((await wholeStore(url, 2)).slice(0, 500), before.slice(0, 500))
  })
}
