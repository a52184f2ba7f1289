import t from 'tap'
import { noteBackup } from '../../../src/store/engine/sqlite-files.ts'
import { openStore } from '../../../src/store/open.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { startService } from '../../support/service.ts'

/** What `/metrics` says of a metric without labels. */
async function value(app: TestApp, name: string): Promise<string | undefined> {
  return new RegExp(`^${name} (\\S+)$`, 'm').exec((await app.request('/metrics')).body)?.[1]
}

t.test('metrics are for everybody where reads are, and else for keys with metrics:read', async (t) => {
  t.equal((await (await startApp(t)).request('/metrics')).statusCode, 200)
  const app = await startApp(t, { readAccess: 'key' })
  t.equal((await app.request('/metrics')).statusCode, 401)
  t.equal((await app.request({ url: '/metrics', headers: { authorization: 'Bearer nonsense' } })).statusCode, 401)
  for (const scope of ['catalogue:read', 'catalogue:publish', 'subscriptions:write'] as const) {
    const refused = await app.request({ url: '/metrics', headers: await app.key(scope) })
    t.equal(refused.statusCode, 403, scope)
    t.match(refused.json(), { code: 'insufficient_scope', scope: 'metrics:read' })
  }
  for (const scope of ['metrics:read', 'admin'] as const)
    t.equal((await app.request({ url: '/metrics', headers: await app.key(scope) })).statusCode, 200, scope)
  const scraper = await app.key('metrics:read')
  t.equal((await app.request({ url: '/v1/catalogues', headers: scraper })).statusCode, 403, 'it reads nothing else')
})

t.test('while the service is not ready its metrics are there', async (t) => {
  const app = await startApp(t, { isReady: false })
  t.equal((await app.request('/metrics')).statusCode, 200)
})

t.test('with a port of their own they are there alone, for the same keys', async (t) => {
  const service = await startService({
    PORTOLAN_DATABASE_URL: `sqlite:${t.testdir()}/portolan.db`,
    PORTOLAN_METRICS_PORT: '0'
  })
  t.teardown(() => service.stop())
  const address = /"address":"([^"]+)","msg":"metrics"/.exec(service.output())?.[1] ?? ''
  t.not(address, service.address)
  const answer = await fetch(`${address}/metrics`)
  t.equal(answer.status, 200)
  const text = await answer.text()
  for (const name of ['work_running', 'work_queued', 'work_waited_total', 'oversized_heads', 'shares_refused_total'])
    t.match(text, new RegExp(`^portolan_${name}\\b`, 'm'))
  t.match(text, /^portolan_work_total\{outcome="deadline"\} 0$/m)
  t.equal((await fetch(`${service.address}/metrics`)).status, 404)
  const other = await fetch(`${address}/v1/catalogues`)
  t.equal(other.status, 404)
  t.match(await other.json(), { code: 'not_found' })
  t.equal((await fetch(`${address}/metrics`, { method: 'POST' })).status, 404)
})

t.test('the port of metrics asks for a key where reads do', async (t) => {
  const service = await startService({
    PORTOLAN_DATABASE_URL: 'sqlite::memory:',
    PORTOLAN_READ_ACCESS: 'key',
    PORTOLAN_METRICS_PORT: '0'
  })
  t.teardown(() => service.stop())
  const address = /"address":"([^"]+)","msg":"metrics"/.exec(service.output())?.[1] ?? ''
  t.equal((await fetch(`${service.address}/metrics`)).status, 404)
  const refused = await fetch(`${address}/metrics`)
  t.equal(refused.status, 401)
  t.match(await refused.json(), { code: 'unauthorized' })
  t.equal((await fetch(`${address}/metrics`, { headers: { authorization: 'Bearer nonsense' } })).status, 401)
})

t.test('a service whose port for metrics is taken does not start', async (t) => {
  const first = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => first.stop())
  const taken = new URL(first.address).port
  await t.rejects(
    startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_METRICS_PORT: taken }),
    /EADDRINUSE/
  )
})

t.test('an event of the clock that is due and not in the log is shown with its age', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T12:00:00Z' })
  const overdue = () => value(app, 'portolan_transition_overdue_seconds')
  const catalogues = () => value(app, 'portolan_transition_overdue_catalogues')
  app.transitions.start()
  await app.transitions.look()
  t.equal(await overdue(), '0')
  t.equal(await catalogues(), '0')
  // The wall clock jumps, so nothing is logged until it was steady for a while.
  app.clock.now = Date.parse('2018-11-22T00:01:30Z')
  await app.transitions.look()
  t.equal(await overdue(), '90')
  t.not(await catalogues(), '0')
  app.transitions.confirm()
  await app.transitions.look()
  t.equal(await overdue(), '0')
  t.equal(await catalogues(), '0')
})

t.test('where the thread that sends is down, a process that does nothing else is not ready', async (t) => {
  const down = await (await startApp(t, { isSenderDown: true })).request('/health/ready')
  t.equal(down.statusCode, 503)
  t.match(down.json(), { code: 'not_ready', parts: ['sender'] })
  t.equal((await (await startApp(t)).request('/health/ready')).statusCode, 200)
})

t.test('the first of 64 kept answers is timed', async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  const told = async (name: string) => {
    const text = await (await fetch(`${service.address}/metrics`)).text()
    return new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  }
  t.equal(await told('portolan_hot_read_seconds_count'), '0')
  for (let read = 0; read < 65; read += 1) await (await fetch(`${service.address}/v1/catalogues`)).text()
  t.equal(await told('portolan_hot_reads_total'), '64', 'the first one was made')
  t.equal(await told('portolan_hot_read_seconds_count'), '1')
})

t.test(
  'a store in a file tells the age of its backup, and that there was none; other stores tell nothing',
  async (t) => {
    const path = `${t.testdir()}/portolan.db`
    const app = await startApp(t, {
      store: await openStore(`sqlite:${path}`),
      isSeeded: false,
      now: '2026-03-01T12:00:00Z'
    })
    const age = () => value(app, 'portolan_backup_age_seconds')
    t.equal(await age(), '+Inf')
    noteBackup(path, Date.parse('2026-03-01T11:00:00Z'))
    t.equal(await age(), '3600')
    t.equal(await value(await startApp(t, { isSeeded: false }), 'portolan_backup_age_seconds'), undefined)
  }
)
