import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { readSealingKeys, type SealingKey, sealingKey } from '../../src/domain/sealing.ts'
import { newSigningKey } from '../../src/domain/webhook/webhook-signature.ts'
import { openSqlite } from '../../src/store/engine/sqlite.ts'
import { openStore } from '../../src/store/open.ts'
import { sqlStore } from '../../src/store/sql-store.ts'
import type { Store } from '../../src/store/store.ts'
import { noPostgres } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'

const signing = newSigningKey(new Uint8Array(38).fill(9), 5)
const [secret, replaced, header] = [
  'whsec_dGhlLW5ldy1zZWNyZXQ=',
  'whsec_dGhlLW9sZC1zZWNyZXQ=',
  'Bearer of-the-receiver'
]
const secretsOf = [secret, replaced, header, signing.privateKey]

async function fill(store: Store): Promise<void> {
  await store.subscriptions.add({
    id: 'sub',
    definition: {
      url: 'https://receiver.example/hook',
      filter: {},
      format: 'standard',
      ordering: 'strict',
      isAsymmetric: true,
      headers: { authorization: header, 'x-name': '{"sealed":"v1:00000000:AAAA"}' }
    },
    secrets: [{ text: secret }, { text: replaced, expiresAt: 99 }],
    createdAt: 1
  })
  await store.subscriptions.addSigningKey(signing)
}

async function holds(t: Pick<typeof import('tap').t, 'match' | 'strictSame'>, store: Store): Promise<void> {
  t.match(await store.subscriptions.find('sub'), {
    secrets: [{ text: secret }, { text: replaced, expiresAt: 99 }],
    headers: { authorization: header, 'x-name': '{"sealed":"v1:00000000:AAAA"}' }
  })
  t.strictSame(await store.subscriptions.signingKeys(), [signing])
}

/** Which of the secrets stand in the files of a store. */
function exposed(file: string): readonly string[] {
  const bytes = ['', '-wal'].flatMap((end) => (existsSync(`${file}${end}`) ? [readFileSync(`${file}${end}`)] : []))
  return secretsOf.filter((each) => bytes.some((part) => part.includes(each)))
}

const newKey = () => sealingKey(randomBytes(32))
const wrongKey = { code: 'wrong_secret_key' } as const

/** Opens a store, uses it, and closes it. */
async function using<T>(url: string, keys: readonly SealingKey[], use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url, keys)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

t.test('whatever the umask, only the owner may read the files and enter the folders that are made', async (t) => {
  const before = process.umask(0)
  t.teardown(() => void process.umask(before))
  const folder = t.testdir()
  const file = join(folder, 'a', 'b', 'portolan.db')
  const store = await openStore(`sqlite:${file}`)
  t.teardown(() => store.close())
  await fill(store)
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  t.strictSame([mode(join(folder, 'a')), mode(join(folder, 'a', 'b'))], ['700', '700'])
  const files = readdirSync(join(folder, 'a', 'b')).sort()
  t.strictSame(files, ['portolan.db', 'portolan.db-shm', 'portolan.db-wal', 'portolan.db.key'])
  for (const name of files) t.equal(mode(join(folder, 'a', 'b', name)), '600', name)
})

t.test('the files of an existing store become private', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  await using(`sqlite:${file}`, [], fill)
  chmodSync(file, 0o644)
  await using(`sqlite:${file}`, [], async (store) => holds(t, store))
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('secrets are sealed in the files, with the key beside them', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  await using(`sqlite:${file}`, [], fill)
  t.strictSame(exposed(file), [])
  await using(`sqlite:${file}`, [], async (store) => {
    await holds(t, store)
    const edit = { secrets: [{ text: replaced }] }
    t.equal(await store.subscriptions.edit('sub', 1, edit, 9), true)
    t.match(await store.subscriptions.find('sub'), edit)
  })
  t.strictSame(exposed(file), [])
})

t.test('a store that was kept in clear is sealed at the next start', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  const engine = openSqlite(file)
  await fill(await sqlStore(engine))
  await engine.close()
  t.strictSame(exposed(file), secretsOf)
  await using(`sqlite:${file}`, [], async (store) => holds(t, store))
  t.strictSame(exposed(file), [], 'and nothing of it is left in the files')
  const raw = openSqlite(file)
  const kept = JSON.stringify([
    await raw.read(raw.query.select().from(raw.tables.subscriptions)),
    await raw.read(raw.query.select().from(raw.tables.signingKeys))
  ])
  await raw.close()
  t.strictSame(
    secretsOf.filter((each) => kept.includes(each)),
    []
  )
})

t.test('another key, or none, is told at the start, and changes nothing', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  const url = `sqlite:${file}`
  const key = newKey()
  await using(url, [key], fill)
  t.notOk(existsSync(`${file}.key`), 'no key is made where one is given')
  await t.rejects(openStore(url, [newKey()]), wrongKey)
  await t.rejects(openStore(url), wrongKey)
  t.notOk(existsSync(`${file}.key`), 'a new key would open nothing')
  writeFileSync(`${file}.key`, 'a password')
  await t.rejects(openStore(url), wrongKey)
  await using(url, [key], async (store) => holds(t, store))
})

t.test('a lost key file is not replaced in silence', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  await using(`sqlite:${file}`, [], fill)
  rmSync(`${file}.key`)
  await t.rejects(openStore(`sqlite:${file}`), wrongKey)
})

t.test('a key is rotated: the old one reads until everything is sealed with the new one', async (t) => {
  const file = join(t.testdir(), 'portolan.db')
  const url = `sqlite:${file}`
  await using(url, [], fill)
  const [old] = readSealingKeys(readFileSync(`${file}.key`, 'utf8')) ?? []
  if (!old) throw new Error('there is no key')
  const key = newKey()
  await using(url, [key, old], async (store) => holds(t, store))
  await t.rejects(openStore(url, [old]), wrongKey)
  await using(url, [key], async (store) => holds(t, store))
  // A replica that seals with the old key still runs beside one that has both.
  await using(url, [old, key], async (store) => holds(t, store))
  await using(url, [key, old], async (store) => holds(t, store))
  await using(url, [key], async (store) => holds(t, store))
})

t.test('processes that start together make one key', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'portolan.db')}`
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
  const [first] = stores
  if (first) await fill(first)
  for (const store of stores) await holds(t, store)
  await Promise.all(stores.map((store) => store.close()))
})

const server = postgresServer(t)
t.test('PostgreSQL keeps secrets in clear without a key, and sealed with one', { skip: noPostgres }, async (t) => {
  const url = await server.database()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  const kept = async () => {
    const { rows } = await client.query('select s::text as s, k::text as k from subscriptions s, signing_keys k')
    const text = JSON.stringify(rows).replaceAll('\\', '')
    return secretsOf.filter((each) => text.includes(each))
  }
  await using(url, [], fill)
  t.strictSame(await kept(), secretsOf)
  const key = newKey()
  await using(url, [key], async (store) => holds(t, store))
  t.strictSame(await kept(), [])
  await t.rejects(openStore(url), wrongKey)
  await t.rejects(openStore(url, [newKey()]), wrongKey)
  await using(url, [key], async (store) => holds(t, store))
})
