import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import { documentHash } from '../../../src/graphql/operation/operation.ts'
import { openStore } from '../../../src/store/open.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { startService } from '../../support/service.ts'
import { GraphQLSocket } from '../support/graphql-socket.ts'

/*
 * What is answered in a thread is what the loop answers: two services on one database, one with threads and one without, are asked the
 * same. The catalogue is large enough for its answers to be costly.
 */

const folder = mkdtempSync(join(tmpdir(), 'portolan-forwarding-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
const url = `sqlite:${folder}/portolan.db`

const document = (count: number, label = '1') =>
  documentInput({
    id: 'big',
    edition: { label, summary: label },
    requirements: [requirementInput({ endpoints: addresses(count) })]
  })

const key = (async () => {
  const store = await openStore(url)
  const catalogues = { store, now: () => Date.now(), random: (count: number) => randomBytes(count) }
  const { text } = await createKey(catalogues, {
    scopes: ['catalogue:publish', 'catalogue:override', 'subscriptions:write']
  })
  await store.close()
  return text
})()

const services = key.then(() =>
  Promise.all(
    ['0', '2'].map((threads) =>
      startService({
        PORTOLAN_DATABASE_URL: url,
        PORTOLAN_LOG_LEVEL: 'silent',
        PORTOLAN_THREADS: threads,
        PORTOLAN_RATE_LIMIT: 'off',
        PORTOLAN_ALLOW_HTTP: 'on',
        PORTOLAN_PUBLIC_URL: 'https://portolan.example'
      })
    )
  )
)
t.teardown(async () => {
  for (const service of await services) await service.stop()
})

interface Told {
  readonly data?: Readonly<Record<string, unknown>>
  readonly errors?: readonly unknown[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

async function post(address: string, payload: object | string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof payload === 'string' ? payload : JSON.stringify(payload)
  })
  const text = (await answer.text()).replaceAll(/urn:uuid:[0-9a-f-]+/g, 'urn:uuid:x')
  const type = answer.headers.get('content-type')
  const told: Told = JSON.parse(text)
  return { status: answer.status, type, told, cache: answer.headers.get('cache-control') }
}

/** How many answers of a service were kept ones. */
async function keptOf(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text()
  return Number(/^portolan_hot_reads_total (\d+)/m.exec(text)?.[1])
}

const longFilter = Array.from({ length: 400 }, (_, n) => `"20.0.0.${n}"`).join(' ')
const operations: readonly object[] = [
  { query: '{ catalogue(id: "big") { title endpoints(first: 3) { totalCount nodes { value status } } } }' },
  { query: '{ catalogue(id: "big") { requirements { nodes { endpoints { id pin value } } } } }' },
  { query: `{ catalogue(id: "big") { endpoints(filter: { value: { in: [${longFilter}] } }) { totalCount } } }` },
  {
    query: 'query ($id: ID!) { catalogue(id: $id) { export(format: "csv") { url digest size } } }',
    variables: { id: 'big' }
  },
  {
    query:
      '{ catalogue(id: "big") { requirements { nodes { endpoints { requirement { endpoints { requirement { endpoints { value } } } } } } } } }'
  },
  { query: '{ lookup(value: "20.0.0.7") { nodes { catalogue requirement { key } } } }' },
  { query: '{ catalogue(id: "none") { title } }' },
  { query: '{ nothing }' },
  { query: `{ nothing ${'__typename '.repeat(500)} }` },
  { query: `{ ${'__typename '.repeat(1600)} }` },
  { query: '{' },
  { query: 'query ($n: Int!) { catalogues(first: $n) { totalCount } }' },
  { query: 'query A { __typename } query B { catalogue(id: "big") { title } }', operationName: 'B' },
  { query: 'query A { __typename } query B { __typename }' },
  { query: 'subscription { events { seq } }' },
  { query: '{ subscriptions { totalCount } }' },
  { query: `mutation { pauseSubscription(input: { id: "sub_x" }) { subscription { id } } }` },
  { documentId: documentHash('nothing') },
  { query: '{ __schema { types { name fields { name type { name } } } } }' },
  { query: '{ __typename }', variables: { padding: 'x'.repeat(20_000) } },
  {}
]

t.before(async () => {
  const [loop, threads] = await services
  const authorization = `Bearer ${await key}`
  const query = 'mutation ($input: PublishInput!) { publish(input: $input) { outcome revision { number } } }'
  const variables = { input: { catalogue: 'big', document: document(420), create: true } }
  const { told } = await post(threads?.address ?? '', { query, variables }, { authorization })
  if (told.errors) throw new Error(JSON.stringify(told.errors))
  const seen = { query: '{ catalogue(id: "big") { id } }' }
  while (!(await post(loop?.address ?? '', seen)).told.data?.catalogue) await pause(50)
})

t.test('the loop and the threads answer the same by POST, and costly operations are for the threads', async (t) => {
  const [loop, threads] = (await services).map(({ address }) => address)
  if (!loop || !threads) throw new Error('two services were started')
  for (const headers of [{}, { accept: 'application/graphql-response+json' }, { authorization: `Bearer ${await key}` }])
    for (const payload of operations) {
      const expected = await post(loop, payload, headers)
      const name = JSON.stringify(payload).slice(0, 100)
      t.strictSame(await post(threads, payload, headers), expected, name)
      t.strictSame(await post(threads, payload, headers), expected, `${name}, again`)
    }
  const [known] = operations
  const before = await keptOf(threads)
  await post(threads, known ?? {})
  t.equal(await keptOf(threads), before + 1, 'what a thread answered is kept')
})

t.test(
  'costly operations are answered in threads',
  { skip: process.platform !== 'linux' && 'only Linux tells the threads of a process' },
  async (t) => {
    const [loop, threads] = (await services).map(({ process: { pid } }) => readdirSync(`/proc/${pid}/task`).length)
    t.ok(Number(threads) > Number(loop), `${threads} threads, and ${loop} without`)
  }
)

t.test('a trusted document is answered the same by GET, with its tag', async (t) => {
  const [loop, threads] = (await services).map(({ address }) => address)
  const hash = documentHash(readFileSync('schema/documents/catalogue.graphql', 'utf8'))
  const path = `/graphql?documentId=${hash}&variables=${encodeURIComponent('{"id":"big"}')}`
  const [expected, found] = await Promise.all([fetch(`${loop}${path}`), fetch(`${threads}${path}`)])
  t.equal(found.status, 200)
  t.equal(await found.text(), await expected.text())
  t.equal(found.headers.get('etag'), expected.headers.get('etag'))
  const again = await fetch(`${threads}${path}`, { headers: { 'if-none-match': found.headers.get('etag') ?? '' } })
  t.equal(again.status, 304)
})

t.test('over a WebSocket and as server-sent events they answer the same too', async (t) => {
  const [loop, threads] = (await services).map(({ address }) => address)
  if (!loop || !threads) throw new Error('two services were started')
  const sockets = [await GraphQLSocket.open(loop), await GraphQLSocket.open(threads)]
  const told = async (address: string, payload: object) => {
    const answer = await fetch(`${address}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(payload)
    })
    return { status: answer.status, text: (await answer.text()).replaceAll(/urn:uuid:[0-9a-f-]+/g, 'urn:uuid:x') }
  }
  for (const payload of operations.filter(
    (each) => 'query' in each && !String(each.query).startsWith('subscription')
  )) {
    const name = JSON.stringify(payload).slice(0, 100)
    const [expected, found] = await Promise.all(sockets.map((socket) => socket.ask(payload)))
    t.strictSame(found, expected, name)
    t.strictSame(await told(threads, payload), await told(loop, payload), `${name} as events`)
  }
  for (const socket of sockets) socket.close()
})

t.test('a large document is published in a thread, over both, and seen at once', async (t) => {
  const [, threads] = (await services).map(({ address }) => address)
  if (!threads) throw new Error('two services were started')
  const authorization = `Bearer ${await key}`
  const publish = 'mutation ($input: PublishInput!) { publish(input: $input) { outcome etag revision { number } } }'
  const tag = '{ catalogue(id: "big") { etag revision { number } } }'
  const etagNow = async () => {
    const { told } = await post(threads, { query: tag })
    return told.data?.catalogue as { readonly etag: string; readonly revision: { readonly number: number } }
  }
  const first = await etagNow()
  const byPost = await post(
    threads,
    { query: publish, variables: { input: { catalogue: 'big', document: document(430, '2'), ifMatch: first.etag } } },
    { authorization }
  )
  t.match(byPost.told, { data: { publish: { outcome: 'published', revision: { number: 2 } } } })
  const second = await etagNow()
  t.equal(second.revision.number, 2)
  const socket = await GraphQLSocket.open(threads, { authorization })
  const variables = { input: { catalogue: 'big', document: document(440, '3'), ifMatch: second.etag } }
  t.match(await socket.ask({ query: publish, variables }), [
    { type: 'next', payload: { data: { publish: { outcome: 'published', revision: { number: 3 } } } } },
    { type: 'complete' }
  ])
  t.equal((await etagNow()).revision.number, 3)
  socket.close()
})
