import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'

const page = 'https://cmdb.example'
const body = JSON.stringify({ query: '{ catalogues { totalCount } }' })

t.test('pages of the origins that are named may read every answer: kept ones, errors and streams too', async (t) => {
  const app = await startApp(t, { corsOrigins: [page, 'http://localhost:3000'] })
  const address = await app.listen()
  const { authorization } = await app.key('catalogue:read')
  const graphql = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
  for (const [path, init] of [
    [clearswiftPath, {}],
    [clearswiftPath, { headers: { authorization } }],
    [clearswiftPath, { headers: { 'if-none-match': '*' } }],
    ['/v1/catalogues', {}],
    ['/v1/none', {}],
    ['/v1/me', {}],
    [clearswiftPath, { headers: { authorization: 'Bearer nonsense' } }],
    [clearswiftPath, { method: 'PATCH' }],
    ['/v1/events/stream', {}],
    ['/docs/', {}],
    ['/graphql', graphql]
  ] as const)
    for (const heat of ['cold', 'hot'])
      for (const origin of [page, 'http://localhost:3000', 'https://evil.example', undefined]) {
        const headers = { ...('headers' in init && init.headers), ...(origin !== undefined && { origin }) }
        const answer = await fetch(address + path, { ...init, headers })
        await answer.body?.cancel()
        const isNamed = origin === page || origin === 'http://localhost:3000'
        const name = `${heat} ${path} ${answer.status} ${origin}`
        t.equal(answer.headers.get('access-control-allow-origin'), isNamed ? origin : null, name)
        t.equal(answer.headers.get('access-control-allow-credentials'), null)
        if (isNamed)
          for (const field of [
            'ETag',
            'Link',
            'Location',
            'Retry-After',
            'RateLimit',
            'RateLimit-Policy',
            'Portolan-Seq'
          ])
            t.ok(answer.headers.get('access-control-expose-headers')?.split(', ').includes(field), field)
        if (path !== '/v1/events/stream') t.match(answer.headers.get('vary'), /(^|, )origin(,|$)/i, name)
      }
})

t.test('an origin is compared whole', async (t) => {
  const { request } = await startApp(t, { corsOrigins: [page] })
  for (const origin of [
    'http://cmdb.example',
    'https://cmdb.example:8443',
    'https://cmdb.example.evil',
    'https://evil-cmdb.example',
    'https://cmdb.example/',
    'null',
    `${page}, https://evil.example`
  ])
    t.notOk(
      (await request({ url: clearswiftPath, headers: { origin } })).headers['access-control-allow-origin'],
      origin
    )
})

t.test(
  'a browser that asks is told what a page may send, also where reads need a key, and writes stay refused',
  async (t) => {
    const { request, key } = await startApp(t, { readAccess: 'key', corsOrigins: [page], hosts: ['portolan.example'] })
    const ask = (url: string, headers: object) =>
      request({ method: 'OPTIONS', url, headers: { host: 'portolan.example', ...headers } })
    const asked = {
      origin: page,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization'
    }
    for (const url of [clearswiftPath, '/graphql', '/v1/audit', '/v1/none', '/docs/']) {
      const answer = await ask(url, asked)
      t.equal(answer.statusCode, 204, url)
      t.equal(answer.body, '')
      t.match(answer.headers, {
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': /Content-Type.*If-None-Match.*Authorization/,
        'access-control-max-age': /^\d+$/,
        vary: /origin/
      })
    }
    for (const other of [
      { ...asked, origin: 'https://evil.example' },
      { ...asked, origin: 'null' }
    ]) {
      const answer = await ask(clearswiftPath, other)
      t.equal(answer.statusCode, 401)
      t.notOk(answer.headers['access-control-allow-origin'])
      t.notOk(answer.headers['access-control-allow-methods'])
    }
    t.equal((await ask(clearswiftPath, { origin: page })).statusCode, 401, 'OPTIONS that asks for nothing')
    t.equal((await ask(clearswiftPath, { ...asked, host: 'evil.example' })).statusCode, 421)
    const write = { method: 'POST', url: '/v1/clock/confirm' } as const
    const headers = { ...(await key('admin')), host: 'portolan.example', origin: page }
    const refused = await request({ ...write, headers })
    t.match([refused.statusCode, refused.json().code], [403, 'cross_site'])
    t.equal(refused.headers['access-control-allow-origin'], page, 'the page learns why')
  }
)

t.test('any origin may read what needs no key', async (t) => {
  const { request, key } = await startApp(t, { corsOrigins: ['*'] })
  for (const heat of ['cold', 'hot'])
    for (const headers of [{}, { origin: 'https://anybody.example' }, { origin: 'null' }]) {
      const answer = await request({ url: clearswiftPath, headers })
      t.equal(answer.headers['access-control-allow-origin'], '*', heat)
      t.notMatch(answer.headers.vary, /origin/)
    }
  const withKey = {
    url: clearswiftPath,
    headers: { ...(await key('catalogue:read')), origin: 'https://anybody.example' }
  }
  t.notOk((await request(withKey)).headers['access-control-allow-origin'])
  const asked = { origin: 'https://anybody.example', 'access-control-request-method': 'GET' }
  const preflight = await request({ method: 'OPTIONS', url: clearswiftPath, headers: asked })
  t.equal(preflight.statusCode, 204)
  t.notMatch(preflight.headers['access-control-allow-headers'], /authorization/i)
})

t.test('without origins nothing is said about them', async (t) => {
  const { request } = await startApp(t)
  const headers = { origin: page, 'access-control-request-method': 'GET' }
  for (const method of ['GET', 'OPTIONS'] as const) {
    const answer = await request({ method, url: clearswiftPath, headers })
    t.notMatch(Object.keys(answer.headers).join(), /access-control/)
    t.notMatch(answer.headers.vary ?? '', /origin/)
  }
})
