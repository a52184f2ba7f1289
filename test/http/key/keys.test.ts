import { once } from 'node:events'
import t from 'tap'
import { WebSocket } from 'ws'
import { createKey } from '../../../src/catalogue/keys.ts'
import type { KeyGrant } from '../../../src/domain/key-grant.ts'
import { clearswiftPath, startApp, type TestApp, type TestAppOptions } from '../../support/app.ts'

interface Test {
  teardown(close: () => Promise<void>): void
}

/** The service with a key that manages keys. */
async function startKeys(t: Test, options: TestAppOptions = {}) {
  const app = await startApp(t, { readAccess: 'key', ...options })
  const manager = await app.key('keys:manage', 'catalogue:publish')
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, headers = manager) => {
    const answer = await app.request({ method, url: `/v1/keys${path}`, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json(), text: answer.body }
  }
  return { ...app, manager, ask }
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
const read = async ({ request }: TestApp, text: string, remoteAddress = '127.0.0.1') =>
  (await request({ url: clearswiftPath, headers: bearer(text), remoteAddress })).statusCode

t.test('a key is made over REST, shown once, works at once, and is listed with its last use', async (t) => {
  const app = await startKeys(t)
  const made = await app.ask('POST', '', {
    name: 'firewall',
    scopes: ['catalogue:read', 'catalogue:read'],
    cidrs: ['2001:DB8::/32', '198.51.100.0/24'],
    expiresAt: '2027-01-01T01:00:00+01:00'
  })
  const listed = {
    id: /^[0-9a-f]{12}$/,
    name: 'firewall',
    scopes: ['catalogue:read'],
    cidrs: ['198.51.100.0/24', '2001:db8::/32'],
    createdAt: '2026-11-24T12:00:00Z',
    expiresAt: '2027-01-01T00:00:00Z'
  }
  t.match(made, { status: 201, body: { ...listed, key: /^ptl_/ } })
  t.equal(await read(app, made.body.key, '198.51.100.9'), 200)
  app.clock.now += 90_000
  t.equal(await read(app, made.body.key, '198.51.100.9'), 200)
  const { text, body } = await app.ask('GET', '')
  const item = body.items.find(({ id }: { id: string }) => id === made.body.id)
  t.match(item, { ...listed, lastUsedAt: '2026-11-24T12:01:30Z' })
  t.notMatch(text, made.body.key.slice(17, 81))
  t.notMatch(text, 'hash')
})

t.test('the last use is written once a minute for each key', async (t) => {
  const app = await startKeys(t)
  const { key } = (await app.ask('POST', '', { name: 'a', scopes: ['catalogue:read'] })).body
  const lastUse = async () =>
    (await app.ask('GET', '')).body.items.find(({ name }: { name?: string }) => name === 'a').lastUsedAt
  t.equal(await lastUse(), undefined)
  const seen: string[] = []
  for (const seconds of [0, 59, 1, 59]) {
    app.clock.now += seconds * 1000
    await read(app, key)
    seen.push(await lastUse())
  }
  t.strictSame(
    seen.map((instant) => instant.slice(14, 19)),
    ['00:00', '00:00', '01:00', '01:00']
  )
})

t.test('a key is refused from elsewhere, and what proxies that are not trusted say counts nothing', async (t) => {
  const app = await startKeys(t)
  const { key } = (await app.ask('POST', '', { name: 'a', scopes: ['catalogue:read'], cidrs: ['203.0.113.7'] })).body
  t.equal(await read(app, key, '203.0.113.7'), 200)
  t.equal(await read(app, key, '::ffff:203.0.113.7'), 200)
  for (const from of ['203.0.113.8', '2001:db8::1']) {
    const refused = await app.request({
      url: clearswiftPath,
      headers: { ...bearer(key), 'x-forwarded-for': '203.0.113.7' },
      remoteAddress: from
    })
    t.match([refused.statusCode, refused.json().code], [403, 'address_not_allowed'])
  }
})

t.test('over a WebSocket it is the same', async (t) => {
  const app = await startKeys(t)
  const address = await app.listen()
  for (const [cidrs, wanted] of [
    [['127.0.0.0/8'], 'connection_ack'],
    [['203.0.113.7'], 4403]
  ] as const) {
    const { text } = await createKey(app.catalogues, { scopes: ['catalogue:read'], cidrs })
    const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${text}` } }))
    const outcome = await Promise.race([
      once(socket, 'message').then(([message]) => JSON.parse(String(message)).type),
      once(socket, 'close').then(([code]) => code)
    ])
    t.equal(outcome, wanted)
    socket.close()
  }
})

t.test('nobody gives more than they have', async (t) => {
  const app = await startKeys(t)
  const giver: KeyGrant = {
    scopes: ['keys:manage', 'catalogue:publish'],
    cidrs: ['127.0.0.0/8', '2001:db8::/32'],
    expiresAt: Date.parse('2027-01-01T00:00:00Z')
  }
  const headers = bearer((await createKey(app.catalogues, giver)).text)
  const grant = {
    name: 'x',
    scopes: ['catalogue:read'],
    cidrs: ['127.0.0.1', '2001:db8:1::/48'],
    expiresAt: '2027-01-01T00:00:00Z'
  }
  const give = async (more: object) => {
    const { status, body } = await app.ask('POST', '', { ...grant, ...more }, headers)
    return [status, body.code]
  }
  t.match(await give({}), [201])
  const refused = [403, 'insufficient_scope']
  for (const scope of ['catalogue:override', 'subscriptions:write', 'metrics:read', 'admin'])
    t.strictSame(await give({ scopes: ['catalogue:read', scope] }), refused, scope)
  for (const cidrs of [undefined, ['127.0.0.1', '192.0.2.1'], ['0.0.0.0/0'], ['2001::/16']])
    t.strictSame(await give({ cidrs }), refused, String(cidrs))
  for (const expiresAt of [undefined, '2027-01-01T00:00:01Z']) t.strictSame(await give({ expiresAt }), refused)

  const stronger = (await createKey(app.catalogues, { scopes: ['admin'] })).key.id
  t.match(await app.ask('POST', `/${stronger}/rotate`, {}, headers), { status: 403 }, 'nor takes it by a rotation')
  t.match(await app.ask('DELETE', `/${stronger}`, undefined, headers), { status: 403 })
  const weak = await app.key('catalogue:publish', 'subscriptions:write')
  t.match(await app.ask('GET', '', undefined, weak), { status: 403, body: { scope: 'keys:manage' } })
  t.match(await app.ask('POST', '', grant, weak), { status: 403 })
})

t.test('a rotation changes the secret, with an overlap', async (t) => {
  const app = await startKeys(t)
  const made = (await app.ask('POST', '', { name: 'a', scopes: ['catalogue:read'] })).body
  const rotate = async (body?: object) => (await app.ask('POST', `/${made.id}/rotate`, body)).body
  const first = await rotate()
  t.match(first, { id: made.id, name: 'a', scopes: ['catalogue:read'], previousUntil: '2026-11-25T12:00:00Z' })
  t.strictSame([await read(app, made.key), await read(app, first.key)], [200, 200])
  app.clock.now += 24 * 3_600_000
  t.strictSame([await read(app, made.key), await read(app, first.key)], [401, 200])

  const second = await rotate({ overlap: 'P1D' })
  const third = await rotate({ overlap: 'PT1H' })
  t.strictSame([await read(app, first.key), await read(app, second.key), await read(app, third.key)], [401, 200, 200])
  const last = await rotate({ overlap: 'PT0H' })
  t.strictSame([await read(app, third.key), await read(app, last.key)], [401, 200], 'a stolen secret ends at once')
  t.match(await app.ask('POST', `/${made.id}/rotate`, { overlap: 'soon' }), { status: 422 })

  await app.ask('DELETE', `/${made.id}`)
  t.match(await app.ask('POST', `/${made.id}/rotate`), { status: 409, body: { code: 'wrong_state' } })
})

t.test('a secret that another process rotated works at once', async (t) => {
  const app = await startKeys(t)
  const { key, text } = await createKey(app.catalogues, { scopes: ['catalogue:read'] })
  t.equal(await read(app, text), 200)
  const other = await startKeys(t, { store: app.catalogues.store, isSeeded: false })
  const rotated = (await other.ask('POST', `/${key.id}/rotate`)).body.key
  t.equal(await read(app, rotated), 200)
})

t.test('a revoked key is refused at once where it was revoked', async (t) => {
  const app = await startKeys(t)
  const { id, key } = (await app.ask('POST', '', { name: 'a', scopes: ['catalogue:read'] })).body
  t.equal(await read(app, key), 200)
  for (let count = 0; count < 2; count += 1) t.match(await app.ask('DELETE', `/${id}`), { status: 204 })
  t.equal(await read(app, key), 401)
  t.match(await app.ask('DELETE', '/000000000000'), { status: 404 })
  t.match(await app.ask('POST', '/000000000000/rotate'), { status: 404 })
})

t.test('what is no key is refused with every fault', async (t) => {
  const app = await startKeys(t)
  const refused = await app.ask('POST', '', {
    name: 'a\nb',
    scopes: ['catalogue:read'],
    cidrs: ['10.0.0.1/8', '10.0.0.0/8'],
    expiresAt: '2020-01-01T00:00:00Z'
  })
  t.match(refused, {
    status: 422,
    body: { code: 'invalid_body', errors: [{ pointer: '/name' }, { pointer: '/cidrs/0' }, { pointer: '/expiresAt' }] }
  })
  for (const body of [{}, { name: 'a' }, { name: 'a', scopes: [] }, { name: 'a', scopes: ['everything'] }])
    t.match(await app.ask('POST', '', body), { status: 422 })
})

t.test('the list of keys comes in pages', async (t) => {
  const app = await startKeys(t)
  for (const name of ['a', 'b', 'c']) await app.ask('POST', '', { name, scopes: ['catalogue:read'] })
  const first = (await app.ask('GET', '?limit=3')).body
  const second = (await app.ask('GET', `?limit=3&cursor=${first.page.cursor}`)).body
  t.strictSame([first.items.length, second.items.length, second.page.cursor], [3, 1, null])
})
