import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { portolan, temporary } from '../cli/support/portolan.ts'
import { catalogueFile, clearswiftPath } from '../support/app.ts'
import { type Service, startService } from '../support/service.ts'
import { startReceiver } from './support/receiver.ts'

async function eventually(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await pause(20)
}

async function metric(service: Service, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${service.address}/metrics`)).text()
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  return value === undefined ? undefined : Number(value)
}

t.test('webhooks go out from a thread, which starts with the first of them and gives its leases back', async (t) => {
  const store = temporary(t, 'portolan.db')
  const environment = {
    PORTOLAN_DATABASE_URL: `sqlite:${store}`,
    PORTOLAN_CATALOGUES: '',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_LOG_LEVEL: 'warn'
  }
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
  await eventually(() => receiver.received.some(({ event }) => event.type === 'subscription.activated'))
  const published = await fetch(`${service.address}${clearswiftPath}/document`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/yaml', 'if-none-match': '*' },
    body: catalogueFile('1-pre-2.3.yaml')
  })
  t.equal(published.status, 201)
  await eventually(() => receiver.received.some(({ event }) => event.seq === 1))
  const { body = '', headers = {} } = receiver.received.at(-1) ?? {}
  t.ok(new Webhook(secret).verify(body, headers as Record<string, string>))
  await eventually(async () => {
    const delivered = await metric(service, 'portolan_delivery_attempts_total\\{result="delivered"\\}')
    return delivered === receiver.received.length
  })
  t.equal(await metric(service, 'portolan_sender_down'), 0)
  t.equal(await metric(service, 'portolan_sender_restarts_total'), 0)

  receiver.replies = [() => {}]
  const before = receiver.received.length
  await ask(`/${id}/ping`)
  await eventually(() => receiver.received.length > before)
  t.equal(await service.stop(), 0, 'while it waits for an answer')
  const held = new Database(store, { readonly: true })
  t.strictSame(held.prepare('select holder, lease_until as until from subscriptions').all(), [
    { holder: null, until: 0 }
  ])
  held.close()
  t.equal(service.output().includes('"level":50'), false, 'nothing failed')
})
