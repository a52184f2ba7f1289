import { once } from 'node:events'
import { createClient as createStreamClient } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import t from 'tap'
import { WebSocket } from 'ws'
import { createKey } from '../../../src/catalogue/keys.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

const events =
  'subscription ($after: Seq, $filter: EventFilter) { events(after: $after, filter: $filter) { seq prevSeq type catalogue } }'

interface Seen {
  readonly seq: number
  readonly prevSeq: number
}

/** One publish after the other; each is one event. */
function publisher(app: TestApp) {
  let etag: string | undefined
  let label = 0
  return async (fields: object = {}) => {
    label += 1
    const document = documentInput({
      edition: { label: String(label), summary: 'next' },
      requirements: [requirementInput({ endpoints: addresses(1), ...fields })]
    })
    const answer = await app.request({
      method: 'PUT',
      url: '/v1/catalogues/product-1/document',
      headers: {
        ...(await app.key('catalogue:publish')),
        'content-type': 'application/json',
        ...(etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag })
      },
      payload: JSON.stringify(document)
    })
    if (answer.statusCode !== 201) throw new Error(answer.body)
    etag = String(answer.headers.etag)
  }
}

/** Waits until so many clients wait for the log. */
async function followers(app: TestApp, count: number): Promise<void> {
  while (!(await app.request('/metrics')).body.includes(`portolan_followers ${count}\n`))
    await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Reads until it has seen so many, with a client that others wrote. */
type Reader = (variables: object, count: number) => Promise<readonly Seen[]>

function overWebSocket(url: string): Reader {
  return async (variables, count) => {
    const at = `${url.replace('http', 'ws')}/graphql`
    const client = createClient({ url: at, webSocketImpl: WebSocket, retryAttempts: 0 })
    const seen = await take(client.iterate<{ events: Seen }>({ query: events, variables: { ...variables } }), count)
    await client.dispose()
    return seen
  }
}

function overStream(url: string): Reader {
  return async (variables, count) => {
    const client = createStreamClient({ url: `${url}/graphql/stream`, retryAttempts: 0 })
    const seen = await take(client.iterate<{ events: Seen }>({ query: events, variables: { ...variables } }), count)
    client.dispose()
    return seen
  }
}

interface Result {
  readonly data?: { readonly events: Seen } | null | undefined
  readonly errors?: unknown
}

async function take(results: AsyncIterable<Result>, count: number): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  for await (const { data, errors } of results) {
    if (errors) throw new Error(JSON.stringify(errors))
    if (data) seen.push(data.events)
    if (seen.length === count) break
  }
  return seen
}

for (const [name, reader] of [
  ['a WebSocket', overWebSocket],
  ['server-sent events', overStream]
] as const)
  t.test(
    `over ${name} the log is replayed, goes on live, and nothing is lost or doubled across connections`,
    async (t) => {
      const app = await startApp(t, { isSeeded: false })
      const publish = publisher(app)
      const read = reader(await app.listen())
      for (let index = 0; index < 5; index += 1) await publish()
      const seen: Seen[] = [...(await read({ after: 0 }, 3))]
      t.strictSame(
        seen.map(({ seq }) => seq),
        [1, 2, 3]
      )
      const rest = read({ after: seen.at(-1)?.seq }, 4)
      for (let index = 0; index < 4; index += 1) await publish()
      seen.push(...(await rest))
      seen.push(...(await read({ after: String(seen.at(-1)?.seq) }, 2)))
      t.strictSame(
        seen.map(({ seq, prevSeq }) => [seq, prevSeq]),
        Array.from({ length: 9 }, (_, index) => [index + 1, index])
      )
      await followers(app, 0)
      const late = read({}, 1)
      await followers(app, 1)
      await publish()
      t.strictSame(
        (await late).map(({ seq }) => seq),
        [10],
        'without a seq: what comes from now on'
      )
      await followers(app, 0)
      t.pass('and nobody is left waiting')
    }
  )

t.test('a filter looks inside events, and says which matching one came before', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  const read = overWebSocket(await app.listen())
  for (const tags of [['red'], ['blue'], ['blue'], ['red']]) await publish({ tags })
  const seen = await read({ after: 0, filter: { tags: ['red'] } }, 3)
  t.strictSame(
    seen.map(({ seq, prevSeq }) => [seq, prevSeq]),
    [
      [1, 0],
      [2, 1],
      [4, 2]
    ]
  )
  const later = await read({ after: 2, filter: { tags: ['red'] } }, 1)
  t.strictSame(
    later.map(({ seq, prevSeq }) => [seq, prevSeq]),
    [[4, 2]]
  )
})

/** A connection that was acknowledged, and speaks the protocol by hand. */
async function raw(url: string, payload: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload }))
  return socket
}

t.test('a client that does not read is closed with a code, and costs no memory', async (t) => {
  const app = await startApp(t, { isSeeded: false, pace: { heartbeatMs: 60_000, patienceMs: 200 } })
  const publish = publisher(app)
  // More than the sockets of both sides hold.
  for (let edition = 0; edition < 60; edition += 1) {
    const references = Array.from({ length: 100 }, (_, index) => ({
      url: `https://example.net/${edition}/${index}/${'y'.repeat(1900)}`
    }))
    await publish({ references })
  }
  const socket = await raw(await app.listen())
  await once(socket, 'message')
  const query = 'subscription { events(after: 0) { changes { before after } } }'
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  socket.pause()
  let received = 0
  socket.on('message', () => {
    received += 1
  })
  const closed = once(socket, 'close')
  setTimeout(() => socket.resume(), 800)
  const [code] = await closed
  t.equal(code, 1013)
  t.ok(received < 60, `${received} of 60 were sent`)
  await followers(app, 0)
})

t.test('where reads need a key, the first message names it; one that is revoked closes what is open', async (t) => {
  const app = await startApp(t, { readAccess: 'key', pace: { heartbeatMs: 100, patienceMs: 1000 } })
  const url = await app.listen()
  const [code] = await once(await raw(url), 'close')
  t.equal(code, 4403)
  const { text, key } = await createKey(app.catalogues, { scopes: ['catalogue:read'] })
  const socket = await raw(url, { authorization: `Bearer ${text}` })
  const [message] = await once(socket, 'message')
  t.match(JSON.parse(String(message)), { type: 'connection_ack' })
  await app.catalogues.store.revokeKey(key.id, app.clock.now)
  await app.refreshKeys()
  const [after] = await once(socket, 'close')
  t.equal(after, 4403)
})

t.test('queries go over both, with what they saw, and refusals with their codes', async (t) => {
  const app = await startApp(t)
  const url = await app.listen()
  const socket = await raw(url)
  await once(socket, 'message')
  /** The answer; a completion follows each but an error. */
  const ask = (id: string, query: string) =>
    new Promise<unknown>((resolve) => {
      socket.on('message', (message) => {
        const told = JSON.parse(String(message))
        if (told.id === id && told.type !== 'complete') resolve(told)
      })
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }))
    })
  t.match(await ask('1', '{ catalogues { totalCount } }'), {
    type: 'next',
    payload: { data: { catalogues: { totalCount: 1 } }, extensions: { portolan: { cost: 1 } } }
  })
  t.match(await ask('2', '{ nothing }'), {
    type: 'error',
    payload: [{ extensions: { code: 'graphql_validation_failed' } }]
  })
  t.match(await ask('3', '{ catalogue(id: "none") { title } }'), {
    type: 'next',
    payload: { errors: [{ extensions: { code: 'not_found' } }] }
  })
  socket.close()
  const stream = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ catalogues { totalCount } }' })
  })
  t.match(
    await stream.text(),
    /event: next\ndata: \{"data":\{"catalogues":\{"totalCount":1\}\},.*\}\n\nevent: complete\ndata:\n\n$/s
  )
  const refused = await fetch(`${url}/graphql/stream?query={nothing}`, { headers: { accept: 'text/event-stream' } })
  t.equal(refused.status, 400)
  t.match(await refused.json(), { errors: [{ extensions: { code: 'method_not_allowed' } }] })
})

t.test('variables that do not fit are refused, also after others did', async (t) => {
  const app = await startApp(t)
  const url = await app.listen()
  const variables = { after: 'none' }
  const overSocket = () =>
    overWebSocket(url)(variables, 1).then(
      () => 'nothing',
      (error: unknown) => JSON.stringify(error)
    )
  const overEvents = async () => {
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
    const body = JSON.stringify({ query: events, variables })
    return (await fetch(`${url}/graphql/stream`, { method: 'POST', headers, body })).text()
  }
  const code = '"code":"invalid_variables"'
  t.match(await overSocket(), code)
  t.match(await overEvents(), code)
  t.equal((await overStream(url)({ after: 0 }, 1)).length, 1)
  t.match(await overSocket(), code, 'where the cost of the operation is known')
  t.match(await overEvents(), code)
})
