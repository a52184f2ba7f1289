import t from 'tap'
import type { Entry } from '../../../src/domain/mirror/delta.ts'
import { clearswift, startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { type DeltaPage, Mirror, sha256 } from './support/mirror.ts'

const oldMirrors = ['184.72.245.1', '79.125.8.252', '175.41.136.7', '174.129.26.118', '176.34.251.142', '54.254.98.96']
const host = (value: string, fields: object = {}) => ({ kind: 'host', value, ...fields })

/** Publishes whatever the guard rails say. */
async function publish({ request, key }: TestApp, document: object, id = 'product-1'): Promise<number> {
  const rules = ['catalogue_emptied', 'requirement_emptied', 'mass_removal', 'unannounced_removal', 'short_notice']
  const overrides = rules.map((rule) => `override=${rule}`).join('&')
  const answer = await request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document?${overrides}&reason=test`,
    headers: {
      ...(await key('catalogue:publish', 'catalogue:override')),
      'content-type': 'application/json',
      ...((await request(`/v1/catalogues/${id}`)).statusCode === 404 ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: JSON.stringify({ ...document, id })
  })
  if (answer.statusCode > 201) throw new Error(answer.body)
  return answer.statusCode
}

const brief = (entries: readonly Entry[]) =>
  entries.map((entry) =>
    entry.op === 'upsert'
      ? `upsert ${entry.type} ${entry.key}`
      : `delete ${entry.type} ${entry.key} ${entry.tombstone.reason} ${entry.tombstone.at}`
  )

t.test('a baseline, then the six old mirrors that retire at midnight, though nobody publishes anything', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const mirror = new Mirror(app.request)
  const baseline = await mirror.round()
  const [first] = baseline?.items ?? []
  t.match(first, { op: 'upsert', type: 'catalogue', id: clearswift, key: clearswift })
  t.equal(baseline?.seq, 2)
  const addresses = () =>
    [...mirror.objects.values()].flatMap(({ type, data }) =>
      type === 'endpoint' && data.kind === 'address' ? [data] : []
    )
  t.equal(addresses().filter(({ status }) => status === 'retiring').length, 12)
  t.strictSame((await mirror.round())?.items, [])

  app.clock.now = Date.parse('2018-11-22T00:00:00Z')
  const { items = [] } = (await mirror.round()) ?? {}
  t.equal(items.length, 12)
  for (const item of items) {
    t.match(item, { op: 'delete', type: 'endpoint', tombstone: { reason: 'retired', at: '2018-11-22T00:00:00Z' } })
    t.ok(oldMirrors.some((value) => item.key === `address:${value}`))
    t.ok(item.op === 'delete' && (item.tombstone.replacedBy ?? []).length > 0, 'and what takes their place')
  }
  t.equal(addresses().filter(({ status }) => status === 'retiring').length, 0)
  t.strictSame((await mirror.round())?.items, [])
})

t.test('what an author removes, renames, moves out of a filter and brings back is told as what it is', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const updates = { key: 'updates', tags: ['web'], endpoints: [host('a.example.net'), host('b.example.net')] }
  const mail = { key: 'mail', tags: ['mail'], endpoints: [host('m.example.net')] }
  const doc = (...requirements: object[]) =>
    documentInput({ requirements: requirements.map((fields) => requirementInput({ ...fields })) })
  await publish(app, doc(updates, mail))
  const all = new Mirror(app.request)
  const web = new Mirror(app.request, 'tag=web')
  await all.round()
  await web.round()
  t.equal(all.objects.size, 6)
  t.equal(web.objects.size, 4)
  const idOf = (key: string) => [...all.objects.values()].find((object) => object.key === key)?.id

  app.clock.now += 86_400_000
  await publish(app, doc({ ...updates, endpoints: [host('a.example.net'), host('c.example.net')] }, mail))
  const changed = ['upsert catalogue product-1', 'upsert endpoint host:c.example.net']
  t.strictSame(brief((await all.round())?.items ?? []), [
    ...changed,
    'delete endpoint host:b.example.net deleted 2026-01-02T00:00:00Z'
  ])

  const ids = [idOf('updates'), idOf('host:a.example.net')]
  app.clock.now += 86_400_000
  const renamed = { ...updates, key: 'downloads', previousKeys: ['updates'], endpoints: [host('a.example.net')] }
  await publish(app, doc(renamed, mail))
  t.strictSame(brief((await all.round())?.items ?? []), [
    'upsert catalogue product-1',
    'upsert requirement downloads',
    'upsert endpoint host:a.example.net',
    'delete endpoint host:c.example.net deleted 2026-01-03T00:00:00Z'
  ])
  t.strictSame([idOf('downloads'), idOf('host:a.example.net')], ids, 'a rename keeps the ids')

  app.clock.now += 86_400_000
  await publish(app, doc({ ...renamed, tags: ['other'] }, mail))
  const left = (await web.round())?.items ?? []
  // Entries of one kind come by their ids, which say nothing.
  t.strictSame(brief(left).sort(), [
    'delete endpoint host:a.example.net left_filter 2026-01-04T00:00:00Z',
    'delete endpoint host:b.example.net deleted 2026-01-02T00:00:00Z',
    'delete endpoint host:c.example.net deleted 2026-01-03T00:00:00Z',
    'delete requirement downloads left_filter 2026-01-04T00:00:00Z',
    'upsert catalogue product-1'
  ])
  app.clock.now += 86_400_000
  await publish(app, doc(renamed, mail))
  t.strictSame(brief((await web.round())?.items ?? []), [
    'upsert catalogue product-1',
    'upsert requirement downloads',
    'upsert endpoint host:a.example.net'
  ])
  await all.round()
  app.clock.now += 86_400_000
  await publish(app, doc(renamed))
  t.strictSame(brief((await all.round())?.items ?? []).slice(1), [
    'delete endpoint host:m.example.net deleted 2026-01-06T00:00:00Z',
    'delete requirement mail deleted 2026-01-06T00:00:00Z'
  ])
})

t.test(
  'what came and went inside a round is a deletion, and what was over before it was removed retired',
  async (t) => {
    const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
    const doc = (...endpoints: object[]) => documentInput({ requirements: [requirementInput({ endpoints })] })
    const old = host('old.example.net', { until: '2026-01-05T00:00:00Z', replacedBy: ['a.example.net'] })
    await publish(app, doc(host('a.example.net'), old))
    const mirror = new Mirror(app.request, 'type=endpoint')
    await mirror.round()
    await publish(app, doc(host('a.example.net'), old, host('brief.example.net')))
    await publish(app, doc(host('a.example.net'), old))
    t.strictSame(brief((await mirror.round())?.items ?? []), [
      'delete endpoint host:brief.example.net deleted 2026-01-01T00:00:00Z'
    ])
    app.clock.now = Date.parse('2026-01-07T00:00:00Z')
    await publish(app, doc(host('a.example.net')))
    const [entry] = (await mirror.round())?.items ?? []
    t.match(entry, {
      op: 'delete',
      tombstone: { reason: 'retired', at: '2026-01-05T00:00:00Z', replacedBy: ['a.example.net'] }
    })
  }
)

t.test('what went and came back is told to a copy whose round broke off in between', async (t) => {
  const one = requirementInput({ key: 'one', endpoints: [host('a.example'), host('b.example')] })
  const two = requirementInput({ key: 'two', endpoints: [host('c.example')] })
  for (const query of ['', 'kind=host', 'status=active']) {
    const app = await startApp(t, { isSeeded: false })
    await publish(app, documentInput({ requirements: [one, two] }))
    const mirror = new Mirror(app.request, query)
    await mirror.round()
    const first = mirror.cursor
    await publish(app, documentInput({ requirements: [{ ...one, endpoints: [host('b.example')] }] }))
    await mirror.round()
    mirror.cursor = first
    await publish(app, documentInput({ requirements: [one, two] }))
    // The mirror holds its copy against the digest of the answer.
    const { items = [] } = (await mirror.round()) ?? {}
    const lines = brief(items)
    for (const line of ['upsert endpoint host:a.example', 'upsert requirement two', 'upsert endpoint host:c.example'])
      t.ok(lines.includes(line), `${query} ${line}`)
    t.notOk(lines.includes('upsert endpoint host:b.example'), 'what was never absent is not told')
  }
})

t.test('with a filter on endpoints a requirement comes with its first endpoint and goes with its last', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const lifetime = { from: '2026-02-01T00:00:00Z', until: '2026-03-01T00:00:00Z' }
  const address = { kind: 'address', value: '20.0.0.1', ...lifetime }
  await publish(
    app,
    documentInput({ requirements: [requirementInput({ endpoints: [host('a.example.net'), address] })] })
  )
  const mirror = new Mirror(app.request, 'kind=address&status=active&status=retiring')
  await mirror.round()
  t.equal(mirror.objects.size, 1)
  app.clock.now = Date.parse(lifetime.from)
  t.strictSame(brief((await mirror.round())?.items ?? []), [
    'upsert requirement updates',
    `upsert endpoint address:20.0.0.1@${lifetime.from}`
  ])
  app.clock.now = Date.parse(lifetime.until)
  t.strictSame(brief((await mirror.round())?.items ?? []), [
    `delete endpoint address:20.0.0.1@${lifetime.from} retired ${lifetime.until}`,
    `delete requirement updates left_filter ${lifetime.until}`
  ])
})

t.test(
  'pages of one round are of one moment, whatever is published and whatever the clock does between them',
  async (t) => {
    const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
    const endpoints = (from: number) => Array.from({ length: 30 }, (_, index) => host(`h${from + index}.example.net`))
    const doc = (from: number) => documentInput({ requirements: [requirementInput({ endpoints: endpoints(from) })] })
    await publish(app, doc(0))
    const mirror = new Mirror(app.request, 'limit=7')
    let from = 0
    const between = async () => {
      from += 3
      app.clock.now += 60_000
      await publish(app, doc(from))
    }
    const baseline = await mirror.round({ between })
    t.equal(baseline?.items.length, 32)
    t.equal(baseline?.seq, 1)
    const round = await mirror.round({ between })
    t.equal(round?.items.length, 31, 'the catalogue, 15 that came and 15 that went')
    const last = await mirror.round()
    t.equal(last?.seq, from / 3 + 1)
    const view = (await app.request('/v1/catalogues/product-1')).json()
    const held = [...mirror.objects.values()].filter(({ type }) => type === 'endpoint').map(({ key }) => key)
    t.strictSame(
      held.sort(),
      view.requirements[0].endpoints.map(({ value }: { value: string }) => `host:${value}`).sort()
    )
  }
)

t.test('an idle round is answered with 304, hot, and by the clock alone no longer', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T23:59:58.500Z' })
  const mirror = new Mirror(app.request)
  await mirror.round()
  const { cursor } = mirror
  const first = await app.request(mirror.url())
  const page = first.json<DeltaPage>()
  t.strictSame(page.items, [])
  t.equal(page.page.cursor, cursor, 'nothing happened: the same cursor')
  t.equal(first.headers['cache-control'], 'max-age=1, must-revalidate')
  const idle = () => app.request({ url: mirror.url(), headers: { 'if-none-match': String(first.headers.etag) } })
  t.equal((await idle()).statusCode, 304)
  app.clock.now += 60_000
  const later = await idle()
  t.equal(later.statusCode, 200)
  t.equal(later.json<DeltaPage>().items.length, 12)
})

t.test('cursors that belong to another filter, another store, or to nothing are refused with a code', async (t) => {
  const app = await startApp(t)
  const other = await startApp(t)
  const mirror = new Mirror(app.request)
  await mirror.round()
  const status = async (url: string) => {
    const answer = await app.request(url)
    return [answer.statusCode, answer.json().code ?? '']
  }
  t.strictSame(await status(`/v1/delta?kind=host&cursor=${mirror.cursor}`), [400, 'cursor_mismatch'])
  t.strictSame(await status(`/v1/delta?type=endpoint&cursor=${mirror.cursor}`), [400, 'cursor_mismatch'])
  t.strictSame(await status(`/v1/delta?type=endpoint&type=catalogue&type=requirement&cursor=${mirror.cursor}`), [
    200,
    ''
  ])
  t.strictSame(await status(`/v1/delta?limit=3&cursor=${mirror.cursor}`), [200, ''], 'another limit is no other query')
  t.strictSame(await status('/v1/delta?cursor=abc'), [400, 'cursor_invalid'])
  t.strictSame(await status('/v1/delta?catalogue=nowhere'), [404, 'not_found'])
  t.strictSame(await status('/v1/delta?asOf=1'), [400, 'unknown_parameter'])
  const foreign = new Mirror(other.request)
  await foreign.round()
  const gone = await app.request(foreign.url())
  t.equal(gone.statusCode, 410)
  t.equal(gone.json().code, 'epoch_changed')
  t.equal(gone.headers.link, '</v1/delta>; rel="start"')
  const future = Buffer.from(JSON.stringify([1, app.catalogues.store.epoch, queryIn(mirror), [99, 0], 0, 0]))
  t.strictSame(await status(`/v1/delta?cursor=${future.toString('base64url')}`), [410, 'epoch_changed'])
})

function queryIn({ cursor = '' }: Mirror): string {
  return JSON.parse(Buffer.from(cursor, 'base64url').toString())[2]
}

t.test('latest is a cursor without entries, and the digest of all that there is', async (t) => {
  const app = await startApp(t)
  const whole = new Mirror(app.request)
  const baseline = await whole.round()
  const latest = (await app.request('/v1/delta?cursor=latest')).json<DeltaPage>()
  t.strictSame(latest.items, [])
  t.equal(latest.page.cursor, whole.cursor)
  t.equal(latest.digest, baseline?.digest)
})

t.test('as lines a round comes whole, and its last line says that it is', async (t) => {
  const app = await startApp(t)
  const accept = 'application/x-ndjson'
  const answer = await app.request({ url: '/v1/delta', headers: { accept } })
  t.match(answer.headers['content-type'], /^application\/x-ndjson/)
  const lines = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const mirror = new Mirror(app.request)
  const baseline = await mirror.round()
  t.strictSame(lines.slice(0, -1), baseline?.items)
  const { items: _, ...end } = baseline ?? {}
  t.strictSame(lines.at(-1), end)
  const headers = { accept, 'if-none-match': String(answer.headers.etag) }
  t.equal((await app.request({ url: '/v1/delta', headers })).statusCode, 304)
  const page = await app.request({ url: '/v1/delta?limit=5', headers: { accept } })
  const pageLines = page.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.equal(pageLines.length, 6)
  t.match(pageLines.at(-1).page, { next: /cursor=/, cursor: null })
  const packed = await app.request({ url: '/v1/delta', headers: { accept, 'accept-encoding': 'gzip' } })
  t.equal(packed.headers['content-encoding'], 'gzip')
  const head = await app.request({ method: 'HEAD', url: '/v1/delta', headers: { accept } })
  t.equal(head.body, '')
  t.equal(head.headers.etag, answer.headers.etag)
})

t.test(
  'who prefers to wait hears of a publish, of nothing after the wait, and of the end of the service',
  async (t) => {
    const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
    await publish(app, documentInput())
    const mirror = new Mirror(app.request)
    await mirror.round()
    const wait = (seconds: number) => app.request({ url: mirror.url(), headers: { prefer: `wait=${seconds}` } })
    const start = Date.now()
    const idle = await wait(1)
    t.ok(Date.now() - start >= 900, 'it waited')
    t.strictSame(idle.json<DeltaPage>().items, [])
    const waiting = wait(30)
    setTimeout(() => void publish(app, documentInput({ title: 'Another' })), 50)
    t.strictSame(brief((await waiting).json<DeltaPage>().items), ['upsert catalogue product-1'])
    t.ok(Date.now() - start < 20_000)
  }
)

t.test('the digest by bucket shows where a copy differs', async (t) => {
  const app = await startApp(t)
  const mirror = new Mirror(app.request)
  const baseline = await mirror.round()
  const { buckets, ...all } = (await app.request('/v1/digest?buckets=256')).json()
  t.match(all, { count: baseline?.count, digest: baseline?.digest, seq: baseline?.seq, epoch: baseline?.epoch })
  t.equal(buckets.length, 256)
  for (const { bucket, count, digest } of buckets) {
    const ours = new Mirror(app.request)
    for (const object of mirror.objects.values())
      if (Number.parseInt(sha256(object.id).slice(0, 2), 16) === bucket) ours.objects.set(object.id, object)
    t.strictSame({ count, digest }, { count: ours.objects.size, digest: ours.digest() }, `bucket ${bucket}`)
  }
  const few = (await app.request('/v1/digest?buckets=3&type=endpoint')).json()
  t.equal(few.buckets.length, 3)
  t.equal(
    few.buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
    few.count
  )
  const then = (await app.request(`/v1/digest?cursor=${mirror.cursor}`)).json()
  t.strictSame(then.digest, all.digest)
})
