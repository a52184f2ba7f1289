import t from 'tap'
import { fixtures } from './support/fixtures.ts'
import { documentFrom, readList, refusalOfList } from './support/lists.ts'

t.test('Microsoft 365: a set is a requirement with its ports, names and patterns', async (t) => {
  const { requirements, variables } = await documentFrom('m365', fixtures.m365)
  t.match(requirements, [
    {
      key: 'set-11',
      services: [
        {
          transport: 'udp',
          ports: [
            { from: 3478, to: 3478 },
            { from: 3479, to: 3479 }
          ]
        }
      ],
      tags: ['category-optimize', 'service-area-skype']
    },
    { key: 'set-78', necessity: 'optional', remarks: 'Some features need it.' },
    {
      key: 'set-9',
      title: 'Exchange Online, endpoint set 9',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['direction'],
      services: [
        {
          transport: 'tcp',
          ports: [
            { from: 80, to: 80 },
            { from: 443, to: 443 }
          ]
        },
        { transport: 'udp', ports: [{ from: 3478, to: 3481 }] }
      ],
      tags: ['category-allow', 'express-route', 'service-area-exchange'],
      externalIds: { 'm365-id': '9', 'm365-service-area-display-name': 'Exchange Online' }
    }
  ])
  t.equal(requirements[2]?.remarks, undefined)
  t.match(variables, [{ key: 'tenant' }])
  t.strictSame(
    requirements[1]?.endpoints.map(({ kind, ...endpoint }) => [kind, 'value' in endpoint ? endpoint.value : '']),
    [
      ['host', '*.mail.example.com'],
      ['host', 'www.example.com'],
      ['pattern', '<tenant>.files.example.com']
    ]
  )
})

t.test('Microsoft 365: dates of the changes are those of exactly their values', async (t) => {
  const changes = [
    {
      id: 1,
      endpointSetId: 9,
      version: '2026010100',
      disposition: 'Change',
      add: { effectiveDate: '20260201', ips: ['192.0.2.7/32'] }
    },
    {
      id: 2,
      endpointSetId: 9,
      version: '2026020100',
      disposition: 'Change',
      add: { effectiveDate: '20260301', ips: ['192.0.2.7/32'], urls: ['*.mail.example.com'] }
    },
    { id: 3, endpointSetId: 9, version: '2026020100', disposition: 'Change', remove: { ips: ['203.0.113.9/32'] } }
  ]
  const parts = [
    { name: 'version', bytes: Buffer.from('{"instance":"Worldwide","latest":"2026020100"}') },
    { name: 'changes', bytes: Buffer.from(JSON.stringify(changes)) }
  ]
  const dated = async (datesAfter?: number) => {
    const { requirements } = await documentFrom(
      'm365',
      fixtures.m365,
      datesAfter === undefined ? { parts } : { parts, datesAfter }
    )
    return requirements.flatMap(({ key, endpoints }) =>
      endpoints.flatMap((endpoint) =>
        'value' in endpoint && endpoint.from ? [`${key} ${endpoint.value} ${endpoint.from}`] : []
      )
    )
  }
  t.strictSame(await dated(), ['set-9 *.mail.example.com 2026-03-01T00:00:00Z', 'set-9 192.0.2.7 2026-03-01T00:00:00Z'])
  t.strictSame(await dated(Date.parse('2026-06-01T00:00:00Z')), [])
  t.equal((await readList('m365', fixtures.m365, { parts })).token, '2026020100')
})

t.test(
  'Microsoft 365: ports that cannot be read, and a port that the set does not have, refuse the list',
  async (t) => {
    const [set] = fixtures.m365
    t.match(await refusalOfList('m365', [{ ...set, tcpPorts: '80;443' }]), /^\/0\/tcpPorts invalid_port: /)
    t.match(await refusalOfList('m365', [{ ...set, urls: ['www.example.com:8443'] }]), /^\/0\/urls\/0 other_port: /)
    t.match(await refusalOfList('m365', [{ ...set, urls: ['Your servers'] }]), /^\/0\/urls\/0 invalid_name: /)
  }
)

t.test('Azure: what is empty or null is not written', async (t) => {
  const { requirements } = await documentFrom('azure', fixtures.azure)
  t.strictSame(requirements[1]?.externalIds, {
    'azure-change-number': '22',
    'azure-id': 'Sql.WestEurope',
    'azure-platform': 'Azure',
    'azure-region': 'westeurope',
    'azure-region-id': '18',
    'azure-system-service': 'AzureSQL'
  })
  t.strictSame(requirements[1]?.tags, ['platform-azure', 'region-westeurope', 'service-azuresql'])
  t.equal(requirements[0]?.externalIds?.['azure-region'], undefined)
  t.equal((await readList('azure', { ...fixtures.azure, changeNumber: '375' })).token, '375')
  t.match(await refusalOfList('azure', { ...fixtures.azure, nextLink: 'https://x.example/2' }), /^\/nextLink partial: /)
})

t.test('Google: the time is that of the token, and a list without services is one requirement', async (t) => {
  const { time } = await readList('gcp', fixtures.gcp)
  t.equal(time, 1753384588780)
  const prefixes = [{ ipv4Prefix: '198.51.100.0/24' }, { ipv6Prefix: '2001:db8::/32' }]
  const { requirements } = await documentFrom('gcp', { ...fixtures.gcp, prefixes })
  t.match(requirements, [{ key: 'google', endpoints: [{}, {}] }])
})

t.test('GitHub: directions and ports are those of its keys', async (t) => {
  const { requirements } = await documentFrom('github', fixtures.github)
  t.strictSame(
    requirements.map(({ key, direction, services }) => [key, direction, services[0]?.ports?.map(({ from }) => from)]),
    [
      ['actions', 'both', [443]],
      ['api', 'outbound', [443]],
      ['domains.actions_inbound.full_domains', 'outbound', [443]],
      ['domains.actions_inbound.wildcard_domains', 'outbound', [443]],
      ['domains.artifact_attestations.services', 'outbound', [443]],
      ['domains.website', 'outbound', [443]],
      ['git', 'outbound', [22, 80, 443]],
      ['hooks', 'inbound', [443]],
      ['web', 'outbound', [443]]
    ]
  )
})

t.test('Oracle: a CIDR stands under each of its tags, and one without a tag refuses the list', async (t) => {
  const { requirements } = await documentFrom('oracle', fixtures.oracle)
  t.strictSame(
    requirements.map(({ key }) => key),
    ['object_storage.eu-madrid-3', 'oci.eu-madrid-3', 'osn.af-casablanca-1', 'osn.eu-madrid-3']
  )
  t.equal((await readList('oracle', fixtures.oracle)).time, Date.parse('2026-02-03T16:19:01.779Z'))
  const regions = [{ region: 'eu-madrid-3', cidrs: [{ cidr: '198.51.100.0/24', tags: [] }] }]
  t.match(await refusalOfList('oracle', { ...fixtures.oracle, regions }), /^\/regions\/0\/cidrs\/0\/tags empty: /)
})

t.test('Cloudflare: two texts are one list, and one of them is half a list', async (t) => {
  const text = '198.51.100.0/24\n203.0.113.0/24\n'
  t.strictSame(
    (await documentFrom('cloudflare', `${text}2001:db8::/32\n`)).requirements,
    (await documentFrom('cloudflare', fixtures.cloudflare)).requirements
  )
  t.match(await refusalOfList('cloudflare', text), /partial: /)
  t.match(await refusalOfList('cloudflare', { ...fixtures.cloudflare, success: false }), /^\/success no_list: /)
})

t.test('Atlassian: egress comes in, and each region is a tag of the address', async (t) => {
  const { requirements } = await documentFrom('atlassian', fixtures.atlassian)
  t.strictSame(
    requirements.map(({ key, direction }) => [key, direction]),
    [
      ['confluence.egress.commercial', 'inbound'],
      ['confluence.ingress.commercial', 'outbound'],
      ['jira.egress.commercial', 'inbound'],
      ['jira.ingress.commercial', 'outbound']
    ]
  )
  t.strictSame(requirements[2]?.endpoints, [
    { kind: 'address', value: '198.51.100.0/24', tags: ['region-eu-west-1', 'region-global'] },
    { kind: 'address', value: '203.0.113.7', tags: ['region-us-east-1'] }
  ])
})

t.test('Zscaler: a city, and each kind of gateway in it, is a requirement', async (t) => {
  const { requirements } = await documentFrom('zscaler', fixtures.zscaler)
  t.strictSame(
    requirements.map(({ key, services, endpoints }) => [
      key,
      services.map(({ transport }) => transport),
      endpoints.length
    ]),
    [
      ['emea.amsterdam-ii', ['any'], 1],
      ['emea.amsterdam-ii.gre', ['gre'], 2],
      ['emea.amsterdam-ii.hostname', ['tcp'], 1],
      ['emea.amsterdam-ii.vpn', ['udp', 'esp'], 1],
      ['emea.paris', ['any'], 1],
      ['svpn', ['any'], 2]
    ]
  )
})
