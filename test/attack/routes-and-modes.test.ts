import t from 'tap'
import { type KeyScope, keyScopes } from '../../src/domain/key.ts'
import { documentHash } from '../../src/graphql/operation/operation.ts'
import { clearswift, startApp } from '../support/app.ts'
import { fieldOf, rawRequest } from '../support/raw-request.ts'
import type { Route } from '../support/routes.ts'
import { some } from '../support/scale.ts'

// Some five thousand requests.
t.setTimeout(300_000)

/** Who may have an answer: this is the table. Whatever it does not name is a read. */
const open = [
  /^\S+ \/health\//,
  /^(GET|HEAD) \/docs/,
  /^\S+ \/openapi\.json$/,
  /^\S+ \/problems\//,
  // An editor reads the schema of a document, and has no key.
  /^\S+ \/schema\//,
  // What a page loads that asks for a key, and where a key is forgotten.
  /^\S+ \/assets\//,
  /^\S+ \/favicon\.ico$/,
  /^POST \/sign-out$/,
  // Everybody may ask who they are: without a key the answer is 401 all the same, by the route itself.
  /^(GET|HEAD) \/v1\/me$/
]
const scopes: readonly (readonly [RegExp, KeyScope])[] = [
  [/^PUT \/v1\/catalogues\/:id\/document$/, 'catalogue:publish'],
  [/^POST \/v1\/catalogues\/:id\/revisions\/:number\/restore$/, 'catalogue:publish'],
  [/^PUT \/v1\/sites\/:site\/document$/, 'site:publish'],
  [/^POST \/v1\/sites\/:site\/revisions\/:number\/restore$/, 'site:publish'],
  [/^(GET|HEAD|POST) \/v1\/subscriptions$/, 'subscriptions:write'],
  [/^(GET|HEAD) \/subscriptions(\/:id)?$/, 'subscriptions:write'],
  [/^(GET|HEAD|PATCH|DELETE) \/v1\/subscriptions\/:id$/, 'subscriptions:write'],
  [
    /^POST \/v1\/subscriptions\/:id\/(ping|pause|resume|replay|rotate-secret|dead-letters\/redrive)$/,
    'subscriptions:write'
  ],
  [/^(GET|HEAD) \/v1\/subscriptions\/:id\/(deliveries|dead-letters)$/, 'subscriptions:write'],
  [/^POST \/v1\/subscriptions\/:id\/activate$/, 'admin'],
  [/^POST \/v1\/feeds\/:id\/(held\/accept|fetch)$/, 'feed:write'],
  [/^POST \/v1\/clock\/confirm$/, 'admin'],
  [/^(GET|HEAD|POST) \/v1\/keys$/, 'keys:manage'],
  [/^DELETE \/v1\/keys\/:id$/, 'keys:manage'],
  [/^POST \/v1\/keys\/:id\/rotate$/, 'keys:manage']
]

type Needed = 'open' | 'read' | 'metrics' | KeyScope

function neededBy({ method, path }: Route): Needed {
  const name = `${method} ${path}`
  if (open.some((pattern) => pattern.test(name))) return 'open'
  if (/^(GET|HEAD) \/metrics$/.test(name)) return 'metrics'
  return scopes.find(([pattern]) => pattern.test(name))?.[1] ?? 'read'
}

const trusted = '{ catalogues { totalCount } }'
const trustedHash = documentHash(trusted)
const graphql = { hasGraphiql: true, documents: new Map([[trustedHash, trusted]]) }

/** A path at which there is something, where there is anything of that kind. */
function pathOf({ path }: Route): string {
  const values: Readonly<Record<string, string>> = {
    ':id': /^\/(?:v1\/catalogues|c|shapes\/\w+)\//.test(path) ? clearswift : 'sub_none',
    ':number': '2',
    ':site': 'leeds',
    ':key': 'rss-feed',
    ':format': 'csv',
    ':types': 'endpoints',
    ':code': 'not_found',
    ':instance': 'Worldwide',
    ':version': '0000000000',
    ':file': 'document-input.schema.json',
    '*': 'index.css'
  }
  const filled = path.replace(/:\w+|\*/g, (name) => values[name] ?? name)
  const query: Readonly<Record<string, string>> = {
    '/v1/lookup': '?value=tcp/443',
    [`/v1/catalogues/${clearswift}/diff`]: '?from=1&to=2',
    [`/v1/catalogues/${clearswift}/change-pack`]: '?from=1&to=2',
    '/graphql': `?extensions=${encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: trustedHash } }))}`
  }
  if (filled.startsWith('/shapes/m365/')) return `${filled}?clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7`
  return filled + (query[filled] ?? '')
}

const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws'
]

/** Fields that make a request look like something else than a plain read. */
const oddities: readonly (readonly string[])[] = [
  [],
  ['Connection: Upgrade', 'Upgrade: x'],
  ['Connection: keep-alive, uPgRaDe', 'UPGRADE: WebSocket'],
  ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
  handshake,
  [...handshake.slice(0, 3), 'Sec-WebSocket-Key: short'],
  ['Accept-Encoding: gzip', 'Connection: Upgrade', 'Upgrade: x'],
  ['If-None-Match: *', 'Connection: Upgrade', 'Upgrade: websocket'],
  ['Range: bytes=0-9', 'If-None-Match: *'],
  ['Prefer: wait=1', 'Prefer: wait=2'],
  ['Expect: 100-continue'],
  ['Expect: x'],
  ['X-HTTP-Method-Override: OPTIONS', 'X-Original-URL: /health/live', 'X-Forwarded-For: 127.0.0.1'],
  ['Sec-Fetch-Site: same-origin', 'Origin: https://evil.example', 'Access-Control-Request-Method: GET']
]

/** Those that are tried with other methods, and with credentials that are none. */
const few = [oddities[0], oddities[1], handshake]

async function inTurn<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items]
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item)
    })
  )
}

t.test('where reads need a key nobody has an answer without one, whatever else the request says', async (t) => {
  const app = await startApp(t, { readAccess: 'key', graphql })
  const address = await app.listen()
  const host = new URL(address).host
  const { authorization: reader } = await app.key('catalogue:read')
  const routes = app.routes.filter(({ method }) => method !== 'OPTIONS' && method !== 'PATCH')
  t.ok(routes.length > 250, 'the routes are found')

  // What can be kept is kept from here on, in both encodings.
  await inTurn(
    routes.filter(({ method }) => method === 'GET'),
    async (route) => {
      for (const extra of [[], ['Accept-Encoding: gzip']])
        await rawRequest(address, [
          `GET ${pathOf(route)} HTTP/1.1`,
          `Host: ${host}`,
          `Authorization: ${reader}`,
          ...extra
        ])
    }
  )

  const faults: string[] = []
  for (const credential of [
    [],
    ['Authorization: Bearer nonsense'],
    ['Authorization: Basic Og=='],
    ['Authorization: x', `Authorization: ${reader}`]
  ])
    for (const oddity of oddities)
      await inTurn(
        some(routes).filter(({ method }) =>
          credential.length === 0 ? method === 'GET' || few.includes(oddity) : method === 'GET' && few.includes(oddity)
        ),
        async (route) => {
          const request = [`${route.method} ${pathOf(route)} HTTP/1.1`, `Host: ${host}`, ...credential, ...oddity]
          const { status } = await rawRequest(address, request)
          const isSocket = oddity === handshake && route.method === 'GET' && route.path === '/graphql'
          if (isSocket && status === 101 && !credential.join().includes('nonsense')) return
          const isOpen = neededBy(route) === 'open' && (credential.length === 0 || credential.join().includes('Og=='))
          if (isOpen ? status >= 403 && status !== 404 && status !== 405 && status !== 417 : status !== 401)
            faults.push(`${status}: ${request.join(' | ')}`)
        }
      )
  t.strictSame(faults.slice(0, 20), [], `${faults.length} of them`)
})

t.test('a key opens what its scopes say, in both modes', async (t) => {
  for (const readAccess of ['public', 'key'] as const) {
    const app = await startApp(t, { readAccess, graphql })
    const address = await app.listen()
    const host = new URL(address).host
    const faults: string[] = []
    for (const heat of ['cold', 'hot'])
      for (const scope of [undefined, ...keyScopes]) {
        const fields = scope ? [`Authorization: ${(await app.key(scope)).authorization}`] : []
        const routes = app.routes.filter(
          // Its answer says whether the key in its body is good.
          ({ method, path }) =>
            path !== '/sign-in' && (method === 'GET' || (heat === 'cold' && readAccess === 'key' && method !== 'HEAD'))
        )
        await inTurn(some(routes), async (route) => {
          const needed = neededBy(route)
          const mayRead =
            needed === 'open' ||
            // The keys of the service are no content of a catalogue.
            needed === 'keys:manage' ||
            readAccess === 'public' ||
            ['catalogue:read', 'catalogue:publish', 'site:publish', 'admin'].includes(scope ?? '')
          const may =
            needed === 'metrics'
              ? readAccess === 'public' || ['metrics:read', 'admin'].includes(scope ?? '')
              : mayRead && (needed === 'open' || needed === 'read' || needed === scope || scope === 'admin')
          const isAskedWho = /^(GET|HEAD) \/v1\/me$/.test(`${route.method} ${route.path}`) && !scope
          const answer = await rawRequest(address, [
            `${route.method} ${pathOf(route)} HTTP/1.1`,
            `Host: ${host}`,
            ...fields
          ])
          const isRight =
            may && !isAskedWho ? ![401, 403].includes(answer.status) : answer.status === (scope ? 403 : 401)
          if (!isRight) faults.push(`${heat} ${readAccess} ${scope}: ${answer.status} ${route.method} ${route.path}`)
        })
      }
    t.strictSame(faults.slice(0, 20), [], `${readAccess}: ${faults.length} of them`)
  }
})

t.test('nobody learns without a key that a tag is right, however the path is written', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const address = await app.listen()
  const host = new URL(address).host
  const { authorization } = await app.key('catalogue:read')
  const path = `/v1/catalogues/${clearswift}`
  const kept = await rawRequest(address, [`GET ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: ${authorization}`])
  const tag = `If-None-Match: ${fieldOf(kept, 'etag')}`
  const known = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: ${authorization}`, tag]
  t.equal((await rawRequest(address, known)).status, 304)
  for (const target of [path, `http://${host}${path}`, path.replace('v1', '%761'), `${path}?`])
    for (const oddity of oddities)
      for (const version of ['1.1', '1.0'])
        t.equal(
          (await rawRequest(address, [`GET ${target} HTTP/${version}`, `Host: ${host}`, tag, ...oddity])).status,
          401,
          `${target} ${oddity.join(' | ')}`
        )
})

t.test('a request for another protocol is answered as if it had not asked, its body too', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const host = new URL(address).host
  const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']
  const read = await rawRequest(address, [`GET /v1/catalogues HTTP/1.1`, `Host: ${host}`, ...h2c], { isWhole: true })
  t.equal(read.status, 200)
  t.match(read.body, clearswift)
  const body = JSON.stringify({ query: '{ catalogues { totalCount } }' })
  const lines = [
    'POST /graphql HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`
  ]
  const posted = await rawRequest(address, [...lines, ...h2c], { isWhole: true, body })
  t.match(posted.body, '"totalCount":1')
})
