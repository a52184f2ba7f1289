import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import t from 'tap'
import { WebSocket } from 'ws'
import { clearswift, clearswiftPath, startApp, type TestApp } from '../support/app.ts'
import { startService } from '../support/service.ts'

/** How many units an answer says are left. */
function left({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): number {
  const found = /^"default";r=(\d+);t=\d+$/.exec(String(headers.ratelimit))
  if (!found) throw new Error(`RateLimit is ${headers.ratelimit}`)
  return Number(found[1])
}

/** Reads that no kept answer serves: each is another one. */
let asked = 0
function reader(
  app: TestApp,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly remoteAddress?: string } = {}
) {
  return () => {
    asked += 1
    return app.request({
      url: `${clearswiftPath}?effectiveAt=2026-01-01T00:00:00.${String(asked).padStart(3, '0')}Z`,
      ...more
    })
  }
}

t.test('past its units a client is told to wait, and waiting helps', async (t) => {
  const app = await startApp(t, { rateLimit: 5 })
  const read = reader(app)
  for (const units of [4, 3, 2, 1, 0]) {
    const answer = await read()
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['ratelimit-policy'], '"default";q=5;w=60')
    t.equal(left(answer), units)
  }
  const refused = await read()
  t.equal(refused.statusCode, 429)
  t.match(refused.json(), { code: 'rate_limited', status: 429, retryAfter: 12 })
  t.equal(refused.headers['retry-after'], '12')
  t.match(refused.headers.ratelimit, '"default";r=0;t=60')
  app.clock.monotonic += 12_000
  t.equal((await read()).statusCode, 200)
  t.equal((await read()).statusCode, 429)
})

t.test(
  'whatever is asked for pays: unknown paths, faults, other methods; health does not, and is never refused',
  async (t) => {
    const app = await startApp(t, { rateLimit: 5 })
    for (const [method, url] of [
      ['GET', '/nothing'],
      ['GET', `${clearswiftPath}?nonsense=1`],
      ['DELETE', '/v1/events'],
      ['POST', '/graphql'],
      ['GET', '/graphql?query={']
    ] as const)
      t.ok((await app.request({ method, url })).headers.ratelimit, `${method} ${url}`)
    t.equal((await app.request('/v1/formats')).statusCode, 429)
    for (const url of ['/health/live', '/health/ready']) {
      const { statusCode, headers } = await app.request(url)
      t.equal(statusCode, 200)
      t.notOk(headers.ratelimit)
    }
  }
)

t.test('kept answers are free, and so is what the client has already', async (t) => {
  const app = await startApp(t, { rateLimit: 3 })
  const { headers } = await app.request(clearswiftPath)
  const query = { method: 'POST', url: '/graphql', payload: { query: '{catalogues{nodes{id}}}' } } as const
  await app.request(query)
  for (let again = 0; again < 10; again += 1) {
    for (const request of [clearswiftPath, query]) {
      const kept = await app.request(request)
      t.equal(kept.statusCode, 200)
      t.notOk(kept.headers.ratelimit)
    }
    const known = await app.request({ url: clearswiftPath, headers: { 'if-none-match': String(headers.etag) } })
    t.equal(known.statusCode, 304)
    t.notOk(known.headers.ratelimit)
  }
  t.equal(left(await app.request('/v1/formats')), 0)
})

t.test(
  'an answer that the client has, and that nothing kept, costs nothing; with * it costs what it costs',
  async (t) => {
    const app = await startApp(t, { rateLimit: 3 })
    const tag = String((await app.request(`${clearswiftPath}/document`)).headers.etag)
    for (let asOf = 0; asOf < 5; asOf += 1) {
      // Each is another question, of which the answer is the same document.
      const url = `${clearswiftPath}/document?asOf=2026-11-24T00:00:0${asOf}Z`
      const answer = await app.request({ url, headers: { 'if-none-match': tag } })
      t.equal(answer.statusCode, 304)
      t.notOk(answer.headers.ratelimit)
    }
    for (const [second, status] of [304, 304, 429].entries()) {
      const url = `${clearswiftPath}/document?asOf=2026-11-23T00:00:0${second}Z`
      t.equal((await app.request({ url, headers: { 'if-none-match': '*' } })).statusCode, status)
    }
  }
)

t.test(
  'keys have units of their own; a text that is no key, and fields that a client writes itself, buy none',
  async (t) => {
    const app = await startApp(t, { rateLimit: 3 })
    const [known, other] = [await app.key('catalogue:read'), await app.key('catalogue:read')]
    await app.refreshKeys()
    const unknown = known.authorization.replace(/_[0-9a-f]{8}$/, '_00000000')
    for (const headers of [
      { authorization: 'Bearer nonsense' },
      { authorization: unknown },
      { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.2', 'x-real-ip': '198.51.100.3' }
    ] as const)
      t.ok((await reader(app, { headers })()).headers.ratelimit)
    t.equal((await reader(app)()).statusCode, 429, 'they were those of the address')
    for (const authorization of ['Bearer other', `Basic ${Buffer.from('a:b').toString('base64')}`, 'Digest x'])
      t.equal((await reader(app, { headers: { authorization } })()).statusCode, 429, authorization)
    const read = reader(app, { headers: known })
    t.strictSame([left(await read()), left(await read()), left(await read())], [2, 1, 0])
    t.equal((await read()).statusCode, 429)
    t.equal(left(await reader(app, { headers: other })()), 2, 'another key')
  }
)

t.test(
  'behind a proxy that is trusted each client has units of its own, and a field that it wrote before buys none',
  async (t) => {
    const app = await startApp(t, { rateLimit: 1, trustProxy: ['127.0.0.0/8'] })
    const from = async (forwardedFor: string) =>
      (await reader(app, { headers: { 'x-forwarded-for': forwardedFor } })()).statusCode
    t.equal(await from('198.51.100.1'), 200)
    t.equal(await from('203.0.113.9, 198.51.100.1'), 429, 'what the client wrote itself stands before')
    t.equal(await from('198.51.100.2'), 200)
    t.equal(await from('2001:db8:1:2::1'), 200)
    t.equal(await from('2001:db8:1:2::2'), 429, 'the same /64')
    t.equal(await from('::ffff:198.51.100.2'), 429)
  }
)

t.test('one network is one client: a /64 of IPv6, and IPv4 in the clothes of IPv6', async (t) => {
  const app = await startApp(t, { rateLimit: 2 })
  const from = async (remoteAddress: string) => (await reader(app, { remoteAddress })()).statusCode
  for (const [remoteAddress, status] of [
    ['2001:db8:1:2::1', 200],
    ['2001:db8:1:2::2', 200],
    ['2001:db8:1:2:ffff::3', 429],
    ['2001:db8:1:3::1', 200],
    ['192.0.2.7', 200],
    ['::ffff:192.0.2.7', 200],
    ['192.0.2.7', 429],
    ['::ffff:192.0.2.7', 429],
    ['192.0.2.8', 200]
  ] as const)
    t.equal(await from(remoteAddress), status, remoteAddress)
})

t.test('GraphQL pays a hundredth of its cost, by whatever way it comes', async (t) => {
  const app = await startApp(t, { rateLimit: 100 })
  const ask = (query: string, url = '/graphql') => app.request({ method: 'POST', url, payload: { query } })
  t.equal(left(await ask('{catalogues{nodes{id}}}')), 99, 'at least one unit')
  const dear = `{catalogue(id:"${clearswift}"){revisions(first:1000){nodes{number label}}}}`
  const answer = await ask(dear)
  const { cost } = answer.json().extensions.portolan
  t.ok(cost > 200)
  t.equal(left(answer), 99 - Math.ceil(cost / 100))
  let next = answer
  for (let text = `${dear} `; next.statusCode === 200; text += ' ') next = await ask(text)
  t.equal(next.statusCode, 429)
  t.match(next.json().errors[0].extensions, { code: 'rate_limited', problem: { status: 429 } })
  t.ok(Number(next.headers['retry-after']) > 0)
  t.equal((await ask(dear, '/graphql/stream')).statusCode, 429, 'as a stream')
})

t.test('operations over WebSockets pay from the same units', async (t) => {
  const app = await startApp(t, { rateLimit: 10 })
  const url = await app.listen()
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0
  })
  const codes: unknown[] = []
  for (let operation = 0; operation < 12; operation += 1) {
    const answers = client.iterate({ query: `{a${operation}:catalogues{nodes{id}}}` })
    codes.push(
      await answers.next().then(
        ({ value }) => Object.keys(value.data),
        ([error]) => error.extensions.code
      )
    )
  }
  await client.dispose()
  // The handshake was one unit.
  t.strictSame(
    codes.slice(0, 9),
    [...Array(9).keys()].map((number) => [`a${number}`])
  )
  t.strictSame(codes.slice(9), ['rate_limited', 'rate_limited', 'rate_limited'])
  t.equal((await fetch(`${url}/v1/events`)).status, 429)
  const refused = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const [, response] = await once(refused, 'unexpected-response')
  t.equal(response.statusCode, 429)
  t.ok(response.headers['retry-after'])
  refused.on('error', () => {})
  refused.terminate()
})

t.test('what a thread answers costs ten units, and more by the size of what was sent and answered', async (t) => {
  const service = await startService({
    PORTOLAN_DATABASE_URL: `sqlite:${t.testdir()}/portolan.db`,
    PORTOLAN_RATE_LIMIT: '60'
  })
  t.teardown(() => service.stop())
  const audit = async (count: number) => {
    const entries = Array.from({ length: count }, (_, index) => `198.51.${(index >> 8) & 255}.${index & 255}`)
    const body = JSON.stringify({ entries })
    const start = performance.now()
    const answer = await fetch(`${service.address}${clearswiftPath}/audit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body
    })
    const { byteLength } = await answer.arrayBuffer()
    t.equal(answer.status, 200)
    return {
      units: left({ headers: Object.fromEntries(answer.headers) }),
      hundreds: Math.floor(body.length / 102_400) + Math.floor(byteLength / 102_400),
      refilled: (performance.now() - start) / 1000 + 1
    }
  }
  t.equal((await audit(10)).units, 59, 'on the loop')
  const middle = await audit(800)
  t.ok(middle.units <= 60 - 10 - middle.hundreds + middle.refilled, `${middle.units} are left`)
  t.ok(middle.units >= 59 - 10 - middle.hundreds)
  const large = await audit(10_000)
  t.ok(large.hundreds > 2)
  t.ok(large.units <= 60 - 10 - large.hundreds + large.refilled, `${large.units} are left`)
})
