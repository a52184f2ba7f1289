import Database from 'better-sqlite3'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { readConfig } from '../../src/config/config.ts'
import { PortolanError } from '../../src/domain/errors.ts'
import { openSending } from '../../src/open-sending.ts'
import { openStore } from '../../src/store/open.ts'
import { portolan, temporary } from '../cli/support/portolan.ts'
import { catalogueFile, clearswiftPath, startApp, testEgress } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { type Service, startService } from '../support/service.ts'
import { startReceiver } from './support/receiver.ts'

function environmentOf(file: string) {
  return {
    PORTOLAN_DATABASE_URL: `sqlite:${file}`,
    PORTOLAN_CATALOGUES: '',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_LOG_LEVEL: 'warn'
  }
}

async function metric(service: Service, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${service.address}/metrics`)).text()
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  return value === undefined ? undefined : Number(value)
}

t.test('webhooks go out from a thread, which starts with the first of them and gives its leases back', async (t) => {
  const store = temporary(t, 'portolan.db')
  const environment = environmentOf(store)
  const service = await startService(environment)
  t.teardown(() => service.stop('SIGKILL'))
  const receiver = await startReceiver(t)
  const scopes = ['catalogue:publish', 'subscriptions:write'].flatMap((scope) => ['--scope', scope])
  const { key } = JSON.parse((await portolan(['keys', 'create', ...scopes, '--json'], { store })).output)
  const authorization = `Bearer ${key}`
  const ask = (path: string, body?: object) =>
    fetch(`${service.address}/v1/subscriptions${path}`, {
      method: 'POST',
      headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) })
    })
  const made = await ask('', { url: receiver.url })
  const { id, secret } = Object(await made.json())
  await ask(`/${id}/ping`)
  await eventually('it is active', () => receiver.received.some(({ event }) => event.type === 'subscription.activated'))
  const published = await fetch(`${service.address}${clearswiftPath}/document`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/yaml', 'if-none-match': '*' },
    body: catalogueFile('1-pre-2.3.yaml')
  })
  t.equal(published.status, 201)
  await eventually('the publish is told', () => receiver.received.some(({ event }) => event.seq === 1))
  const { body = '', headers = {} } = receiver.received.at(-1) ?? {}
  t.ok(new Webhook(secret).verify(body, headers as Record<string, string>))
  await eventually('all is counted', async () => {
    const delivered = await metric(service, 'portolan_delivery_attempts_total\\{result="delivered"\\}')
    return delivered === receiver.received.length
  })
  t.equal(await metric(service, 'portolan_sender_down'), 0)
  t.equal(await metric(service, 'portolan_sender_restarts_total'), 0)

  receiver.replies = [() => {}]
  const before = receiver.received.length
  await ask(`/${id}/ping`)
  await eventually('the ping is under way', () => receiver.received.length > before)
  t.equal(await service.stop(), 0, 'while it waits for an answer')
  const held = new Database(store, { readonly: true })
  t.strictSame(held.prepare('select holder, lease_until as until from subscriptions').all(), [
    { holder: null, until: 0 }
  ])
  held.close()
  t.equal(service.output().includes('"level":50'), false, 'nothing failed')
})

t.test('webhooks that wait at the start go out, though the store was away when it was asked for them', async (t) => {
  const file = temporary(t, 'portolan.db')
  const { catalogues, request, key } = await startApp(t, {
    store: await openStore(`sqlite:${file}`),
    isSeeded: false,
    isTicking: true,
    isUnwatched: true,
    egress: testEgress()
  })
  const receiver = await startReceiver(t)
  const headers = await key('subscriptions:write')
  const made = await request({ method: 'POST', url: '/v1/subscriptions', headers, payload: { url: receiver.url } })
  await request({ method: 'POST', url: `/v1/subscriptions/${made.json().id}/ping`, headers })
  const { store } = catalogues
  let isAway = true
  const fanOut = async () => {
    if (!isAway) return store.subscriptions.fanOut()
    isAway = false
    throw new PortolanError('not_ready', 'The store cannot be reached.')
  }
  const sending = openSending({
    config: readConfig(environmentOf(file)),
    catalogues: { ...catalogues, store: { ...store, subscriptions: { ...store.subscriptions, fanOut } } },
    place: () => ({ base: 'https://portolan.example', listeners: [] }),
    log: pino({ level: 'silent' })
  })
  t.teardown(() => sending.close())
  await sending.start()
  await eventually('the ping arrives', () => receiver.received.length > 0)
})
