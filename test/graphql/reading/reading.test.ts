import t from 'tap'
import { frozenHeads } from '../../../src/catalogue/frozen-heads.ts'
import { catalogueFile, clearswift, clearswiftPath, startApp, type TestApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { asking } from '../support/ask.ts'

const path = '/v1/catalogues/product-1/document'

/** Publishes what another publisher would, over REST. */
async function publish(app: TestApp, document: object, precondition: Record<string, string>): Promise<string> {
  const answer = await app.request({
    method: 'PUT',
    url: `${path}?override=unannounced_removal&override=mass_removal&reason=test`,
    headers: {
      ...(await app.key('catalogue:publish', 'catalogue:override')),
      'content-type': 'application/json',
      ...precondition
    },
    payload: JSON.stringify(document)
  })
  if (answer.statusCode > 201) throw new Error(answer.body)
  return String(answer.headers.etag)
}

const many = (count: number, first = 0) =>
  documentInput({ requirements: [requirementInput({ endpoints: addresses(count, first) })] })

t.test('one operation sees the revision and the instant at which it began, and says which', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const { portolan } = await ask(`{ catalogue(id: "${clearswift}") { title } }`)
  t.match(portolan, { revision: 2, effectiveAt: '2018-11-22T00:00:00Z', cost: 1 })
  t.match(portolan.catalogues, [
    { catalogue: clearswift, revision: 2, label: '2.3', seq: 2, validFrom: '2018-11-22T00:00:00Z' }
  ])
  const two = await ask(`{
    then: catalogue(id: "${clearswift}", asOf: 1, effectiveAt: "2018-09-10T00:00:00Z") { pin revision { number } }
    now: catalogue(id: "${clearswift}") { pin revision { number } }
  }`)
  t.equal(two.data.then.revision.number, 1)
  t.not(two.data.then.pin, two.data.now.pin, 'the same catalogue at two times is told apart')
  t.equal(two.portolan.revision, undefined, 'of two reads there is no one revision')
  t.match(two.portolan.catalogues, [{ revision: 1, effectiveAt: '2018-09-10T00:00:00Z' }, { revision: 2 }])
})

t.test('what is published while somebody reads is not seen in that read', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const tag = await publish(app, many(1), { 'if-none-match': '*' })
  const moment = frozenHeads(app.catalogues)
  await publish(app, many(2), { 'if-match': tag })
  app.clock.now += 1000
  t.equal(moment.heads.get('product-1')?.revision.number, 1)
  t.equal(moment.heads.seq, 1)
  t.equal(moment.now(), app.clock.now - 1000)
  t.equal(app.catalogues.heads.get('product-1')?.revision.number, 2)
})

t.test('a page run stays where it began, whatever is published meanwhile', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const ask = asking(app)
  let tag = await publish(app, many(25), { 'if-none-match': '*' })
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; ; page += 1) {
    const { data, errors } = await ask(
      `query ($after: String) { catalogue(id: "product-1") { revision { number }
        endpoints(first: 3, after: $after) { totalCount nodes { value } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
      { after }
    )
    t.same(errors, [])
    const { revision, endpoints } = data.catalogue
    t.equal(revision.number, 1, 'and what stands beside the list is of the same revision')
    t.equal(endpoints.totalCount, 25)
    t.equal(endpoints.pageInfo.hasPreviousPage, page > 0)
    seen.push(...endpoints.nodes.map(({ value }: { value: string }) => value))
    if (!endpoints.pageInfo.hasNextPage) break
    after = endpoints.pageInfo.endCursor
    tag = await publish(app, many(25 + page, 100), { 'if-match': tag })
    app.clock.now += 5000
  }
  t.equal(new Set(seen).size, 25)
  t.strictSame(seen.length, 25)
})

t.test('lists go both ways', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const list = async (args: string) => {
    const { data, errors } = await ask(`{ catalogue(id: "${clearswift}") { requirements(${args}) {
      totalCount edges { cursor node { key } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`)
    if (errors[0]) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`)
    return data.catalogue.requirements
  }
  const keys = (page: { edges: { node: { key: string } }[] }) => page.edges.map(({ node }) => node.key)
  const all = keys(await list('first: 1000'))
  t.equal(all.length, 20)
  const first = await list('first: 3')
  t.strictSame(keys(first), all.slice(0, 3))
  t.strictSame(keys(await list(`first: 4, after: "${first.pageInfo.endCursor}"`)), all.slice(3, 7))
  t.strictSame(keys(await list('last: 2')), all.slice(-2))
  const third = first.edges[2].cursor
  t.strictSame(keys(await list(`last: 1, before: "${third}"`)), all.slice(1, 2))
  t.strictSame(keys(await list('first: 0')), [])
  for (const args of ['first: -1', 'first: 1001', 'last: -1', 'first: 1, last: 1'])
    await t.rejects(list(args), /invalid_parameter/, args)
  await t.rejects(list('first: 1, after: "x"'), /cursor_invalid/)
  const other = await ask(
    `{ catalogue(id: "${clearswift}") { endpoints(first: 1, after: "${third}") { totalCount } } }`
  )
  t.equal(other.errors[0]?.extensions.code, 'cursor_mismatch', 'a cursor of another list')
})

t.test('an answer that is kept is right only until a publish or a transition', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2018-11-21T23:59:58Z' })
  const ask = asking(app)
  const authorized = await app.key('catalogue:publish')
  const put = (name: string, precondition: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: `${clearswiftPath}/document`,
      headers: { ...authorized, ...precondition, 'content-type': 'application/yaml' },
      payload: catalogueFile(name)
    })
  const operation = `{ catalogue(id: "${clearswift}") { revision { number } endpoints(filter: { kind: { in: [address] } }) { totalCount } } }`
  t.equal((await ask(operation)).errors[0]?.extensions.code, 'not_found', 'an error is not kept')
  const { headers } = await put('1-pre-2.3.yaml', { 'if-none-match': '*' })
  const before = (await ask(operation)).data.catalogue
  t.equal(before.revision.number, 1)
  t.same((await ask(operation)).data.catalogue, before)
  await put('2-2.3.yaml', { 'if-match': String(headers.etag) })
  const announced = (await ask(operation)).data.catalogue
  t.equal(announced.revision.number, 2)
  app.clock.now = Date.parse('2018-11-21T23:59:59.999Z')
  t.same((await ask(operation)).data.catalogue, announced)
  app.clock.now += 1
  t.equal(
    (await ask(operation)).data.catalogue.endpoints.totalCount,
    announced.endpoints.totalCount - 12,
    'the clock alone'
  )
})

t.test('a node is found by its id, also one of a rename, and nothing by another', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const { data } = await ask(
    `{ catalogue(id: "${clearswift}") { id requirements(first: 2) { nodes { id endpoints { id } } } revision { id } } }`
  )
  const ids = [
    data.catalogue.id,
    data.catalogue.revision.id,
    ...data.catalogue.requirements.nodes.flatMap((node: { id: string; endpoints: { id: string }[] }) => [
      node.id,
      ...node.endpoints.map(({ id }) => id)
    ])
  ]
  const found = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids })
  t.same(
    found.data.nodes.map(({ id }: { id: string }) => id),
    ids
  )
  const strangers = [
    '',
    'none',
    `${clearswift}@9`,
    `${clearswift}@x`,
    `${clearswift}/req_0`,
    `${ids[2]}/ep_0`,
    `${ids[2]}/x/y`,
    'sub_01ARZ3NDEKTSV4RRFFQ69G5FAV'
  ]
  const none = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: strangers })
  t.same(
    none.data.nodes,
    strangers.map(() => null)
  )
  t.same(none.errors, [])
})

t.test('a revision names its catalogue', async (t) => {
  const ask = asking(await startApp(t))
  const { data, errors } = await ask(
    `{ node(id: "${clearswift}@1") { ... on Revision { catalogueId } } catalogue(id: "${clearswift}") { revision { catalogueId } } }`
  )
  t.same(errors, [])
  t.equal(data.node.catalogueId, clearswift)
  t.equal(data.catalogue.revision.catalogueId, clearswift)
})

t.test('where reads need a key, GraphQL does too', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const post = (headers: Record<string, string>) =>
    app.request({ method: 'POST', url: '/graphql', headers, payload: { query: '{ formats { name } }' } })
  t.equal((await post({})).statusCode, 401)
  t.equal((await post(await app.key('subscriptions:write'))).statusCode, 403)
  t.equal((await post(await app.key('catalogue:read'))).statusCode, 200)
  t.equal((await post({})).statusCode, 401, 'also after the answer was kept')
  // A header field alone makes no WebSocket of a request.
  t.equal(
    (await app.request({ url: '/graphql?query={__typename}', headers: { upgrade: 'websocket' } })).statusCode,
    401
  )
})
