import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { stringify } from 'yaml'
import { type ComparedAnswer, comparedAnswer } from '../../support/compared-answer.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { publisherKey } from '../../support/publisher-key.ts'
import { runs, some } from '../../support/scale.ts'
import { type Service, startService } from '../../support/service.ts'

/*
 * What is answered in a thread is what the loop answers: two services on one database, one with threads and one without, are asked the
 * same. The catalogue is large enough for its answers to be costly.
 */

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

async function ask(address: string, { method = 'GET', path, headers = {}, body }: Ask): Promise<ComparedAnswer> {
  return comparedAnswer(await fetch(`${address}${path}`, { method, headers, ...(body !== undefined && { body }) }))
}

interface Operation {
  readonly operationId: string
}
const big = requirementInput({ endpoints: addresses(400) })
const ending = addresses(3, 1000).map((each) => ({ ...each, until: '2199-01-01T00:00:00Z' }))
const names = requirementInput({
  key: 'names',
  title: 'Names',
  services: [{ transport: 'udp', ports: [53] }],
  endpoints: [...ending, { kind: 'host', value: 'a.example.net' }, { kind: 'host', value: '*.cdn.example.net' }]
})
const editions = [
  documentInput({ id: 'big', requirements: [big, names] }),
  documentInput({
    id: 'big',
    edition: { label: '2', summary: 'More' },
    requirements: [requirementInput({ endpoints: addresses(420) }), names]
  })
]
const { paths }: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
  readFileSync('openapi/portolan.json', 'utf8')
)
const catalogue = '/v1/catalogues/big'

/** Values of the parameters in paths of the OpenAPI document. */
const segments: Readonly<Record<string, string>> = {
  id: 'big',
  key: 'updates',
  number: '1',
  format: 'edl-ip',
  types: 'catalogues,requirements,endpoints'
}
/** Answers that differ from one process to the next, or from one moment to the next, and streams that have no end. */
const apart = [
  '/health/',
  '/metrics',
  '/v1/events/stream',
  '/docs',
  '/graphql',
  '/graphiql',
  '/v1/subscriptions',
  '/v1/keys'
]
const plain = Object.entries(paths)
  .filter(([path, item]) => item.get && !apart.some((each) => path.startsWith(each)))
  .map(([path]) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segments[name] ?? 'x'))

const asks = (key: string, formats: readonly string[]): readonly Ask[] => [
  ...plain.map((path) => ({ path })),
  ...plain.map((path) => ({ path, method: 'HEAD' })),
  ...plain.map((path) => ({ path: `${path}?nonsense=1` })),
  ...formats.flatMap((name) => [
    { path: `${catalogue}/exports/${name}?slice=all` },
    { path: `${catalogue}/exports/${name}` },
    { path: `${catalogue}/exports/${name}/report?slice=all` }
  ]),
  ...['exact', 'budget:1', 'budget:50'].map((aggregate) => ({
    path: `${catalogue}/exports/edl-ip?slice=all&aggregate=${aggregate}`
  })),
  { path: `${catalogue}?asOf=1&effectiveAt=2199-06-01T00:00:00Z` },
  { path: `${catalogue}?asOf=7` },
  { path: `${catalogue}?effectiveAt=yesterday` },
  { path: `${catalogue}/endpoints?limit=7` },
  { path: `${catalogue}/endpoints?kind=host`, headers: { accept: 'text/csv' } },
  { path: `${catalogue}/endpoints`, headers: { accept: 'application/x-ndjson' } },
  { path: `${catalogue}/endpoints`, headers: { accept: 'image/png' } },
  { path: `${catalogue}/endpoints?cursor=nonsense` },
  { path: `${catalogue}/document`, headers: { accept: 'application/yaml' } },
  { path: `${catalogue}/diff?from=1&to=2` },
  { path: `${catalogue}/diff?from=1` },
  { path: `${catalogue}/requirements?transport=udp` },
  { path: `${catalogue}/requirements/none` },
  { path: '/v1/lookup?value=20.0.0.7' },
  { path: '/v1/lookup?value=tcp/443&limit=5&effectiveAt=2030-01-01T00:00:00Z' },
  { path: '/v1/lookup?value=nonsense%20' },
  { path: '/v1/delta?type=endpoint', headers: { accept: 'application/x-ndjson' } },
  { path: '/v1/delta?limit=10' },
  { path: '/v1/catalogues/none' },
  ...[
    { entries: ['20.0.0.1', '203.0.113.9', 'x y'] },
    { entries: 7 },
    { entries: addresses(1000).map(({ value }) => value) }
  ].map((body) => ({
    method: 'POST',
    path: `${catalogue}/audit`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body)
  })),
  ...['application/json', 'application/yaml', 'text/plain'].flatMap((type) =>
    [
      { ...editions[0], edition: { label: '3', summary: 'Back' } },
      { ...editions[1], requirements: [{}] }
    ].map((document) => ({
      method: 'PUT',
      path: `${catalogue}/document?dryRun=true`,
      headers: { authorization: `Bearer ${key}`, 'content-type': type, 'if-match': '*' },
      body: type === 'application/json' ? JSON.stringify(document) : stringify(document)
    }))
  ),
  { method: 'PUT', path: `${catalogue}/document`, headers: { 'content-type': 'application/json' }, body: '{}' },
  { method: 'DELETE', path: catalogue }
]

t.test('two services on one database, with threads and without', { timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-parity-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  const url = `sqlite:${folder}/portolan.db`
  const key = await publisherKey(url)
  const environment = {
    PORTOLAN_DATABASE_URL: url,
    PORTOLAN_LOG_LEVEL: 'silent',
    // Tags cover the base of links.
    PORTOLAN_PUBLIC_URL: 'https://portolan.example'
  }
  const [loop, threads] = await Promise.all([
    startService({ ...environment, PORTOLAN_THREADS: '0' }),
    startService({ ...environment, PORTOLAN_THREADS: '2' })
  ])
  t.teardown(async () => void (await Promise.all([loop.stop(), threads.stop()])))
  for (const [index, edition] of editions.entries()) {
    const tag = (await ask(loop.address, { path: `${catalogue}/document` })).headers.etag
    const made = await ask(threads.address, {
      method: 'PUT',
      path: `${catalogue}/document`,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(tag === undefined ? { 'if-none-match': '*' } : { 'if-match': tag })
      },
      body: JSON.stringify(edition)
    })
    t.equal(made.status, 201, made.body.slice(0, 300))
    // The other process sees what was published within a second.
    while (!(await ask(loop.address, { path: catalogue })).body.includes(`"number":${index + 1}`)) await pause(50)
  }
  // Last-Modified is said once its second is over.
  await pause(1100)
  const formats: readonly { readonly name: string }[] = JSON.parse(
    (await ask(loop.address, { path: '/v1/formats' })).body
  ).items
  t.test('both answer the same to everything that may be asked', { timeout: 120_000 }, async (t) => {
    let validated = 0
    const all = asks(
      key,
      formats.map(({ name }) => name)
    )
    for (const each of some(all)) {
      for (const encoding of ['identity', 'gzip']) {
        const asked = { ...each, headers: { ...each.headers, 'accept-encoding': encoding } }
        const name = `${each.method ?? 'GET'} ${each.path} ${JSON.stringify(each.headers ?? {})} ${encoding}`
        const [expected, found] = [await ask(loop.address, asked), await ask(threads.address, asked)]
        const isSame = t.same(found, expected, name)
        if (!isSame) continue
        const { etag } = expected.headers
        if (etag === undefined || each.method === 'PUT') continue
        validated += 1
        const again = { ...asked, headers: { ...asked.headers, 'if-none-match': etag } }
        t.same(await ask(threads.address, again), await ask(loop.address, again), `${name}, conditional`)
        const { 'last-modified': modified } = expected.headers
        if (modified === undefined) continue
        // Nobody asked for it in these words, so that no kept answer serves.
        const accept = `${each.headers?.accept ?? '*/*'}, none/none`
        const since = { ...asked, headers: { ...asked.headers, accept, 'if-modified-since': modified } }
        t.same(await ask(threads.address, since), await ask(loop.address, since), `${name}, by its date`)
      }
    }
    t.ok(validated > runs(100), `${validated} conditional requests`)
  })

  t.test(
    'costly answers come from threads',
    { skip: process.platform !== 'linux' && 'only Linux tells the threads of a process' },
    async (t) => {
      const count = ({ process: { pid } }: Service) => readdirSync(`/proc/${pid}/task`).length
      t.ok(count(threads) > count(loop), `${count(threads)} threads, and ${count(loop)} without`)
    }
  )
})
