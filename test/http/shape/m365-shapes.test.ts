import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'
import { requirementInput } from '../../support/document.ts'
import { guid, startShapes } from './shape-service.ts'

const base = '/shapes/m365/product-1'
const client = `clientrequestid=${guid}`
const endpoints = `${base}/endpoints/Worldwide?${client}`
const version = `${base}/version/Worldwide?${client}`
const changesSince = (text: string, query = '') => `${base}/changes/Worldwide/${text}?${client}${query}`

interface EndpointSet {
  readonly id: number
  readonly serviceArea: string
  readonly urls?: readonly string[]
  readonly ips?: readonly string[]
  readonly tcpPorts?: string
  readonly category: string
}
interface Version {
  readonly instance: string
  readonly latest: string
  readonly versions?: readonly string[]
}
interface Change {
  readonly id: number
  readonly endpointSetId: number
  readonly disposition: string
  readonly version: string
  readonly impact: string
  readonly add?: { readonly effectiveDate: string; readonly ips?: readonly string[]; readonly urls?: readonly string[] }
  readonly remove?: { readonly ips?: readonly string[]; readonly urls?: readonly string[] }
  readonly previous?: object
  readonly current?: object
}

const address = (value: string, fields = {}) => ({ kind: 'address', value, ...fields })
const set9 = {
  key: 'set-9',
  title: 'Exchange Online, endpoint set 9',
  services: [{ transport: 'tcp', ports: [443, 25, '1024-1030'] }],
  tags: ['service-area-exchange', 'category-allow', 'express-route'],
  externalIds: {
    'm365-id': '9',
    'm365-service-area': 'Exchange',
    'm365-service-area-display-name': 'Exchange Online',
    'm365-category': 'Allow'
  },
  remarks: 'A note',
  endpoints: [
    { kind: 'host', value: '*.protection.outlook.com' },
    { kind: 'pattern', value: '*cdn.onenote.net' },
    { kind: 'pattern', value: '<tenant>.sharepoint.com' },
    address('40.92.0.0/15'),
    address('52.238.78.88'),
    address('2a01:111:f403::/48')
  ]
}
const set11 = {
  key: 'set-11',
  title: 'Skype for Business Online and Microsoft Teams, endpoint set 11',
  necessity: 'optional',
  services: [{ transport: 'udp', ports: [3478, 3479] }],
  externalIds: {
    'm365-id': '11',
    'm365-service-area': 'Skype',
    'm365-service-area-display-name': 'Skype for Business Online and Microsoft Teams',
    'm365-category': 'Optimize'
  },
  endpoints: [address('2603:1063::/38')]
}
const imported = {
  variables: [{ key: 'tenant', title: 'Your tenant' }],
  requirements: [requirementInput(set11), requirementInput(set9)]
}

t.test('an imported list has its fields again, in their types and their order', async (t) => {
  const { publish, request } = await startShapes(t)
  await publish(imported)
  const answer = await request(endpoints)
  t.equal(
    answer.body,
    JSON.stringify([
      {
        id: 9,
        serviceArea: 'Exchange',
        serviceAreaDisplayName: 'Exchange Online',
        urls: ['*.protection.outlook.com', '*cdn.onenote.net', '*.sharepoint.com'],
        ips: ['40.92.0.0/15', '52.238.78.88/32', '2a01:111:f403::/48'],
        tcpPorts: '25,443,1024-1030',
        expressRoute: true,
        category: 'Allow',
        required: true,
        notes: 'A note'
      },
      {
        id: 11,
        serviceArea: 'Skype',
        serviceAreaDisplayName: 'Skype for Business Online and Microsoft Teams',
        ips: ['2603:1063::/38'],
        udpPorts: '3478,3479',
        expressRoute: false,
        category: 'Optimize',
        required: false
      }
    ])
  )
  t.equal(answer.headers['portolan-export-report'], 'entries=7, omitted=0, widened=1, placeholder=0, unnamed=0')
})

t.test('the parameters of the original choose, in any case, and unknown ones are ignored', async (t) => {
  const { publish, get, request } = await startShapes(t)
  await publish(imported)
  const sets = (query: string) => get<readonly EndpointSet[]>(`${endpoints}&${query}`)
  t.strictSame(
    (await sets('noipv6=TRUE')).map(({ id, ips }) => [id, ips]),
    [[9, ['40.92.0.0/15', '52.238.78.88/32']]]
  )
  t.strictSame(
    (await sets('SERVICEAREAS=exchange')).map(({ id }) => id),
    [9]
  )
  t.strictSame(
    (await sets('ServiceAreas=Exchange,SKYPE')).map(({ id }) => id),
    [9, 11]
  )
  t.equal((await sets('TenantName=Contoso'))[0]?.urls?.at(-1), 'contoso.sharepoint.com')
  t.match(await request(`${endpoints}&tenantname=a.b`), { statusCode: 400 })
  t.equal((await sets('utm_source=x&format=json')).length, 2)
  t.strictSame(
    (await sets('TAG=express-route')).map(({ id }) => id),
    [9]
  )
  const csv = await request(`${endpoints}&format=CSV`)
  t.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
  t.strictSame(csv.body.split('\r\n'), [
    'id,serviceArea,serviceAreaDisplayName,urls,ips,tcpPorts,udpPorts,expressRoute,category,required,notes',
    '9,Exchange,Exchange Online,"*.protection.outlook.com,*cdn.onenote.net,*.sharepoint.com","40.92.0.0/15,52.238.78.88/32,2a01:111:f403::/48","25,443,1024-1030",,True,Allow,True,A note',
    '11,Skype,Skype for Business Online and Microsoft Teams,,2603:1063::/38,,"3478,3479",False,Optimize,False,',
    ''
  ])
})

t.test('the service area Common is part of every selection', async (t) => {
  const { publish, get } = await startShapes(t)
  await publish({ ...imported, requirements: [...imported.requirements, requirementInput()] })
  const sets = await get<readonly EndpointSet[]>(`${endpoints}&ServiceAreas=Exchange`)
  t.strictSame(
    sets.map(({ id, serviceArea }) => [id, serviceArea]),
    [
      [1, 'Common'],
      [9, 'Exchange']
    ]
  )
})

t.test('a script must name itself by a GUID, on all three, and the answers are the same for all of them', async (t) => {
  const { publish, request } = await startShapes(t)
  await publish(imported)
  for (const path of ['version', 'version/Worldwide', 'endpoints/worldwide', 'changes/WORLDWIDE/0000000000']) {
    t.match((await request(`${base}/${path}`)).json(), { status: 400, code: 'missing_parameter' }, path)
    t.match(
      (await request(`${base}/${path}?ClientRequestId=1`)).json(),
      { status: 400, code: 'invalid_parameter' },
      path
    )
    const one = await request(`${base}/${path}?CLIENTREQUESTID=${guid}`)
    t.equal(one.statusCode, 200, path)
    const other = await request(`${base}/${path}?clientRequestId=${guid.replace('b', 'c')}`)
    t.equal(other.headers.etag, one.headers.etag, path)
  }
})

t.test('an instance that the catalogue is not is said with the one that it is', async (t) => {
  const { publish, request } = await startShapes(t)
  await publish(imported)
  const { status, detail } = (await request(`${base}/endpoints/Mars?${client}`)).json()
  t.equal(status, 404)
  t.match(detail, /no instance Mars: it has Worldwide/)
  const source = {
    adapter: 'm365',
    url: 'https://endpoints.office.com/endpoints/USGOVDoD',
    token: '2026030400',
    digest: `sha256:${'0'.repeat(64)}`
  }
  await publish({ ...imported, edition: { source } })
  t.strictSame((await request(`${base}/version?${client}`)).json(), [{ instance: 'USGovDoD', latest: '2026030400' }])
  t.equal((await request(`${base}/endpoints/usgovdod?${client}`)).statusCode, 200)
  t.equal((await request(`${base}/endpoints/worldwide?${client}`)).statusCode, 404)
})

t.test('versions rise with each revision, count within the day, and lead back to revisions', async (t) => {
  const { publish, get, request } = await startShapes(t)
  const of = (...values: readonly string[]) => ({
    requirements: [requirementInput({ endpoints: values.map((value) => address(value)) })]
  })
  const source = (token: string) => ({
    edition: { source: { adapter: 'x', url: 'https://example.com/list', token, digest: `sha256:${'1'.repeat(64)}` } }
  })
  await publish(of('20.0.0.1'), '2026-03-01T00:00:00Z')
  await publish(of('20.0.0.1', '20.0.0.2'), '2026-03-01T23:59:59Z')
  await publish(of('20.0.0.2', '20.0.0.3'), '2026-03-03T12:00:00Z')
  // Unix seconds have ten digits, and are no version.
  await publish({ ...of('20.0.0.3'), ...source('1772712000') }, '2026-03-04T00:00:00Z')
  await publish({ ...of('20.0.0.4'), ...source('2026030502') }, '2026-03-05T00:00:00Z')
  await publish(of('20.0.0.5'), '2026-03-05T01:00:00Z')
  const { latest, versions = [] } = await get<Version>(`${version}&AllVersions=true`)
  t.equal(latest, versions[0])
  t.strictSame(versions, ['2026030503', '2026030502', '2026030400', '2026030300', '2026030101', '2026030100'])
  for (const [index, each] of versions.entries()) {
    const number = versions.length - index
    t.match(await get(`${version}&asOf=${number}`), { instance: 'Worldwide', latest: each })
    t.strictSame(await get(`${changesSince(each)}&asOf=${number}`), [], 'the newest gives nothing')
    const later = await get<readonly Change[]>(changesSince(each))
    t.strictSame([...new Set(later.map((change) => change.version))], versions.slice(0, index).reverse())
  }
  t.equal((await get<readonly Change[]>(changesSince('2026030299'))).length, 4, 'a version counts by its place')
  t.match((await request(changesSince('20260302'))).json(), { status: 400, code: 'invalid_parameter' })
  const csv = await request(`${version}&format=csv`)
  t.equal(csv.body, 'instance,latest\r\nWorldwide,2026030503\r\n')
  const rss = await request(`${version}&format=rss&allversions=true`)
  t.equal(rss.headers['content-type'], 'application/rss+xml; charset=utf-8')
  t.equal(rss.body.match(/<item>/g)?.length, 6)
  t.match(rss.body, /<pubDate>Tue, 03 Mar 2026 12:00:00 GMT<\/pubDate>/)
  t.match((await request(`${version}&format=xml`)).json(), { status: 400 })
})

t.test(
  'changes tell when values begin and what an edit changed, and an announced end when the value has gone',
  async (t) => {
    const { publish, get, clock } = await startShapes(t)
    const requirement = (fields: object) => ({ requirements: [requirementInput({ ...set11, ...fields })] })
    await publish(requirement({ endpoints: [address('20.0.0.1')] }), '2026-03-01T00:00:00Z')
    await publish(
      requirement({
        services: [{ transport: 'tcp', ports: [443] }],
        endpoints: [
          address('20.0.0.1', { until: '2026-03-10T00:00:00Z' }),
          address('20.0.0.2', { from: '2026-04-01T00:00:00Z' }),
          { kind: 'host', value: 'www.example.net' }
        ]
      }),
      '2026-03-02T00:00:00Z'
    )
    const facts = { expressRoute: false, serviceArea: 'Skype', category: 'Optimize', required: false }
    const second = [
      {
        id: 2,
        endpointSetId: 11,
        disposition: 'Change',
        version: '2026030200',
        impact: 'AddedUrl',
        previous: { udpPorts: '3478,3479' },
        current: { tcpPorts: '443' },
        add: { effectiveDate: '20260302', urls: ['www.example.net'] }
      },
      {
        id: 3,
        endpointSetId: 11,
        disposition: 'Change',
        version: '2026030200',
        impact: 'AddedIp',
        add: { effectiveDate: '20260401', ips: ['20.0.0.2/32'] }
      }
    ]
    t.strictSame(await get(changesSince('0000000000')), [
      {
        id: 1,
        endpointSetId: 11,
        disposition: 'Add',
        version: '2026030100',
        impact: 'AddedIp',
        current: { ...facts, udpPorts: '3478,3479' },
        add: { effectiveDate: '20260301', ips: ['20.0.0.1/32'] }
      },
      ...second
    ])
    clock.now = Date.parse('2026-03-12T00:00:00Z')
    t.strictSame((await get<readonly EndpointSet[]>(endpoints))[0]?.ips, ['20.0.0.2/32'])
    await publish(
      requirement({
        tags: ['express-route'],
        services: [{ transport: 'tcp', ports: [443] }],
        endpoints: [
          address('20.0.0.1', { until: '2026-03-10T00:00:00Z' }),
          address('20.0.0.2', { from: '2026-04-01T00:00:00Z' }),
          { kind: 'host', value: 'www.example.net' }
        ]
      }),
      '2026-03-13T00:00:00Z'
    )
    await publish({ requirements: [requirementInput()] }, '2026-03-14T00:00:00Z')
    t.strictSame(await get(changesSince('2026030100')), [
      ...second,
      {
        id: 4,
        endpointSetId: 11,
        disposition: 'Change',
        version: '2026031300',
        impact: 'RemovedIpOrUrl',
        previous: { expressRoute: false },
        current: { expressRoute: true },
        remove: { ips: ['20.0.0.1/32'] }
      },
      {
        id: 5,
        endpointSetId: 1,
        disposition: 'Add',
        version: '2026031400',
        impact: 'AddedUrl',
        current: { expressRoute: false, serviceArea: 'Common', category: 'Default', required: true, tcpPorts: '443' },
        add: { effectiveDate: '20260314', urls: ['updates.example.net'] }
      },
      {
        id: 6,
        endpointSetId: 11,
        disposition: 'Remove',
        version: '2026031400',
        impact: 'RemovedIpOrUrl',
        previous: { ...facts, expressRoute: true, tcpPorts: '443' },
        remove: { ips: ['20.0.0.2/32'], urls: ['www.example.net'] }
      }
    ])
  }
)

t.test(
  'sets without a number count in order of appearance, and keep it when they are renamed or come back',
  async (t) => {
    const { publish, get } = await startShapes(t)
    const of = (key: string, fields = {}) => requirementInput({ key, title: key, ...fields })
    const numbers = async (query = '') =>
      (await get<readonly EndpointSet[]>(endpoints + query)).map(({ id, urls }) => [id, urls?.[0]])
    const host = (value: string) => ({ endpoints: [{ kind: 'host', value }] })
    await publish({ requirements: [of('zeta', host('z.example.net')), of('alpha', host('a.example.net'))] })
    t.strictSame(await numbers(), [
      [1, 'z.example.net'],
      [2, 'a.example.net']
    ])
    await publish({ requirements: [of('alpha', host('a.example.net')), of('beta', host('b.example.net'))] })
    t.strictSame(await numbers(), [
      [2, 'a.example.net'],
      [3, 'b.example.net']
    ])
    await publish({
      requirements: [
        of('zeta', host('z.example.net')),
        of('gamma', { previousKeys: ['alpha'], ...host('a.example.net') }),
        of('delta', host('d.example.net'))
      ]
    })
    t.strictSame(await numbers(), [
      [1, 'z.example.net'],
      [2, 'a.example.net'],
      [4, 'd.example.net']
    ])
    await publish({ requirements: [of('alpha', host('new.example.net'))] })
    t.strictSame(await numbers(), [[5, 'new.example.net']], 'another requirement under a key that was left')
    t.strictSame(await numbers('&asOf=1'), [
      [1, 'z.example.net'],
      [2, 'a.example.net']
    ])
  }
)

t.test(
  'services of every protocol are ports in part, other protocols cannot be said, and both are counted',
  async (t) => {
    const { publish, get, request } = await startShapes(t)
    const endpoint = { endpoints: [{ kind: 'host', value: 'www.example.net' }] }
    await publish({
      requirements: [
        requirementInput({ key: 'any', services: [{ transport: 'any' }], ...endpoint }),
        requirementInput({ key: 'esp', services: [{ transport: 'esp' }], ...endpoint }),
        requirementInput({ key: 'tcp', services: [{ transport: 'tcp' }, { transport: 'icmp' }], ...endpoint }),
        requirementInput({ key: 'role', endpoints: [{ kind: 'role', value: 'dns', title: 'Your DNS servers' }] }),
        requirementInput({ key: 'url', endpoints: [{ kind: 'url', value: 'www.example.net/release/' }] }),
        requirementInput({ key: 'none', endpoints: [] })
      ]
    })
    const sets = await get<readonly EndpointSet[]>(endpoints)
    t.match(sets, [
      { id: 1, tcpPorts: '1-65535', udpPorts: '1-65535' },
      { id: 3, tcpPorts: '1-65535' },
      { id: 5, urls: ['www.example.net/release/'], category: 'Default' }
    ])
    const { headers } = await request(endpoints)
    t.equal(headers['portolan-export-report'], 'entries=3, omitted=4, widened=0, placeholder=0, unnamed=1')
  }
)

t.test('the first catalogue can be read by scripts that exist', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const address = await app.listen()
  const read = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(`${address}/shapes/m365/${clearswift}${path}`, { redirect: 'error' })
    return JSON.parse(await answer.text())
  }
  // As in the PowerShell and Python scripts of the provider's documentation.
  const versions = await read<readonly Version[]>(`/Version?ClientRequestId=${guid}`)
  const worldwide = versions.find(({ instance }) => instance === 'Worldwide')
  t.match(worldwide?.latest, /^[0-9]{10}$/)
  const sets = await read<readonly EndpointSet[]>(`/Endpoints/WorldWide?ClientRequestId=${guid}&NoIPv6=true`)
  t.ok(sets.length > 5)
  const rules = sets
    .filter(({ category }) => category === 'Allow' || category === 'Optimize')
    .flatMap(({ ips = [], tcpPorts = '' }) =>
      ips.flatMap((ip) =>
        tcpPorts
          .split(',')
          .filter(Boolean)
          .map((port) => ({ ip, port: Number.parseInt(port, 10) }))
      )
    )
  t.ok(rules.length > 5)
  for (const { ip, port } of rules) {
    t.match(ip, /^\d+(\.\d+){3}\/\d+$/)
    t.ok(port > 0)
  }
  t.strictSame(await read(`/changes/worldwide/${worldwide?.latest}?clientrequestid=${guid}`), [])
})
