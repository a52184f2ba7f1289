import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import { audit, auditRows } from '../../../src/domain/lookup/audit.ts'
import { parseAuditEntries, type WrittenEntry } from '../../../src/domain/lookup/audit-entry.ts'
import type { Half } from '../../../src/domain/lookup/audit-missing.ts'
import { matchEndpoint, parseTarget } from '../../../src/domain/lookup/lookup.ts'
import type { Service } from '../../../src/domain/network/network-service.ts'
import type { Filter } from '../../../src/domain/view/filter.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryInstant } from '../document/support/arbitrary-document.ts'
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

const now = at('2020-02-01')
const [past, soon] = ['2020-01-01', '2020-03-01']

type Entry = string | WrittenEntry

function auditOf(
  document: Document,
  entries: readonly Entry[],
  { instant = now, filter = {}, by = 'either' }: Asked = {}
) {
  const written = entries.map((entry) => (typeof entry === 'string' ? { value: entry } : entry))
  const { requirements } = viewAt(document, revisionOf(document), instant)
  return audit(auditRows([{ catalogue: 'c', requirements }], filter), parseAuditEntries(written), by)
}

interface Asked {
  readonly instant?: number
  readonly filter?: Filter
  readonly by?: Half
}

/** In which list each entry stands. */
function buckets(
  requirements: readonly Written[],
  entries: readonly Entry[]
): Readonly<Record<string, readonly string[]>> {
  const { current, retiring, planned, retired, unknown } = auditOf(documentOf(requirements), entries)
  return Object.fromEntries(
    Object.entries({ current, retiring, planned, retired, unknown })
      .filter(([, results]) => results.length > 0)
      .map(([name, results]) => [name, results.map(({ value, port }) => (port ? `${value} ${port}` : value))])
  )
}

/** The values that are missing, with the requirements that lack them. */
function missing(requirements: readonly Written[], entries: readonly Entry[]): readonly string[] {
  return auditOf(documentOf(requirements), entries).missing.map(
    ({ value, status, requirements }) =>
      `${value} ${status} for ${requirements.map(({ requirement }) => requirement).join(', ')}`
  )
}

const services = (...list: readonly Written[]) => ({ services: list })
const tcp = (...ports: readonly unknown[]): Written => ({ transport: 'tcp', ports })

t.test('an entry stands in the list of its status', async (t) => {
  const requirements = [
    requirement('a', [
      host('example.net'),
      address('9.0.0.1'),
      address('9.0.0.2', { until: soon }),
      address('9.0.0.3', { from: soon }),
      address('9.0.0.4', { until: past })
    ])
  ]
  t.same(
    buckets(requirements, ['EXAMPLE.net.', '9.0.0.1', '9.0.0.2', '9.0.0.3', '9.0.0.4', '9.0.0.5', 'other.example']),
    {
      current: ['example.net', '9.0.0.1'],
      retiring: ['9.0.0.2'],
      planned: ['9.0.0.3'],
      retired: ['9.0.0.4'],
      unknown: ['9.0.0.5', 'other.example']
    }
  )
})

t.test('of several rows the most alive status wins', async (t) => {
  const rows = {
    active: address('9.0.0.1'),
    retiring: address('9.0.0.1', { until: soon }),
    planned: address('9.0.0.1', { from: soon }),
    retired: address('9.0.0.1', { until: past })
  }
  const both = (one: Written, other: Written) =>
    Object.keys(buckets([requirement('a', [one]), requirement('b', [other])], ['9.0.0.1']))
  t.same(both(rows.retired, rows.active), ['current'])
  t.same(both(rows.planned, rows.retiring), ['retiring'])
  t.same(both(rows.planned, rows.retired), ['planned'])
  t.same(both(rows.retired, rows.retired), ['retired'])
  t.same(
    Object.keys(buckets([requirement('a', [rows.retired, address('9.0.0.1', { from: soon })])], ['9.0.0.1'])),
    ['planned'],
    'also of one value that comes back'
  )
})

t.test('an entry is explained by each row that it meets', async (t) => {
  const document = documentOf([
    requirement('a', [address('9.0.0.0/24'), address('9.0.0.1', { until: soon })]),
    requirement('b', [host('*.example.net')])
  ])
  t.same(auditOf(document, ['9.0.0.1', 'www.example.net', '9.0.0.0/16']).current, [
    {
      value: '9.0.0.1',
      detail: 'needed',
      matches: [
        {
          catalogue: 'c',
          requirement: 'a',
          match: 'exact',
          endpoint: { kind: 'address', value: '9.0.0.1', status: 'retiring', until: '2020-03-01T00:00:00Z' }
        },
        {
          catalogue: 'c',
          requirement: 'a',
          match: 'covers',
          endpoint: { kind: 'address', value: '9.0.0.0/24', status: 'active' }
        }
      ],
      matchCount: 2
    },
    {
      value: 'www.example.net',
      detail: 'needed',
      matches: [
        {
          catalogue: 'c',
          requirement: 'b',
          match: 'covers',
          endpoint: { kind: 'host', value: '*.example.net', status: 'active' }
        }
      ],
      matchCount: 1
    },
    {
      value: '9.0.0.0/16',
      detail: 'needed; the entry is wider than what the catalogue names',
      matches: [
        {
          catalogue: 'c',
          requirement: 'a',
          match: 'within',
          endpoint: { kind: 'address', value: '9.0.0.0/24', status: 'active' }
        },
        {
          catalogue: 'c',
          requirement: 'a',
          match: 'within',
          endpoint: { kind: 'address', value: '9.0.0.1', status: 'retiring', until: '2020-03-01T00:00:00Z' }
        }
      ],
      matchCount: 2
    }
  ])
})

t.test('an entry for a port is held against the services that use it', async (t) => {
  const requirements = [
    requirement('web', [address('9.0.0.1')], services(tcp(80, '8000-8100'))),
    requirement('old', [address('9.0.0.1', { until: past })], services(tcp(21), { transport: 'udp', ports: [53] })),
    requirement('all', [address('9.0.0.2')], services({ transport: 'tcp' })),
    requirement('any', [address('9.0.0.3')], services({ transport: 'any' })),
    requirement('ping', [address('9.0.0.4')], services({ transport: 'icmp' }))
  ]
  const on = (value: string, port: string) => buckets(requirements, [{ value, port }])
  t.same(on('9.0.0.1', 'tcp/80'), { current: ['9.0.0.1 tcp/80'] })
  t.same(on('9.0.0.1', 'tcp/8100-9000'), { current: ['9.0.0.1 tcp/8100-9000'] }, 'a part of its ports is used')
  t.same(on('9.0.0.1', 'tcp/21'), { retired: ['9.0.0.1 tcp/21'] }, 'what other ports need does not count')
  t.same(on('9.0.0.1', 'udp/80'), { unknown: ['9.0.0.1 udp/80'] })
  t.same(on('9.0.0.1', 'tcp/8101'), { unknown: ['9.0.0.1 tcp/8101'] })
  t.same(on('9.0.0.2', 'tcp/1'), { current: ['9.0.0.2 tcp/1'] })
  t.same(on('9.0.0.2', 'udp/1'), { unknown: ['9.0.0.2 udp/1'] })
  t.same(on('9.0.0.3', 'sctp/1'), { current: ['9.0.0.3 sctp/1'] })
  t.same(on('9.0.0.4', 'tcp/1'), { unknown: ['9.0.0.4 tcp/1'] })
  const details = auditOf(documentOf(requirements), [{ value: '9.0.0.1', port: 'tcp/443' }, '9.9.9.9']).unknown
  t.same(
    details.map(({ detail }) => detail),
    ['named by the catalogue, but not for this port', 'not named by this catalogue']
  )
})

t.test('what has no address explains no entry and is never missing', async (t) => {
  const requirements = [requirement('a', [any(), role('admins'), feed('cloud')])]
  t.same(buckets(requirements, ['9.0.0.1', 'admins']), { unknown: ['9.0.0.1', 'admins'] })
  t.same(missing(requirements, []), [])
})

t.test('missing is what holds and no entry lets through', async (t) => {
  const requirements = [
    requirement('a', [
      host('example.net'),
      address('9.0.0.1'),
      address('9.0.0.2', { until: soon }),
      address('9.0.0.3', { from: soon }),
      address('9.0.0.4', { until: past })
    ])
  ]
  t.same(missing(requirements, []), ['example.net active for a', '9.0.0.1 active for a', '9.0.0.2 retiring for a'])
  t.same(missing(requirements, ['9.0.0.2']), ['example.net active for a', '9.0.0.1 active for a'])
  t.same(missing(requirements, ['9.0.0.0/8', 'example.net']), [], 'a wider entry does')
})

t.test('an entry that is narrower than what is needed does not let it through', async (t) => {
  const requirements = [requirement('a', [address('9.0.0.0/24'), host('*.example.net')])]
  t.same(missing(requirements, ['9.0.0.0/25', '9.0.0.1', 'www.example.net']), [
    '*.example.net active for a',
    '9.0.0.0/24 active for a'
  ])
  t.same(missing(requirements, ['9.0.0.0/24', '*.example.net']), [])
})

t.test('a value is missing where a port is', async (t) => {
  const lacks = (list: readonly Written[], ...ports: readonly string[]) =>
    missing(
      [requirement('a', [address('9.0.0.1')], { services: list })],
      ports.map((port) => ({ value: '9.0.0.1', port }))
    ).length > 0
  t.notOk(lacks([tcp(80)], 'tcp/80'))
  t.ok(lacks([tcp(80, 443)], 'tcp/80'))
  t.notOk(lacks([tcp(80, 443)], 'tcp/80', 'tcp/443'))
  t.ok(lacks([tcp(80)], 'udp/80'))
  t.notOk(lacks([tcp('80-90')], 'tcp/1-1000'))
  t.ok(lacks([tcp('80-90')], 'tcp/80-89'))
  t.notOk(lacks([tcp('80-90')], 'tcp/80-85', 'tcp/86-90'), 'two entries together')
  t.ok(lacks([tcp('80-90')], 'tcp/80-85', 'tcp/87-90'))
  t.ok(lacks([tcp(80), { transport: 'udp', ports: [53] }], 'tcp/80'), 'each service counts')
  t.notOk(lacks([{ transport: 'tcp' }], 'tcp/1-65535'), 'all ports, written out')
  t.ok(lacks([{ transport: 'tcp' }], 'tcp/1-65534'))
  t.ok(lacks([{ transport: 'icmp' }], 'tcp/1-65535'))
  t.ok(lacks([{ transport: 'any' }], 'tcp/1-65535', 'udp/1-65535', 'sctp/1-65535'), 'any is more than these')
  t.same(missing([requirement('a', [address('9.0.0.1')], services({ transport: 'any' }))], ['9.0.0.1']), [])
})

t.test('protocols and types of ICMP that stand alone let through the services that use them', async (t) => {
  const requirements = [
    requirement('vpn', [address('9.9.9.9')], services({ transport: 'esp' }, { transport: 'gre' })),
    requirement('ping', [address('9.9.9.9')], services({ transport: 'icmp', icmp: { type: 8 } }))
  ]
  const entries = ['esp', 'gre', 'icmp/echo-request']
  t.same(buckets(requirements, entries), { current: ['any esp', 'any gre', 'any icmp/8'] })
  t.same(missing(requirements, entries), [])
})

t.test('an address that no service reaches, since a type of ICMP belongs to one family, is not needed', async (t) => {
  const [ipv4, ipv6] = ['9.9.9.9', '2620:fe::fe']
  const pinged = (transport: string) => [
    requirement('ping', [address(ipv4), address(ipv6)], services({ transport, icmp: { type: 'echo-request' } }))
  ]
  t.same(missing(pinged('icmp'), []), ['9.9.9.9 active for ping'])
  t.same(missing(pinged('icmpv6'), []), ['2620:fe::fe active for ping'])
  t.same(missing(pinged('icmp'), [{ value: ipv4, port: 'icmp/8' }]), [])
  t.same(buckets(pinged('icmp'), [{ value: ipv6, port: 'icmp/8' }]), { unknown: ['2620:fe::fe icmp/8'] })
  t.same(buckets(pinged('icmpv6'), [ipv4, ipv6]), { current: [ipv6], unknown: [ipv4] })

  const both = [
    requirement(
      'web',
      [address(ipv4), address(ipv6), host('example.net')],
      services(tcp(443), { transport: 'icmp', icmp: { type: 8 } })
    )
  ]
  const web = [ipv4, ipv6].map((value) => ({ value, port: 'tcp/443' }))
  t.same(missing(both, web), ['example.net active for web', '9.9.9.9 active for web'])
  t.same(missing(both, [...web, { value: ipv4, port: 'icmp/8' }]), [], 'all addresses that are needed are open')
  const untyped = [requirement('ping', [address(ipv6)], services({ transport: 'icmp' }))]
  t.same(missing(untyped, []), ['2620:fe::fe active for ping'], 'ICMP without a type is that of the address')
})

t.test('what no service reaches does not keep a name from being covered', async (t) => {
  const requirements = [
    requirement(
      'ping',
      [address('9.9.9.9'), address('2620:fe::fe'), host('example.net')],
      services({ transport: 'icmp', icmp: { type: 8 } })
    )
  ]
  t.same(missing(requirements, ['9.9.9.9']), [])
})

t.test('a missing value is told once, with each requirement that lacks it', async (t) => {
  const requirements = [
    requirement('a', [address('9.0.0.1', { until: soon })], services(tcp(80))),
    requirement('b', [address('9.0.0.1')], services(tcp(443))),
    requirement('c', [address('9.0.0.1')], { ...services(tcp(8443)), necessity: 'optional' })
  ]
  t.same(missing(requirements, []), ['9.0.0.1 active for a, b, c'])
  t.same(missing(requirements, [{ value: '9.0.0.1', port: 'tcp/443' }]), ['9.0.0.1 active for a, c'])
  t.same(missing(requirements, ['9.0.0.1']), [])
  t.match(auditOf(documentOf(requirements), ['9.0.0.9']).missing, [
    {
      kind: 'address',
      requirements: [
        { requirement: 'a', necessity: 'required', services: [{ transport: 'tcp' }] },
        { requirement: 'b' },
        { requirement: 'c', necessity: 'optional' }
      ]
    }
  ])
})

const pair = [host('a.example.net'), host('b.example.net')]
const served = (value: string, ...names: readonly string[]) => address(value, { serves: names })

t.test('what belongs to an entry is covered, and not missing', async (t) => {
  const requirements = [
    requirement('paired', [
      ...pair,
      served('9.0.0.1', 'a.example.net', 'b.example.net'),
      served('9.0.0.2', 'b.example.net'),
      address('9.0.0.3')
    ]),
    requirement('loose', [host('c.example.net'), host('d.example.net'), address('9.1.0.1'), address('9.1.0.2')])
  ]
  const document = documentOf(requirements)
  const lists = (entries: readonly Entry[], by?: Half) => {
    const { missing, covered } = auditOf(document, entries, by && { by })
    const values = (list: typeof missing) => list.map(({ value }) => value)
    return { missing: values(missing), covered: values(covered) }
  }
  const names = ['a.example.net', 'b.example.net', 'c.example.net', 'd.example.net']
  t.same(lists(names), { missing: ['9.0.0.3'], covered: ['9.0.0.1', '9.0.0.2', '9.1.0.1', '9.1.0.2'] })
  t.same(lists(['9.0.0.0/24', '9.1.0.0/24']), { missing: [], covered: names })
  t.same(lists(['9.0.0.1', '9.0.0.3', '9.1.0.1']), {
    missing: ['b.example.net', '9.0.0.2', 'c.example.net', 'd.example.net', '9.1.0.2'],
    covered: ['a.example.net']
  })
  t.same(lists(['c.example.net', 'a.example.net']).missing.slice(-3), ['d.example.net', '9.1.0.1', '9.1.0.2'])
  t.same(lists(names, 'addresses').covered, [])
  t.same(lists(names, 'names').missing, ['9.0.0.3'])
  t.same(lists(['9.0.0.0/24', '9.1.0.0/24'], 'names').missing, names)
  t.same(lists(['9.0.0.0/24', '9.1.0.0/24'], 'addresses').missing, [])
  const onPort = { value: 'a.example.net', port: 'tcp/80' }
  t.ok(lists([onPort]).missing.includes('9.0.0.1'), 'the name is open on another port')
  const both = [requirement('a', [...pair, served('9.0.0.1', 'a.example.net')]), requirement('b', [address('9.0.0.1')])]
  t.same(
    missing(both, ['a.example.net', 'b.example.net']),
    ['9.0.0.1 active for b'],
    'covered in one of two requirements'
  )
})

t.test('only what a filter selects is compared or missing', async (t) => {
  const document = documentOf([
    requirement('a', [host('example.net'), served('9.0.0.1', 'example.net'), address('2a00::1')]),
    requirement('b', [address('9.0.0.2')], { scope: 'internal' })
  ])
  const values = (filter: Filter, entries: readonly Entry[]) => {
    const { current, unknown, missing, covered } = auditOf(document, entries, { filter })
    return [current, unknown, missing, covered].map((list) => list.map(({ value }) => value).join(' '))
  }
  t.same(values({ kind: ['host'] }, ['example.net', '9.0.0.1']), ['example.net', '9.0.0.1', '', ''])
  t.same(values({ family: ['ipv6'] }, ['9.0.0.2']), ['', '9.0.0.2', '2a00::1', ''])
  t.same(values({ scope: ['internal'] }, []), ['', '', '9.0.0.2', ''])
  t.same(values({ kind: ['address'] }, ['example.net']), ['', 'example.net', '2a00::1 9.0.0.2', '9.0.0.1'])
})

t.test('an entry that covers much tells 20 of its matches, those first that hold', async (t) => {
  const many = Array.from({ length: 300 }, (_, index) =>
    address(`9.0.${index >> 8}.${index & 255}`, index % 100 === 99 ? {} : { until: past })
  )
  const document = documentOf([requirement('a', many), requirement('b', [address('9.0.0.0')])])
  for (const port of [undefined, 'tcp/443']) {
    const { current } = auditOf(document, [{ value: '9.0.0.0/8', ...(port && { port }) }])
    t.match(current, [{ matchCount: 301, matches: { length: 20 } }])
    const holding = current[0]?.matches.filter(({ endpoint }) => endpoint.status === 'active')
    t.same(
      holding?.map(({ endpoint }) => endpoint.kind === 'address' && endpoint.value),
      ['9.0.0.0', '9.0.0.99', '9.0.0.199', '9.0.1.43']
    )
  }
  t.match(auditOf(document, [{ value: '9.0.0.0/8', port: 'tcp/80' }]).unknown, [{ matchCount: 0 }])
  const same = Array.from({ length: 25 }, (_, index) => requirement(`r${index}`, [address('9.9.9.9')]))
  const twice = auditOf(documentOf(same), ['9.9.9.9', '9.9.9.9/32', ' 9.9.9.9 '])
  t.match(twice.current, { length: 1 })
  t.match(twice.current, [{ matchCount: 25, matches: { length: 20 } }])
  t.match(auditOf(documentOf(same), []).missing, [{ requirementCount: 25, requirements: { length: 20 } }])
})

const entry = fc.record(
  {
    value: fc.constantFrom(
      '192.0.2.1',
      '192.0.2.0/24',
      '192.0.0.0/8',
      '0.0.0.0/0',
      '9.0.0.1',
      '2001:db8::1',
      '2001:db8::/31',
      '2001:db8:0:1::/64',
      '::/0',
      'example.net',
      '*.example.net',
      'a.example.net',
      '*.a.example.net',
      'c.b.a.example.net',
      'badexample.net'
    ),
    port: fc.constantFrom('tcp/80', 'udp/443', 'sctp/8000-8010', 'tcp/1-65535')
  },
  { requiredKeys: ['value'] }
)

t.test('the index finds what a comparison with every endpoint finds', async () => {
  fc.assert(
    fc.property(
      arbitraryDocument,
      arbitraryInstant,
      fc.array(entry, { maxLength: 6 }),
      (document, instant, entries) => {
        const found = auditOf(document, entries, { instant })
        const results = [...found.current, ...found.retiring, ...found.planned, ...found.retired, ...found.unknown]
        return (
          results.length === new Set(entries.map(({ value, port }) => `${value} ${port}`)).size &&
          results.every(({ value, port, matches, matchCount }) => {
            const target = parseTarget(value)
            const naive = document.requirements.flatMap(({ key, services, endpoints }) => {
              const meets = ({ transport, icmp, ports }: Service, { kind, ...rest }: Endpoint) => {
                const isIpv6 = kind === 'address' && 'value' in rest && rest.value.includes(':')
                if (kind === 'address' && icmp && (transport === 'icmpv6') !== isIpv6) return false
                if (kind === 'address' && transport === 'icmpv6' && !isIpv6) return false
                const [wanted, range = ''] = port?.split('/') ?? []
                if (wanted === undefined || transport === 'any') return true
                const [from = 0, to = from] = range.split('-').map(Number)
                return transport === wanted && (!ports || ports.some((each) => each.from <= to && from <= each.to))
              }
              return endpoints.flatMap((endpoint) => {
                const match = matchEndpoint(endpoint, target)
                if (endpoint.kind === 'role' || endpoint.kind === 'feed' || endpoint.kind === 'any') return []
                return match && services.some((service) => meets(service, endpoint))
                  ? [`${key} ${endpoint.value} ${endpoint.from} ${match}`]
                  : []
              })
            })
            const indexed = matches.map(
              ({ requirement, endpoint, match }) =>
                `${requirement} ${'value' in endpoint ? endpoint.value : ''} ${endpoint.from} ${match}`
            )
            return (
              matchCount === naive.length &&
              indexed.length === Math.min(20, naive.length) &&
              (matchCount > 20 || JSON.stringify(indexed.sort()) === JSON.stringify(naive.sort()))
            )
          })
        )
      }
    ),
    { numRuns: runs(300) }
  )
})

t.test('what an audit calls missing is let through once it is added', async () => {
  fc.assert(
    fc.property(
      arbitraryDocument,
      arbitraryInstant,
      fc.array(entry, { maxLength: 3 }),
      (document, instant, entries) => {
        const { missing } = auditOf(document, entries, { instant })
        const added = missing.map(({ value }) => ({ value }))
        return auditOf(document, [...entries, ...added], { instant }).missing.length === 0
      }
    )
  )
})
