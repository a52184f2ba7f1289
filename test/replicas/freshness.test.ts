import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { noPostgres } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { postgresServer } from '../support/postgres.ts'
import { publishTitle } from './support/publish-title.ts'
import { startRelay } from './support/relay.ts'

t.setTimeout(300_000)
const server = postgresServer(t)
const options = { skip: noPostgres }

const titleOn = async (app: TestApp) => (await app.request('/v1/catalogues/gateway')).json().title
const ready = (app: TestApp) => app.request('/health/ready')

t.test(
  'a replica whose way to the store went silent says so, answers metrics, and is fresh again after',
  options,
  async (t) => {
    const url = await server.database()
    const relay = await startRelay(t, url)
    const near = await startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true })
    const far = await startApp(t, {
      store: await openStore(relay.url),
      isSeeded: false,
      isTicking: true,
      mayLoseStore: true
    })
    await publishTitle(near, 'gateway', 'one')
    await eventually('the other replica has it', async () => (await titleOn(far)) === 'one')
    t.equal((await ready(far)).statusCode, 200)
    t.match((await far.request('/metrics')).body, /^portolan_subscriptions\{state="active"\} 0$/m)

    relay.silence()
    await publishTitle(near, 'gateway', 'two')
    await eventually('it is not ready', async () => (await ready(far)).statusCode === 503)
    const refusal = await ready(far)
    t.match(refusal.json(), { code: 'not_ready', parts: ['heads'] })
    t.ok(refusal.headers['retry-after'])
    t.equal((await ready(near)).statusCode, 200, 'the other one is')
    const metrics = await far.request('/metrics')
    t.equal(metrics.statusCode, 200, 'metrics are there while the store is away')
    t.ok(Number(/^portolan_heads_age_seconds (\S+)$/m.exec(metrics.body)?.[1]) > 5)
    t.match(metrics.body, /^portolan_subscriptions\{state="active"\} 0$/m, 'what the store said last')

    relay.heal()
    await eventually('it is ready', async () => (await ready(far)).statusCode === 200)
    t.equal(await titleOn(far), 'two', 'and it has what was published meanwhile')
  }
)

t.test('a commit wakes the other replica: it does not wait for its next look', options, async (t) => {
  const url = await server.database()
  const stores = await Promise.all([openStore(url), openStore(url)])
  t.teardown(() => Promise.all(stores.map((store) => store.close())))
  const [one, other] = stores
  if (!one || !other) throw new Error('there are two stores')
  let told = 0
  other.listen(() => {
    told += 1
  })
  // The connection listens from the next question on.
  await other.pulse()
  await one.addKey({ id: 'k', hash: 'h', scopes: ['admin'], createdAt: 1 })
  await eventually('it is told', () => told > 0)
  t.pass('it was told')
})

t.test('a store that is closed while its way is silent does not keep the process', options, async (t) => {
  const relay = await startRelay(t, await server.database())
  const store = await openStore(relay.url)
  await store.pulse()
  relay.silence()
  await t.rejects(store.pulse(), { code: 'not_ready' })
  await store.close()
})
