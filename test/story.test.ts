import { readFileSync } from 'node:fs'
import type { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { receiver } from '../examples/receiver/receiver.ts'
import { mirrors, portolan, temporary } from './cli/support/portolan.ts'
import { type Received, startReceiver } from './delivery/support/receiver.ts'
import { catalogueFile, clearswift, clearswiftPath } from './support/app.ts'
import { eventually } from './support/eventually.ts'
import { fakeClock, noFaketime } from './support/faketime.ts'
import { startService } from './support/service.ts'

// Processes, and waits until their clocks are steady: slow on a loaded machine.
t.setTimeout(300_000)

const at = (instant: string) => Date.parse(instant)

t.test('six addresses retire: who subscribed is told before, and at the instant', { skip: noFaketime }, async (t) => {
  const store = temporary(t, 'portolan.db')
  const folder = t.testdir({ lists: {} })
  const clock = fakeClock(folder, at('2018-10-01T09:00:00Z'))
  const environment = {
    ...clock.environment,
    PORTOLAN_DATABASE_URL: `sqlite:${store}`,
    PORTOLAN_CATALOGUES: '',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_CLOCK_HOLD: '1',
    PORTOLAN_LOG_LEVEL: 'warn'
  }
  let service = await startService(environment)
  t.teardown(() => service.stop('SIGKILL'))
  const scopes = ['subscriptions:write', 'catalogue:publish'].flatMap((scope) => ['--scope', scope])
  const now = new Date(clock.now()).toISOString()
  const { key } = JSON.parse((await portolan(['keys', 'create', ...scopes, '--json'], { store, now })).output)
  const ask = async (
    method: string,
    path: string,
    { body = '', ...headers }: Readonly<Record<string, string>> = {}
  ) => {
    const answer = await fetch(`${service.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== '' && { body })
    })
    const text = await answer.text()
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', body: text === '' ? {} : JSON.parse(text) }
  }
  const publish = async (file: string, precondition: Readonly<Record<string, string>>) => {
    const body = catalogueFile(file).toString()
    const sent = { 'content-type': 'application/yaml', ...precondition, body }
    t.match(await ask('PUT', `${clearswiftPath}/document`, sent), { status: 201 }, file)
  }
  await eventually('the key is known', async () => (await ask('GET', '/v1/me')).status === 200)
  await publish('1-pre-2.3.yaml', { 'if-none-match': '*' })

  // A receiver subscribes, and answers its ping.
  const kit = { secret: '', service: service.address, folder: join(folder, 'lists'), format: 'nftables', query: '' }
  const front = await startReceiver(t, await forwardTo(t, receiver(kit, clock.now)))
  const json = { 'content-type': 'application/json' }
  const made = await ask('POST', '/v1/subscriptions', { ...json, body: JSON.stringify({ url: front.url }) })
  const { id, secret } = made.body
  kit.secret = secret
  await ask('POST', `/v1/subscriptions/${id}/ping`)
  await eventually('it is active', async () => (await ask('GET', `/v1/subscriptions/${id}`)).body.state === 'active')

  // Issue 2.3 announces that the six old mirrors retire.
  const events = () => front.received.filter(({ event }) => event.seq !== undefined)
  const taken = async (count: number) => {
    await eventually(`${count} events arrive`, async () => events().length >= count)
    await eventually(
      'they are confirmed',
      async () => (await ask('GET', `/v1/subscriptions/${id}`)).body.cursor === count + 1
    )
  }
  await publish('2-2.3.yaml', { 'if-match': (await ask('GET', `${clearswiftPath}/document`)).etag })
  await taken(1)
  const list = () => readFileSync(join(kit.folder, `${clearswift}.nftables`), 'utf8')
  for (const mirror of mirrors) t.match(list(), mirror, `${mirror} is open`)

  // 30, 7 and 1 days before.
  for (const [index, day] of ['2018-10-23', '2018-11-15', '2018-11-21'].entries()) {
    clock.set(at(`${day}T00:00:01Z`))
    await taken(index + 2)
  }
  await service.stop('SIGKILL')

  clock.set(at('2018-11-23T06:30:00Z'))
  service = await startService(environment)
  kit.service = service.address
  await taken(5)
  t.match(events().map(told), [
    ['catalogue.revision_published', 2, 1, '2018-10-01T00:00:00Z'],
    ...[3, 4, 5].map((seq) => ['catalogue.transition_upcoming', seq, seq - 1, '2018-11-22T00:00:00Z']),
    ['catalogue.transitioned', 6, 5, '2018-11-22T00:00:00Z']
  ])
  t.equal(new Set(events().map(({ headers }) => headers['webhook-id'])).size, 5, 'each once')
  const late = Number(events().at(-1)?.event.lateByMs) / 3_600_000
  t.ok(late >= 30.5 && late < 31, `30 and a half hours late: ${late}`)
  const { items } = (await ask('GET', `/v1/subscriptions/${id}/deliveries`)).body
  t.same(new Set(items.map(({ status }: { status: number }) => status)), new Set([204]), 'the receiver verified all')

  // The export that the receiver then fetched.
  for (const mirror of mirrors) t.notMatch(list(), mirror, `${mirror} is closed`)
  t.match(list(), '185.155.104.24', 'what replaces them is open')
})

const told = ({ event }: Received) => [event.type, event.seq, event.prevSeq, event.effectiveAt]

/** Takes down what comes, and hands it on to another server. */
async function forwardTo(t: Test, server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${Object(server.address()).port}/`
  return async (response: { writeHead(status: number): { end(): void } }, { headers, body }: Received) => {
    const signed = Object.entries(headers).filter(([name]) => name.startsWith('webhook-'))
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: Object.fromEntries(signed) as Record<string, string>
    })
    response.writeHead(answer.status).end()
  }
}
