import t from 'tap'
import { clearswiftPath, startApp, type TestAppOptions } from '../../support/app.ts'
import { fieldOf, rawRequest } from '../../support/raw-request.ts'

async function start(t: Parameters<typeof startApp>[0], options?: TestAppOptions) {
  const app = await startApp(t, options)
  const address = await app.listen()
  const ask = (target: string, ...fields: string[]) => rawRequest(address, [`GET ${target} HTTP/1.1`, ...fields])
  return { app, address, ask }
}

const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
]

t.test(
  'Host is one host, with or without a port; anything else is refused, also where an answer is kept',
  async (t) => {
    const { ask } = await start(t)
    for (const host of [
      'a.example',
      'a.example:8080',
      'A.EXAMPLE.',
      '10.0.0.1:80',
      '[::1]',
      '[2001:db8::1]:8443',
      'portolan_web'
    ])
      for (const heat of ['cold', 'hot'])
        t.equal((await ask(clearswiftPath, `Host: ${host}`)).status, 200, `${heat} ${host}`)
    for (const host of [
      '',
      'a>; rel="x", <http://b',
      'a.example/path',
      'user@a.example',
      'a.example, b.example',
      'a.example b.example',
      'a.example:65536',
      'a.example:80:80',
      'a.example:x',
      'a.example:',
      ':80',
      '.example',
      '-a.example',
      '[::1',
      '[1.2.3]',
      '::1',
      'a.example?x',
      'a.example#x',
      "a'.example",
      'http://a.example',
      'ä.example'
    ])
      for (const path of [clearswiftPath, '/v1/none', '/docs/', '/health/live']) {
        const answer = await ask(path, `Host: ${host}`)
        t.equal(answer.status, 400, `${path} ${host}`)
        t.match(fieldOf(answer, 'content-type'), 'application/problem+json')
        t.match(answer.body, /"bad_host"/)
      }
    t.equal((await ask('/graphql', 'Host: a/b', ...handshake)).status, 400, 'a socket')
  }
)

t.test('two Hosts are refused, even equal ones, and so is none', async (t) => {
  const { ask, address } = await start(t)
  await ask(clearswiftPath, 'Host: one.example')
  for (const fields of [['Host: one.example', 'Host: one.example'], ['Host: one.example', 'HOST: two.example'], []]) {
    const answer = await ask(clearswiftPath, ...fields)
    t.equal(answer.status, 400, fields.join())
    t.match(answer.body, /"bad_host"/)
    t.match(fieldOf(answer, 'content-type'), 'application/problem+json')
    t.equal(fieldOf(answer, 'x-content-type-options'), 'nosniff')
  }
  t.equal((await rawRequest(address, ['GET /health/live HTTP/1.0'])).status, 200, 'a probe of HTTP/1.0 names no host')
  t.equal((await rawRequest(address, ['GET /v1/formats HTTP/1.0'])).status, 400)
})

t.test('a service with names answers for no other', async (t) => {
  const { ask, app } = await start(t, {
    hosts: ['Portolan.example', '10.0.0.1', '::1'],
    publicUrl: 'https://public.example:8443/net'
  })
  const names = [
    'portolan.example',
    'PORTOLAN.example:9999',
    'portolan.example.',
    '10.0.0.1',
    '[::1]:80',
    'public.example'
  ]
  for (const host of names) {
    const answer = await ask(clearswiftPath, `Host: ${host}`)
    t.equal(answer.status, 200, host)
    t.match(fieldOf(answer, 'link'), '<https://public.example:8443/net/v1/')
  }
  for (const host of ['evil.example', 'portolan.example.evil', 'xportolan.example', '10.0.0.2', '[::2]', 'localhost']) {
    for (const path of [clearswiftPath, '/v1/none', '/v1/me']) {
      const answer = await ask(path, `Host: ${host}`)
      t.equal(answer.status, 421, `${host} ${path}`)
      t.match(answer.body, /"misdirected"/)
    }
    t.equal((await ask('/health/ready', `Host: ${host}`)).status, 200, 'a probe asks by any name')
    t.equal((await ask('/graphql', `Host: ${host}`, ...handshake)).status, 421, 'a socket')
  }
  t.equal((await ask('/graphql', 'Host: portolan.example', ...handshake)).status, 101)
  const answer = await app.request({ url: clearswiftPath, headers: { host: 'evil.example' } })
  t.equal(answer.json().code, 'misdirected')
})

t.test('a target in absolute form counts in place of Host, and is judged like it', async (t) => {
  const { ask } = await start(t, { hosts: ['good.example', 'other.example'] })
  for (const heat of ['cold', 'hot']) {
    const answer = await ask(`http://good.example${clearswiftPath}`, 'Host: other.example')
    t.equal(answer.status, 200, heat)
    t.match(fieldOf(answer, 'link'), `<http://good.example${clearswiftPath}?`)
  }
  const other = await ask(clearswiftPath, 'Host: other.example')
  t.match(fieldOf(other, 'link'), '<http://other.example/')
  for (const [target, host, status] of [
    ['http://evil.example', 'good.example', 421],
    ['HTTP://EVIL.example:80', 'good.example', 421],
    ['http://user@good.example', 'good.example', 400],
    ['http://good.example>', 'good.example', 400],
    ['http://', 'good.example', 400],
    ['http://good.example', 'a b', 400]
  ] as const)
    t.equal((await ask(`${target}${clearswiftPath}`, `Host: ${host}`)).status, status, `${target} ${host}`)
  t.equal(
    (await ask('http://good.example?x=1', 'Host: good.example')).status,
    400,
    'the first page has no such parameter'
  )
})

t.test('behind a trusted proxy the host that it names is judged', async (t) => {
  const { ask } = await start(t, { hosts: ['good.example'], trustProxy: ['127.0.0.1/32'] })
  const status = async (...fields: string[]) => (await ask(clearswiftPath, ...fields)).status
  t.equal(await status('Host: inside:8080', 'X-Forwarded-Host: good.example'), 200)
  t.equal(await status('Host: good.example', 'X-Forwarded-Host: evil.example'), 421)
  t.equal(await status('Host: good.example', 'X-Forwarded-Host: a>b'), 400)
  t.equal(await status('Host: evil.example'), 421)
})

t.test('an expectation that cannot be met is a problem, with the fields of every answer', async (t) => {
  const { ask } = await start(t)
  for (const expectation of ['x', '100-continues', '200-ok, x']) {
    const answer = await ask(clearswiftPath, 'Host: a.example', `Expect: ${expectation}`)
    t.equal(answer.status, 417, expectation)
    t.match(answer.body, /"expectation_failed"/)
    t.match(fieldOf(answer, 'content-type'), 'application/problem+json')
    t.equal(fieldOf(answer, 'x-content-type-options'), 'nosniff')
    t.ok(fieldOf(answer, 'x-request-id'))
  }
  t.equal((await ask(clearswiftPath, 'Host: a.example', 'Expect: 100-continue')).status, 200)
})

t.test('what cannot be parsed as HTTP is a problem, with the fields of every answer', async (t) => {
  const { address } = await start(t)
  for (const lines of [
    ['nonsense'],
    ['GET / HTTP/1.1', 'Host: a.example', 'no colon'],
    ['GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`]
  ]) {
    const answer = await rawRequest(address, lines)
    t.equal(answer.status, 400)
    t.match(fieldOf(answer, 'content-type'), 'application/problem+json')
    for (const name of ['x-content-type-options', 'content-security-policy', 'referrer-policy', 'x-frame-options'])
      t.ok(fieldOf(answer, name), name)
  }
})
