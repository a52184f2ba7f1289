import { createHash } from 'node:crypto'
import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const exportPath = `${clearswiftPath}/exports`
const oldMirrors = ['184.72.245.1', '79.125.8.252', '175.41.136.7', '174.129.26.118', '176.34.251.142', '54.254.98.96']
const november = { now: '2018-11-01T00:00:00Z' }
const lines = (body: string) => body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

interface Problem {
  readonly code: string
  readonly detail: string
  readonly slices?: readonly string[]
}
interface Report {
  readonly entries: number
  readonly omitted: number
  readonly widened: number
  readonly placeholder: number
  readonly extraAddresses: { readonly ipv4: number; readonly ipv6: number }
  readonly omissions: readonly { readonly value?: string; readonly reason: string }[]
  readonly widenings: readonly { readonly value?: string; readonly reason: string }[]
  readonly unnamed: readonly string[]
}

/** A store with one catalogue of these requirements. */
async function publishing(t: Parameters<typeof startApp>[0], ...revisions: (readonly unknown[])[]) {
  const app = await startApp(t, { isSeeded: false, now: '2026-11-24T12:00:00Z' })
  const headers = await app.key('catalogue:publish', 'catalogue:override')
  for (const [index, requirements] of revisions.entries()) {
    const url = '/v1/catalogues/product-1/document'
    const etag = index === 0 ? undefined : String((await app.request(url)).headers.etag)
    const query = '?override=catalogue_emptied&override=requirement_emptied&override=unannounced_removal&reason=test'
    const { statusCode, body } = await app.request({
      method: 'PUT',
      url: `${url}${query}`,
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag })
      },
      payload: JSON.stringify(
        documentInput({ edition: { label: String(index + 1), summary: 'A summary' }, requirements })
      )
    })
    if (statusCode !== 201) throw new Error(body)
  }
  return app
}

t.test(
  'the six mirrors are on the list until midnight, and not after, and the header says how many entries there are',
  async (t) => {
    const { request } = await startApp(t, november)
    const url = (instant: string) => `${exportPath}/plain-ip?slice=out-tcp-80&effectiveAt=${instant}`
    const before = await request(url('2018-11-21T23:59:59Z'))
    const after = await request(url('2018-11-22T00:00:00Z'))
    t.equal(before.headers['content-type'], 'text/plain; charset=utf-8')
    t.equal(lines(before.body).length, 15)
    t.equal(lines(after.body).length, 9)
    t.strictSame(
      lines(before.body)
        .filter((line) => !lines(after.body).includes(line))
        .sort(),
      [...oldMirrors].sort()
    )
    t.equal(
      before.headers['portolan-export-report'],
      'entries=15, omitted=16, widened=0, placeholder=0, unnamed=0, unresolved=1'
    )
    t.not(before.headers.etag, after.headers.etag)
    t.equal(before.headers['portolan-valid-until'], '2018-11-22T00:00:00Z')
    t.match(before.headers['content-disposition'], /^inline; filename="[a-z0-9.-]+\.txt"$/)
  }
)

t.test('inside an interval it is the same bytes, and they move exactly at the transition', async (t) => {
  const { clock, request } = await startApp(t, november)
  const url = `${exportPath}/plain-ip?slice=out-tcp-80`
  const first = await request(url)
  const asked = { url, headers: { 'if-none-match': String(first.headers.etag) } }
  clock.now = Date.parse('2018-11-21T23:59:58Z')
  const last = await request(url)
  t.equal(last.body, first.body)
  t.equal(last.headers.etag, first.headers.etag)
  t.equal(last.headers['cache-control'], 'max-age=2, must-revalidate')
  t.equal((await request(asked)).statusCode, 304)
  clock.now = Date.parse('2018-11-21T23:59:59Z')
  t.match(await request(asked), { statusCode: 200, body: first.body }, 'no cache is told to keep it in the last second')
  clock.now = Date.parse('2018-11-22T00:00:00Z')
  const next = await request(asked)
  t.equal(next.statusCode, 200)
  t.not(next.body, first.body)
  clock.now += 1000
  t.equal((await request(url)).headers['last-modified'], 'Thu, 22 Nov 2018 00:00:00 GMT')
})

t.test('HEAD has the header fields of GET, Content-Length too', async (t) => {
  const { request } = await startApp(t, november)
  const url = `${exportPath}/plain-ip?slice=out-tcp-80`
  const head = await request({ method: 'HEAD', url })
  const get = await request(url)
  for (const field of [
    'etag',
    'last-modified',
    'content-length',
    'content-type',
    'portolan-export-report',
    'cache-control'
  ])
    t.equal(head.headers[field], get.headers[field], field)
  t.equal(head.body, '')
  t.equal(Number(get.headers['content-length']), Buffer.byteLength(get.body))
})

t.test('the checksum is that of the bytes, with the parameters of the export', async (t) => {
  const { request } = await startApp(t, november)
  const query = '?slice=out-tcp-80&aggregate=exact'
  const { body } = await request(`${exportPath}/plain-ip${query}`)
  const { body: checksum, headers } = await request(`${exportPath}/plain-ip.md5${query}`)
  t.equal(checksum, `${createHash('md5').update(body).digest('hex')}\n`)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
})

t.test('a list of several slices is refused with their names, unless it is meant', async (t) => {
  const { request } = await startApp(t, november)
  const refused = await request(`${exportPath}/plain-ip?scope=external`)
  t.equal(refused.statusCode, 422)
  const { code, slices } = refused.json<Problem>()
  t.equal(code, 'slice_required')
  t.strictSame(slices, ['out-tcp-80', 'out-tcp-443', 'out-udp-123', 'both-tcp-53', 'both-udp-53'])
  const meant = await request(`${exportPath}/plain-ip?scope=external&slice=all`)
  t.equal(meant.statusCode, 200)
  t.equal(lines(meant.body).length, 18)
  t.equal(
    meant.headers['portolan-export-report'],
    'entries=18, omitted=18, widened=18, placeholder=0, unnamed=2, unresolved=1'
  )
  t.equal((await request(`${exportPath}/plain-ip?requirement=rss-feed`)).statusCode, 200, 'one slice needs no name')
})

t.test('an unknown slice, format, mode, part or parameter is refused in its own words', async (t) => {
  const { request } = await startApp(t, november)
  const refusal = async (path: string) => {
    const answer = await request(`${exportPath}/${path}`)
    return [answer.statusCode, answer.json<Problem>().code]
  }
  t.strictSame(await refusal('plain-ip?slice=out-tcp-81'), [422, 'unknown_slice'])
  t.strictSame(await refusal('plain-ip?slice='), [400, 'invalid_parameter'])
  t.strictSame(await refusal('nothing'), [404, 'not_found'])
  t.strictSame(await refusal('nothing.md5'), [404, 'not_found'])
  t.strictSame(await refusal('nothing/report'), [404, 'not_found'])
  for (const query of [
    'mode=sets',
    'part=v4',
    'aggregate=some',
    'aggregate=budget:0',
    'aggregate=budget:x',
    'maxExtra=1',
    'aggregate=budget:9&maxExtra=-1',
    'empty=yes',
    'lead=7',
    'lead=P1M',
    'lag=PT30M',
    'limits=toaster'
  ])
    t.strictSame(await refusal(`plain-ip?slice=out-tcp-80&${query}`), [400, 'invalid_parameter'], query)
  t.strictSame(await refusal('plain-ip?slice=out-tcp-80&slices=x'), [400, 'unknown_parameter'])
  t.strictSame(await refusal('plain-ip?slice=out-tcp-80&effectiveAt=2018-11-22'), [400, 'invalid_instant'])
})

t.test('the report names what was left out and why, and the requirements that name no endpoint', async (t) => {
  const { request } = await startApp(t, november)
  const report = (await request(`${exportPath}/plain-ip/report?slice=out-tcp-80`)).json<Report>()
  t.match(report, {
    entries: 15,
    omitted: 16,
    widened: 0,
    placeholder: 0,
    extraAddresses: { ipv4: 0, ipv6: 0 },
    unnamed: []
  })
  t.equal(report.omissions.length, 16)
  t.match(
    report.omissions.find(({ reason }) => reason === 'unresolved'),
    { value: 'aws-ip-ranges' }
  )
  const secure = (await request(`${exportPath}/plain-ip/report?slice=out-tcp-443&scope=external`)).json<Report>()
  t.strictSame(secure.unnamed, ['kaspersky-ksn-lookup'])
  const list = await request(`${exportPath}/plain-ip?slice=out-tcp-443&scope=external`)
  t.match(list.headers['portolan-export-report'], /, unnamed=1$/)
  t.match(list.body, /^# plain-ip, slice out-tcp-443: .*, 1 unnamed$/m)
  t.match((await request(`${exportPath}/nftables`)).headers['portolan-export-report'], /, unnamed=2, unresolved=1$/)
})

t.test('slices are listed with their counts and a link to each export that works', async (t) => {
  const { request } = await startApp(t, november)
  interface Slice {
    readonly name: string
    readonly counts: Readonly<Record<string, number>>
    readonly exports: Readonly<Record<string, string>>
  }
  const { items } = (await request(`${clearswiftPath}/slices?scope=external&effectiveAt=2018-11-22T00:00:00Z`)).json<{
    readonly items: readonly Slice[]
  }>()
  t.strictSame(
    items.map(({ name, counts }) => [name, counts.requirements, counts.address, counts.host]),
    [
      ['out-tcp-80', 6, 9, 15],
      ['out-tcp-443', 2, 3, 1],
      ['out-udp-123', 1, 0, 1],
      ['both-tcp-53', 1, 0, 0],
      ['both-udp-53', 1, 0, 0]
    ]
  )
  for (const { exports } of items) {
    for (const url of Object.values(exports)) {
      const answer = await request(url.replace('http://localhost:80', ''))
      t.equal(answer.statusCode, 200, url)
      t.equal(answer.headers['portolan-valid-from'], '2018-11-22T00:00:00Z')
    }
  }
})

t.test('a lead opens early and a lag closes late, and the tag and max-age move with them', async (t) => {
  const { clock, request } = await startApp(t, november)
  const url = `${exportPath}/plain-ip?slice=out-tcp-80&lag=P1D`
  const { headers } = await request(url)
  t.equal(headers['portolan-valid-until'], '2018-11-23T00:00:00Z')
  clock.now = Date.parse('2018-11-22T23:59:59Z')
  const last = await request(url)
  t.equal(last.headers.etag, headers.etag)
  t.equal(lines(last.body).length, 15)
  t.equal(last.headers['cache-control'], 'max-age=1, must-revalidate')
  clock.now = Date.parse('2018-11-23T00:00:00Z')
  const next = await request(url)
  t.not(next.headers.etag, headers.etag)
  t.equal(lines(next.body).length, 9)
  const early = await request(
    `${exportPath}/plain-ip?slice=out-tcp-80&lead=P7D&asOf=2&effectiveAt=2018-09-24T00:00:00Z`
  )
  t.equal(lines(early.body).length, 15, 'the new mirrors are there a week before October')
  t.equal(early.headers['portolan-valid-from'], '2018-09-24T00:00:00Z')
  const tooEarly = await request(
    `${exportPath}/plain-ip?slice=out-tcp-80&lead=P7D&asOf=2&effectiveAt=2018-09-23T23:59:59Z`
  )
  t.equal(lines(tooEarly.body).length, 11)
})

t.test('aggregation is exact, or opens what the budget allows, and says how much', async (t) => {
  const endpoints = ['20.0.0.0/25', '20.0.0.128/25', '20.0.0.7', '20.0.2.1'].map((value) => ({
    kind: 'address',
    value
  }))
  const { request } = await publishing(t, [requirementInput({ endpoints })])
  const path = '/v1/catalogues/product-1/exports/plain-ip'
  const values = async (query: string) => lines((await request(`${path}${query}`)).body)
  t.strictSame(await values(''), ['20.0.0.0/25', '20.0.0.7', '20.0.0.128/25', '20.0.2.1'])
  t.strictSame(await values('?aggregate=exact'), ['20.0.0.0/24', '20.0.2.1'])
  t.strictSame(await values('?aggregate=budget:1'), ['20.0.0.0/22'])
  const report = (await request(`${path}/report?aggregate=budget:1`)).json<Report>()
  t.match(report, { entries: 1, widened: 1, extraAddresses: { ipv4: 767, ipv6: 0 } })
  t.match(report.widenings, [{ value: '20.0.0.0/22', reason: 'aggregate' }])
  t.equal((await request(`${path}?aggregate=budget:1&maxExtra=767`)).statusCode, 200)
  const refused = await request(`${path}?aggregate=budget:1&maxExtra=766`)
  t.strictSame([refused.statusCode, refused.json<Problem>().code], [422, 'budget_exceeded'])
  t.match(refused.json<Problem>().detail, /opens 767 addresses of IPv4/)
})

t.test(
  'a budget is judged in each family: IPv4 is not opened to spare a subnet of IPv6, and maxExtra holds for both',
  async (t) => {
    const endpoints = ['20.0.0.1', '20.200.0.1', '2603:1006:1::1', '2603:1006:1:0:8000::1', '2603:1006:1:3::1'].map(
      (value) => ({ kind: 'address', value })
    )
    const { request } = await publishing(t, [requirementInput({ endpoints })])
    const path = '/v1/catalogues/product-1/exports'
    const values = async (query: string) => lines((await request(`${path}/edl-ip?slice=out-tcp-443&${query}`)).body)
    const report = async (query: string) => (await request(`${path}/edl-ip/report?${query}`)).json<Report>()
    t.strictSame(await values('aggregate=budget:4'), ['20.0.0.1', '20.200.0.1', '2603:1006:1::/64', '2603:1006:1:3::1'])
    t.match(await report('aggregate=budget:4'), { widened: 1, extraAddresses: { ipv4: 0, ipv6: 0 } })
    t.strictSame(await values('aggregate=budget:3'), ['20.0.0.1', '20.200.0.1', '2603:1006:1::/62'])
    t.match(await report('aggregate=budget:3'), { extraAddresses: { ipv4: 0, ipv6: 2 } })
    t.equal((await request(`${path}/edl-ip?aggregate=budget:3&maxExtra=2`)).statusCode, 200)
    t.equal((await request(`${path}/edl-ip?aggregate=budget:3&maxExtra=1`)).statusCode, 422)
    t.match(await report('aggregate=budget:2'), { extraAddresses: { ipv4: 2 ** 24 - 2, ipv6: 2 } })
    t.equal((await request(`${path}/edl-ip?aggregate=budget:1`)).statusCode, 422)
  }
)

t.test('a slice that became empty, or went, stays addressable', async (t) => {
  const other = requirementInput({ key: 'other', services: [{ transport: 'tcp', ports: [22] }] })
  const endpoints = [{ kind: 'address', value: '20.0.0.1' }]
  const { request } = await publishing(
    t,
    [requirementInput({ endpoints }), other],
    [requirementInput({ endpoints: [] }), other],
    [other]
  )
  const path = '/v1/catalogues/product-1/exports/plain-ip?slice=out-tcp-443'
  t.strictSame(lines((await request(`${path}&asOf=1`)).body), ['20.0.0.1'])
  for (const [query, unnamed] of [
    ['&asOf=2', 1],
    ['&asOf=3', 0],
    ['', 0]
  ] as const) {
    const answer = await request(path + query)
    t.equal(answer.statusCode, 200)
    t.ok(answer.body.startsWith('# '), 'never 0 bytes')
    t.equal(
      answer.headers['portolan-export-report'],
      `entries=0, omitted=0, widened=0, placeholder=0, unnamed=${unnamed}`
    )
  }
  t.equal((await request('/v1/catalogues/product-1/exports/plain-ip?slice=out-tcp-80')).statusCode, 422)
})

t.test('more than a device takes is refused with the figures', async (t) => {
  const endpoints = Array.from({ length: 3001 }, (_, index) => ({
    kind: 'address',
    value: `20.${index >> 8}.${index & 255}.1`
  }))
  const { request } = await publishing(t, [requirementInput({ endpoints })])
  const path = '/v1/catalogues/product-1/exports/plain-ip'
  t.equal((await request(`${path}?limits=panos`)).statusCode, 200)
  const refused = await request(`${path}?limits=pfsense-alias`)
  t.strictSame([refused.statusCode, refused.json<Problem>().code], [422, 'limit_exceeded'])
  t.match(refused.json<Problem>().detail, /at most 3000 addresses; this export has 3001/)
})

t.test('a path with an ending gives the bytes and header fields of slice=, with all parameters', async (t) => {
  const { request } = await startApp(t, november)
  const fields = ['etag', 'last-modified', 'content-length', 'content-type', 'content-disposition', 'cache-control']
  const pairs = [
    ['edl-ip/out-tcp-80.txt', 'edl-ip?slice=out-tcp-80'],
    ['edl-ip/all.txt?aggregate=exact&scope=external', 'edl-ip?slice=all&aggregate=exact&scope=external'],
    [
      'plain-ip/out-tcp-80.txt?asOf=1&effectiveAt=2018-10-02T00:00:00Z',
      'plain-ip?slice=out-tcp-80&asOf=1&effectiveAt=2018-10-02T00:00:00Z'
    ],
    ['cisco-ip.md5/out-tcp-80.txt', 'cisco-ip.md5?slice=out-tcp-80'],
    ['nftables/out-tcp-80.txt?mode=table', 'nftables?slice=out-tcp-80&mode=table']
  ] as const
  for (const [path, query] of pairs) {
    const [found, expected] = [await request(`${exportPath}/${path}`), await request(`${exportPath}/${query}`)]
    t.equal(found.statusCode, 200, path)
    t.equal(found.body, expected.body, path)
    for (const field of [...fields, 'portolan-export-report', 'portolan-valid-until', 'portolan-revision'])
      t.equal(found.headers[field], expected.headers[field], `${path} ${field}`)
    const etag = String(expected.headers.etag)
    t.equal((await request({ url: `${exportPath}/${path}`, headers: { 'if-none-match': etag } })).statusCode, 304, path)
    const head = await request({ method: 'HEAD', url: `${exportPath}/${path}` })
    t.strictSame([head.statusCode, head.body, head.headers.etag], [200, '', etag])
  }
  const refusal = async (path: string) => {
    const answer = await request(`${exportPath}/${path}`)
    return [answer.statusCode, answer.json<Problem>().code]
  }
  t.strictSame(await refusal('edl-ip/out-tcp-81.txt'), [422, 'unknown_slice'])
  t.strictSame(await refusal('edl-ip/out-tcp-80'), [404, 'not_found'])
  t.strictSame(await refusal('edl-ip/.txt'), [404, 'not_found'])
  t.strictSame(await refusal('nothing/out-tcp-80.txt'), [404, 'not_found'])
  t.strictSame(await refusal('edl-ip/out-tcp-80.txt?slice=out-tcp-80'), [400, 'unknown_parameter'])
  t.equal((await request(`${exportPath}/edl-ip/report?slice=out-tcp-80`)).json<Report>().entries, 15)
})

t.test('a user with a blank password presents no key: a public service answers', async (t) => {
  const { request } = await startApp(t, november)
  const authorization = `Basic ${Buffer.from('firewall:').toString('base64')}`
  const url = `${exportPath}/edl-ip/out-tcp-80.txt`
  for (const attempt of ['rendered', 'kept'])
    t.equal((await request({ url, headers: { authorization } })).statusCode, 200, attempt)
  const { request: requestWithKey } = await startApp(t, { ...november, readAccess: 'key' })
  t.equal((await requestWithKey({ url, headers: { authorization } })).statusCode, 401)
})

t.test('the key may be the password of Basic authentication', async (t) => {
  const { key, request } = await startApp(t, { ...november, readAccess: 'key' })
  const url = `${exportPath}/plain-ip?slice=out-tcp-80`
  t.equal((await request(url)).statusCode, 401)
  const { authorization } = await key('catalogue:read')
  const basic = `Basic ${Buffer.from(`firewall:${authorization.replace('Bearer ', '')}`).toString('base64')}`
  t.equal((await request({ url, headers: { authorization: basic } })).statusCode, 200)
})

t.test('a service that is not ready says so, never an empty list', async (t) => {
  const { request } = await startApp(t, { ...november, isReady: false })
  t.equal((await request(`${exportPath}/plain-ip?slice=out-tcp-80`)).statusCode, 503)
})

t.test('what is retiring is on a list unless only what is active is asked for', async (t) => {
  const { request } = await startApp(t, november)
  const count = async (query: string) =>
    lines((await request(`${exportPath}/plain-ip?slice=out-tcp-80${query}`)).body).length
  t.equal(await count('&status=active'), 9)
  t.equal(await count('&status=retiring'), 6)
  t.equal(await count('&status=all&asOf=2&effectiveAt=2026-01-01T00:00:00Z'), 15)
})

t.test('timed rules are the same until the next revision, and have no interval', async (t) => {
  const { request } = await startApp(t, { now: '2018-10-02T00:00:00Z' })
  const path = `${clearswiftPath}/exports/nftables?timed=true`
  const early = await request(path)
  t.equal(early.statusCode, 200)
  t.match(early.body, /^add rule inet portolan \S+ meta time < 1542844800 ip daddr/m)
  t.match(early.headers['cache-control'], 'max-age=60')
  t.notOk(early.headers['portolan-valid-until'] ?? early.headers['portolan-valid-from'])
  const late = await request(`${path}&effectiveAt=2019-01-01T00:00:00Z`)
  t.equal(late.body, early.body)
  t.equal(late.headers.etag, early.headers.etag, 'the tag has no transition')
  const before = await request(`${path}&asOf=1`)
  t.notMatch(before.body, 'meta time', 'the revision before announces nothing')
  for (const [query, status, code] of [
    ['plain-ip?timed=true&slice=all', 422, 'not_timed'],
    ['csv?timed=true', 422, 'not_timed'],
    ['nftables?timed=true&lead=P7D', 400, 'invalid_parameter'],
    ['nftables?timed=true&status=active', 400, 'invalid_parameter'],
    ['nftables?timed=yes', 400, 'invalid_parameter']
  ] as const) {
    const answer = await request(`${clearswiftPath}/exports/${query}`)
    t.strictSame([answer.statusCode, answer.json().code], [status, code], query)
  }
  const { items } = (await request('/v1/formats')).json()
  t.strictSame(
    items.flatMap(({ name, timed }: { name: string; timed?: true }) => (timed ? [name] : [])),
    ['nftables', 'iptables', 'fortios', 'panos', 'cisco-asa'].sort(
      (a, b) =>
        items.findIndex(({ name }: { name: string }) => name === a) -
        items.findIndex(({ name }: { name: string }) => name === b)
    )
  )
})
