import Database from 'better-sqlite3'
import t from 'tap'
import { portolan, seeded, temporary } from './support/portolan.ts'

t.test('verify says what it verified, and names the first thing that is wrong', async (t) => {
  const store = await seeded(t)
  t.match(await portolan(['verify'], { store }), {
    code: 0,
    output:
      /^Verified: 1 catalogues with 2 revisions, made of \d+ rows of requirements and \d+ of endpoints; 2 events without a gap, in epoch [0-9a-f]{16}\. All digests, links and checksums are right\. Keys that sign webhooks: 0\.\n$/,
    error: ''
  })
  t.match(JSON.parse((await portolan(['verify', '--json'], { store })).output), { revisions: 2, events: 2 })
  edit(
    store,
    "update endpoints set value = replace(value, '184.72.245.1', '184.72.245.2') where value = '184.72.245.1'"
  )
  const { code, output, error } = await portolan(['verify'], { store })
  t.equal(code, 1)
  t.equal(output, '')
  t.match(
    error,
    /^error: Row \d+ of the endpoints that revision 1 of clearswift-\S+ added cannot be found by its value 184\.72\.245\.2\.\n$/
  )
})

t.test('verify changes nothing, and makes no store where there is none', async (t) => {
  const store = temporary(t, 'none.db')
  t.match(await portolan(['verify'], { store }), { code: 3, error: /There is no store at/ })
})

t.test('events of an older version get their checksum at the next start, and verify says so until then', async (t) => {
  const store = await seeded(t)
  edit(store, 'update events set checksum = null')
  t.match(await portolan(['verify'], { store }), {
    code: 1,
    error: /Event 1 has no checksum: the next start of the service/
  })
  await portolan(['list'], { store })
  t.equal((await portolan(['verify'], { store })).code, 0)
})

t.test('a store with another schema than that of the program is refused with both numbers', async (t) => {
  const store = await seeded(t)
  const now = Number(ask(store, 'select count(*) from __drizzle_migrations'))
  t.match(await portolan(['migrate'], { store }), {
    code: 0,
    output: `The store has schema ${now}. There was nothing to do.\n`
  })
  edit(store, "insert into __drizzle_migrations values ('x', 9999999999999)")
  for (const command of ['list', 'verify', 'migrate'])
    t.match(await portolan([command], { store }), {
      code: 3,
      error: new RegExp(`^error: The store has schema ${now + 1}, and this program knows only those up to ${now}: `)
    })
  const json = await portolan(['verify', '--json'], { store })
  t.match(JSON.parse(json.error), { code: 'wrong_schema' })
})

t.test('with PORTOLAN_MIGRATE=off an older store is refused until it was migrated', async (t) => {
  const store = temporary(t, 'new.db')
  const environment = { PORTOLAN_DATABASE_URL: `sqlite:${store}`, PORTOLAN_MIGRATE: 'off' }
  const list = () => portolan(['--store', `sqlite:${store}`, 'keys', 'create', '--scope', 'admin'], { environment })
  t.match(await list(), {
    code: 3,
    error: /^error: The store has schema 0, and this program needs \d+: run portolan migrate first\.\n$/
  })
  t.match(await portolan(['migrate'], { environment }), {
    code: 0,
    output: /^The store has schema \d+; it had no tables\.\n$/
  })
  t.equal((await list()).code, 0)
})

function edit(path: string, sql: string): void {
  const client = new Database(path)
  client.exec(sql)
  client.close()
}

function ask(path: string, sql: string): unknown {
  const client = new Database(path)
  const answer = client.prepare(sql).pluck().get()
  client.close()
  return answer
}
