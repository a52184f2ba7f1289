import t from 'tap'
import { type Filter, filterView } from '../../../src/domain/view/filter.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import {
  address,
  any,
  at,
  documentOf,
  feed,
  host,
  requirement,
  revisionOf,
  role,
  type Written
} from '../document/support/sample.ts'

const now = '2020-02-01'

function viewOf(requirements: readonly Written[]) {
  const document = documentOf(requirements)
  return viewAt(document, revisionOf(document), at(now))
}

/** The keys of the requirements that are left. */
function keys(requirements: readonly Written[], filter: Filter): readonly string[] {
  return filterView(viewOf(requirements), filter).requirements.map(({ key }) => key)
}

/** The endpoints that are left, by requirement. */
function left(requirements: readonly Written[], filter: Filter): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    filterView(viewOf(requirements), filter).requirements.map(({ key, endpoints }) => [
      key,
      endpoints.map((endpoint) => (endpoint.kind === 'any' ? 'any' : endpoint.value))
    ])
  )
}

const plain = [
  requirement('web', [], {
    tags: ['updates', 'web'],
    owner: 'Team A',
    externalIds: { cmdb: '1' },
    services: [{ transport: 'tcp', ports: [80, '8000-8100'] }]
  }),
  requirement('dns', [], {
    direction: 'both',
    necessity: 'optional',
    tags: ['dns'],
    externalIds: { cmdb: '2', wiki: '1' },
    services: [
      { transport: 'udp', ports: [53] },
      { transport: 'tcp', ports: [5353] }
    ]
  }),
  requirement('ping', [], { scope: 'internal', direction: 'inbound', services: [{ transport: 'icmp' }] }),
  requirement('all-tcp', [], { scope: 'internal', owner: 'Team B', services: [{ transport: 'tcp' }] }),
  requirement('all', [], { direction: 'inbound', necessity: 'optional', services: [{ transport: 'any' }] })
]

t.test('several values of one name are alternatives', async (t) => {
  t.same(keys(plain, { requirement: ['dns', 'all', 'other'] }), ['dns', 'all'])
  t.same(keys(plain, { tag: ['web', 'dns'] }), ['web', 'dns'])
  t.same(keys(plain, { owner: ['Team A', 'Team B'] }), ['web', 'all-tcp'])
  t.same(keys(plain, { scope: ['internal', 'external'] }).length, 5)
  t.same(
    keys(plain, {
      externalId: [
        { namespace: 'cmdb', value: '2' },
        { namespace: 'cmdb', value: '1' }
      ]
    }),
    ['web', 'dns']
  )
})

t.test('several names must all match', async (t) => {
  t.same(keys(plain, { scope: ['internal'], direction: ['inbound'] }), ['ping'])
  t.same(keys(plain, { tag: ['updates'], owner: ['Team B'] }), [])
})

t.test('what a requirement does not say matches no filter', async (t) => {
  t.same(keys(plain, { owner: ['ping'] }), [])
  t.same(keys(plain, { tag: ['x'] }), [])
  t.same(keys(plain, { externalId: [{ namespace: 'wiki', value: '2' }] }), [], 'namespace and value belong together')
  t.same(keys(plain, { externalId: [{ namespace: 'constructor', value: '1' }] }), [])
})

t.test('a direction also matches both; both matches itself only', async (t) => {
  t.same(keys(plain, { direction: ['outbound'] }), ['web', 'dns', 'all-tcp'])
  t.same(keys(plain, { direction: ['inbound'] }), ['dns', 'ping', 'all'])
  t.same(keys(plain, { direction: ['both'] }), ['dns'])
})

t.test('a port matches ranges that include it, and services without ports, but no ICMP', async (t) => {
  t.same(keys(plain, { port: [80] }), ['web', 'all-tcp', 'all'])
  t.same(keys(plain, { port: [8000] }), ['web', 'all-tcp', 'all'])
  t.same(keys(plain, { port: [8100] }), ['web', 'all-tcp', 'all'])
  t.same(keys(plain, { port: [7999] }), ['all-tcp', 'all'])
  t.same(keys(plain, { port: [8101, 53] }), ['dns', 'all-tcp', 'all'])
})

t.test('a transport matches services that include it', async (t) => {
  t.same(keys(plain, { transport: ['udp'] }), ['dns', 'all'])
  t.same(keys(plain, { transport: ['icmp'] }), ['ping', 'all'])
  t.same(keys(plain, { transport: ['any'] }), ['all'])
  t.same(keys(plain, { transport: ['sctp', 'icmp'] }), ['ping', 'all'])
})

t.test('transport and port must meet in the same service', async (t) => {
  t.same(keys(plain, { transport: ['udp'], port: [5353] }), ['all'])
  t.same(keys(plain, { transport: ['tcp'], port: [5353] }), ['dns', 'all-tcp', 'all'])
  t.same(keys(plain, { transport: ['icmp'], port: [80] }), ['all'])
})

const endpoints = [
  requirement('mixed', [
    host('example.net'),
    address('9.0.0.1', { from: '2020-03-01' }),
    address('9.0.0.2', { until: '2020-03-01' }),
    address('9.0.0.3', { until: '2020-01-01' }),
    address('2001:db8::/32'),
    role('admins'),
    feed('cloud'),
    any()
  ]),
  requirement('past', [address('9.0.0.3', { until: '2020-01-01' })]),
  requirement('none')
]

t.test('by default what is retired is left out, and no requirement is dropped for it', async (t) => {
  t.same(left(endpoints, {}), {
    mixed: ['example.net', '9.0.0.1', '9.0.0.2', '2001:db8::/32', 'admins', 'cloud', 'any'],
    past: [],
    none: []
  })
})

t.test('a status that was asked for drops what it leaves empty', async (t) => {
  t.same(left(endpoints, { status: ['planned'] }), { mixed: ['9.0.0.1'] })
  t.same(left(endpoints, { status: ['retired'] }), { mixed: ['9.0.0.3'], past: ['9.0.0.3'] })
  t.same(left(endpoints, { status: ['retiring', 'planned'] }), { mixed: ['9.0.0.1', '9.0.0.2'] })
  t.notMatch(left(endpoints, { status: ['active'] }).mixed, ['9.0.0.2'], 'active leaves out what is retiring')
  t.same(
    Object.keys(left(endpoints, { status: ['planned', 'active', 'retiring'] })),
    ['mixed'],
    'the same as the default, but asked for'
  )
})

t.test('all statuses drop nothing', async (t) => {
  const all = left(endpoints, { status: ['retired', 'retiring', 'active', 'planned'] })
  t.same([all.mixed?.length, all.past, all.none], [8, ['9.0.0.3'], []])
})

t.test('one status, repeated as often as there are statuses, is still one', async (t) => {
  t.same(left(endpoints, { status: ['planned', 'planned', 'planned', 'planned'] }), { mixed: ['9.0.0.1'] })
})

t.test('a kind prunes, and drops requirements that are left with none', async (t) => {
  t.same(left(endpoints, { kind: ['host', 'any'] }), { mixed: ['example.net', 'any'] })
  t.same(left(endpoints, { kind: ['address'] }), { mixed: ['9.0.0.1', '9.0.0.2', '2001:db8::/32'] })
  t.same(left(endpoints, { kind: ['address'], status: ['retired'] }), { mixed: ['9.0.0.3'], past: ['9.0.0.3'] })
})

t.test('a family matches addresses only', async (t) => {
  t.same(left(endpoints, { family: ['ipv6'] }), { mixed: ['2001:db8::/32'] })
  t.same(left(endpoints, { family: ['ipv4', 'ipv6'] }), { mixed: ['9.0.0.1', '9.0.0.2', '2001:db8::/32'] })
  t.same(left(endpoints, { family: ['ipv4'], kind: ['host'] }), {})
})

t.test('what is left is as it was, and all else of the view too', async (t) => {
  const view = viewOf([...endpoints, ...plain])
  const filtered = filterView(view, { requirement: ['mixed'], kind: ['any'] })
  t.same({ ...filtered, requirements: [] }, { ...view, requirements: [] })
  t.same(filtered.requirements, [{ ...view.requirements[0], endpoints: [{ kind: 'any', status: 'active' }] }])
})

t.test('a component selects requirements, and tags of endpoints prune', async (t) => {
  const requirements = [
    requirement('web', [
      host('a.example', { tags: ['eu'] }),
      host('b.example', { tags: ['us', 'eu'] }),
      host('c.example')
    ]),
    requirement('dns', [any()])
  ]
  t.strictSame(left(requirements, { endpointTag: ['us'] }), { web: ['b.example'] })
  t.strictSame(left(requirements, { endpointTag: ['us', 'eu'] }), { web: ['a.example', 'b.example'] })
  t.strictSame(left(requirements, { endpointTag: ['asia'] }), {})
  const view = viewOf(requirements)
  const [web, dns] = view.requirements
  if (!web || !dns) throw new Error('two requirements')
  const parts = { ...view, requirements: [{ ...web, component: 'server' }, dns] }
  t.strictSame(
    filterView(parts, { component: ['server'] }).requirements.map(({ key }) => key),
    ['web']
  )
  t.strictSame(filterView(parts, { component: ['agent'] }).requirements, [])
})
