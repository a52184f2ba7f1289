import pg from 'pg'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { noPostgres } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { postgresServer } from '../support/postgres.ts'
import { publishTitle } from './support/publish-title.ts'
import { waitsForLock } from './support/waits-for-lock.ts'

t.setTimeout(300_000)
const server = postgresServer(t)

t.test(
  'many who publish one catalogue at once through two processes are served in turn',
  { skip: noPostgres },
  async (t) => {
    const url = await server.database()
    const start = async () => startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true })
    const apps = [await start(), await start()] as const
    await publishTitle(apps[0], 'gateway', 'first')
    const key = await apps[0].key('catalogue:publish')
    const publish = (app: TestApp, title: string) =>
      app.request({
        method: 'PUT',
        url: '/v1/catalogues/gateway/document',
        headers: { ...key, 'content-type': 'application/json', 'if-match': '*' },
        payload: JSON.stringify(documentInput({ id: 'gateway', title }))
      })
    const [publishers, rounds] = [32, 3]
    const statuses = await Promise.all(
      Array.from({ length: publishers }, async (_, publisher) => {
        const found: number[] = []
        for (let round = 0; round < rounds; round += 1)
          found.push((await publish(apps[publisher % 2 === 0 ? 0 : 1], `${publisher} ${round}`)).statusCode)
        return found
      })
    )
    t.same(
      statuses.flat().filter((status) => status !== 201),
      []
    )
    const numbers: number[] = []
    for (const event of await apps[0].catalogues.store.events({ after: 0, limit: 1000 }))
      numbers.push(event.revision.number)
    t.same(
      numbers,
      Array.from({ length: publishers * rounds + 1 }, (_, index) => index + 1),
      'each is there once'
    )
    const conflicts = async (app: TestApp) =>
      Number(/^portolan_publish_conflicts_total (\S+)$/m.exec((await app.request('/metrics')).body)?.[1])
    t.ok((await conflicts(apps[0])) + (await conflicts(apps[1])) > 0, 'who was overtaken is counted')
  }
)

// With two processes that only wait each for itself, the publishers above are seldom overtaken twenty times.
t.test('a turn is one over all processes, and of one name only', { skip: noPostgres }, async (t) => {
  const url = await server.database()
  const [one, other] = [await openStore(url), await openStore(url)]
  t.teardown(() => Promise.all([one.close(), other.close()]))
  const entered: string[] = []
  const second = await one.inTurn('a', async () => {
    entered.push('first')
    await other.inTurn('b', async () => entered.push('another name'))
    const waiting = other.inTurn('a', async () => entered.push('second'))
    await eventually('it waits, or has not', async () => entered.includes('second') || (await waitsForLock(url)))
    t.same(entered, ['first', 'another name'], 'the second one waits')
    return { waiting }
  })
  await second.waiting
  t.same(entered, ['first', 'another name', 'second'])
})

t.test(
  'a turn whose holder fails, or whose process is gone, is free for the next one',
  { skip: noPostgres },
  async (t) => {
    const url = await server.database()
    const [one, other] = [await openStore(url), await openStore(url)]
    let end = () => {}
    t.teardown(() => {
      end()
      return Promise.all([one.close(), other.close()])
    })
    await t.rejects(
      one.inTurn('a', () => Promise.reject(new Error('a refusal'))),
      { message: 'a refusal' }
    )
    t.equal(await other.inTurn('a', async () => 'after a failure'), 'after a failure')
    const lost = one.inTurn(
      'a',
      () =>
        new Promise<void>((resolve) => {
          end = resolve
        })
    )
    const next = other.inTurn('a', async () => 'after a loss')
    await eventually('the next one waits', () => waitsForLock(url), 20)
    await loseHolder(url)
    t.equal(await next, 'after a loss')
    end()
    await lost
  }
)

/** Ends the connections that hold a turn, as the end of their process does. */
async function loseHolder(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `select pg_terminate_backend(pid) from pg_locks join pg_database on oid = database
     where locktype = 'advisory' and granted and datname = current_database()`
  )
  await client.end()
}
