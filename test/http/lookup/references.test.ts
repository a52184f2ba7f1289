import t from 'tap'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { address, feedInput, productInput, publisher } from '../support/feeds.ts'

interface Item {
  readonly catalogue: string
  readonly requirement: { readonly key: string }
  readonly endpoint?: {
    readonly kind: string
    readonly value: string
    readonly basis?: string
    readonly feed?: { readonly catalogue: string; readonly revision: number }
  }
  readonly match?: string
  readonly status: string
}

async function lookUp(app: TestApp, value: string, query = ''): Promise<readonly Item[]> {
  const { body, statusCode } = await app.request(`/v1/lookup?value=${encodeURIComponent(value)}${query}`)
  if (statusCode !== 200) throw new Error(body)
  return JSON.parse(body).items
}

async function found(app: TestApp, value: string, query = ''): Promise<readonly string[]> {
  const items = await lookUp(app, value, query)
  return items.map(({ catalogue, requirement, endpoint, match, status }) =>
    [catalogue, requirement.key, endpoint?.value, endpoint?.basis ?? '-', match, status].join(' ')
  )
}

t.test('an address of a feed is found there, and in the requirements that refer to it', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const publish = publisher(app)
  await publish(productInput())
  t.strictSame(await found(app, '20.0.0.7'), [])
  await publish(feedInput({ all: [address('20.0.0.0/24'), address('20.0.1.0/24', { until: '2026-03-01' })] }))

  const [own, referred] = await lookUp(app, '20.0.0.7')
  t.match(own, { catalogue: 'feed.ranges', requirement: { key: 'all' }, match: 'covers' })
  t.notOk(own?.endpoint?.basis)
  t.match(referred, {
    catalogue: 'product-1',
    requirement: { key: 'updates' },
    endpoint: { value: '20.0.0.0/24', basis: 'feed', feed: { catalogue: 'feed.ranges', revision: 1 } },
    match: 'covers',
    status: 'active',
    services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
    addedIn: { number: 1 }
  })
  t.strictSame(await found(app, '20.0.1.0/24'), [
    'feed.ranges all 20.0.1.0/24 - exact retiring',
    'product-1 updates 20.0.1.0/24 feed exact retiring'
  ])
  t.equal((await found(app, '20.0.0.0/16')).length, 4, 'what lies within a CIDR')
  t.strictSame(await found(app, '20.0.0.7', '&asOf=2026-01-01T00:00:00Z&effectiveAt=2026-04-01T00:00:00Z'), [
    'feed.ranges all 20.0.0.0/24 - covers active',
    'product-1 updates 20.0.0.0/24 feed covers active'
  ])

  app.clock.now += 60_000
  await publish(feedInput({ all: [address('20.0.1.0/24')] }, { label: '2' }))
  t.strictSame(await found(app, '20.0.0.7'), ['feed.ranges all 20.0.0.0/24 - covers retired'])
  t.equal((await found(app, '20.0.0.7', '&asOf=2026-01-01T00:00:00Z')).length, 2, 'as it was looked up then')
})

t.test('a flow is compared with the rows of a feed, on the ports of the requirement that refers to it', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  await publish(productInput())
  t.strictSame(await found(app, 'tcp/20.0.0.7/443'), ['product-1 updates ranges - feed active'])
  const services = [{ transport: 'tcp', ports: [80] }]
  await publish({
    ...feedInput({}),
    requirements: [requirementInput({ key: 'all', services, endpoints: [address('20.0.0.0/24')] })]
  })
  t.strictSame(await found(app, 'tcp/20.0.0.7/443'), ['product-1 updates 20.0.0.0/24 feed covers active'])
  t.strictSame(await found(app, 'tcp/20.0.0.7/80'), ['feed.ranges all 20.0.0.0/24 - covers active'])
  t.strictSame(await found(app, 'tcp/20.0.9.7/443'), [], 'what is not in the feed is not needed for its sake')
  t.strictSame(await found(app, 'tcp/443'), [
    'product-1 updates updates.example.net -  active',
    'product-1 updates ranges - feed active'
  ])
})

t.test('a look-up of a feed is narrowed by select, and finds a value once', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const publish = publisher(app)
  const row = (service: string, values: readonly string[]) =>
    requirementInput({
      key: service,
      title: service,
      services: [{ transport: 'any' }],
      externalIds: { 'aws-service': service },
      endpoints: values.map((value) => address(value))
    })
  await publish({
    ...feedInput({}, { adapter: 'aws' }),
    requirements: [row('amazon', ['20.0.0.0/24', '20.0.1.0/24']), row('s3', ['20.0.0.0/24'])]
  })
  await publish(productInput({ select: { service: ['S3', 'AMAZON'] } }))
  const inProduct = async (value: string) =>
    (await found(app, value)).filter((text) => text.startsWith('product-1')).map((text) => text.slice(18))
  t.strictSame(await inProduct('20.0.0.1'), ['20.0.0.0/24 feed covers active'])
  t.strictSame(await inProduct('20.0.1.1'), ['20.0.1.0/24 feed covers active'])
  await publish(productInput({ select: { service: ['S3'] } }, '2'))
  t.strictSame(await inProduct('20.0.1.1'), [])
  await publish(productInput({ select: { service: ['EC2'] } }, '3'))
  t.strictSame(await inProduct('20.0.0.1'), [])
  t.strictSame(
    await inProduct('tcp/20.0.0.1/443'),
    ['ranges - feed active'],
    'a select that takes nothing tells nothing'
  )
})

t.test('a long feed to which a requirement refers as a whole is looked up, though no view has its rows', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const many = Array.from({ length: 1001 }, (_, index) => address(`20.1.${index >> 8}.${index & 255}`))
  await publisher(app)(feedInput({ all: many }), productInput())
  t.strictSame(await found(app, '20.1.2.3'), [
    'feed.ranges all 20.1.2.3 - exact active',
    'product-1 updates 20.1.2.3 feed exact active'
  ])
  t.equal((await found(app, '20.1.0.0/16', '&limit=1000')).length, 1000)
})

t.test('of a value that came and went, what stands comes before all that ended', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2026-01-01T00:00:00Z' })
  const publish = publisher(app)
  const rest = Array.from({ length: 60 }, (_, index) => address(`20.9.0.${index}`))
  for (let turn = 0; turn < 30; turn += 1) {
    app.clock.now += 3_600_000
    const flapping = turn % 2 === 0 ? [] : [address('20.0.0.0/24')]
    await publish(feedInput({ all: [...rest, ...flapping] }, { label: String(turn) }))
  }
  await publish(
    documentInput({ id: 'other', requirements: [requirementInput({ endpoints: [address('20.0.0.0/16')] })] })
  )
  const items = await lookUp(app, '20.0.0.1')
  t.strictSame(
    items.map(({ status }) => status),
    ['active', 'active', ...Array.from({ length: 14 }, () => 'retired')]
  )
  const { body } = await app.request({ url: '/lookup?value=20.0.0.1', headers: { accept: 'text/html' } })
  t.match(body, 'Left out: 14 times at which a value that is listed ended before.')
})

t.test('a narrowed key looks up what it may read', async (t) => {
  const app = await startApp(t, { isSeeded: false, readAccess: 'key' })
  const owner = await app.key('catalogue:publish', 'catalogue:read', 'keys:manage')
  const write = async (method: 'PUT' | 'POST', url: string, body: unknown) =>
    app.request({
      method,
      url,
      headers: { ...owner, 'content-type': 'application/json', ...(method === 'PUT' && { 'if-none-match': '*' }) },
      payload: JSON.stringify(body)
    })
  for (const document of [productInput(), feedInput({ all: [address('20.0.0.1')] })])
    await write('PUT', `/v1/catalogues/${document.id}/document`, document)
  const count = async (...catalogues: readonly string[]) => {
    const { body } = await write('POST', '/v1/keys', {
      name: catalogues.join(),
      scopes: ['catalogue:read'],
      catalogues
    })
    const headers = { authorization: `Bearer ${JSON.parse(body).key}` }
    return JSON.parse((await app.request({ url: '/v1/lookup?value=20.0.0.1', headers })).body).items.length
  }
  t.equal(await count('product-1', 'feed.*'), 2)
  t.equal(await count('product-1'), 0)
  t.equal(await count('feed.ranges'), 1)
})
