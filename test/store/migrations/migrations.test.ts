import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { verify } from '../../../src/store/integrity/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { withEngineOf } from '../../../src/store/open-engine.ts'
import { noPostgres, noSqlite } from '../../support/engine.ts'
import { postgresServer } from '../../support/postgres.ts'
import { runs } from '../../support/scale.ts'
import type { Testing } from '../contract/use.ts'
import { writeHistory } from '../support/written-history.ts'
import { engineOf, makeEarlier, runSql, schemaNumber } from './support/earlier-store.ts'
import { breaks, migrationCount, type Table, tablesAfter } from './support/schema-snapshot.ts'

t.setTimeout(600_000)
const folder = t.testdir()
const server = postgresServer(t)
let files = 0

t.test('each migration only adds, so that the version before runs on the tables after it', async (t) => {
  for (const engine of ['sqlite', 'postgres'] as const)
    for (let number = 1; number < migrationCount(engine); number += 1)
      t.strictSame(breaks(tablesAfter(engine, number - 1), tablesAfter(engine, number)), [], `${engine} ${number}`)
})

t.test('the test sees a migration that takes away, renames or demands', async (t) => {
  const column = (name: string, notNull = false) => ({ name, type: 'text', notNull })
  const table = (
    columns: Table['columns'],
    indexes: Table['indexes'] = {},
    foreignKeys: Table['foreignKeys'] = {}
  ): Table => ({ name: 'keys', columns, indexes, foreignKeys })
  const before = [table({ id: column('id', true), name: column('name') })]
  t.strictSame(breaks(before, []), ['keys is gone'])
  t.strictSame(breaks(before, [table({ id: column('id', true) })]), ['keys.name is gone'])
  t.strictSame(breaks(before, [table({ id: column('id', true), name: column('name', true) })]), [
    'keys.name may not be null any more'
  ])
  t.strictSame(breaks(before, [table({ ...before[0]?.columns, site: column('site', true) })]), [
    'keys.site must be given'
  ])
  const unique = { keys_name: { name: 'keys_name', isUnique: true } }
  t.strictSame(breaks(before, [table({ ...before[0]?.columns }, unique)]), ['keys has the new unique index keys_name'])
  const refers = (to: string) => ({ keys_fk: { columnsFrom: [to] } })
  t.strictSame(breaks(before, [table({ ...before[0]?.columns }, {}, refers('name'))]), [
    'keys has the new foreign key keys_fk'
  ])
  const added = table({ ...before[0]?.columns, site: column('site') }, {}, refers('site'))
  t.strictSame(breaks(before, [added]), [], 'a new column may refer to another table')
})

t.test('SQLite', { skip: noSqlite }, async (t) => {
  migrating(t, async () => {
    files += 1
    return `sqlite:${join(folder, `store-${files}.db`)}`
  })
})
t.test('PostgreSQL', { skip: noPostgres }, async (t) => migrating(t, () => server.database()))

function migrating(t: Testing, fresh: () => Promise<string>): void {
  t.test('what the version before writes into the new tables is read, and verifies after the next start', async (t) => {
    const url = await fresh()
    await writeHistory(url)
    const engine = engineOf(url)
    for (const { name, columns } of tablesAfter(engine, migrationCount(engine) - 2)) {
      const list = Object.keys(columns)
        .map((column) => `"${column}"`)
        .join(', ')
      await runSql(url, [
        `create temporary table kept as select ${list} from "${name}"`,
        `delete from "${name}"`,
        `insert into "${name}" (${list}) select ${list} from kept`
      ])
    }
    await (await openStore(url)).close()
    t.match(await withEngineOf({ url, keys: [] }, verify), { catalogues: 2, revisions: 8 })
  })

  t.test('a store of each earlier version is migrated', async (t) => {
    const url = await fresh()
    const all = migrationCount(engineOf(url))
    for (const before of [1, all - 1]) {
      const old = await fresh()
      await makeEarlier(old, before)
      t.equal(await schemaNumber(old), before)
      await writeHistory(old, { revisions: 2 })
      t.equal(await schemaNumber(old), all)
      t.match(await withEngineOf({ url: old, keys: [] }, verify), { revisions: 4 })
    }
  })

  t.test(
    'a process that is killed within the migrations leaves the store as it was, and the next one migrates it',
    async (t) => {
      const engine = engineOf(await fresh())
      const all = migrationCount(engine)
      const counts = { killed: 0, 'rolled back': 0, done: 0 }
      for (let round = 0; round < runs(25); round += 1) {
        const url = await fresh()
        const before = round % all
        if (before > 0) await makeEarlier(url, before)
        const { signal } = await openAndDie(url, 1 + ((round * 7) % 40))
        if (signal === 'SIGKILL') counts.killed += 1
        const found = await schemaNumber(url)
        if (found === before) counts['rolled back'] += 1
        else counts.done += 1
        t.ok(found === before || found === all, `round ${round}: ${found} of ${all}, from ${before}`)
        await writeHistory(url, { revisions: 1 })
        t.match(await withEngineOf({ url, keys: [] }, verify), { catalogues: 2 })
      }
      t.comment(JSON.stringify(counts))
      t.ok(counts.killed > 0 && counts['rolled back'] > 0)
    }
  )
}

async function openAndDie(url: string, statements: number): Promise<{ readonly signal: string | null }> {
  const child = fork(
    fileURLToPath(new URL('./support/killed-process.js', import.meta.url)),
    [url, String(statements)],
    {
      execArgv: process.execArgv.filter((word) => !word.includes('end-with-runner'))
    }
  )
  const [, signal] = await once(child, 'exit')
  return { signal }
}
