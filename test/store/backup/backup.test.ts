import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import t from 'tap'
import { backUp } from '../../../src/store/backup/backup.ts'
import { renew, restoreBackup } from '../../../src/store/backup/restore-backup.ts'
import { openStore } from '../../../src/store/open.ts'
import { withEngineOf } from '../../../src/store/open-engine.ts'
import type { Store } from '../../../src/store/store.ts'
import { startApp } from '../../support/app.ts'
import { noPostgres } from '../../support/engine.ts'
import { postgresServer } from '../../support/postgres.ts'
import { runs } from '../../support/scale.ts'
import { writeHistory } from '../support/written-history.ts'

t.setTimeout(300_000)
const server = postgresServer(t)

t.test('backups that are taken while publishing goes on verify, and begin a new epoch', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'portolan.db')
  await writeHistory(`sqlite:${path}`)
  const { epoch: first } = await withStore(path, async ({ epoch }) => ({ epoch }))
  const epochs = new Set([first])
  const publisher = fork(
    fileURLToPath(new URL('./support/publisher-process.js', import.meta.url)),
    [`sqlite:${path}`],
    {
      execArgv: process.execArgv.filter((word) => !word.includes('end-with-runner'))
    }
  )
  let turn = 0
  publisher.on('message', (said) => {
    turn = Number(said)
  })
  const count = runs(10)
  for (let round = 0; round < count; round += 1) {
    // Between any two backups something is published, however slow the machine is.
    for (const seen = turn; turn === seen; ) await once(publisher, 'message')
    const file = join(folder, `backup-${round}.db`)
    const restored = join(folder, `restored-${round}.db`)
    const published = turn
    await backUp(path, file, { replaces: false })
    t.equal(statSync(file).mode & 0o777, 0o600)
    copyFileSync(`${path}.key`, `${restored}.key`)
    const { verified, epoch } = await restoreBackup(file, restored, { keys: [], replaces: false })
    epochs.add(epoch)
    t.ok(verified.events >= 8 + published, 'what was acknowledged before is in it')
    t.equal(verified.signingKeys, 1)
  }
  const ended = once(publisher, 'exit')
  publisher.disconnect()
  const [code] = await ended
  t.equal(code, 0)
  t.equal(epochs.size, count + 1)
  t.ok(turn >= count, 'it was published all along')
  t.comment(`${count} backups during ${turn} publishes`)
  t.strictSame(
    readdirSync(folder).filter((name) => !/^(portolan|backup-\d+|restored-\d+)\.db(\.key|-wal|-shm)?$/.test(name)),
    [],
    'nothing is left beside them'
  )
})

t.test('who had read further than a restored backup is told so by the log and by the delta', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'portolan.db')
  await writeHistory(`sqlite:${path}`)
  await backUp(path, join(folder, 'backup.db'), { replaces: false })
  const before = await openStore(`sqlite:${path}`)
  const { epoch } = before
  const ahead = (await before.seq()) + 5
  const earlier = await startApp(t, { store: before, isSeeded: false })
  const { page } = (await earlier.request('/v1/delta?cursor=latest')).json()
  const restored = join(folder, 'restored.db')
  copyFileSync(`${path}.key`, `${restored}.key`)
  await restoreBackup(join(folder, 'backup.db'), restored, { keys: [], replaces: false })
  const store = await openStore(`sqlite:${restored}`)
  t.not(store.epoch, epoch)
  const { request } = await startApp(t, { store, isSeeded: false })
  for (const url of [`/v1/events?after=${ahead}`, `/v1/delta?cursor=${page.cursor}`]) {
    const answer = await request(url)
    t.match({ status: answer.statusCode, body: answer.json() }, { status: 410, body: { code: 'epoch_changed' } }, url)
  }
})

t.test('a backup that was edited, or is of a newer program, is refused, and the store stays', async (t) => {
  const folder = t.testdir()
  const [path, file] = [join(folder, 'portolan.db'), join(folder, 'backup.db')]
  await writeHistory(`sqlite:${path}`)
  await backUp(path, file, { replaces: false })
  await t.rejects(backUp(path, file, { replaces: false }), { code: 'wrong_state' })
  await t.rejects(restoreBackup(file, path, { keys: [], replaces: false }), {
    code: 'wrong_state',
    message: /--overwrite/
  })
  const { epoch } = await withStore(path, async ({ epoch }) => ({ epoch }))
  edit(file, 'update revisions set label = label || 1')
  await t.rejects(restoreBackup(file, path, { keys: [], replaces: true }), { code: 'store_damaged' })
  edit(file, "insert into __drizzle_migrations values ('x', 9999999999999)")
  await t.rejects(restoreBackup(file, path, { keys: [], replaces: true }), { code: 'wrong_schema' })
  await withStore(path, async (store) => t.equal(store.epoch, epoch))
})

t.test('a store that a process has open is not replaced', async (t) => {
  const folder = t.testdir()
  const [path, file] = [join(folder, 'portolan.db'), join(folder, 'backup.db')]
  await writeHistory(`sqlite:${path}`)
  await backUp(path, file, { replaces: false })
  await withStore(path, async (store) => {
    await t.rejects(restoreBackup(file, path, { keys: [], replaces: true }), {
      code: 'wrong_state',
      message: /stop the service/
    })
    t.equal(await store.seq(), (await store.events({ after: 0, limit: 100 })).length)
  })
  await restoreBackup(file, path, { keys: [], replaces: true })
})

t.test('a restored backup has what feeds remember, with the change that is held', async (t) => {
  const folder = t.testdir()
  const [path, file] = [join(folder, 'portolan.db'), join(folder, 'backup.db')]
  await writeHistory(`sqlite:${path}`)
  const answered = { source: 'sha256:a', validators: { etag: '"1"' }, digest: 'b' }
  const held = { content: 'sha256:c', since: 1, findings: [], head: 3, answered }
  const record = { id: 'relay', failures: 0, next: 1, accepted: { ...answered, revision: 3 }, held }
  await withStore(path, async ({ feeds }) => {
    await feeds.claim({ first: record, holder: 'a', now: 0, leaseMs: 1 })
    await feeds.write('a', record, '{"id":"relay"}')
  })
  await backUp(path, file, { replaces: false })
  await restoreBackup(file, path, { keys: [], replaces: true })
  await withStore(path, async ({ feeds }) => {
    t.strictSame([...(await feeds.all())], [['relay', { record, version: 1 }]])
    t.equal(await feeds.heldDocument('relay'), '{"id":"relay"}')
  })
})

t.test('a store that is no database any more is replaced', async (t) => {
  const folder = t.testdir()
  const [path, file] = [join(folder, 'portolan.db'), join(folder, 'backup.db')]
  await writeHistory(`sqlite:${path}`)
  await backUp(path, file, { replaces: false })
  writeFileSync(path, 'this was a database')
  const { verified } = await restoreBackup(file, path, { keys: [], replaces: true })
  t.equal(verified.catalogues, 2)
})

t.test('a PostgreSQL that was put back by its own tools begins a new epoch', { skip: noPostgres }, async (t) => {
  const url = await server.database()
  await writeHistory(url)
  const before = await openStore(url)
  const { epoch } = before
  await before.close()
  const restored = await withEngineOf({ url, keys: [] }, renew)
  t.equal(restored.verified.catalogues, 2)
  const after = await openStore(url)
  t.teardown(() => after.close())
  t.equal(after.epoch, restored.epoch)
  t.not(after.epoch, epoch)
})

async function withStore<Answer>(path: string, use: (store: Store) => Promise<Answer>): Promise<Answer> {
  const store = await openStore(`sqlite:${path}`)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function edit(path: string, sql: string): void {
  const client = new Database(path)
  client.exec(sql)
  client.close()
}
