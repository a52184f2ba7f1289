import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import { type SealingKey, sealingKey } from '../../../src/domain/sealing.ts'
import { copyStore } from '../../../src/store/copy/copy.ts'
import { verify } from '../../../src/store/integrity/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { withEngineOf } from '../../../src/store/open-engine.ts'
import type { Store } from '../../../src/store/store.ts'
import { startApp } from '../../support/app.ts'
import { noPostgres, noSqlite } from '../../support/engine.ts'
import { postgresServer } from '../../support/postgres.ts'
import type { Testing } from '../contract/use.ts'
import { writeHistory } from '../support/written-history.ts'

t.setTimeout(300_000)
const server = postgresServer(t)
const folder = t.testdir()
let files = 0
const sqlite = async () => {
  files += 1
  return `sqlite:${join(folder, `store-${files}.db`)}`
}
const postgres = () => server.database()

const secret = { text: 'whsec_dGhlLW5ldy1zZWNyZXQ=' }
const header = 'Bearer of-the-receiver'

/** Fills a store with all that it can keep. @returns the text of a key */
async function fill(url: string, keys: readonly SealingKey[]): Promise<string> {
  // More rows of one table than a page has.
  await writeHistory(url, { catalogues: ['gateway', 'relay', 'probe'], revisions: 3, width: 400, keys })
  const store = await openStore(url, keys)
  try {
    await store.subscriptions.add({
      id: 'sub',
      owner: 'key-1',
      creation: { key: 'once', digest: 'sha256:1' },
      definition: {
        url: 'https://receiver.example/hook',
        filter: {},
        format: 'standard',
        ordering: 'strict',
        isAsymmetric: true,
        headers: { authorization: header }
      },
      secrets: [secret],
      createdAt: Date.now()
    })
    const answered = { source: 'sha256:a', validators: { etag: '"1"' }, digest: 'b' }
    const held = { content: 'sha256:c', since: 1, findings: [], head: 3, answered }
    const record = { id: 'relay', failures: 0, next: 1, accepted: { ...answered, revision: 3 }, held }
    await store.feeds.claim({ first: record, holder: 'a', now: Date.now(), leaseMs: 1 })
    await store.feeds.write('a', record, '{"id":"relay"}')
    const source = { store, now: () => Date.now(), random: (count: number) => randomBytes(count) }
    return (await createKey(source, { scopes: ['catalogue:read'] })).text
  } finally {
    await store.close()
  }
}

/** What clients see of a store. */
async function seenOf(t: Testing, store: Store, key: string): Promise<object> {
  const { request } = await startApp(t, { store, isSeeded: false, readAccess: 'key' })
  const ask = async (url: string) => {
    const answer = await request({ url, headers: { authorization: `Bearer ${key}` } })
    if (answer.statusCode !== 200) throw new Error(`${url} is answered ${answer.statusCode}: ${answer.body}`)
    return answer.json()
  }
  return {
    digest: await ask('/v1/digest'),
    events: await ask('/v1/events?after=0&limit=100'),
    document: await ask('/v1/catalogues/relay/document'),
    revisions: await ask('/v1/catalogues/gateway/revisions'),
    subscription: await store.subscriptions.find('sub'),
    signingKeys: await store.subscriptions.signingKeys(),
    feeds: [...(await store.feeds.all())],
    held: await store.feeds.heldDocument('relay'),
    fanOut: await store.subscriptions.fanOut()
  }
}

const key = sealingKey(randomBytes(32))
const ways = [
  { name: 'SQLite to PostgreSQL', from: sqlite, to: postgres, keys: [key] },
  { name: 'PostgreSQL to SQLite', from: postgres, to: sqlite, keys: [] },
  { name: 'SQLite to SQLite, each with the key file beside it', from: sqlite, to: sqlite, keys: [] }
]

for (const { name, from, to, keys } of ways) {
  const skip = noSqlite || (name.includes('PostgreSQL') && noPostgres)
  t.test(`a copy from ${name} is the same store to its clients, and verifies`, { skip }, async (t) => {
    const [source, target] = [await from(), await to()]
    const text = await fill(source, keys)
    const { rows, verified } = await copyStore({ from: source, to: target, keys })
    t.match(rows, { catalogues: 3, revisions: 9, keys: 1, subscriptions: 1, signingKeys: 1 })
    t.ok(rows.endpoints > 500, 'there are several pages')
    t.equal(verified.signingKeys, 1)
    t.match(await withEngineOf({ url: target, keys }, verify), { revisions: 9, signingKeys: 1 })
    const [before, after] = [await openStore(source, keys), await openStore(target, keys)]
    t.equal(after.epoch, before.epoch)
    t.strictSame(await seenOf(t, after, text), await seenOf(t, before, text))
  })
}

t.test('a target that is not empty is refused, and stays as it is', async (t) => {
  const [source, target] = [await sqlite(), await sqlite()]
  await writeHistory(source, { revisions: 1 })
  const refused = { code: 'wrong_state', message: /target is not empty/ } as const
  const store = await openStore(target)
  const { epoch } = store
  await store.close()
  await t.rejects(copyStore({ from: source, to: target, keys: [] }), refused, 'a service was started on it')
  await t.rejects(copyStore({ from: source, to: source, keys: [] }), refused, 'it is the source')
  const again = await openStore(target)
  t.teardown(() => again.close())
  t.equal(again.epoch, epoch)
})

t.test('what is sealed is never written in clear', { skip: noPostgres }, async (t) => {
  const [source, target] = [await sqlite(), await postgres()]
  await writeHistory(source, { revisions: 1 })
  await t.rejects(copyStore({ from: source, to: target, keys: [] }), { code: 'wrong_state', message: /in clear/ })
  await copyStore({ from: source, to: target, keys: [key] })
  await t.rejects(openStore(target), { code: 'wrong_secret_key' })
  await (await openStore(target, [key])).close()
})

t.test('nobody opens a store into which a copy was not finished', async (t) => {
  const [source, target] = [await sqlite(), await sqlite()]
  await writeHistory(source, { revisions: 2 })
  // A row that no target takes: its catalogue is not there.
  edit(source, 'pragma foreign_keys = off; update profiles set catalogue = 99 where rowid = 1')
  await t.rejects(copyStore({ from: source, to: target, keys: [] }))
  await t.rejects(openStore(target), { code: 'not_ready', message: /a copy into it was not finished/ })
  await t.rejects(copyStore({ from: source, to: target, keys: [] }), { code: 'wrong_state' })
})

function edit(url: string, sql: string): void {
  const client = new Database(url.slice('sqlite:'.length))
  client.exec(sql)
  client.close()
}
