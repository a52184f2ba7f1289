import t, { type Test } from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import { matchingEvents, previousMatch } from '../../../src/catalogue/webhook/matching.ts'
import { FanOut } from '../../../src/delivery/fan-out.ts'
import { subjectId } from '../../../src/domain/event/event.ts'
import type { KeyGrant } from '../../../src/domain/key-grant.ts'
import { GraphQLSocket } from '../../graphql/support/graphql-socket.ts'
import { startApp, type TestAppOptions } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const receiver = 'http://127.0.0.1:9/hook'

/** The service with a key that may do everything, and a way to make others. */
async function start(t: Test, options: TestAppOptions = {}) {
  const app = await startApp(t, { isSeeded: false, readAccess: 'key', ...options })
  const keyOf = async (grant: Partial<KeyGrant>) => {
    const { key, text } = await createKey(app.catalogues, { scopes: ['admin'], ...grant })
    return { id: key.id, authorization: `Bearer ${text}` }
  }
  const whole = await keyOf({})
  const ask = async (
    { authorization }: { readonly authorization: string },
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    more: Readonly<Record<string, string>> = {}
  ) => {
    const headers = { authorization, ...more }
    const answer = await app.request({ method, url, headers, ...(payload && { payload }) })
    const isJson = String(answer.headers['content-type']).includes('json')
    return { status: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers }
  }
  let edition = 0
  const publish = async (key: { readonly authorization: string }, id: string) => {
    const known = await ask(whole, 'GET', `/v1/catalogues/${id}/document`)
    edition += 1
    const host = { kind: 'host', value: `v${edition}.example.net` }
    return ask(
      key,
      'PUT',
      `/v1/catalogues/${id}/document?override=unannounced_removal&override=mass_removal&reason=test`,
      documentInput({
        id,
        edition: { label: String(edition), summary: 'Another edition' },
        requirements: [requirementInput({ endpoints: [host, { kind: 'host', value: 'updates.example.net' }] })]
      }),
      known.status === 200 ? { 'if-match': String(known.headers.etag) } : { 'if-none-match': '*' }
    )
  }
  return { ...app, keyOf, whole, ask, publish }
}

t.test('a narrowed key writes to its catalogues, and is refused to write to others by their name', async (t) => {
  const { keyOf, whole, ask, publish } = await start(t)
  const narrowed = await keyOf({ scopes: ['catalogue:publish', 'catalogue:override'], catalogues: ['feed.*', 'one'] })
  for (const id of ['feed.a', 'feed.a.b', 'one']) t.equal((await publish(narrowed, id)).status, 201, id)
  await publish(whole, 'other')
  const refused = { status: 403, body: { code: 'insufficient_scope' } }
  for (const id of ['other', 'feed', 'feeds', 'one.more', 'none']) {
    const answer = { ...refused, body: { ...refused.body, catalogue: id, detail: new RegExp(`catalogue ${id}:`) } }
    t.match(await publish(narrowed, id), answer, id)
    t.match(await ask(narrowed, 'POST', `/v1/catalogues/${id}/revisions/1/restore?reason=a`), answer, `${id}, restore`)
    const input = `{ catalogue: "${id}", document: {}, create: true }`
    const queries = [
      `mutation { publish(input: ${input}) { outcome } }`,
      `mutation { restore(input: { catalogue: "${id}", number: 1, reason: "a", ifMatch: "x" }) { outcome } }`
    ]
    for (const query of queries) {
      const { body } = await ask(narrowed, 'POST', '/graphql', { query })
      t.match(body.errors, [{ extensions: { code: 'insufficient_scope', problem: { catalogue: id } } }], query)
    }
  }
  t.match(await ask(whole, 'GET', '/v1/catalogues'), { body: { items: [{}, {}, {}, { id: 'other' }] } })
  t.match(await ask(narrowed, 'GET', '/v1/catalogues'), { body: { items: [{ id: 'feed.a' }, {}, { id: 'one' }] } })
})

t.test('a narrowed manager makes, lists, rotates and revokes keys within its catalogues only', async (t) => {
  const { keyOf, whole, ask } = await start(t)
  const manager = await keyOf({ catalogues: ['feed.*', 'one'] })
  const make = (key: typeof manager, catalogues?: readonly string[]) =>
    ask(key, 'POST', '/v1/keys', { name: 'a', scopes: ['catalogue:read'], ...(catalogues && { catalogues }) })
  const made = await make(manager, ['one', 'feed.a', 'feed.b.*', 'one', 'feed.*'])
  t.match(made, { status: 201, body: { catalogues: ['feed.*', 'feed.a', 'feed.b.*', 'one'] } })
  const refused = { status: 403, body: { code: 'insufficient_scope' } }
  for (const wider of [undefined, ['two'], ['one', 'feed'], ['one.*'], ['feeds.*']])
    t.match(await make(manager, wider), refused, String(wider))
  for (const wrong of [['*'], ['feed*'], ['Feed.*'], [], ['a b']])
    t.equal((await make(whole, wrong)).status, 422, String(wrong))

  const other = await make(whole, ['two'])
  const free = await make(whole)
  const listed = async (key: typeof manager): Promise<readonly string[]> =>
    (await ask(key, 'GET', '/v1/keys')).body.items.map(({ id }: { readonly id: string }) => id)
  t.same(new Set(await listed(manager)), new Set([manager.id, made.body.id]))
  t.equal((await listed(whole)).length, 5)
  for (const { body } of [other, free]) {
    t.match(await ask(manager, 'POST', `/v1/keys/${body.id}/rotate`), refused)
    t.match(await ask(manager, 'DELETE', `/v1/keys/${body.id}`), refused)
  }
  t.match(await ask(manager, 'GET', '/v1/me'), { body: { catalogues: ['feed.*', 'one'] } })
  t.match(await ask(manager, 'GET', '/metrics'), { status: 403, body: { code: 'insufficient_scope' } })
})

t.test('a rotation keeps what a key is narrowed to', async (t) => {
  const { keyOf, whole, ask, publish } = await start(t)
  await publish(whole, 'one')
  await publish(whole, 'two')
  const { id } = await keyOf({ scopes: ['catalogue:read'], catalogues: ['one'] })
  const { body } = await ask(whole, 'POST', `/v1/keys/${id}/rotate`)
  t.same(body.catalogues, ['one'])
  const rotated = { authorization: `Bearer ${body.key}` }
  t.equal((await ask(rotated, 'GET', '/v1/catalogues/one')).status, 200)
  t.equal((await ask(rotated, 'GET', '/v1/catalogues/two')).status, 404)
})

t.test('caches that clients share keep nothing that was made for a narrowed key', async (t) => {
  const { keyOf, whole, ask, publish, request } = await start(t, { readAccess: 'public' })
  await publish(whole, 'one')
  const narrowed = await keyOf({ scopes: ['catalogue:read'], catalogues: ['one'] })
  for (const url of ['/v1/catalogues', '/v1/catalogues/one', '/v1/delta']) {
    const { headers } = await ask(narrowed, 'GET', url)
    t.match(headers, { 'cache-control': /^private/, vary: /authorization/ }, url)
    t.notMatch((await request(url)).headers['cache-control'], /private/, url)
  }
})

t.test('a subscription of a narrowed key gets the events of its catalogues only, whoever changes it', async (t) => {
  const { keyOf, whole, ask, publish, catalogues } = await start(t)
  const narrowed = await keyOf({ catalogues: ['feed.*'] })
  const refused = { status: 403, body: { code: 'insufficient_scope', catalogue: 'other' } }
  const definition = (ids?: readonly string[]) => ({ url: receiver, ...(ids && { catalogues: ids }) })
  t.match(await ask(narrowed, 'POST', '/v1/subscriptions', definition(['feed.a', 'other'])), refused)
  const query = `mutation { createSubscription(input: { url: "${receiver}", catalogues: ["other"] }) { subscription { id } } }`
  const graph = await ask(narrowed, 'POST', '/graphql', { query })
  t.match(graph.body.errors, [{ extensions: { code: 'insufficient_scope', problem: { catalogue: 'other' } } }])

  const made = await ask(narrowed, 'POST', '/v1/subscriptions', definition())
  t.equal(made.status, 201)
  t.notOk('filter' in made.body, 'the narrowing is no part of what the owner asked for')
  const inside = await ask(narrowed, 'POST', '/v1/subscriptions', { ...definition(), filter: { impact: ['opens'] } })
  for (const key of [narrowed, whole]) {
    const path = `/v1/subscriptions/${made.body.id}`
    t.match(await ask(key, 'PATCH', path, { catalogues: ['other'] }), refused)
    t.equal((await ask(key, 'PATCH', path, { types: null, filter: null, catalogues: null })).status, 200)
  }
  await ask(whole, 'POST', '/v1/subscriptions', definition())
  t.equal((await ask(narrowed, 'GET', '/v1/subscriptions')).body.items.length, 2)
  t.equal((await ask(whole, 'GET', '/v1/subscriptions')).body.items.length, 3)

  const { store } = catalogues
  for (const id of ['feed.a', 'other', 'feeder', 'feed.b', 'other']) t.equal((await publish(whole, id)).status, 201, id)
  const bounds = { after: 0, upTo: 5, limit: 10 }
  for (const { body } of [made, inside]) {
    const subscription = await store.subscriptions.find(body.id)
    const filter = subscription?.filter ?? {}
    t.same(filter.within, ['feed.*'])
    const events = await matchingEvents(catalogues, filter, bounds)
    t.same(
      events.map((event) => [event.seq, subjectId(event)]),
      [
        [1, 'feed.a'],
        [4, 'feed.b']
      ]
    )
    t.equal(await previousMatch(catalogues, filter, 4), 1)
    t.equal(await previousMatch(catalogues, filter, 6), 4)
  }
  await new FanOut(catalogues).run()
  for (const { body } of [made, inside]) t.equal((await store.subscriptions.find(body.id))?.matched, 4)
})

t.test('streams give a narrowed key the events of its catalogues only, past ones and new ones', async (t) => {
  const { keyOf, whole, publish, listen } = await start(t)
  const address = await listen()
  const { authorization } = await keyOf({ scopes: ['catalogue:read'], catalogues: ['feed.*'] })
  for (const id of ['feed.a', 'other']) await publish(whole, id)
  const end = new AbortController()
  t.teardown(() => end.abort())
  const open = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, accept: 'text/event-stream', 'content-type': 'application/json' }
    const { body } = await fetch(`${address}${path}`, { ...init, headers, signal: end.signal })
    return linesOf(body)
  }
  const query = 'subscription { events(after: 0) { seq prevSeq catalogue } }'
  const narrowing = { address, query }
  const rest = await open('/v1/events/stream')
  const graph = await open('/graphql/stream', { method: 'POST', body: JSON.stringify({ query }) })
  const socket = await GraphQLSocket.open(narrowing.address, { authorization })
  t.teardown(() => socket.close())
  const heard: unknown[] = []
  void socket.ask({ query }, (message) => heard.push(message))
  for (const id of ['other', 'feed.b', 'feeder', 'feed.a']) await publish(whole, id)
  const expected = [
    { seq: 1, prevSeq: 0, catalogue: 'feed.a' },
    { seq: 4, prevSeq: 1, catalogue: 'feed.b' },
    { seq: 6, prevSeq: 4, catalogue: 'feed.a' }
  ]
  t.match(await take(rest, 3), expected)
  t.match(
    await take(graph, 3),
    expected.map((events) => ({ data: { events } }))
  )
  while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve))
  t.match(
    heard,
    expected.map((events) => ({ payload: { data: { events } } }))
  )
})

/** What the `data:` lines of a stream say, as they come. */
async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<unknown> {
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: {')) yield JSON.parse(line.slice(6))
  }
}

async function take(items: AsyncGenerator<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  for await (const item of items) if (taken.push(item) === count) break
  return taken
}
