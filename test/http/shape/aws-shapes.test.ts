import t from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import { clearswift, startApp } from '../../support/app.ts'
import { requirementInput } from '../../support/document.ts'
import { startShapes } from './shape-service.ts'

const path = '/shapes/aws/product-1/ip-ranges.json'

interface Prefix {
  readonly ip_prefix?: string
  readonly ipv6_prefix?: string
  readonly region: string
  readonly service: string
  readonly network_border_group: string
}
interface Ranges {
  readonly syncToken: string
  readonly createDate: string
  readonly prefixes: readonly Prefix[]
  readonly ipv6_prefixes: readonly Prefix[]
}

const awsRequirement = (service: string, region: string, endpoints: readonly unknown[]) =>
  requirementInput({
    key: `${service}.${region}`.toLowerCase().replace('_', '-'),
    title: `${service} in ${region}`,
    direction: 'both',
    necessity: 'optional',
    services: [{ transport: 'any' }],
    tags: [`service-${service.toLowerCase().replace('_', '-')}`, `region-${region.toLowerCase()}`],
    externalIds: { 'aws-service': service, 'aws-region': region },
    endpoints
  })
const imported = [
  awsRequirement('S3', 'eu-west-1', [
    { kind: 'address', value: '52.218.0.0/17' },
    { kind: 'address', value: '3.5.64.7' },
    { kind: 'address', value: '2a05:d018::/36' }
  ]),
  awsRequirement('EC2', 'us-west-2', [
    { kind: 'address', value: '15.181.0.0/20', tags: ['border-group-us-west-2-lax-1'] },
    { kind: 'address', value: '2600:1f14::1' }
  ]),
  awsRequirement('CLOUDFRONT', 'GLOBAL', [{ kind: 'address', value: '13.32.0.0/15' }])
]

t.test('an imported list has its fields, names and lengths again, sorted by address', async (t) => {
  const { publish, get, request } = await startShapes(t)
  await publish({ requirements: imported })
  const ranges = await get<Ranges>(path)
  t.strictSame(Object.keys(ranges), ['syncToken', 'createDate', 'prefixes', 'ipv6_prefixes'])
  t.equal(ranges.syncToken, String(Date.parse('2026-03-01T09:30:00Z') / 1000))
  t.equal(ranges.createDate, '2026-03-01-09-30-00')
  t.strictSame(ranges.prefixes, [
    { ip_prefix: '3.5.64.7/32', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' },
    { ip_prefix: '13.32.0.0/15', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' },
    { ip_prefix: '15.181.0.0/20', region: 'us-west-2', service: 'EC2', network_border_group: 'us-west-2-lax-1' },
    { ip_prefix: '52.218.0.0/17', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' }
  ])
  t.strictSame(ranges.ipv6_prefixes, [
    { ipv6_prefix: '2600:1f14::1/128', region: 'us-west-2', service: 'EC2', network_border_group: 'us-west-2' },
    { ipv6_prefix: '2a05:d018::/36', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' }
  ])
  const { headers } = await request(path)
  t.equal(headers['portolan-export-report'], 'entries=6, omitted=0, widened=0, placeholder=0, unnamed=0')
  t.equal(headers['content-type'], 'application/json; charset=utf-8')
})

t.test('scripts that grep lines, and those that select by service and region, find what they look for', async (t) => {
  const { publish, request, get } = await startShapes(t)
  await publish({ requirements: imported })
  const { body } = await request(path)
  // grep ip_prefix | cut -d '"' -f 4
  const lines = body.split('\n').filter((line) => line.includes('"ip_prefix"'))
  t.strictSame(
    lines.map((line) => line.split('"')[3]),
    ['3.5.64.7/32', '13.32.0.0/15', '15.181.0.0/20', '52.218.0.0/17']
  )
  // jq '.prefixes[] | select(.service=="CLOUDFRONT" and .region=="GLOBAL") | .ip_prefix'
  const { prefixes } = await get<Ranges>(path)
  t.strictSame(
    prefixes.filter(({ service, region }) => service === 'CLOUDFRONT' && region === 'GLOBAL').map((p) => p.ip_prefix),
    ['13.32.0.0/15']
  )
  // Terraform: strconv.Atoi(syncToken), strings.ToLower of both sides, a struct with these fields.
  const { syncToken } = await get<Ranges>(path)
  t.match(syncToken, /^[0-9]+$/)
  t.ok(Number.isSafeInteger(Number.parseInt(syncToken, 10)))
  for (const { ip_prefix, ...rest } of prefixes) {
    const [, length] = String(ip_prefix).split('/')
    t.ok(Number(length) >= 0 && Number(length) <= 32)
    t.strictSame(Object.keys(rest), ['region', 'service', 'network_border_group'])
  }
})

t.test('any catalogue can be asked: its keys are services, and what cannot be said is counted', async (t) => {
  const { request } = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const answer = await request(`/shapes/aws/${clearswift}/ip-ranges.json`)
  t.equal(answer.statusCode, 200)
  const { prefixes, ipv6_prefixes } = answer.json<Ranges>()
  t.ok(prefixes.length > 5)
  t.strictSame(ipv6_prefixes, [])
  for (const { region, network_border_group, service, ip_prefix } of prefixes) {
    t.equal(region, 'GLOBAL')
    t.equal(network_border_group, 'GLOBAL')
    t.equal(service, service.toUpperCase())
    t.match(ip_prefix, /^\d+(\.\d+){3}\/32$/)
  }
  const report = String(answer.headers['portolan-export-report'])
  t.match(report, new RegExp(`^entries=${prefixes.length}, omitted=[1-9]\\d*, widened=${prefixes.length}, `))
  const filtered = await request(`/shapes/aws/${clearswift}/ip-ranges.json?requirement=rss-feed`)
  t.ok(filtered.json<Ranges>().prefixes.length < prefixes.length)
})

t.test('the token rises with each revision, also within one second, and with each transition', async (t) => {
  const { publish, get, clock } = await startShapes(t)
  const address = (value: string, fields = {}) => ({ kind: 'address', value, ...fields })
  const of = (...endpoints: readonly unknown[]) => ({ requirements: [requirementInput({ endpoints })] })
  const tokenAt = async (query = '') => Number((await get<Ranges>(path + query)).syncToken)
  await publish(of(address('20.0.0.1')), '2026-03-01T09:30:00.100Z')
  const first = await tokenAt()
  await publish(of(address('20.0.0.1'), address('20.0.0.2')), '2026-03-01T09:30:00.900Z')
  const second = await tokenAt()
  t.equal(second, first + 1, 'the same second')
  await publish(
    of(address('20.0.0.1'), address('20.0.0.2', { until: '2026-03-08T00:00:00Z' })),
    '2026-03-01T09:30:01.500Z'
  )
  const third = await tokenAt()
  t.equal(third, first + 2, 'the second that the one before had taken')
  clock.now = Date.parse('2026-03-08T00:00:00Z')
  const fourth = await get<Ranges>(path)
  t.equal(fourth.syncToken, String(clock.now / 1000))
  t.equal(fourth.createDate, '2026-03-08-00-00-00')
  t.strictSame(
    fourth.prefixes.map(({ ip_prefix }) => ip_prefix),
    ['20.0.0.1/32']
  )
  t.strictSame(
    await Promise.all([1, 2, 3].map((number) => tokenAt(`?asOf=${number}`))),
    [first, second, fourth.syncToken].map(Number)
  )
  t.equal(await tokenAt('?asOf=3&effectiveAt=2026-03-02T00:00:00Z'), third)
})

t.test('planned and retired addresses are not in the list, and retiring ones are', async (t) => {
  const { publish, get } = await startShapes(t)
  const endpoints = [
    { kind: 'address', value: '20.0.0.1', from: '2026-04-01T00:00:00Z' },
    { kind: 'address', value: '20.0.0.2', until: '2026-04-01T00:00:00Z' },
    { kind: 'address', value: '20.0.0.3', until: '2026-02-01T00:00:00Z' }
  ]
  await publish({ requirements: [requirementInput({ endpoints })] })
  const values = async (query = '') => (await get<Ranges>(path + query)).prefixes.map(({ ip_prefix }) => ip_prefix)
  t.strictSame(await values(), ['20.0.0.2/32'])
  t.strictSame(await values('?effectiveAt=2026-04-01T00:00:00Z'), ['20.0.0.1/32'])
  t.strictSame(await values('?status=all'), ['20.0.0.1/32', '20.0.0.2/32', '20.0.0.3/32'])
})

t.test('equal content is equal bytes, however the author ordered it', async (t) => {
  const { publish, request } = await startShapes(t)
  await publish({ requirements: imported })
  const first = await request(path)
  const shuffled = [...imported].reverse().map(({ endpoints, ...rest }) => ({
    ...rest,
    endpoints: [...(endpoints as readonly unknown[])].reverse() // as `requirementInput` took them
  }))
  const other = await startShapes(t)
  await other.publish({ requirements: shuffled })
  t.equal((await other.request(path)).body, first.body)
})

t.test('it is kept, compressed and known as other reads are', async (t) => {
  const { publish, request, listen } = await startShapes(t)
  await publish({ requirements: imported })
  const first = await request(path)
  const etag = String(first.headers.etag)
  t.equal((await request({ url: path, headers: { 'if-none-match': etag } })).statusCode, 304)
  const modified = await request({ url: path, headers: { 'if-modified-since': 'Sun, 01 Mar 2026 09:30:00 GMT' } })
  t.equal(modified.headers.etag, etag)
  t.match(first.headers['cache-control'], /^max-age=60/)
  t.match(first.headers.link, /asOf=1&effectiveAt=[^>]+>; rel="memento"/)
  const packed = await request({ url: path, headers: { 'accept-encoding': 'gzip' } })
  t.equal(packed.headers['content-encoding'], 'gzip')
  const address = await listen()
  const head = await fetch(address + path, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
  t.equal(head.status, 200)
  t.equal(head.headers.get('content-length'), String(Buffer.byteLength(first.body)))
  for (const odd of ['/SHAPES/AWS/product-1/IP-Ranges.JSON', `${path}?utm=1&cachebust=7`]) {
    const answer = await fetch(address + odd, { redirect: 'error' })
    t.equal(await answer.text(), first.body, odd)
  }
  t.equal((await request('/shapes/aws/nothing/ip-ranges.json')).statusCode, 404)
  t.equal((await request(`${path}?asOf=7`)).json().code, 'unknown_revision')
})

t.test('where reads need a key, Basic is enough, and a key that is narrowed to others finds nothing', async (t) => {
  const { publish, request, key, catalogues } = await startShapes(t, { readAccess: 'key' })
  await publish({ requirements: imported })
  t.equal((await request(path)).statusCode, 401)
  const { authorization } = await key('catalogue:read')
  const basic = `Basic ${Buffer.from(`script:${authorization.slice(7)}`).toString('base64')}`
  t.equal((await request({ url: path, headers: { authorization: basic } })).statusCode, 200)
  const { text } = await createKey(catalogues, { scopes: ['catalogue:read'], catalogues: ['other'] })
  t.equal((await request({ url: path, headers: { authorization: `Bearer ${text}` } })).statusCode, 404)
})
