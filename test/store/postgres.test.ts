import { randomBytes } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import pg from 'pg'
import t from 'tap'
import { openPostgres } from '../../src/store/engine/postgres.ts'
import { endpointsWhere } from '../../src/store/history/find.ts'
import { openStore } from '../../src/store/open.ts'
import { withEngineOf } from '../../src/store/open-engine.ts'
import { noPostgres } from '../support/engine.ts'
import { emptied, postgresServer } from '../support/postgres.ts'
import { runs } from '../support/scale.ts'
import { storeContract } from './contract.ts'
import { documentOf, publishAll } from './support/documents.ts'

// Each test opens a store of its own: slow on a loaded machine.
t.setTimeout(300_000)
const server = postgresServer(t)
const options = { skip: noPostgres }

t.test('PostgreSQL', options, async (t) => {
  const url = await server.database()
  storeContract(t, () => emptied(url), runs(10))
})

t.test('replicas that start together migrate once and share one log', options, async (t) => {
  const url = await server.database()
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
  t.teardown(() => Promise.all(stores.map((store) => store.close())))
  t.equal(new Set(stores.map(({ epoch }) => epoch)).size, 1)
})

t.test('lookups go by index', options, async (t) => {
  const url = await server.database()
  const engine = await openPostgres(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(async () => {
    await client.end()
    await engine.close()
  })
  const keys = Array.from({ length: 129 }, (_, index) => Buffer.of(4, index))
  const { sql, params } = endpointsWhere(engine, inArray(engine.tables.endpoints.lookup, keys)).toSQL()
  // An empty table would be read whole.
  await client.query('set enable_seqscan = off')
  const plan = await client.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, params)
  t.match(plan.rows.map((row) => row['QUERY PLAN']).join('\n'), /endpoints_lookup[\s\S]*Index Cond: \(lookup = ANY/)
})

t.test('broken connections are replaced', options, async (t) => {
  const url = await server.database()
  const store = await openStore(url)
  t.teardown(() => store.close())
  await publishAll(store, [documentOf([])])
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  )
  await client.end()
  const unreachable = { code: 'not_ready' } as const
  await store.seq().catch((error) => t.match(error, unreachable))
  t.equal(await store.seq(), 1)
})

t.test('a server that is not there is not ready', options, async (t) => {
  const unreachable = { code: 'not_ready' } as const
  await t.rejects(openStore('postgres://portolan@127.0.0.1:1/portolan'), unreachable)
  const url = new URL(await server.database())
  url.pathname = '/none'
  await t.rejects(openStore(url.href), unreachable)
})

t.test('without migrations a role starts that may not change tables', options, async (t) => {
  const url = await server.database()
  const role = `service_${randomBytes(4).toString('hex')}`
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  t.teardown(() => owner.end())
  await owner.query(`create role ${role} login password 'portolan'`)
  const own = new URL(url)
  own.username = role
  own.password = 'portolan'
  const none = { code: 'wrong_schema', message: /schema 0, and this program needs/ } as const
  await t.rejects(openStore(own.href, [], 'refuse'), none)
  await withEngineOf({ url, keys: [], migration: 'run' }, async () => {})
  await owner.query(`grant usage on schema drizzle to ${role}`)
  await owner.query(`grant select on drizzle.__drizzle_migrations to ${role}`)
  await owner.query(`grant select, insert, update, delete on all tables in schema public to ${role}`)
  const store = await openStore(own.href, [], 'refuse')
  t.teardown(() => store.close())
  await publishAll(store, [documentOf([])])
  t.equal(await store.seq(), 1)
})
