import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { startRelay } from './replicas/support/relay.ts'
import { clearswiftPath } from './support/app.ts'
import { noPostgres } from './support/engine.ts'
import { postgresServer } from './support/postgres.ts'
import { startService } from './support/service.ts'

t.setTimeout(120_000)
const server = postgresServer(t)
const environment = () => ({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })

t.test(
  'after SIGTERM answers go on for a while, though it is not ready, and it ends with 0 whatever is open',
  async (t) => {
    const service = await startService({ ...environment(), PORTOLAN_DRAIN_DELAY: '3' })
    const { hostname, port } = new URL(service.address)
    const sockets = [
      '',
      `GET ${clearswiftPath} HTTP/1.1\r\nHost: x\r\n`,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'
    ].map((text) => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      socket.write(text)
      return socket
    })
    t.teardown(() => {
      for (const socket of sockets) socket.destroy()
    })
    const poll = fetch(`${service.address}/v1/events?after=1000000`, { headers: { prefer: 'wait=60' } })
    poll.catch(() => {})
    t.equal((await fetch(`${service.address}/health/ready`)).status, 200)
    const stopped = service.stop()
    let ready = await fetch(`${service.address}/health/ready`)
    while (ready.status === 200) {
      await pause(20)
      ready = await fetch(`${service.address}/health/ready`)
    }
    t.match(await ready.json(), { code: 'not_ready', parts: ['service'] })
    t.equal((await fetch(`${service.address}${clearswiftPath}`)).status, 200, 'it answers')
    t.equal(await stopped, 0)
    await t.rejects(fetch(`${service.address}/health/live`), 'the port is closed')
  }
)

t.test('a second signal ends the waiting', async (t) => {
  const service = await startService({ ...environment(), PORTOLAN_DRAIN_DELAY: '600' })
  const stopped = service.stop()
  await pause(200)
  service.process.kill('SIGINT')
  t.equal(await stopped, 0)
})

t.test('a store that does not answer keeps nobody from ending', { skip: noPostgres }, async (t) => {
  const relay = await startRelay(t, await server.database())
  const service = await startService({ PORTOLAN_DATABASE_URL: relay.url })
  relay.silence()
  await pause(3000)
  t.equal(await service.stop(), 0)
})

t.test('a process that sends answers health and metrics only, and one that answers sends nothing', async (t) => {
  const sender = await startService({ ...environment(), PORTOLAN_ROLE: 'send' })
  const status = async (address: string, path: string) => (await fetch(address + path)).status
  t.same(
    await Promise.all(
      ['/health/ready', '/health/live', '/metrics', clearswiftPath, '/graphql', '/docs'].map((path) =>
        status(sender.address, path)
      )
    ),
    [200, 200, 200, 404, 404, 404]
  )
  t.match(await (await fetch(`${sender.address}/metrics`)).text(), /^portolan_delivery_seconds_total/m)
  t.equal(await sender.stop(), 0)
  const web = await startService({ ...environment(), PORTOLAN_ROLE: 'web' })
  t.equal(await status(web.address, clearswiftPath), 200)
  t.notMatch(await (await fetch(`${web.address}/metrics`)).text(), /^portolan_delivery_seconds_total/m)
  t.equal(await web.stop(), 0)
})
