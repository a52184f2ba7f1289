import t from 'tap'
import { clearswiftPath, startApp, type TestApp } from '../../support/app.ts'
import { address, feedInput, productInput, productPath, publisher } from '../support/feeds.ts'

const lines = (body: string) => body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

async function exported(app: TestApp, query: string) {
  const { body, headers } = await app.request(`${productPath}/exports/${query}`)
  return { lines: lines(body), body, headers, report: String(headers['portolan-export-report']) }
}

t.test('a list follows the feed: a publish of the feed gives it another tag and other bytes', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.0/24'), address('2001:4860::/32')] }))
  const list = 'plain-ip?slice=out-tcp-443'
  const before = await exported(app, list)
  t.strictSame(before.lines, ['20.0.0.0/24', '2001:4860::/32'])
  t.equal(before.report, 'entries=2, omitted=1, widened=0, placeholder=0, unnamed=0, unresolved=0')
  t.match((await exported(app, list)).headers.etag, String(before.headers.etag))

  await publish(
    feedInput({ all: [address('20.0.0.0/24'), address('20.0.1.0/24', { until: '2026-12-01' })] }, { label: '2' })
  )
  const asked = { url: `${productPath}/exports/${list}`, headers: { 'if-none-match': String(before.headers.etag) } }
  t.match(await app.request(asked), { statusCode: 200 })
  const after = await exported(app, list)
  t.strictSame(after.lines, ['20.0.0.0/24', '20.0.1.0/24'], 'a row that lingers stays open')
  t.not(after.headers.etag, before.headers.etag)
  t.equal(after.headers['portolan-valid-until'], '2026-12-01T00:00:00Z')
  app.clock.now = Date.parse('2026-12-01T00:00:00Z')
  t.strictSame((await exported(app, list)).lines, ['20.0.0.0/24'])
})

t.test('rules have the services of the requirement, and not those of the feed', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(productInput(), feedInput({ all: [address('20.0.0.0/24')] }))
  const { body } = await exported(app, 'nftables')
  t.match(body, /20\.0\.0\.0\/24 \. tcp \. 443/)
  const { body: rows } = await exported(app, 'csv')
  t.match(rows, /updates,Updates,external,outbound,required,tcp,443,443,,address,20\.0\.0\.0\/24,active/)
})

t.test('a pinned export gives the same bytes after the feed has moved, and only that one is immutable', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: [address('20.0.0.1')] }))
  const before = await exported(app, 'plain-ip?slice=out-tcp-443&lead=P7D')
  const memento = /<([^>]+)>; rel="memento"/.exec(String(before.headers.link))?.[1] ?? ''
  t.match(memento, 'feedsAsOf=feed.ranges%3A1')
  await publish(feedInput({ all: [address('20.0.0.2')] }, { label: '2' }))
  const pinned = await app.request(memento)
  t.equal(pinned.body, before.body)
  t.match(pinned.headers['cache-control'], 'immutable')
  const half = await exported(app, 'plain-ip?slice=out-tcp-443&asOf=1&effectiveAt=2026-11-24T12:00:00Z')
  t.notMatch(half.headers['cache-control'], 'immutable')
  t.strictSame(half.lines, ['20.0.0.2'])
})

t.test('lead opens early what the feed announces, and its transition moves with it', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(
    productInput(),
    feedInput({ all: [address('20.0.0.1'), address('20.0.0.2', { from: '2026-12-08' })] })
  )
  const now = await exported(app, 'plain-ip?slice=out-tcp-443&lead=P7D')
  t.strictSame(now.lines, ['20.0.0.1'])
  t.equal(now.headers['portolan-valid-until'], '2026-12-01T00:00:00Z')
  app.clock.now = Date.parse('2026-12-01T00:00:00Z')
  t.strictSame((await exported(app, 'plain-ip?slice=out-tcp-443&lead=P7D')).lines, ['20.0.0.1', '20.0.0.2'])
})

t.test('what is not resolved is counted and reported with its reason', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  const report = async (query = '') =>
    JSON.parse((await app.request(`${productPath}/exports/plain-ip/report?slice=out-tcp-443${query}`)).body)
  await publish(productInput())
  const counts = 'omitted=2, widened=0, placeholder=0, unnamed=0'
  t.equal((await exported(app, 'plain-ip?slice=out-tcp-443')).report, `entries=0, ${counts}, unresolved=1`)
  const { omissions, feeds } = await report()
  t.match(omissions, [
    { kind: 'host' },
    { kind: 'feed', value: 'ranges', requirements: ['updates'], reason: 'unresolved' }
  ])
  t.match(feeds, [{ requirement: 'updates', value: 'ranges', outcome: 'unresolved' }])
  t.equal(
    (await exported(app, 'plain-ip?slice=out-tcp-443&kind=address')).report,
    'entries=0, omitted=1, widened=0, placeholder=0, unnamed=0, unresolved=1',
    'a filter on what nobody knows does not make it vanish'
  )
  t.equal((await exported(app, 'plain-ip?slice=out-tcp-443&resolve=none')).report, `entries=0, ${counts}`)
  t.match((await report('&resolve=none')).omissions, [{ kind: 'host' }, { reason: 'feed' }])
  for (const format of ['csv', 'markdown', 'jsonl']) {
    const table = await exported(app, `${format}?requirement=updates`)
    t.match(table.body, 'https://LISTS.example.net/ranges.json', `${format} keeps the reference as a row`)
    t.match(table.report, /unresolved=1$/, 'and counts it')
  }
  t.equal(
    (await exported(app, 'plain-ip?slice=out-udp-123')).report,
    'entries=0, omitted=1, widened=0, placeholder=0, unnamed=0'
  )

  const many = Array.from({ length: 1001 }, (_, index) => address(`20.1.${index >> 8}.${index & 255}`))
  await publish(feedInput({ all: many }))
  t.match((await report()).omissions, [{ kind: 'host' }, { reason: 'unbounded' }])
  t.equal((await exported(app, 'plain-ip?slice=out-tcp-443')).report, `entries=0, ${counts}, unresolved=0`)
})

t.test('a table has the rows of a feed in the place of the reference', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(productInput(), feedInput({ all: [address('20.0.0.1'), address('20.0.0.2')] }))
  for (const format of ['csv', 'markdown']) {
    const { body, report } = await exported(app, `${format}?requirement=updates`)
    t.match(body, '20.0.0.2')
    t.notMatch(body, 'lists.example.net')
    t.match(report, /^entries=3, omitted=0, .*unresolved=0$/)
  }
})

t.test('timed rules have the lifetimes of the rows of a feed', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(
    productInput({ until: '2027-06-01' }),
    feedInput({
      all: [
        address('20.0.0.1', { until: '2026-12-01' }),
        address('20.0.0.2', { from: '2026-12-24' }),
        address('20.0.0.3')
      ]
    })
  )
  const { body } = await exported(app, 'nftables?timed=true&requirement=updates')
  const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000
  const ends = `meta time < ${seconds('2027-06-01')}`
  t.match(body, `meta time < ${seconds('2026-12-01')} ip daddr`, 'a row that lingers ends by itself')
  t.match(body, `meta time >= ${seconds('2026-12-24')} ${ends} ip daddr`, 'the end of the reference ends its rows')
  t.match(body, `${ends} ip daddr`)
})

t.test('slices count the rows of feeds where that is asked for', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(productInput(), feedInput({ all: [address('20.0.0.1'), address('20.0.0.2')] }))
  const counts = async (query: string) =>
    JSON.parse((await app.request(`${productPath}/slices${query}`)).body).items[0].counts
  t.match(await counts(''), { host: 1, address: 0, feed: 1 })
  t.match(await counts('?resolve=feeds'), { host: 1, address: 2, feed: 0 })
})

t.test('the list of a catalogue that refers to no feed says nothing of feeds', async (t) => {
  const { request } = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const { headers } = await request(`${clearswiftPath}/exports/plain-ip?slice=out-tcp-443`)
  t.notMatch(headers['portolan-export-report'], 'unresolved')
})
