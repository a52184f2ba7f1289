import { connect } from 'node:net'
import fastify from 'fastify'
import t from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import { requireDeclaredAccess } from '../../../src/http/request/gate.ts'
import { clearswiftPath, startApp } from '../../support/app.ts'

t.test('reads are public by default, and a key that is presented must be good all the same', async (t) => {
  const { request, key } = await startApp(t)
  t.equal((await request(clearswiftPath)).statusCode, 200)
  t.equal((await request({ url: clearswiftPath, headers: await key('catalogue:read') })).statusCode, 200)
  for (const authorization of [
    'Bearer nonsense',
    'Digest x',
    'Bearer',
    `Basic ${Buffer.from('user:nonsense').toString('base64')}`
  ]) {
    const answer = await request({ url: clearswiftPath, headers: { authorization } })
    t.equal(answer.statusCode, 401, authorization)
    t.match(answer.headers['www-authenticate'], /Bearer.*Basic/)
    t.equal(answer.json().code, 'unauthorized')
  }
})

t.test('where reads need a key, every read does, and no cache may share the answer', async (t) => {
  const { request, key } = await startApp(t, { readAccess: 'key' })
  const reader = await key('catalogue:read')
  for (const url of [
    clearswiftPath,
    '/v1/catalogues',
    `${clearswiftPath}/endpoints?format=csv`,
    '/v1/lookup?value=184.72.245.1',
    '/v1/events'
  ]) {
    t.equal((await request(url)).statusCode, 401, url)
    const answer = await request({ url, headers: reader })
    t.equal(answer.statusCode, 200, url)
    t.match(answer.headers['cache-control'], /^private, /)
    t.match(answer.headers.vary, /authorization/)
    t.equal((await request(url)).statusCode, 401, `${url}, hot`)
  }
  t.equal(
    (await request({ url: clearswiftPath, headers: await key('catalogue:publish') })).statusCode,
    200,
    'who may publish may read'
  )
  t.equal((await request('/%76%31/catalogues')).statusCode, 401, 'however the path is written')
  const override = await request({ url: clearswiftPath, headers: await key('catalogue:override') })
  t.equal(override.statusCode, 403)
  t.match(override.headers['www-authenticate'], /error="insufficient_scope", scope="catalogue:read"/)
  t.equal((await request('/health/live')).statusCode, 200)
})

t.test('where reads need a key, one that may only subscribe is told what it lacks', async (t) => {
  for (const readAccess of ['public', 'key'] as const) {
    const { request, key } = await startApp(t, { readAccess })
    const answer = await request({ url: '/v1/subscriptions', headers: await key('subscriptions:write') })
    if (readAccess === 'public') t.equal(answer.statusCode, 200)
    else {
      t.match([answer.statusCode, answer.json()], [403, { code: 'insufficient_scope', scope: 'catalogue:read' }])
      t.match(answer.json().detail, /lacks the scope catalogue:read.*subscriptions:write is of no use without it/)
    }
    const both = await key('subscriptions:write', 'catalogue:read')
    t.equal((await request({ url: '/v1/subscriptions', headers: both })).statusCode, 200)
    const keys = await request({ url: '/v1/keys', headers: await key('keys:manage') })
    t.equal(keys.statusCode, 200, 'keys are no content of a catalogue')
  }
})

t.test('a key travels as Bearer in any case, or as the password of Basic', async (t) => {
  const { request, key } = await startApp(t)
  const { authorization } = await key('admin')
  const text = authorization.slice('Bearer '.length)
  const basic = (user: string) => `Basic ${Buffer.from(`${user}:${text}`).toString('base64')}`
  for (const header of [authorization, `bearer ${text}`, basic('anyone'), basic('')]) {
    const me = await request({ url: '/v1/me', headers: { authorization: header } })
    t.match([me.statusCode, me.json()], [200, { scopes: ['admin'] }])
    t.notMatch(me.body, text)
  }
  t.equal((await request('/v1/me')).statusCode, 401)
})

t.test('a revoked or expired key opens nothing', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const headers = await app.key('catalogue:read')
  t.equal((await app.request({ url: clearswiftPath, headers })).statusCode, 200)
  const [stored] = await app.catalogues.store.keys()
  await app.catalogues.store.revokeKey(stored?.id ?? '', app.clock.now)
  await app.catalogues.heads.refresh()
  await app.refreshKeys()
  t.equal((await app.request({ url: clearswiftPath, headers })).statusCode, 401)
  t.notMatch(
    JSON.stringify(await app.catalogues.store.keys()),
    headers.authorization.slice(7),
    'the secret is not kept'
  )
})

t.test('a key works from the moment it is made, also one that another process made', async (t) => {
  const { request, key, catalogues, clock, listen } = await startApp(t, { readAccess: 'key' })
  for (const method of ['GET', 'HEAD'] as const)
    t.equal((await request({ method, url: clearswiftPath, headers: await key('catalogue:read') })).statusCode, 200)
  const audit = { method: 'POST', url: `${clearswiftPath}/audit`, payload: { entries: ['192.0.2.1'] } } as const
  t.equal((await request({ ...audit, headers: await key('catalogue:read') })).statusCode, 200)
  const { authorization } = await key('catalogue:read')
  const basic = `Basic ${Buffer.from(`firewall:${authorization.slice(7)}`).toString('base64')}`
  t.equal((await request({ url: clearswiftPath, headers: { authorization: basic } })).statusCode, 200)
  const address = await listen()
  t.equal((await fetch(`${address}/v1/events`, { headers: await key('catalogue:read') })).status, 200)

  const { text } = await createKey(catalogues, { scopes: ['catalogue:read'], expiresAt: clock.now })
  const expired = await request({ url: clearswiftPath, headers: { authorization: `Bearer ${text}` } })
  t.equal(expired.statusCode, 401, 'unless it had ended by then')
  const weak = await request({ method: 'DELETE', url: '/v1/subscriptions/x', headers: await key('catalogue:read') })
  t.equal(weak.statusCode, 403, 'and it may do no more than it says')
})

t.test('a route that does not declare who may have its answers keeps the application from starting', async (t) => {
  const app = fastify()
  requireDeclaredAccess(app)
  app.get('/declared', { config: { access: 'read' } }, async () => 'fine')
  app.get('/forgotten', async () => 'for whom?')
  t.teardown(() => app.close())
  await t.rejects(async () => void (await app.ready()), { message: /GET \/forgotten/ })
})

t.test('where reads need a key, a request for an upgrade gets no further than a plain one', async (t) => {
  const { request, key, listen } = await startApp(t, { readAccess: 'key' })
  const address = await listen()
  await request({ url: '/v1/events', headers: await key('catalogue:read') })
  const kept = await fetch(`${address}/v1/events`, { headers: await key('catalogue:read') })
  t.equal(kept.status, 200)
  await kept.text()
  const { port } = new URL(address)
  const answer = await upgraded(Number(port), '/v1/events')
  t.match(answer, /^HTTP\/1\.1 401 /)
  t.notMatch(answer, /"items"/)
})

/** What the server says to a request that asks for an upgrade, until it closes the connection or falls silent. */
function upgraded(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade\r\nupgrade: x\r\naccept: */*\r\naccept-encoding: gzip, deflate\r\n\r\n`
      )
    )
    let text = ''
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (data) => {
      text += data
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
