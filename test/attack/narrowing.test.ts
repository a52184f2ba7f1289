import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import t, { type Test } from 'tap'
import { openStore } from '../../src/store/open.ts'
import { GraphQLSocket } from '../graphql/support/graphql-socket.ts'
import { startApp } from '../support/app.ts'
import { type ComparedAnswer, comparedAnswer } from '../support/compared-answer.ts'
import { runs, some } from '../support/scale.ts'
import { startService } from '../support/service.ts'
import { hidden, hiddenTexts, type NarrowedStores, narrowedStores, seen } from './support/narrowed.ts'

/*
 * To a key that is narrowed to catalogues every other is as if it were not there. Two services are asked the same: one has only the
 * catalogue that the key is narrowed to, and the other has another one beside it. Their answers must be equal, whatever was asked before by
 * a key that sees everything.
 */

t.setTimeout(300_000)

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
async function ask(address: string, key: string | undefined, asked: Ask): Promise<ComparedAnswer> {
  const { method = 'GET', path, headers = {}, body } = asked
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...headers,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' })
    },
    ...(body !== undefined && { body: JSON.stringify(body) })
  })
  // Only positions in the log differ: it has the events of all catalogues.
  const compared = await comparedAnswer(answer, ['portolan-seq'])
  return {
    ...compared,
    body: compared.body
      .replaceAll(/"lastUsedAt":"[^"]+"/g, '"lastUsedAt":"x"')
      .replaceAll(/"portolan":\{"epoch":"(\w+)","seq":\d+/g, '"portolan":{"epoch":"$1"')
  }
}

const { paths }: { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> } = JSON.parse(
  readFileSync('openapi/portolan.json', 'utf8')
)
const segments: Readonly<Record<string, string>> = {
  key: 'updates',
  number: '1',
  format: 'csv',
  types: 'catalogues,requirements,endpoints'
}
/** What is of the whole service, or has no end. The key of webhooks is made when it is asked for. */
const apart = [
  '/health/',
  '/metrics',
  '/docs',
  '/graphql',
  '/graphiql',
  '/v1/events/stream',
  '/problems/',
  '/schema/',
  '/v1/webhook-keys'
]
const pathsOf = (id: string) =>
  Object.entries(paths)
    .filter(([path, item]) => item.get && !apart.some((each) => path.startsWith(each)))
    .map(([path]) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ({ ...segments, id })[name] ?? 'x'))

const entries = ['shared.example.net', 'obscure.example.org', '20.0.0.1', '30.0.0.1', 'updates.example.net']

const reads: readonly Ask[] = [
  ...pathsOf(seen).map((path) => ({ path })),
  ...['gzip', 'identity'].map((encoding) => ({ path: '/v1/catalogues', headers: { 'accept-encoding': encoding } })),
  { path: '/v1/catalogues?limit=1' },
  { path: '/v1/catalogues?asOf=2026-11-25T00:00:00Z' },
  { path: `/v1/catalogues/${seen}/diff?from=1&to=1` },
  { path: `/v1/catalogues/${seen}/exports/edl-ip?slice=all` },
  ...entries.map((value) => ({ path: `/v1/lookup?value=${value}&effectiveAt=2027-01-01T00:00:00Z` })),
  { path: '/v1/lookup?value=tcp/443&limit=5&effectiveAt=2027-01-01T00:00:00Z' },
  { path: '/v1/lookup?value=20.0.0.0/8' },
  ...['obscure', 'example.org', 'shared.example.net', '20.0.0.1', 'updates'].map((q) => ({
    path: `/v1/search?q=${q}`
  })),
  { path: '/v1/events?limit=1' },
  { path: '/v1/events?type=catalogue.created' },
  { path: '/v1/events', headers: { prefer: 'wait=1' } },
  { path: '/v1/delta?limit=3' },
  { path: '/v1/delta?type=endpoint', headers: { accept: 'application/x-ndjson' } },
  { path: '/v1/digest?buckets=2' },
  { path: '/v1/snapshot/endpoints?shape=netbox' },
  { path: '/v1/audit', method: 'POST', body: { entries } },
  { path: `/v1/audit?catalogue=${seen}`, method: 'POST', body: { entries } },
  { path: `/v1/catalogues/${seen}/audit`, method: 'POST', body: { entries } }
]

/** Reads that name the hidden catalogue. */
const probes: readonly Ask[] = [
  ...pathsOf(hidden)
    .filter((path) => path.includes(hidden))
    .map((path) => ({ path })),
  { path: `/v1/catalogues/${hidden}`, method: 'HEAD' },
  { path: `/v1/catalogues/${hidden}/document?nonsense=1` },
  { path: `/v1/catalogues/${hidden}/exports/edl-ip?slice=all` },
  { path: `/v1/events?catalogue=${hidden}` },
  { path: `/v1/events?catalogue=${hidden}&catalogue=${seen}` },
  { path: `/v1/delta?catalogue=${hidden}` },
  { path: `/v1/digest?catalogue=${hidden}` },
  { path: `/v1/snapshot/endpoints?catalogue=${hidden}` },
  { path: `/v1/search?q=${hidden}` },
  { path: `/v1/audit?catalogue=${hidden}`, method: 'POST', body: { entries } },
  { path: `/v1/catalogues/${hidden}/audit`, method: 'POST', body: { entries } }
]

/** One operation or more for each root field of the graph. */
const operations: Readonly<Record<string, readonly string[]>> = {
  catalogue: [
    `{ catalogue(id: "${hidden}") { title } }`,
    `{ catalogue(id: "${seen}") { title endpoints { totalCount } } }`
  ],
  catalogues: [
    '{ catalogues { totalCount nodes { id title requirements { nodes { endpoints { nodes { value } } } } } } }'
  ],
  lookup: entries.map(
    (value) => `{ lookup(value: "${value}") { totalCount nodes { catalogue { id } requirement { key } } } }`
  ),
  audit: [
    `{ audit(entries: [{ value: "shared.example.net" }]) { retired { value neededElsewhere { catalogue { id } } } missing { totalCount } } }`,
    `{ audit(catalogue: "${seen}", entries: [{ value: "shared.example.net" }]) { retired { value matchCount } } }`,
    `{ audit(catalogues: ["${hidden}"], entries: [{ value: "shared.example.net" }]) { unknown { value } } }`
  ],
  events: [
    '{ events { totalCount nodes { seq prevSeq catalogue } pageInfo { hasNextPage } } }',
    `{ events(catalogues: ["${hidden}"]) { totalCount nodes { seq } } }`,
    '{ events(filter: { impact: [opens] }) { nodes { seq prevSeq catalogue } } }'
  ],
  delta: ['{ delta { seq count digest items { id key } } }', `{ delta(catalogues: ["${hidden}"]) { count } }`],
  subscriptions: ['{ subscriptions { totalCount nodes { url catalogues } } }'],
  subscription: ['{ subscription(id: "sub_none") { url } }'],
  formats: ['{ formats { name } }'],
  node: [`{ node(id: "${hidden}") { id } }`, `{ node(id: "${hidden}@1") { id } }`, `{ node(id: "${seen}") { id } }`],
  nodes: [`{ nodes(ids: ["${hidden}", "${hidden}@1", "${seen}@1"]) { id __typename } }`]
}
const graph = Object.values(operations)
  .flat()
  .map((query): Ask => ({ method: 'POST', path: '/graphql', body: { query } }))

t.test('every root field of the graph has an operation here', async (t) => {
  const schema = buildSchema(readFileSync('schema/portolan.graphql', 'utf8'))
  t.same(Object.keys(operations).sort(), Object.keys(schema.getQueryType()?.getFields() ?? {}).sort())
})

interface Services {
  readonly alone: string
  readonly both: string
}

/** `whole`: the key that sees everything; undefined where nobody needs one. */
async function compare(t: Test, { alone, both }: Services, narrowed: string, whole: string | undefined) {
  const faults: string[] = []
  let leaky = 0
  for (const asked of some([...reads, ...probes, ...graph])) {
    const name = `${asked.method ?? 'GET'} ${asked.path} ${JSON.stringify(asked.body ?? '')}`
    const before = await ask(both, whole, asked)
    if (hiddenTexts.some((text) => before.body.includes(text))) leaky += 1
    const expected = await ask(alone, narrowed, asked)
    for (const turn of ['cold', 'hot']) {
      const found = await ask(both, narrowed, asked)
      if (!t.same(found, expected, `${name}, ${turn}`)) faults.push(`${name}, ${turn}`)
      if (!probes.includes(asked) && !JSON.stringify(asked.body ?? asked.path).includes('feeder'))
        for (const text of hiddenTexts)
          if (
            !asked.path.includes(text) &&
            !JSON.stringify(asked.body ?? '').includes(text) &&
            found.body.includes(text)
          )
            faults.push(`${name} says ${text}`)
      const { etag } = found.headers
      if (etag !== undefined && asked.method === undefined) {
        const again = await ask(both, narrowed, { ...asked, headers: { ...asked.headers, 'if-none-match': etag } })
        if (again.status !== 304) faults.push(`${name} is ${again.status} with its own tag`)
      }
    }
    const after = await ask(both, whole, asked)
    if (after.body !== before.body && !asked.path.startsWith('/v1/keys'))
      faults.push(`${name} has another answer for others afterwards`)
  }
  t.same(faults, [])
  t.ok(leaky > runs(30), `${leaky} answers have something of the hidden catalogue for others`)
}

for (const readAccess of ['key', 'public'] as const)
  t.test(`on the loop, reads: ${readAccess}`, async (t) => {
    const stores = await narrowedStores(t)
    const open = async (url: string) => {
      const store = await openStore(url)
      return startApp(t, { store, isSeeded: false, readAccess, publicUrl: 'https://portolan.example' })
    }
    const [alone, both] = [await open(stores.alone), await open(stores.both)]
    const services = { alone: await alone.listen(), both: await both.listen() }
    await compare(t, services, stores.narrowed, readAccess === 'key' ? stores.whole : undefined)
    await compareSockets(t, services, stores)
  })

t.test('in threads', { timeout: 200_000 }, async (t) => {
  const stores = await narrowedStores(t)
  const start = (url: string, threads: string) =>
    startService({
      PORTOLAN_DATABASE_URL: url,
      PORTOLAN_CATALOGUES: '',
      PORTOLAN_LOG_LEVEL: 'silent',
      PORTOLAN_READ_ACCESS: 'key',
      PORTOLAN_PUBLIC_URL: 'https://portolan.example',
      PORTOLAN_THREADS: threads
    })
  const [alone, both] = await Promise.all([start(stores.alone, '0'), start(stores.both, '1')])
  t.teardown(async () => void (await Promise.all([alone.stop(), both.stop()])))
  const services = { alone: alone.address, both: both.address }
  await compare(t, services, stores.narrowed, stores.whole)
  await compareSockets(t, services, stores)
})

/** The same over WebSockets and streams of server-sent events. */
async function compareSockets(t: Test, services: Services, { narrowed }: NarrowedStores): Promise<void> {
  const [alone, both] = await Promise.all(
    [services.alone, services.both].map((address) =>
      GraphQLSocket.open(address, { authorization: `Bearer ${narrowed}` })
    )
  )
  t.teardown(() => [alone, both].forEach((socket) => void socket?.close()))
  const told = (heard: unknown) => JSON.stringify(heard).replaceAll(/"seq":\d+,/g, '')
  for (const { body } of graph)
    t.equal(told(await both?.ask(body as object)), told(await alone?.ask(body as object)), JSON.stringify(body))
}
