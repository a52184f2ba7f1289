import { once } from 'node:events'
import t from 'tap'
import { type ClientOptions, WebSocket } from 'ws'
import { clearswiftPath, startApp } from '../support/app.ts'

const create = 'mutation { createSubscription(input: { url: "https://receiver.example/hook" }) { secret } }'
const read = '{ catalogues { totalCount } }'

/** What browsers say of requests that pages of other sites, or of nobody knows which, make them send. */
const foreign: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost.evil.example' },
  { origin: 'https://localhost' },
  { origin: 'http://localhost:8080' },
  { origin: 'http://localhost, https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }
]
const own: readonly Readonly<Record<string, string>>[] = [
  {},
  { origin: 'http://localhost' },
  { origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' }
]

function basicOf({ authorization }: { readonly authorization: string }, user = 'anyone') {
  return { authorization: `Basic ${Buffer.from(`${user}:${authorization.slice(7)}`).toString('base64')}` }
}

const writes = [
  { method: 'POST', url: '/v1/clock/confirm' },
  { method: 'POST', url: '/v1/subscriptions', payload: { url: 'https://receiver.example/hook' } },
  { method: 'DELETE', url: '/v1/subscriptions/sub_none' },
  { method: 'PUT', url: `${clearswiftPath}/document`, payload: {} },
  { method: 'POST', url: `${clearswiftPath}/revisions/1/restore?reason=x` },
  { method: 'POST', url: '/v1/keys', payload: { name: 'x', scopes: ['catalogue:read'] } }
] as const

t.test('a write that a page of another site asks for is refused, however it is authorized', async (t) => {
  const { request, key } = await startApp(t)
  const admin = await key('admin')
  for (const site of foreign)
    for (const write of writes)
      for (const credential of [admin, basicOf(admin), {}]) {
        const answer = await request({ ...write, headers: { host: 'localhost', ...credential, ...site } })
        t.equal(answer.statusCode, 403, `${write.url} ${JSON.stringify(site)}`)
        t.equal(answer.json().code, 'cross_site')
      }
  for (const site of own)
    for (const write of writes) {
      const answer = await request({ ...write, headers: { host: 'localhost', ...admin, ...site } })
      t.not(answer.json().code, 'cross_site', `${write.url} ${JSON.stringify(site)}`)
      t.not(answer.statusCode, 401)
    }
})

t.test(
  'a mutation that a page of another site asks for is refused over HTTP and as a stream; a query is not',
  async (t) => {
    const { request, key } = await startApp(t)
    const admin = await key('admin')
    const ask = (url: string, query: string, headers: object) =>
      request({ method: 'POST', url, payload: { query }, headers: { host: 'localhost', ...admin, ...headers } })
    for (const site of foreign) {
      const answer = await ask('/graphql', create, site)
      t.match([answer.statusCode, answer.json().errors[0].extensions.code], [403, 'cross_site'])
      t.match((await ask('/graphql/stream', create, site)).body, 'cross_site')
      t.match((await ask('/graphql', read, site)).json(), { data: { catalogues: { totalCount: 1 } } })
    }
    for (const site of own)
      t.match((await ask('/graphql', create, site)).json().data.createSubscription, { secret: /^whsec_/ })
  }
)

t.test('Basic serves for reads only', async (t) => {
  const { request, key } = await startApp(t, { readAccess: 'key' })
  const basic = basicOf(await key('admin'))
  for (const write of writes) {
    const answer = await request({ ...write, headers: basic })
    t.equal(answer.statusCode, 401, write.url)
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="portolan"')
  }
  for (const url of [clearswiftPath, '/v1/me', '/v1/subscriptions', '/v1/keys'])
    t.equal((await request({ url, headers: basic })).statusCode, 200, url)
  const audit = { method: 'POST', url: `${clearswiftPath}/audit`, payload: { entries: ['8.8.8.8'] } } as const
  t.equal((await request({ ...audit, headers: basic })).statusCode, 200, 'an audit changes nothing')
  const ask = (query: string) => request({ method: 'POST', url: '/graphql', payload: { query }, headers: basic })
  t.match((await ask(read)).json().data, { catalogues: { totalCount: 1 } })
  const refused = await ask(create)
  t.match([refused.statusCode, refused.json().errors[0].extensions.code], [401, 'unauthorized'])
  t.equal(refused.headers['www-authenticate'], 'Bearer realm="portolan"')
})

t.test('an empty password is no key: where reads are public they are answered', async (t) => {
  for (const readAccess of ['public', 'key'] as const) {
    const { request } = await startApp(t, { readAccess })
    for (const pair of [':', 'anyone:']) {
      const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
      for (const heat of ['cold', 'hot'])
        t.equal((await request({ url: clearswiftPath, headers })).statusCode, readAccess === 'public' ? 200 : 401, heat)
      t.equal((await request({ method: 'POST', url: '/v1/clock/confirm', headers })).statusCode, 401)
    }
  }
})

/** Opens a socket, says hello, and asks. */
async function overSocket(
  address: string,
  query: string,
  { headers = {}, payload }: { readonly headers?: ClientOptions['headers']; readonly payload?: object }
): Promise<string> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const said = new Promise<string>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', (code) => resolve(`closed ${code}`))
    socket.on('message', (data) => {
      const message: { readonly type: string } = JSON.parse(String(data))
      if (message.type === 'connection_ack')
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }))
      else if (message.type === 'next' || message.type === 'error') resolve(String(data))
    })
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload }))
  const text = await said
  socket.terminate()
  return text
}

t.test(
  'over a WebSocket the key comes in the first message, or from a handshake that no other site asked for',
  async (t) => {
    const app = await startApp(t, { readAccess: 'key' })
    const address = await app.listen()
    const admin = await app.key('admin')
    const basic = basicOf(admin)
    const ask = (query: string, headers: Record<string, string>, payload?: object) =>
      overSocket(address, query, { headers, ...(payload && { payload }) })
    const elsewhere = { origin: 'https://evil.example' }
    for (const credential of [admin, basic])
      t.equal(await ask(read, { ...credential, ...elsewhere }), 'closed 4403', 'what a browser sends along is no key')
    t.match(await ask(read, { ...elsewhere }, admin), '"totalCount":1')
    t.match(await ask(create, { ...elsewhere }, admin), '"cross_site"')
    for (const headers of [{}, { origin: address }]) {
      t.match(await ask(read, { ...basic, ...headers }), '"totalCount":1')
      t.match(await ask(create, { ...basic, ...headers }), '"unauthorized"', 'Basic writes nothing')
      t.match(await ask(create, headers, basic), '"unauthorized"', 'neither in the first message')
      t.match(await ask(create, { ...admin, ...headers }), '"secret":"whsec_')
      t.match(await ask(create, headers, admin), '"secret":"whsec_')
    }
  }
)

t.test('the origin of the public URL is the own one', async (t) => {
  const { request, key } = await startApp(t, { publicUrl: 'https://portolan.example/net' })
  const confirm = async (origin: string) =>
    (await request({ method: 'POST', url: '/v1/clock/confirm', headers: { ...(await key('admin')), origin } }))
      .statusCode
  t.equal(await confirm('https://portolan.example'), 200)
  t.equal(await confirm('https://portolan.example:443'), 200)
  t.equal(await confirm('http://portolan.example'), 403)
  t.equal(await confirm('https://portolan.example:8443'), 403)
})
