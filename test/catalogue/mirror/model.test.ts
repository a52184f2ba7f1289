import t from 'tap'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { startApp } from '../../support/app.ts'
import { noPostgres, noSqlite } from '../../support/engine.ts'
import { postgresServer } from '../../support/postgres.ts'
import { fc, runs } from '../../support/scale.ts'
import { play, stories } from './support/model.ts'

async function playAll(t: Parameters<typeof startApp>[0], store: Store, numRuns: number): Promise<void> {
  const app = await startApp(t, { isSeeded: false, store })
  let run = 0
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      run += 1
      await play(app, `story-${run}`, story)
    }),
    { numRuns }
  )
}

const claim = 'whatever is published, waited for and broken off, a mirror is the view and proves it'

t.test(`${claim}, on SQLite`, { skip: noSqlite }, async (t) => {
  await playAll(t, await openStore('sqlite::memory:'), runs(30))
  t.pass()
})

t.test(`${claim}, on PostgreSQL`, { skip: noPostgres }, async (t) => {
  const server = postgresServer(t)
  await t.test('stories', async (t) => {
    await playAll(t, await openStore(await server.database()), runs(8))
    t.pass()
  })
})
