import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import { createKey } from '../../../src/catalogue/keys.ts'
import { openStore } from '../../../src/store/open.ts'
import { startReceiver } from '../../delivery/support/receiver.ts'
import { startApp } from '../../support/app.ts'
import { startService } from '../../support/service.ts'

/** Everything that a key can open; each of them resolves with what it came to. */
interface Opened {
  readonly stream: Promise<string>
  readonly answers: Promise<string>
  readonly poll: Promise<number>
  readonly delta: Promise<number>
  readonly idle: Promise<number>
  readonly busy: Promise<number>
}

/** Resolves once all of it is open and waits. `reader`: a key that may read metrics. */
async function openAll(address: string, authorization: string, reader: string): Promise<Opened> {
  const headers = { authorization }
  const query = 'subscription { events { seq } }'
  const seq = Number((await fetch(`${address}/v1/events`, { headers })).headers.get('portolan-seq'))
  const { cursor } = (await json(await fetch(`${address}/v1/delta?cursor=latest`, { headers }))).page ?? {}
  const wait = async (path: string) =>
    (await fetch(`${address}${path}`, { headers: { ...headers, prefer: 'wait=60' } })).status
  const stream = await fetch(`${address}/v1/events/stream?after=${seq}`, { headers })
  const answers = await fetch(`${address}/graphql/stream`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query })
  })
  const opened = {
    stream: stream.text(),
    answers: answers.text(),
    poll: wait(`/v1/events?after=${seq}`),
    delta: wait(`/v1/delta?cursor=${cursor}`),
    idle: closeOf(await openSocket(address, authorization)),
    busy: closeOf(await openSocket(address, authorization, query, query))
  }
  const metrics = async () => (await fetch(`${address}/metrics`, { headers: { authorization: reader } })).text()
  while (!(await metrics()).includes('portolan_followers 6\n')) await new Promise((resolve) => setTimeout(resolve, 20))
  return opened
}

interface Answer {
  readonly id?: string
  readonly page?: { readonly cursor?: string }
}

async function json(response: Response): Promise<Answer> {
  // The contract of these routes is tested elsewhere.
  return (await response.json()) as Answer
}

async function openSocket(address: string, authorization: string, ...operations: string[]): Promise<WebSocket> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
  await once(socket, 'message')
  for (const [id, query] of operations.entries())
    socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }))
  return socket
}

async function closeOf(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close')
  return Number(code)
}

async function outcomesOf({ stream, answers, poll, delta, idle, busy }: Opened) {
  return {
    stream: (await stream).split('\n').find((line) => line.startsWith('event:')),
    answers: (await answers).split('\n').find((line) => line.startsWith('event:')),
    poll: await poll,
    delta: await delta,
    idle: await idle,
    busy: await busy
  }
}

const ends = {
  stream: 'event: revoked',
  answers: 'event: revoked',
  poll: 401,
  delta: 401,
  idle: 4403,
  busy: 4403
} as const

/** No sign of life comes from the service meanwhile, so nothing but the end of the key ends anything. */
const pace = { heartbeatMs: 3_600_000, patienceMs: 3_600_000 }

for (const readAccess of ['key', 'public'] as const)
  for (const how of ['revoked', 'expired'] as const)
    t.test(`reads are ${readAccess}: a key that is ${how} ends all that it opened, and nothing else`, async (t) => {
      const app = await startApp(t, { pace, readAccess })
      const address = await app.listen()
      const { authorization: reader } = await app.key('admin')
      const { key, text } = await createKey(app.catalogues, {
        scopes: ['catalogue:read'],
        expiresAt: app.clock.now + 60_000
      })
      const opened = await openAll(address, `Bearer ${text}`, reader)
      const other = await openSocket(address, reader)
      if (how === 'expired') app.clock.now += 60_000
      else {
        await app.catalogues.store.revokeKey(key.id, app.clock.now)
        await app.refreshKeys()
      }
      t.strictSame(await outcomesOf(opened), ends)
      other.send(JSON.stringify({ type: 'ping' }))
      const [answer] = await once(other, 'message')
      t.match(String(answer), 'pong')
      other.close()
    })

t.test('a client that does not read is not kept either', async (t) => {
  const app = await startApp(t, { pace, readAccess: 'key' })
  const address = await app.listen()
  const { key, text } = await createKey(app.catalogues, { scopes: ['catalogue:read'] })
  const socket = await openSocket(address, `Bearer ${text}`)
  socket.pause()
  await app.catalogues.store.revokeKey(key.id, app.clock.now)
  await app.refreshKeys()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  socket.resume()
  t.ok([4403, 1006].includes(await closeOf(socket)))
})

t.test('a key that another process revokes ends all that it opened at a service, its webhooks too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const url = `sqlite:${join(folder, 'portolan.db')}`
  const service = await startService({
    PORTOLAN_DATABASE_URL: url,
    PORTOLAN_READ_ACCESS: 'key',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on'
  })
  t.teardown(() => void service.stop())
  const catalogues = makeCatalogues(await openStore(url), {
    now: Date.now,
    random: (size) => crypto.getRandomValues(new Uint8Array(size)),
    noticeDays: 0,
    onError: () => {}
  })
  t.teardown(() => catalogues.close())
  const admin = `Bearer ${(await createKey(catalogues, { scopes: ['admin'] })).text}`
  const { key, text } = await createKey(catalogues, { scopes: ['catalogue:read', 'subscriptions:write'] })
  const authorization = `Bearer ${text}`
  const receiver = await startReceiver(t)
  const ask = async (method: string, path: string, as: string, body: object = {}) => {
    const headers = { authorization: as, 'content-type': 'application/json' }
    const sent = method === 'GET' ? {} : { body: JSON.stringify(body) }
    return json(await fetch(`${service.address}/v1/subscriptions${path}`, { method, headers, ...sent }))
  }
  const { id } = await ask('POST', '', authorization, { url: receiver.url })
  await ask('POST', `/${id}/activate`, admin)
  const opened = await openAll(service.address, authorization, admin)

  await catalogues.store.revokeKey(key.id, Date.now())
  t.strictSame(await outcomesOf(opened), ends)
  const last = () => receiver.received.at(-1)?.event
  while (last()?.type !== 'subscription.paused') await new Promise((resolve) => setTimeout(resolve, 20))
  t.match(last(), { subscription: { id, state: 'paused', previousState: 'active', reason: 'owner_revoked' } })
  t.match(await ask('GET', `/${id}`, admin), { state: 'paused', stateReason: 'owner_revoked' })
})
