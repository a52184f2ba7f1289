import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

t.test('a client that has the answer gets 304, hot and cold, in either encoding', async (t) => {
  const { request } = await startApp(t)
  for (const path of [
    '',
    '/requirements',
    '/endpoints',
    '/document',
    '/revisions',
    '/revisions/2',
    '/diff?from=1&to=2',
    '/timeline'
  ]) {
    const url = `${clearswiftPath}${path}`
    const first = await request(url)
    t.equal(first.statusCode, 200, url)
    const { etag } = first.headers
    t.match(etag, /^"[^"]+"$/)
    for (const headers of [{}, { 'cache-control': 'no-cache' }, { 'accept-encoding': 'gzip' }]) {
      const again = await request({ url, headers: { ...headers, 'if-none-match': `W/"other", ${etag}` } })
      t.equal(again.statusCode, 304, url)
      t.equal(again.body, '')
      t.notOk('content-type' in again.headers)
    }
    t.equal((await request({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  }
})

t.test(
  'If-Modified-Since with the date of the answer is 304, and that date comes only once its second is over',
  async (t) => {
    const { request, clock } = await startApp(t, { now: '2026-11-24T12:00:00.300Z' })
    const paths = [
      '',
      '/endpoints',
      '/document',
      '/diff?from=1&to=2',
      '/timeline',
      '/exports/plain-ip?slice=out-tcp-80'
    ]
    const urls = [...paths, '/feed.atom', '/calendar.ics'].map((path) => `${clearswiftPath}${path}`)
    for (const url of [...urls, '/v1/feed.atom', '/v1/calendar.ics'])
      t.notOk('last-modified' in (await request(url)).headers, `${url} may change in this second`)
    clock.now += 700
    for (const url of [...urls, '/v1/feed.atom', '/v1/calendar.ics']) {
      const date = (await request(url)).headers['last-modified']
      t.equal(date, 'Tue, 24 Nov 2026 12:00:00 GMT', url)
      const since = { 'if-modified-since': String(date) }
      for (const headers of [since, { ...since, 'accept-encoding': 'gzip' }]) {
        const again = await request({ url, headers })
        t.equal(again.statusCode, 304, url)
        t.equal(again.body, '')
      }
      t.equal((await request({ url, headers: { ...since, 'if-none-match': '"other"' } })).statusCode, 200)
      const earlier = { 'if-modified-since': 'Tue, 24 Nov 2026 11:59:59 GMT' }
      t.equal((await request({ url, headers: earlier })).statusCode, 200)
    }
  }
)

t.test('HEAD gives the header fields of GET', async (t) => {
  const { request } = await startApp(t)
  for (const url of [clearswiftPath, `${clearswiftPath}/document`, '/v1/catalogues', '/v1/lookup?value=184.72.245.1']) {
    const get = await request(url)
    const head = await request({ method: 'HEAD', url })
    t.equal(head.statusCode, 200)
    t.equal(head.body, '')
    t.strictSame({ ...head.headers, date: '' }, { ...get.headers, date: '' }, url)
    t.equal(Number(get.headers['content-length']), Buffer.byteLength(get.body))
  }
})

t.test('gzip is prepared, has a tag of its own and the same content', async (t) => {
  const { request } = await startApp(t)
  const plain = await request(clearswiftPath)
  for (const turn of ['cold', 'hot']) {
    const zipped = await request({ url: clearswiftPath, headers: { 'accept-encoding': 'br, gzip;q=0.5' } })
    t.equal(zipped.headers['content-encoding'], 'gzip', turn)
    t.not(zipped.headers.etag, plain.headers.etag)
    t.equal(gunzipSync(zipped.rawPayload).toString(), plain.body)
  }
  t.notOk(
    'content-encoding' in (await request({ url: clearswiftPath, headers: { 'accept-encoding': 'gzip;q=0' } })).headers
  )
  t.match(plain.headers.vary, /accept-encoding/)
})

t.test('what nothing can change is immutable, and every moving URL names it', async (t) => {
  const { request } = await startApp(t, { now: '2018-11-01T00:00:00Z', publicUrl: 'https://portolan.example' })
  const moving = await request(clearswiftPath)
  t.equal(moving.headers['cache-control'], 'max-age=60, must-revalidate')
  const [, memento = ''] = /<https:\/\/portolan\.example([^>]+)>; rel="memento"/.exec(String(moving.headers.link)) ?? []
  t.equal(memento, `${clearswiftPath}?asOf=2&effectiveAt=2018-10-01T00%3A00%3A00Z`)
  const pinned = await request(memento)
  t.equal(pinned.headers['cache-control'], 'max-age=31536000, immutable')
  t.equal(pinned.body, moving.body)
  t.equal(pinned.headers.etag, moving.headers.etag)
  for (const [query, isImmutable] of [
    ['asOf=1&effectiveAt=2018-01-01T00:00:00Z', true],
    ['asOf=2018-09-15T00:00:00Z&effectiveAt=2018-01-01T00:00:00Z', true],
    ['asOf=2018-10-15T00:00:00Z&effectiveAt=2018-01-01T00:00:00Z', false],
    ['asOf=label:2.3&effectiveAt=2018-01-01T00:00:00Z', false],
    ['asOf=1', false],
    ['effectiveAt=2018-01-01T00:00:00Z', false]
  ] as const) {
    const { headers } = await request(`${clearswiftPath}?${query}`)
    t.equal(/immutable/.test(String(headers['cache-control'])), isImmutable, query)
  }
  t.match((await request(`${clearswiftPath}/document?asOf=1`)).headers['cache-control'], /immutable/)
  t.match((await request(`${clearswiftPath}/revisions/1`)).headers['cache-control'], /immutable/)
})

t.test('every answer about a catalogue says what it is about', async (t) => {
  const { request, catalogues, clock } = await startApp(t)
  clock.now += 1000
  const { headers } = await request(`${clearswiftPath}?effectiveAt=2018-11-01T00:00:00Z`)
  t.match(headers, {
    'portolan-revision': '2',
    'portolan-valid-from': '2018-10-01T00:00:00Z',
    'portolan-valid-until': '2018-11-22T00:00:00Z',
    'portolan-seq': '2',
    'portolan-epoch': catalogues.store.epoch,
    'x-content-type-options': 'nosniff'
  })
  t.equal(headers['last-modified'], 'Tue, 24 Nov 2026 12:00:00 GMT', 'the record is later than the transition')
})

t.test('in the last second before a transition nobody is told to keep what they have', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const endpoints = [
    { kind: 'address', value: '20.0.0.1', until: '2026-01-02T00:00:00Z' },
    { kind: 'address', value: '20.0.0.2' }
  ]
  const made = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*', 'content-type': 'application/json' },
    payload: JSON.stringify(documentInput({ requirements: [requirementInput({ endpoints })] }))
  })
  t.equal(made.statusCode, 201)
  const address = await app.listen()
  const paths = ['', '/endpoints', '/exports/nftables', '/slices'].map((part) => `/v1/catalogues/product-1${part}`)
  for (const path of [...paths, '/v1/catalogues', '/v1/delta?cursor=latest']) {
    app.clock.now = Date.parse('2026-01-01T12:00:00Z')
    const etag = String((await fetch(address + path)).headers.get('etag'))
    const again = (headers: Record<string, string> = { 'if-none-match': etag }) => fetch(address + path, { headers })
    const before = '2026-01-01T23:59:58.500Z'
    const last = '2026-01-01T23:59:59.001Z'
    for (const kept of [false, true]) {
      // Without that the answer is the one that was kept.
      const query = kept ? {} : { 'cache-control': 'no-cache', accept: '*/*;q=0.9' }
      app.clock.now = Date.parse(before)
      t.equal((await again({ ...query, 'if-none-match': etag })).status, 304, `${path} ${kept}`)
      app.clock.now = Date.parse(last)
      const answer = await again({ ...query, 'if-none-match': etag })
      t.match([answer.status, answer.headers.get('cache-control')], [200, /max-age=0/], `${path} ${kept}`)
      t.ok((await answer.text()).length > 10)
    }
    const modified = (await fetch(address + path)).headers.get('last-modified')
    if (modified) t.equal((await again({ 'if-modified-since': modified })).status, 200, `${path} by date`)
    app.clock.now = Date.parse('2026-01-02T00:00:00Z')
  }
})
