import t from 'tap'
import { limits } from '../../../src/graphql/operation/limits.ts'
import { documentHash } from '../../../src/graphql/operation/operation.ts'
import { clearswift, startApp } from '../../support/app.ts'
import { asking } from '../support/ask.ts'

t.test('what is too large is refused with 400, a code and the limit', async (t) => {
  const ask = asking(await startApp(t))
  const nested = (depth: number) =>
    `{ catalogue(id: "x") { requirements { nodes ${'{ catalogue { requirements { nodes '.repeat(depth)}{ key }${' } } }'.repeat(depth)} } } }`
  const codes: Readonly<Record<string, string>> = {
    tokens: 'too_complex',
    fragments: 'too_complex',
    cost: 'too_expensive'
  }
  const fragments = (count: number) =>
    Array.from({ length: count }, (_, n) => `fragment f${n} on Query { __typename }`).join(' ')
  const cases: readonly (readonly [string, string])[] = [
    ['depth', nested(5)],
    ['aliases', `{ ${Array.from({ length: limits.aliases + 1 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(limits.directives + 1)} }`],
    ['tokens', `{ ${'__typename '.repeat(limits.tokens)} }`],
    ['fragments', `{ __typename } ${fragments(limits.fragments + 1)}`],
    [
      'cost',
      `{ catalogue(id: "x") { requirements(first: 1000) { nodes { endpoints { requirement { endpoints { id requirement { key } } } } } } } }`
    ],
    [
      'aliases',
      `{ ...A ...A } fragment A on Query { ${Array.from({ length: 20 }, (_, n) => `a${n}: __typename`).join(' ')} }`
    ]
  ]
  for (const [limit, query] of cases) {
    const { status, errors, data } = await ask(query)
    const found = errors.find(({ extensions }) => extensions.problem.limit === limit)
    t.equal(status, 400, limit)
    const code = codes[limit] ?? 'operation_too_large'
    t.match(found, { extensions: { code, problem: { status: 400, most: Number } } }, limit)
    t.equal(data, undefined, 'nothing was executed')
  }
  const pages = await ask(
    'query ($n: Int) { catalogue(id: "x") { requirements(first: $n) { nodes { endpoints { requirement { endpoints { id requirement { key } } } } } } } }',
    { n: 1000 }
  )
  t.equal(pages.errors[0]?.extensions.code, 'too_expensive', 'a variable counts as what it says')
})

t.test('cost counts the objects that pages allow, and is told', async (t) => {
  const ask = asking(await startApp(t))
  const cost = async (query: string, variables = {}) => (await ask(query, variables)).portolan.cost
  t.equal(await cost('{ __typename }'), 0)
  t.equal(await cost(`{ catalogue(id: "${clearswift}") { title } }`), 1)
  t.equal(await cost(`{ catalogue(id: "${clearswift}") { requirements(first: 7) { nodes { key } } } }`), 1 + 1 + 7)
  t.equal(
    await cost(`query ($n: Int) { catalogue(id: "${clearswift}") { requirements(first: $n) { nodes { key } } } }`, {
      n: 3
    }),
    5
  )
  t.equal(await cost(`{ catalogue(id: "${clearswift}") { requirements { nodes { key } } } }`), 52, 'the default page')
})

t.test('an operation that was asked for before costs what its variables make of it now', async (t) => {
  const ask = asking(await startApp(t))
  const query = `
    query A($n: Int = 4, $all: Boolean = true, $ids: [ID!] = []) {
      catalogue(id: "${clearswift}") { requirements(first: $n) @include(if: $all) { nodes { key } } }
      nodes(ids: $ids) { id }
    }
    query B($n: Int!) { catalogues(first: $n) { nodes { id } } }`
  const cases: readonly (readonly [number, object, string?])[] = [
    [6, {}],
    [9, { n: 7 }],
    [52, { n: null }, 'null is not the default: the page is'],
    [1, { n: 7, all: false }],
    [8, { ids: [clearswift, 'none'] }],
    [6, { other: 1000 }, 'what the operation does not know changes nothing'],
    [6, {}]
  ]
  for (const [expected, variables, why] of cases)
    t.equal((await ask(query, variables, 'A')).portolan.cost, expected, why ?? JSON.stringify(variables))
  t.equal((await ask(query, { n: 7 }, 'B')).portolan.cost, 8, 'another operation of the same document')
  const large = await ask(query, { ids: Array(100_001).fill('none') }, 'A')
  t.equal(large.errors[0]?.extensions.code, 'too_expensive')
})

t.test('each error has the code that REST gives it, and what is unexpected stays in the log', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const codes: readonly (readonly [string, string, object?])[] = [
    ['graphql_parse_failed', '{ catalogue('],
    ['graphql_validation_failed', '{ nothing }'],
    ['invalid_variables', 'query ($n: Int!) { catalogues(first: $n) { totalCount } }'],
    ['invalid_variables', 'query ($n: Int) { catalogues(first: $n) { totalCount } }', { n: 'many' }],
    ['not_found', '{ catalogue(id: "none") { title } }'],
    ['unknown_revision', `{ catalogue(id: "${clearswift}", asOf: 9) { title } }`],
    ['time_out_of_range', `{ catalogue(id: "${clearswift}", asOf: "2001-01-01T00:00:00Z") { title } }`],
    ['invalid_instant', `{ catalogue(id: "${clearswift}", effectiveAt: "2018-11-22") { title } }`],
    [
      'invalid_instant',
      `query ($at: DateTime) { catalogue(id: "${clearswift}", effectiveAt: $at) { title } }`,
      { at: '2018-11-22T00:00:00' }
    ],
    ['invalid_parameter', '{ lookup(value: "010.0.0.1") { totalCount } }'],
    ['slice_required', `{ catalogue(id: "${clearswift}") { export(format: "plain-ip") { url } } }`],
    ['cursor_invalid', '{ delta(cursor: "x") { seq } }'],
    ['unauthorized', '{ subscriptions { totalCount } }'],
    ['unauthorized', 'mutation { pauseSubscription(input: { id: "sub_x" }) { subscription { id } } }']
  ]
  for (const [code, query, variables] of codes) {
    const { status, errors } = await ask(query, variables)
    t.equal(errors[0]?.extensions.code, code, query)
    t.equal(errors[0]?.extensions.problem.code, code)
    t.equal(status, 200, 'as application/json')
  }
  const path = await ask(`{ catalogues { nodes { list: export(format: "plain-ip") { url } } } }`)
  t.same(path.errors[0]?.path, ['catalogues', 'nodes', 0, 'list'], 'places in lists are numbers')
  app.catalogues.store.countEvents = () => Promise.reject(new Error('secret of the store'))
  const broken = await ask('{ events(first: 1) { totalCount nodes { seq } } formats { name } }')
  t.equal(broken.errors[0]?.extensions.code, 'internal')
  t.notMatch(JSON.stringify(broken.errors), 'secret')
  t.ok(broken.data.formats.length > 0 && broken.data.events.nodes.length > 0, 'the rest is answered')
})

t.test('the schema can be kept to oneself', async (t) => {
  const open = asking(await startApp(t))
  const closed = asking(await startApp(t, { graphql: { allowsIntrospection: false } }))
  const query = '{ __schema { queryType { name } } }'
  t.equal((await open(query)).data.__schema.queryType.name, 'Query')
  t.equal((await closed(query)).errors[0]?.extensions.code, 'graphql_validation_failed')
  t.equal((await closed('{ __typename }')).data.__typename, 'Query')
})

t.test('of several operations the one that is named is executed, however often another was', async (t) => {
  const ask = asking(await startApp(t))
  const both =
    'query A { a: formats { name } ...F } query B { b: formats { name } ...F } fragment F on Query { __typename }'
  // More often than it takes for an operation to be compiled.
  for (let time = 0; time < 6; time += 1)
    t.strictSame(Object.keys((await ask(both, {}, 'A')).data), ['a', '__typename'])
  for (let time = 0; time < 6; time += 1)
    t.strictSame(Object.keys((await ask(both, {}, 'B')).data), ['b', '__typename'])
  t.equal((await ask(both)).errors[0]?.extensions.code, 'unknown_operation')
  t.equal((await ask(both, {}, 'C')).errors[0]?.extensions.code, 'unknown_operation')
})

const trusted = `query Title($id: ID!) { catalogue(id: $id) { title } }`
const graphql = { documents: new Map([[documentHash(trusted), trusted]]) }

t.test('a trusted document is named by its hash, and read by GET with a tag', async (t) => {
  const app = await startApp(t, { graphql })
  const extensions = { persistedQuery: { version: 1, sha256Hash: documentHash(trusted) } }
  const variables = { id: clearswift }
  const posted = await app.request({ method: 'POST', url: '/graphql', payload: { extensions, variables } })
  t.match(posted.json().data.catalogue.title, 'Clearswift')
  const byId = await app.request({
    method: 'POST',
    url: '/graphql',
    payload: { documentId: `sha256:${documentHash(trusted)}`, variables }
  })
  t.same(byId.json(), posted.json())

  const query = new URLSearchParams({ extensions: JSON.stringify(extensions), variables: JSON.stringify(variables) })
  const url = `/graphql?${query}`
  const first = await app.request(url)
  t.same(first.json(), posted.json())
  t.match(first.headers, {
    etag: /^".+"$/,
    'cache-control': 'max-age=60, must-revalidate',
    'content-type': /^application\/json/
  })
  const again = await app.request({ url, headers: { 'if-none-match': String(first.headers.etag) } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  const other = await app.request({ url, headers: { accept: 'application/graphql-response+json' } })
  t.match(other.headers['content-type'], 'application/graphql-response+json')
  t.not(other.headers.etag, first.headers.etag, 'another representation has another tag')

  const stranger = await app.request(`/graphql?${new URLSearchParams({ query: '{ formats { name } }' })}`)
  t.equal(stranger.statusCode, 405)
  t.equal(stranger.headers.allow, 'POST')
  const unknown = await app.request({
    method: 'POST',
    url: '/graphql',
    payload: { extensions: { persistedQuery: { sha256Hash: 'ab' } } }
  })
  t.match(unknown.json().errors[0], {
    message: /^PersistedQueryNotFound$/,
    extensions: { code: 'unknown_document', problem: { detail: 'No document here has the hash ab.' } }
  })
  const wrong = await app.request({ method: 'POST', url: '/graphql', payload: { query: '{ __typename }', extensions } })
  t.equal(wrong.json().errors[0].extensions.code, 'malformed_body')
})

t.test('where only trusted documents are executed, nothing else is', async (t) => {
  const ask = asking(await startApp(t, { graphql: { ...graphql, trustsOnlyDocuments: true } }))
  t.match((await ask(trusted, { id: clearswift })).data.catalogue.title, 'Clearswift')
  const { errors, status } = await ask('{ formats { name } }')
  t.equal(errors[0]?.extensions.code, 'unknown_document')
  t.equal(status, 404)
})

t.test('a request that is none is refused before anything is read', async (t) => {
  const app = await startApp(t)
  const post = (payload: string | object, headers = {}) =>
    app.request({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      payload
    })
  for (const body of [
    '',
    '{',
    '[]',
    '[{"query":"{__typename}"}]',
    '{}',
    '{"query":1}',
    '{"query":"{__typename}","variables":[]}',
    '{"query":"{__typename}","extensions":"x"}',
    '{"query":"{__typename}","query":"{formats{name}}"}'
  ])
    t.equal((await post(body)).statusCode, 400, body)
  t.equal((await post({ query: '{ __typename }' }, { accept: 'text/html' })).statusCode, 406)
  t.equal((await post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode, 415)
  t.equal((await app.request({ method: 'PUT', url: '/graphql', payload: {} })).statusCode, 405)
  t.equal((await post({ query: '{ nothing }' }, { accept: 'application/graphql-response+json' })).statusCode, 400)
  t.equal(
    (await post({ query: 'subscription { events { seq } }' })).json().errors[0].extensions.code,
    'graphql_validation_failed'
  )
})
