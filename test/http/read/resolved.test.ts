import { createHash } from 'node:crypto'
import t from 'tap'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { address, feedInput, feedPath, feedUrl, productInput, productPath, publisher } from '../support/feeds.ts'

interface Endpoint {
  readonly kind: string
  readonly value: string
  readonly status: string
}
interface View {
  readonly requirements: readonly { readonly key: string; readonly endpoints: readonly Endpoint[] }[]
  readonly feeds?: readonly object[]
  readonly validUntil?: string
}

const reference = { requirement: 'updates', value: 'ranges', url: 'https://LISTS.example.net/ranges.json' }

async function viewAt(app: TestApp, query: string): Promise<View> {
  const { body, statusCode } = await app.request(`${productPath}?resolve=feeds&requirement=updates${query}`)
  if (statusCode !== 200) throw new Error(body)
  return JSON.parse(body)
}

const values = ({ requirements }: View) =>
  requirements.flatMap(({ endpoints }) => endpoints.map(({ value, status }) => `${value} ${status}`))

t.test('a reference is resolved where that is asked for, and says what became of it', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput())
  const plain = await app.request(productPath)
  t.notOk('feeds' in JSON.parse(plain.body))
  t.match(JSON.parse(plain.body), { requirements: [{ endpoints: [{ kind: 'host' }, { kind: 'feed' }] }] })

  const unresolved = await viewAt(app, '')
  t.strictSame(values(unresolved), ['updates.example.net active'])
  t.strictSame(unresolved.feeds, [{ ...reference, outcome: 'unresolved' }])

  await publish(feedInput({ all: [address('20.0.0.0/24'), address('20.0.1.0/24', { until: '2026-12-01' })] }))
  const view = await viewAt(app, '')
  t.strictSame(view.requirements[0]?.endpoints, [
    { kind: 'host', value: 'updates.example.net', status: 'active' },
    {
      kind: 'address',
      value: '20.0.0.0/24',
      status: 'active',
      basis: 'feed',
      feed: { catalogue: 'feed.ranges', revision: 1 }
    },
    {
      kind: 'address',
      value: '20.0.1.0/24',
      status: 'retiring',
      until: '2026-12-01T00:00:00Z',
      basis: 'feed',
      feed: { catalogue: 'feed.ranges', revision: 1 }
    }
  ])
  t.equal(view.validUntil, '2026-12-01T00:00:00Z', 'the view ends where the feed changes')
  t.strictSame(view.feeds, [{ ...reference, outcome: 'resolved', feed: { catalogue: 'feed.ranges', revision: 1 } }])

  const rows = JSON.parse((await app.request(`${productPath}/endpoints?resolve=feeds&kind=address`)).body)
  t.match(rows.items, [
    {
      requirement: 'updates',
      transport: 'tcp',
      portFrom: 443,
      value: '20.0.0.0/24',
      basis: 'feed',
      feed: { revision: 1 }
    },
    { value: '20.0.1.0/24', until: '2026-12-01T00:00:00Z' }
  ])
  const csv = (await app.request(`${productPath}/endpoints?resolve=feeds&format=csv&kind=address`)).body
  t.match(csv, /endpointTags,basis,feed\r\n/)
  t.match(csv, /20\.0\.0\.0\/24.*,feed,feed\.ranges:1\r\n/)
  const one = JSON.parse((await app.request(`${productPath}/requirements/updates?resolve=feeds`)).body)
  t.equal(one.endpoints.length, 3)
  const document = JSON.parse((await app.request(`${productPath}/document`)).body)
  t.match(document.requirements[0].endpoints, [{ kind: 'host' }, { kind: 'feed' }], 'a document is never resolved')
})

t.test('both clocks reach through: all four corners', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const publish = publisher(app)
  const early = { all: [address('20.0.0.1', { until: '2026-06-01' }), address('20.0.0.2')] }
  await publish(feedInput(early), productInput({}, 'one'))
  app.clock.now = Date.parse('2026-03-01T00:00:00Z')
  await publish(feedInput({ all: [...early.all, address('20.0.0.3', { from: '2026-05-01' })] }, { label: '2' }))
  app.clock.now = Date.parse('2026-04-01T00:00:00Z')

  const corner = async (asOf: string, effectiveAt: string) =>
    values(await viewAt(app, `&kind=address&status=all&asOf=${asOf}&effectiveAt=${effectiveAt}`))
  t.strictSame(await corner('2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z'), ['20.0.0.1 retiring', '20.0.0.2 active'])
  t.strictSame(await corner('2026-02-01T00:00:00Z', '2026-07-01T00:00:00Z'), ['20.0.0.1 retired', '20.0.0.2 active'])
  t.strictSame(await corner('2026-04-01T00:00:00Z', '2026-02-01T00:00:00Z'), [
    '20.0.0.1 retiring',
    '20.0.0.2 active',
    '20.0.0.3 planned'
  ])
  t.strictSame(await corner('2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z'), [
    '20.0.0.1 retired',
    '20.0.0.2 active',
    '20.0.0.3 active'
  ])

  const count = async (query: string) => values(await viewAt(app, `&kind=address&status=all${query}`)).length
  t.equal(await count('&asOf=1'), 3, 'a number pins the referring catalogue alone')
  t.equal(await count('&asOf=label:one'), 3)
  t.equal(await count('&asOf=1&feedsAsOf=feed.ranges:1'), 2)
  t.equal(await count('&feedsAsOf=2026-02-01T00:00:00Z'), 2)
  t.equal(await count('&asOf=2026-02-01T00:00:00Z&feedsAsOf=2026-04-01T00:00:00Z'), 3)
  t.equal(await count('&asOf=2026-02-01T00:00:00Z&feedsAsOf=feed.ranges:2'), 3)
  t.match((await viewAt(app, '&feedsAsOf=2025-12-01T00:00:00Z')).feeds, [{ outcome: 'unresolved' }], 'before the feed')
})

t.test('feedsAsOf is held against what there is', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(feedInput({ all: [address('20.0.0.1')] }), productInput())
  const code = async (query: string) => {
    const { statusCode, body } = await app.request(`${productPath}?${query}`)
    return `${statusCode} ${JSON.parse(body).code}`
  }
  t.equal(await code('feedsAsOf=feed.ranges:1'), '400 invalid_parameter', 'without resolve=feeds it has no meaning')
  t.equal(await code('resolve=feeds&feedsAsOf=feed.ranges:2'), '422 unknown_revision')
  t.equal(await code('resolve=feeds&feedsAsOf=feed.other:1'), '422 unknown_revision')
  t.equal(await code('resolve=feeds&feedsAsOf=2027-01-01T00:00:00Z'), '422 time_out_of_range')
  t.equal(await code('resolve=feeds&feedsAsOf=2026-01-01'), '400 invalid_instant')
  t.equal(await code('resolve=feeds&feedsAsOf=feed.ranges:1&feedsAsOf=feed.ranges:3'), '400 invalid_parameter')
  t.equal(
    await code('resolve=feeds&feedsAsOf=2026-01-01T00:00:00Z&feedsAsOf=2026-01-02T00:00:00Z'),
    '400 invalid_parameter'
  )
  t.equal(await code('resolve=some'), '400 invalid_parameter')
})

t.test('tag, age and memento cover the feed exactly where it was resolved', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-11-24T12:00:00Z' })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1')] }))
  app.clock.now += 60_000
  const resolved = `${productPath}?resolve=feeds`
  const urls = [productPath, resolved, `${resolved}&asOf=1&effectiveAt=2026-11-24T12:00:00Z`]
  const read = async (url: string) => {
    const { headers, body } = await app.request(url)
    return { headers, body, etag: String(headers.etag) }
  }
  const before = await Promise.all(urls.map(read))
  t.match(before[0]?.headers, { 'portolan-seq': '1' })
  t.match(before[1]?.headers, { 'portolan-seq': '2', 'last-modified': 'Tue, 24 Nov 2026 12:00:00 GMT' })
  t.notMatch(before[0]?.headers.link, 'feedsAsOf')
  t.notMatch(before[2]?.headers['cache-control'], 'immutable', 'a URL with asOf alone moves when the feed does')
  const memento = /<([^>]+)>; rel="memento"/.exec(String(before[1]?.headers.link))?.[1] ?? ''
  t.match(memento, 'feedsAsOf=feed.ranges%3A1')
  const pinned = await read(memento)
  t.match(pinned.headers['cache-control'], 'immutable')
  t.equal(pinned.body, before[1]?.body)

  app.clock.now += 60_000
  await publish(
    feedInput({ all: [address('20.0.0.1'), address('20.0.0.2', { until: '2026-11-24T12:03:00Z' })] }, { label: '2' })
  )
  const after = await Promise.all(urls.map(read))
  t.equal(after[0]?.etag, before[0]?.etag, 'what was not resolved does not move')
  t.not(after[1]?.etag, before[1]?.etag)
  t.match(after[1]?.headers, {
    'portolan-seq': '3',
    'portolan-valid-until': '2026-11-24T12:03:00Z',
    'cache-control': 'max-age=60, must-revalidate'
  })
  t.match(after[1]?.body, '20.0.0.2')
  t.match(after[2]?.body, '20.0.0.2')
  const asked = { url: resolved, headers: { 'if-none-match': before[1]?.etag ?? '' } }
  t.equal((await app.request(asked)).statusCode, 200, 'no 304 across a move of the feed')
  t.equal((await read(memento)).body, before[1]?.body, 'the memento gives the same bytes')

  app.clock.now += 60_000
  const turned = await read(resolved)
  t.notMatch(turned.body, '20.0.0.2', 'the end of a row of the feed ends it here')
  t.not(turned.etag, after[1]?.etag)
  t.match(turned.headers, { 'portolan-valid-from': '2026-11-24T12:03:00Z' })

  await publish(documentInput({ id: 'other' }))
  t.equal((await read(resolved)).etag, turned.etag, 'other catalogues do not move it')
})

t.test('a kept answer goes when a feed appears, moves, or gives its place to another', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput())
  const values = async () => {
    const { body } = await app.request(`${productPath}?resolve=feeds&kind=address`)
    const view: View = JSON.parse(body)
    return view.requirements.flatMap(({ endpoints }) => endpoints.map(({ value }) => value))
  }
  t.strictSame(await values(), [])
  await publish(feedInput({ all: [address('20.0.0.2')] }))
  t.strictSame(await values(), ['20.0.0.2'])
  await publish(feedInput({ all: [address('20.0.0.3')] }, { label: '2' }))
  t.strictSame(await values(), ['20.0.0.3'])
  await publish(feedInput({ all: [address('20.0.0.1')] }, { id: 'feed.a' }))
  t.strictSame(await values(), ['20.0.0.1'], 'the least id counts')
  const { feeds } = JSON.parse((await app.request(`${productPath}?resolve=feeds`)).body)
  t.match(feeds, [{ feed: { catalogue: 'feed.a' }, others: ['feed.ranges'] }])
  await publish(feedInput({ all: [address('20.0.0.1')] }, { id: 'feed.a', label: '2', url: `${feedUrl}?other` }))
  t.strictSame(await values(), ['20.0.0.3'])
})

t.test('a page run stays at the revision of the feed at which it began', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1'), address('20.0.0.2'), address('20.0.0.3')] }))
  const first = JSON.parse((await app.request(`${productPath}/endpoints?resolve=feeds&kind=address&limit=2`)).body)
  await publish(feedInput({ all: [address('20.0.0.9')] }, { label: '2' }))
  const { pathname, search } = new URL(first.page.next)
  const next = JSON.parse((await app.request(pathname + search)).body)
  t.match(next.items, [{ value: '20.0.0.3', feed: { revision: 1 } }])
  t.equal(next.items.length, 1)
})

t.test('a key that may not read the feed gets no row of it', async (t) => {
  const app = await startApp(t, { isSeeded: false, readAccess: 'key' })
  const publisherKey = await app.key('catalogue:publish', 'catalogue:override', 'catalogue:read', 'keys:manage')
  for (const document of [productInput(), feedInput({ all: [address('20.0.0.1')] })])
    await app.request({
      method: 'PUT',
      url: `/v1/catalogues/${document.id}/document`,
      headers: { ...publisherKey, 'content-type': 'application/json', 'if-none-match': '*' },
      payload: JSON.stringify(document)
    })
  const keyFor = async (catalogues: readonly string[]) => {
    const { body } = await app.request({
      method: 'POST',
      url: '/v1/keys',
      headers: { ...publisherKey, 'content-type': 'application/json' },
      payload: JSON.stringify({ name: catalogues.join(), scopes: ['catalogue:read'], catalogues })
    })
    return { authorization: `Bearer ${JSON.parse(body).key}` }
  }
  const outcomes = async (headers: Readonly<Record<string, string>>) => {
    const { body } = await app.request({ url: `${productPath}?resolve=feeds`, headers })
    return [JSON.parse(body).feeds[0]?.outcome, body.includes('20.0.0.1')]
  }
  const [both, one] = [await keyFor(['product-1', 'feed.*']), await keyFor(['product-1'])]
  t.strictSame(await outcomes(both), ['resolved', true])
  t.strictSame(await outcomes(one), ['unresolved', false])
  t.strictSame(await outcomes(both), ['resolved', true])
  const { statusCode } = await app.request({
    url: `${productPath}?resolve=feeds&feedsAsOf=feed.ranges:1`,
    headers: one
  })
  t.equal(statusCode, 422)
  t.equal((await app.request({ url: feedPath, headers: one })).statusCode, 404)
})

t.test('a reference without select to a long list is unbounded', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const many = Array.from({ length: 1001 }, (_, index) => address(`20.1.${index >> 8}.${index & 255}`))
  await publisher(app)(feedInput({ all: many }), productInput())
  t.match((await viewAt(app, '')).feeds, [{ outcome: 'unbounded', feed: { catalogue: 'feed.ranges', revision: 1 } }])
})

t.test('filters on requirements leave out the references of others', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(
    productInput({ until: '2026-01-01' }),
    documentInput({ id: 'other', requirements: [requirementInput()] })
  )
  const feeds = async (url: string) => JSON.parse((await app.request(url)).body).feeds
  t.strictSame(await feeds(`${productPath}?resolve=feeds&requirement=ntp`), [])
  t.strictSame(await feeds(`${productPath}?resolve=feeds`), [], 'a reference that has ended is not missed')
  t.match(await feeds(`${productPath}?resolve=feeds&status=all`), [{ outcome: 'unresolved' }])
  t.equal(await feeds('/v1/catalogues/other?resolve=feeds'), undefined)
})

t.test('an audit compares with the rows of feeds where that is asked for', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1'), address('20.0.0.2')] }))
  const audit = async (path: string) => {
    const { body } = await app.request({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ entries: ['20.0.0.1'] })
    })
    const { current, unknown, missing } = JSON.parse(body)
    return [current, unknown, missing].map((list: readonly { readonly value: string }[]) =>
      list.map(({ value }) => value).sort()
    )
  }
  t.strictSame(await audit(`${productPath}/audit?requirement=updates`), [[], ['20.0.0.1'], ['updates.example.net']])
  const found = [['20.0.0.1'], [], ['20.0.0.2', 'updates.example.net']]
  t.strictSame(await audit(`${productPath}/audit?requirement=updates&resolve=feeds`), found)
  t.strictSame(await audit('/v1/audit?catalogue=product-1&requirement=updates&resolve=feeds'), found)
  await publish(feedInput({ all: [address('20.0.0.9')] }, { label: '2' }))
  t.strictSame(await audit(`${productPath}/audit?requirement=updates&resolve=feeds&feedsAsOf=feed.ranges:1`), found)
})

t.test('the pages of an audit over several catalogues stay at the feeds of the first page', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-11-24T12:00:00Z' })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1'), address('20.0.0.2'), address('20.0.0.3')] }))
  const audit = async (url: string) => {
    const headers = { 'content-type': 'application/json' }
    const { body } = await app.request({ method: 'POST', url, headers, payload: JSON.stringify({ entries: [] }) })
    const { missing, page } = JSON.parse(body)
    const next = page.next === null ? undefined : new URL(page.next)
    return {
      values: missing.map(({ value }: { readonly value: string }) => value),
      next: next && next.pathname + next.search
    }
  }
  const asked = '/v1/audit?catalogue=product-1&resolve=feeds&kind=address&limit=2'
  const past = `${asked}&feedsAsOf=2026-11-24T12:00:30Z`
  app.clock.now += 60_000
  const began = [await audit(asked), await audit(past)]
  for (const { values } of began) t.strictSame(values, ['20.0.0.1', '20.0.0.2'])
  await publish(feedInput({ all: [address('20.0.0.9')] }, { label: '2' }))
  for (const { next = '' } of began) t.strictSame((await audit(next)).values, ['20.0.0.3'])
  t.strictSame((await audit(asked)).values, ['20.0.0.9'])
  t.strictSame((await audit(`${asked}&feedsAsOf=feed.ranges:1`)).values, ['20.0.0.1', '20.0.0.2'])
  await publish(feedInput({ all: [address('20.0.0.7')] }, { id: 'feed.a' }))
  t.strictSame((await audit(asked)).values, ['20.0.0.7'], 'the least id counts')
  t.strictSame((await audit(`${asked}&feedsAsOf=feed.ranges:2`)).values, ['20.0.0.9'], 'unless another is named')
})

t.test('an export over GraphQL follows the feed as the one over REST does', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1')] }))
  const query = `{ catalogue(id: "product-1") { export(format: "plain-ip", slice: "out-tcp-443") { url digest report { entries } } } }`
  const read = async () => {
    const { body } = await app.request({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ query })
    })
    return JSON.parse(body).data.catalogue.export
  }
  const before = await read()
  t.match(before, { report: { entries: 1 }, url: /feedsAsOf=feed\.ranges%3A1/ })
  const pinned = await app.request(before.url)
  t.match(pinned.headers['cache-control'], 'immutable')
  t.equal(before.digest, `sha256:${createHash('sha256').update(pinned.rawPayload).digest('hex')}`)
  await publish(feedInput({ all: [address('20.0.0.1'), address('20.0.0.2')] }, { label: '2' }))
  t.match(await read(), { report: { entries: 2 }, url: /feedsAsOf=feed\.ranges%3A2/ })
})
