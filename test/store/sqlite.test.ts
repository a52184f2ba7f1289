import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { gte, inArray, or } from 'drizzle-orm'
import t from 'tap'
import type { Engine } from '../../src/store/engine/engine.ts'
import { openSqlite } from '../../src/store/engine/sqlite.ts'
import { endpointsWhere } from '../../src/store/history/find.ts'
import { touchedConditions, turningConditions } from '../../src/store/history/touched.ts'
import { openStore } from '../../src/store/open.ts'
import { sqlStore } from '../../src/store/sql-store.ts'
import { noSqlite } from '../support/engine.ts'
import { runs } from '../support/scale.ts'
import { storeContract } from './contract.ts'
import { addresses, documentOf, publicationOf, publishAll, requirementOf } from './support/documents.ts'

const folder = t.testdir()
let files = 0
function freshFile(): string {
  files += 1
  return join(folder, 'made', 'on', 'demand', `store-${files}.db`)
}

const options = { skip: noSqlite }
t.test('SQLite in memory', options, async (t) => storeContract(t, async () => 'sqlite::memory:', runs(50)))
t.test('SQLite in a file', options, async (t) => storeContract(t, async () => `sqlite:${freshFile()}`, runs(10)))

t.test('a commit is on the disk when it resolves', async (t) => {
  const engine = openSqlite(freshFile())
  t.teardown(() => engine.close())
  const client = clientOf(engine)
  t.equal(client.pragma('journal_mode', { simple: true }), 'wal')
  t.equal(client.pragma('synchronous', { simple: true }), 2, 'FULL')
  t.equal(client.pragma('foreign_keys', { simple: true }), 1)
  t.equal(client.pragma('busy_timeout', { simple: true }), 5000)
})

t.test('a file that is damaged is called so, when it is opened and when it is read', async (t) => {
  const file = freshFile()
  const store = await openStore(`sqlite:${file}`)
  await publishAll(store, [documentOf([requirementOf('a', addresses(2000))])])
  await store.close()
  const bytes = readFileSync(file)
  writeFileSync(file, 'this was a database')
  await t.rejects(openStore(`sqlite:${file}`), { code: 'store_damaged' })
  // All pages but the first, which has the tables.
  writeFileSync(file, bytes.fill(0xff, 4096))
  await t.rejects(openStore(`sqlite:${file}`), { code: 'store_damaged', message: /damaged: database disk image/ })
})

t.test('a publish writes the rows that differ, whatever stands beside them', async (t) => {
  const file = freshFile()
  const store = await openStore(`sqlite:${file}`)
  t.teardown(() => store.close())
  const list = addresses(2000)
  const changed = list.map((endpoint, index) => (index < 24 ? { ...endpoint, remarks: 'changed' } : endpoint))
  const client = new Database(file)
  t.teardown(() => client.close())
  const sizes = () =>
    ['profiles', 'orders', 'requirements', 'endpoints'].map((table) =>
      client.prepare(`select count(*) from ${table}`).pluck().get()
    )
  await publishAll(store, [documentOf([requirementOf('a', list)])])
  t.same(sizes(), [1, 1, 1, 2000])
  await store.commit(
    publicationOf(documentOf([requirementOf('a', list)]), documentOf([requirementOf('a', changed)]), 2)
  )
  t.same(sizes(), [1, 1, 1, 2024])
  t.equal(client.prepare('select count(*) from endpoints where until = 2').pluck().get(), 24)
})

t.test('lookups go by index', async (t) => {
  const engine = openSqlite(':memory:')
  t.teardown(() => engine.close())
  const { lookup } = engine.tables.endpoints
  const keys = Array.from({ length: 129 }, (_, index) => Buffer.of(4, index))
  for (const condition of [inArray(lookup, keys), or(gte(lookup, Buffer.of(9)), inArray(lookup, keys))]) {
    const { sql, params } = endpointsWhere(engine, condition).toSQL()
    const plan = JSON.stringify(clientOf(engine).prepare(`explain query plan ${sql}`).all(params))
    t.match(plan, /endpoints USING INDEX endpoints_lookup/)
    t.notMatch(plan, /SCAN endpoints/)
  }
})

t.test('what revisions touched and what the clock turns is found by index', async (t) => {
  const engine = openSqlite(':memory:')
  t.teardown(() => engine.close())
  const plans = [
    ...touchedConditions(engine.tables, engine.tables.endpoints, 'gateway', { after: 7, upTo: 8 }),
    ...turningConditions(engine.tables, 'gateway', 8, { after: 1000, upTo: 2000 })
  ].map((condition) => {
    const { sql, params } = endpointsWhere(engine, condition).toSQL()
    return JSON.stringify(clientOf(engine).prepare(`explain query plan ${sql}`).all(params))
  })
  t.match(plans[0], /endpoints USING INDEX sqlite_autoindex_endpoints_1 \(catalogue=\? AND since>\? AND since<\?\)/)
  t.match(plans[1], /endpoints USING INDEX endpoints_until \(/)
  t.match(plans[2], /endpoints USING INDEX endpoints_turn_on \(/)
  t.match(plans[3], /endpoints USING INDEX endpoints_turn_off \(/)
})

t.test('a full disk is told, and nothing is left of the commit', async (t) => {
  const engine = openSqlite(':memory:')
  const store = await sqlStore(engine)
  t.teardown(() => store.close())
  const first = documentOf([])
  await publishAll(store, [first])
  const client = clientOf(engine)
  client.pragma(`max_page_count = ${Number(client.pragma('page_count', { simple: true })) + 2}`)
  const large = documentOf([requirementOf('a', addresses(5000))])
  const full = { code: 'storage_full' } as const
  await t.rejects(store.commit(publicationOf(first, large, 2)), full)
  t.equal(await store.seq(), 1)
  t.same(await store.findRequirements(), [])
  client.pragma('max_page_count = 1000000')
  t.equal((await store.commit(publicationOf(first, large, 2))).kind, 'committed')
})

t.test('a store that another process holds is not ready, and later it is', async (t) => {
  const file = freshFile()
  const engine = openSqlite(file, 20)
  const store = await sqlStore(engine)
  t.teardown(() => store.close())
  const holder = new Database(file)
  t.teardown(() => holder.close())
  holder.exec('begin immediate')
  const busy = { code: 'not_ready' } as const
  await t.rejects(store.commit(publicationOf(undefined, documentOf([]), 1)), busy)
  t.same(await store.heads(), [], 'reads go on')
  holder.exec('rollback')
  t.equal((await store.commit(publicationOf(undefined, documentOf([]), 1))).kind, 'committed')
})

t.test('what may be done twice waits longer for another process than what is answered at once', async (t) => {
  const file = freshFile()
  const engine = openSqlite(file, 20)
  t.teardown(() => engine.close())
  const holder = new Database(file)
  t.teardown(() => holder.close())
  holder.exec('begin immediate')
  const late = engine.commit([], 'later')
  // It had its turn after the first try of the other one.
  await t.rejects(engine.commit([]), { code: 'not_ready' })
  holder.exec('rollback')
  await t.resolves(late)
  holder.exec('begin immediate')
  await t.rejects(engine.commit([], 'later'), { code: 'not_ready' }, 'but not for ever')
})

t.test('a store that cannot be opened is not ready; a URL of another kind is a mistake', async (t) => {
  const unreachable = { code: 'not_ready' } as const
  await t.rejects(openStore(`sqlite:${folder}`), unreachable, 'a folder')
  const file = freshFile()
  await (await openStore(`sqlite:${file}`)).close()
  await t.rejects(openStore(`sqlite:${file}/store.db`), unreachable, 'below a file')
  await t.rejects(openStore('sqlite:'), /sqlite:PATH/)
  await t.rejects(openStore('mysql://localhost/portolan'), /sqlite:PATH/)
})

function clientOf(engine: Engine): Database.Database {
  // Drizzle shows its connection, which the interface of the engine hides.
  return (engine.query as unknown as { readonly $client: Database.Database }).$client
}
