import pg from 'pg'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { writeHistory } from '../store/support/written-history.ts'
import { startApp } from '../support/app.ts'
import { noPostgres } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { postgresServer } from '../support/postgres.ts'

t.setTimeout(300_000)
const server = postgresServer(t)
const options = { skip: noPostgres }

t.test(
  'a store that lies in another database than before begins a new epoch, once for all processes',
  options,
  async (t) => {
    const [url, copy] = [await server.database(), await server.database()]
    await writeHistory(url)
    let [epoch, ahead, cursor] = ['', 0, '']
    await t.test('before', async (t) => {
      const store = await openStore(url)
      const { request } = await startApp(t, { store, isSeeded: false })
      ;[epoch, ahead, cursor] = [
        store.epoch,
        (await store.seq()) + 5,
        (await request('/v1/delta?cursor=latest')).json().page.cursor
      ]
    })
    t.equal((await closed(await openStore(url))).epoch, epoch, 'the same database keeps it')

    await copyDatabase(url, copy)
    const stores = await Promise.all([openStore(copy), openStore(copy), openStore(copy)])
    t.teardown(() => Promise.all(stores.map((store) => store.close())))
    const [first] = stores
    t.not(first.epoch, epoch)
    t.same(new Set(stores.map((store) => store.epoch)), new Set([first.epoch]), 'all of them have the same one')
    const later = await openStore(copy)
    t.equal(later.epoch, first.epoch, 'and it stays')
    const { request } = await startApp(t, { store: later, isSeeded: false, isTicking: true })
    for (const url of [`/v1/events?after=${ahead}`, `/v1/delta?cursor=${cursor}`])
      t.match((await request(url)).json(), { code: 'epoch_changed' }, url)
  }
)

t.test('a process does not go on with another database that came in the place of its own', options, async (t) => {
  const [url, copy] = [await server.database(), await server.database()]
  await writeHistory(url)
  await (await openStore(url)).close()
  await copyDatabase(url, copy)
  const store = await openStore(url)
  t.teardown(() => store.close())
  await store.pulse()
  await copyDatabase(copy, url)
  await eventually('the process finds another database', () =>
    store.pulse().then(
      () => false,
      ({ message }: Error) => message.includes('was replaced by another one')
    )
  )
  const started = await openStore(url)
  t.teardown(() => started.close())
  t.not(started.epoch, store.epoch)
})

t.test('a process does not go on in an epoch that another one has ended', options, async (t) => {
  const url = await server.database()
  const store = await openStore(url)
  t.teardown(() => store.close())
  await store.pulse()
  await ask(url, "update log set database = 'another'")
  const other = await openStore(url)
  t.teardown(() => other.close())
  t.not(other.epoch, store.epoch)
  await other.pulse()
  await t.rejects(store.pulse(), { code: 'not_ready', message: /a new epoch began/ })
})

t.test('a role that may not ask for the cluster keeps the epoch that it finds', options, async (t) => {
  const [url, copy] = [await server.database(), await server.database()]
  const { epoch } = await closed(await openStore(url))
  await copyDatabase(url, copy)
  const role = new URL(copy)
  role.username = `reader_${role.pathname.slice(-12)}`
  t.teardown(() => removeRole(copy, role.username))
  for (const statement of [
    'revoke execute on function pg_control_system() from public',
    `create role ${role.username} login password '${role.password}'`,
    `grant select, insert, update, delete on all tables in schema public to ${role.username}`,
    `grant usage on schema drizzle to ${role.username}`,
    `grant select on all tables in schema drizzle to ${role.username}`
  ])
    await ask(copy, statement)
  t.equal((await closed(await openStore(role.href, [], 'refuse'))).epoch, epoch)
  t.not((await closed(await openStore(copy))).epoch, epoch, 'one that may begins a new one')
})

async function closed<Store extends { close(): Promise<void> }>(store: Store): Promise<Store> {
  await store.close()
  return store
}

/** Replaces one database by a copy of another, as `pg_restore` makes it: the same rows in a database of its own. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const [source, target] = [from, to].map((url) => new URL(url).pathname.slice(1))
  const beside = new URL(from)
  beside.pathname = '/postgres'
  await ask(beside.href, `drop database ${target} with (force)`)
  // The copy waits for nobody: connections that just closed may still be there.
  await ask(beside.href, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${source}'`)
  await eventually('it is copied', () =>
    ask(beside.href, `create database ${target} template ${source}`).then(
      () => true,
      () => false
    )
  )
}

async function removeRole(url: string, role: string): Promise<void> {
  await ask(url, `drop owned by ${role}`)
  await ask(url, `drop role ${role}`)
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
