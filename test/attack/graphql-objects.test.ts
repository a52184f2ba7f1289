import t from 'tap'
import { WebSocket } from 'ws'
import { mostObjects } from '../../src/graphql/reading/object-count.ts'
import { asking } from '../graphql/support/ask.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'

interface Test {
  teardown(close: () => Promise<void>): void
}

/** A service with one requirement of so many endpoints, in the catalogue `big`. */
async function startBig(t: Test, endpoints: number, rateLimit?: number): Promise<TestApp> {
  const app = await startApp(t, { ...(rateLimit !== undefined && { rateLimit }) })
  const document = documentInput({ id: 'big', requirements: [requirementInput({ endpoints: addresses(endpoints) })] })
  const put = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/big/document?override=address_too_broad&reason=big',
    headers: { ...(await app.key('catalogue:publish', 'catalogue:override')), 'if-none-match': '*' },
    payload: document
  })
  if (put.statusCode !== 201) throw new Error(put.body.slice(0, 500))
  return app
}

/** For all that only reads it. */
const shared = startBig(t, 5000)

const big = 'catalogue(id: "big")'
const all = 'requirement { endpoints { value } }'
const tooExpensive = { code: 'too_expensive', problem: { status: 400, limit: 'objects', most: mostObjects } }

t.test('one big requirement is answered once, and its objects are counted', async (t) => {
  const ask = asking(await shared)
  for (const query of [
    `{ ${big} { requirements { nodes { endpoints { id value services: requirement { key } } } } } }`,
    `{ ${big} { requirement(key: "updates") { endpoints { value status from } } } }`,
    `{ ${big} { document } }`,
    `{ ${big} { endpoints(first: 1000) { nodes { value requirement { catalogue { id } } } } } }`
  ])
    t.match(await ask(query), { status: 200, errors: [], data: { catalogue: Object } }, query)
})

/** Ways round to the same long list. */
const circles: readonly (readonly [string, string, object?])[] = [
  ['back through the parent', `{ ${big} { requirements { nodes { endpoints { ${all} } } } } }`],
  ['of a page', `{ ${big} { endpoints(first: 100) { nodes { ${all} } } } }`],
  ['of edges', `{ ${big} { endpoints(first: 100) { edges { node { ${all} } } } } }`],
  [
    'with a variable for the page',
    `query ($n: Int) { ${big} { endpoints(first: $n) { nodes { ${all} } } } }`,
    { n: 50 }
  ],
  [
    'by aliases of one field',
    `{ ${big} { requirement(key: "updates") { ${Array.from({ length: 12 }, (_, n) => `a${n}: endpoints { value }`).join(' ')} } } }`
  ],
  [
    'by aliases at the root',
    `{ ${Array.from({ length: 12 }, (_, n) => `a${n}: ${big} { requirements { nodes { endpoints { value } } } }`).join(' ')} }`
  ],
  [
    'by fragments',
    `{ ${big} { requirements { nodes { endpoints { ...E } } } } } fragment E on Endpoint { requirement { ...R } } fragment R on Requirement { endpoints { value } }`
  ],
  [
    'by the catalogue',
    `{ ${big} { endpoints(first: 12) { nodes { requirement { catalogue { requirements { nodes { endpoints { value } } } } } } } } }`
  ],
  [
    'by other fields with a filter each',
    `{ ${big} { requirement(key: "updates") { endpoints { requirement { endpoints(filter: { value: { contains: "20.0." } }) { value } } } } } }`
  ],
  [
    'by services',
    `{ ${big} { requirements { nodes { endpoints { requirement { services { transport ports { from } } endpoints { requirement { services { ports { to } } } } } } } } } }`
  ],
  [
    'by documents, which are one value',
    `{ ${big} { endpoints(first: 100) { nodes { requirement { catalogue { document } } } } } }`
  ]
]

t.test('every way round to the same long list ends at the limit', async (t) => {
  const ask = asking(await shared)
  for (const [index, [why, query, variables]] of circles.entries()) {
    // The first ones more often than it takes for an operation to be compiled.
    for (let time = 0; time < (index < 3 ? 5 : 1); time += 1) {
      const { status, data, errors } = await ask(query, { ...variables, time })
      t.match({ status, data, errors }, { status: 400, data: undefined, errors: [{ extensions: tooExpensive }] }, why)
      t.equal(errors.length, 1, 'once')
    }
  }
})

t.test('so do `node` and `nodes`', async (t) => {
  const app = await shared
  const ask = asking(app)
  const { data } = await ask(`{ ${big} { endpoints(first: 20) { nodes { id requirement { id } } } } }`)
  const ids = data.catalogue.endpoints.nodes.map(({ id }: { readonly id: string }) => id)
  const { id } = data.catalogue.endpoints.nodes[0].requirement
  const cases: readonly (readonly [string, object])[] = [
    [`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Endpoint { ${all} } } }`, { ids }],
    [
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Requirement { endpoints { value } } } }',
      { ids: Array(12).fill(id) }
    ],
    [
      'query ($id: ID!) { node(id: $id) { ... on Requirement { endpoints { requirement { endpoints { key } } } } } }',
      { id }
    ]
  ]
  for (const [query, variables] of cases)
    t.match((await ask(query, variables)).errors, [{ extensions: tooExpensive }], query)
  t.match(await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids }), { status: 200, errors: [] })
})

t.test('over a WebSocket and as server-sent events it ends as well', async (t) => {
  const app = await shared
  const address = await app.listen()
  const [, query = ''] = circles[0] ?? []
  const sse = await fetch(`${address}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query })
  })
  t.match(await sse.text(), /"code":"too_expensive"/)

  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const told = new Promise<unknown>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.type === 'connection_ack')
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
      else resolve(message)
    })
  })
  t.match(JSON.stringify(await told), /"code":"too_expensive"/)
  socket.terminate()
})

t.test('a long list is looked through once for the same question, however often it is asked', async (t) => {
  const app = await startBig(t, 2000)
  const ask = asking(app)
  const nothing = '{ value: { contains: "nowhere" } }'
  const { data, errors } = await ask(
    `{ ${big} { requirement(key: "updates") { endpoints { requirement { endpoints(filter: ${nothing}) { value } catalogue { endpoints(filter: ${nothing}) { totalCount } } } } } } }`
  )
  t.strictSame(errors, [])
  t.match(data.catalogue.requirement.endpoints.length, 2000)
  t.strictSame(data.catalogue.requirement.endpoints[0].requirement, {
    endpoints: [],
    catalogue: { endpoints: { totalCount: 0 } }
  })
})

t.test('what a list holds beyond the estimate is paid as well', async (t) => {
  const app = await startBig(t, 3000, 1000)
  const query = `{ ${big} { requirements { nodes { endpoints { value } } } } }`
  const { headers } = await app.request({ method: 'POST', url: '/graphql', payload: { query } })
  const [, left] = /r=(\d+)/.exec(String(headers.ratelimit)) ?? []
  const next = await app.request({ method: 'POST', url: '/graphql', payload: { query: '{ a: __typename }' } })
  const [, after] = /r=(\d+)/.exec(String(next.headers.ratelimit)) ?? []
  t.ok(Number(left) - Number(after) > 20, `${left} were left before the answer was known, and ${after} after it`)
})
