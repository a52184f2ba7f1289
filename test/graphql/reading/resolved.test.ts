import { createHash } from 'node:crypto'
import t from 'tap'
import { address, feedInput, productInput, productPath, publisher } from '../../http/support/feeds.ts'
import { startApp } from '../../support/app.ts'
import { asking, dense } from '../support/ask.ts'
import { withFragments } from '../support/fragments.ts'

const rows = [address('20.0.0.1'), address('20.0.0.2'), address('20.0.0.3', { until: '2031-01-01' })]

t.test('what is resolved is the same over both interfaces', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const ask = asking(app)
  const publish = publisher(app)
  await publish(productInput())
  const same = async (given: string, query: string) => {
    const { data, errors } = await ask(
      withFragments(`{ catalogue(id: "product-1", ${given}) {
        ...CatalogueParts
        requirements { nodes { ...RequirementParts endpoints { ...EndpointParts } } }
        rows { nodes { ...RowParts } }
      } }`)
    )
    t.same(errors, [])
    const { requirements, rows: flat, ...rest } = data.catalogue
    const view = (await app.request(`${productPath}?${query}`)).json()
    const told = Object(dense({ ...rest, requirements: requirements.nodes }))
    const withoutProtocol = JSON.parse(JSON.stringify(told, (name, value) => (name === 'protocol' ? undefined : value)))
    t.same(withoutProtocol, view)
    const { items } = (await app.request(`${productPath}/endpoints?${query}`)).json<{ items: object[] }>()
    t.same(
      flat.nodes.map((row: { readonly value: string; readonly feed: unknown }) => [row.value, row.feed ?? undefined]),
      items
        .filter((row) => 'kind' in row)
        .map((row) => Object(row))
        .map(({ value, feed }) => [value, feed])
    )
  }
  await same('resolve: feeds', 'resolve=feeds')
  await publish(feedInput({ all: rows }))
  await same('resolve: feeds', 'resolve=feeds')
  await same('resolve: none', '')
  await publish(feedInput({ all: [address('20.0.0.9')] }, { label: '2' }))
  await same('resolve: feeds', 'resolve=feeds')
  await same('resolve: feeds, feedsAsOf: ["feed.ranges:1"]', 'resolve=feeds&feedsAsOf=feed.ranges:1')
})

t.test('feedsAsOf is held against what there is, and has no meaning where nothing is resolved', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(productInput(), feedInput({ all: rows }))
  const code = async (given: string) =>
    (await asking(app)(`{ catalogue(id: "product-1", ${given}) { title } }`)).errors[0]?.extensions.code
  t.equal(await code('feedsAsOf: ["feed.ranges:1"]'), 'invalid_parameter')
  t.equal(await code('resolve: feeds, feedsAsOf: ["feed.ranges:2"]'), 'unknown_revision')
  t.equal(await code('resolve: feeds, feedsAsOf: ["2099-01-01T00:00:00Z"]'), 'time_out_of_range')
  t.equal(await code('resolve: feeds, feedsAsOf: ["feed.ranges:1"]'), undefined)
})

t.test('a page run stays at the revision of the feed, and a kept answer goes when the feed moves', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const ask = asking(app)
  const publish = publisher(app)
  await publish(productInput(), feedInput({ all: rows }))
  const page = async (after?: string) => {
    const { data, errors } = await ask(
      `query ($after: String) { catalogue(id: "product-1", resolve: feeds) { pin
        endpoints(filter: { kind: { in: [address] } }, first: 2, after: $after) { totalCount nodes { value pin } pageInfo { endCursor } } } }`,
      { after }
    )
    t.same(errors, [])
    const { pin, endpoints } = data.catalogue
    const values = endpoints.nodes.map(({ value }: { readonly value: string }) => value)
    return { pin, values, total: endpoints.totalCount, cursor: endpoints.pageInfo.endCursor }
  }
  const first = await page()
  t.match(first, { values: ['20.0.0.1', '20.0.0.2'], total: 3 })
  await publish(feedInput({ all: [address('20.0.0.8'), address('20.0.0.9')] }, { label: '2' }))
  const rest = await page(first.cursor)
  t.match(rest, { values: ['20.0.0.3'], total: 3, pin: first.pin })
  const moved = await page()
  t.match(moved, { values: ['20.0.0.8', '20.0.0.9'], total: 2 })
  t.not(moved.pin, first.pin, 'a pin names the revisions of the feeds, too')
})

t.test('exports below a catalogue are resolved unless it says that nothing is', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publisher(app)(productInput(), feedInput({ all: rows }), feedInput({ all: rows.slice(1) }, { label: '2' }))
  const exported = async (given: string) => {
    const { data } = await asking(app)(
      `{ catalogue(id: "product-1"${given}) { export(format: "plain-ip", slice: "out-tcp-443") { url currentUrl digest report { entries } } } }`
    )
    const { url, currentUrl, digest, report } = data.catalogue.export
    const { rawPayload } = await app.request(url)
    t.equal(digest, `sha256:${createHash('sha256').update(rawPayload).digest('hex')}`)
    return [report.entries, new URL(url).search, new URL(currentUrl).search]
  }
  t.match(await exported(''), [2, /feedsAsOf=feed.ranges%3A2/, /^\?slice=out-tcp-443$/])
  t.match(await exported(', resolve: feeds, feedsAsOf: ["feed.ranges:1"]'), [3, /feedsAsOf=feed.ranges%3A1/])
  t.match(await exported(', resolve: none'), [0, /resolve=none/, /resolve=none/])
})

t.test('a look-up and an audit name the feed', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const ask = asking(app)
  await publisher(app)(productInput(), feedInput({ all: rows }))
  const { data } = await ask(
    '{ lookup(value: "20.0.0.1") { nodes { catalogue endpoint { value basis feed { catalogue revision } } } } }'
  )
  t.same(data.lookup.nodes, [
    { catalogue: 'feed.ranges', endpoint: { value: '20.0.0.1', basis: null, feed: null } },
    {
      catalogue: 'product-1',
      endpoint: { value: '20.0.0.1', basis: 'feed', feed: { catalogue: 'feed.ranges', revision: 1 } }
    }
  ])
  const audit = async (given: string, after?: string) => {
    const answer = await ask(
      `query ($after: String) { audit(entries: [{ value: "20.0.0.1" }], ${given}, first: 1, after: $after) {
        current { value } missing { value } cursor } }`,
      { after }
    )
    t.same(answer.errors, [])
    return answer.data.audit
  }
  for (const given of ['catalogue: "product-1", resolve: feeds', 'catalogues: ["product-1"], resolve: feeds']) {
    const first = await audit(given)
    t.match(first, { current: [{ value: '20.0.0.1' }], missing: [{ value: 'updates.example.net' }] })
    t.match(await audit(given, first.cursor), { missing: [{ value: '20.0.0.2' }] })
  }
  t.match(await audit('catalogue: "product-1"'), { current: [], missing: [{ value: 'updates.example.net' }] })
})
