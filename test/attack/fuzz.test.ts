import { strict as assert } from 'node:assert'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Pool } from 'undici'
import { createKey } from '../../src/catalogue/keys.ts'
import { errorTitles } from '../../src/domain/errors.ts'
import { openStore } from '../../src/store/open.ts'
import { requests } from '../support/openapi-requests.ts'
import { fc, runs } from '../support/scale.ts'
import { startService } from '../support/service.ts'
import { graphqlBodies } from './support/graphql-operations.ts'

/*
 * A service as it runs, with its threads, is asked at random by the committed OpenAPI document and by the GraphQL schema, many requests at
 * once. Whatever it is asked, it answers in time, with a code that it names, and keeps its memory.
 */

/** Requests at a time, and in all at full scale. */
const [atOnce, all] = [20, 10_000]
/** Whoever gets no answer for so long gets none: the machine has other things to do. In milliseconds. */
const mostMs = 20_000
/** What the process may grow by while it is asked, in bytes: its caches and its threads are bounded. */
const mostGrowth = 400 * 1024 * 1024

interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const overRest: fc.Arbitrary<Ask> = requests.map(({ method, url, headers, body }) => ({
  // A stream of events has no end: of that only the head is asked for.
  method: url.startsWith('/v1/events/stream') ? 'HEAD' : method,
  path: url,
  headers: Object.fromEntries(Object.entries(headers).filter((entry) => entry[1] !== undefined)),
  ...(method !== 'GET' && { body })
}))
const overGraphql: fc.Arbitrary<Ask> = graphqlBodies.map((body) => ({
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json', authorization: 'key' },
  body
}))
const asks = fc.oneof({ arbitrary: overRest, weight: 3 }, { arbitrary: overGraphql, weight: 1 })

/** The codes in a problem, or in the errors of a GraphQL answer. */
function codesIn(text: string): readonly string[] {
  const { code, errors = [] } = JSON.parse(text)
  const inErrors = errors.map((each: { code?: string; extensions?: { code?: string } }) => each.extensions?.code)
  return [code, ...inErrors].filter((each) => each !== undefined)
}

t.test('whatever is asked, many at once, is answered in time and with a code that is named', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-fuzz-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  const url = `sqlite:${folder}/portolan.db`
  const store = await openStore(url)
  const { text } = await createKey(
    { store, now: () => Date.now(), random: (count) => randomBytes(count) },
    { scopes: ['catalogue:publish', 'catalogue:override', 'subscriptions:write'] }
  )
  await store.close()
  const service = await startService({
    PORTOLAN_DATABASE_URL: url,
    PORTOLAN_LOG_LEVEL: 'error',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8'
  })
  t.teardown(() => service.stop())
  const pool = new Pool(service.address, { connections: atOnce, headersTimeout: mostMs, bodyTimeout: mostMs })
  t.teardown(() => pool.close())

  const counts = new Map<number, number>()
  async function ask({ method, path, headers, body }: Ask): Promise<void> {
    const authorization = headers.authorization === 'key' ? `Bearer ${text}` : headers.authorization
    const answer = await pool.request({
      method,
      path,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && { body })
    })
    const { statusCode, headers: given } = answer
    const said = await answer.body.text()
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    assert(statusCode < 500 || statusCode === 503, `${method} ${path} ${body}: ${statusCode} ${said.slice(0, 500)}`)
    const type = String(given['content-type'])
    if (said === '' || !/^application\/(problem|json|graphql-response)/.test(type) || path.includes('openapi')) return
    if (statusCode < 400 && path !== '/graphql') return
    for (const code of codesIn(said)) assert(code in errorTitles, `${method} ${path} ${body}: ${code} is not named`)
  }

  const resident = () =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${service.process.pid}/status`, 'utf8'))?.[1])
  const before = process.platform === 'linux' ? resident() * 1024 : 0
  await fc.assert(
    fc.asyncProperty(fc.array(asks, { minLength: atOnce, maxLength: atOnce }), (batch) =>
      Promise.all(batch.map(ask)).then(() => undefined)
    ),
    // What fails is told as it came: many requests at once do not get fewer without getting others.
    { numRuns: runs(all / atOnce), endOnFailure: true }
  )
  const answers = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${count} times ${status}`)
  t.comment(answers.join(', '))
  t.ok((counts.get(200) ?? 0) > 0.2 * runs(all), 'many are right')
  t.equal(service.process.exitCode, null, 'the service runs')
  if (process.platform === 'linux') {
    const growth = resident() * 1024 - before
    t.ok(growth < mostGrowth, `the process grew by ${Math.round(growth / 1024 / 1024)} MiB`)
  }
  t.equal(
    service
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":50'))
      .join('\n'),
    '',
    'it reports no failure of its own'
  )
})
