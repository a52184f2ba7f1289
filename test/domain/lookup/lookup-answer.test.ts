import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { type LookupQuery, matchEndpoint, parseLookup } from '../../../src/domain/lookup/lookup.ts'
import { answerLookup, type LookupFinding } from '../../../src/domain/lookup/lookup-answer.ts'
import { serviceMatches } from '../../../src/domain/view/filter.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryEdit } from '../document/support/arbitrary-document.ts'
import {
  address,
  any,
  at,
  documentOf,
  feed,
  host,
  requirement,
  role,
  type Written
} from '../document/support/sample.ts'
import { historyOf } from '../history/support/history-of.ts'

const now = at('2020-06-01')

interface Options {
  /** The newest revision that is known; all of them by default. */
  readonly known?: number
  readonly instant?: number
}

function find(
  value: string,
  documents: readonly Document[],
  { known = documents.length, instant = now }: Options = {}
) {
  return answerLookup(parseLookup(value), historyOf(documents), new Map([['gateway', known]]), instant)
}

/** Each place as requirement, value, match, status and revisions. */
function lines(...args: Parameters<typeof find>): readonly string[] {
  return find(...args).map(({ requirement, endpoint, match, status, addedIn, removedIn }) =>
    [
      requirement.key,
      endpoint === undefined ? '-' : endpoint.kind === 'any' ? 'any' : endpoint.value,
      match ?? '-',
      status,
      `${addedIn}..${removedIn ?? ''}`
    ].join(' ')
  )
}

const revisions = (...args: Parameters<typeof find>) =>
  find(...args).map(({ addedIn, removedIn }) => `${addedIn}..${removedIn ?? ''}`)

/** One requirement in successive revisions, each with these endpoints. */
const successive = (...lists: readonly (readonly Written[])[]) =>
  lists.map((list) => documentOf([requirement('a', list)]))

t.test('a value is found in every requirement, as the same, wider or narrower', async (t) => {
  const documents = [
    documentOf([
      requirement('a', [address('192.0.2.1'), address('192.0.2.0/24'), host('example.net')]),
      requirement('b', [
        address('192.0.2.1', { until: '2020-07-01' }),
        address('192.0.2.2'),
        any(),
        role('admins'),
        feed('cloud')
      ])
    ])
  ]
  t.same(lines('192.0.2.1', documents), [
    'a 192.0.2.0/24 covers active 1..',
    'a 192.0.2.1 exact active 1..',
    'b 192.0.2.1 exact retiring 1..'
  ])
  t.same(lines('192.0.2.2/31', documents), ['a 192.0.2.0/24 covers active 1..', 'b 192.0.2.2 within active 1..'])
  t.same(lines('198.51.100.1', documents), [])
  t.same(lines('a.example.net', documents), [])
})

t.test('a finding carries the lifetime, the requirement and its services', async (t) => {
  const document = documentOf([
    requirement('a', [address('192.0.2.1', { from: '2020-07-01', remarks: 'x' })], { owner: 'Team' })
  ])
  const [finding] = find('192.0.2.1', [document])
  t.same(finding, {
    catalogue: 'gateway',
    requirement: {
      key: 'a',
      title: 'a',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
      owner: 'Team'
    },
    endpoint: { kind: 'address', value: '192.0.2.1', status: 'planned', from: '2020-07-01T00:00:00Z', remarks: 'x' },
    match: 'exact',
    status: 'planned',
    services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
    addedIn: 1
  })
})

const flows = documentOf([
  requirement('web', [address('192.0.2.0/24'), host('*.example.net'), any(), role('admins'), feed('cloud')], {
    services: [
      { transport: 'tcp', ports: [80, '8000-8100'] },
      { transport: 'udp', ports: [443] }
    ]
  }),
  requirement('ping', [address('192.0.2.1'), any()], { services: [{ transport: 'icmp' }] }),
  requirement('all', [address('192.0.2.1')], { services: [{ transport: 'any' }] }),
  requirement('dns', [], { services: [{ transport: 'udp', ports: [53] }] })
])

t.test('a flow is found where target and port meet; what has no address is marked', async (t) => {
  t.same(lines('tcp/192.0.2.1/8050', [flows]), [
    'all 192.0.2.1 exact active 1..',
    'web 192.0.2.0/24 covers active 1..',
    'web admins role active 1..',
    'web cloud feed active 1..',
    'web any any active 1..'
  ])
  t.same(lines('tcp/a.example.net/80', [flows]), [
    'web *.example.net covers active 1..',
    'web admins role active 1..',
    'web cloud feed active 1..',
    'web any any active 1..'
  ])
  t.same(lines('tcp/192.0.2.1/443', [flows]), ['all 192.0.2.1 exact active 1..'], 'the port is of another transport')
  t.same(lines('tcp/192.0.0.0/16/80', [flows]).length, 3, 'what lies within lets only a part of the flow through')
  const [, web] = find('tcp/192.0.2.1/8050', [flows])
  t.same(
    web?.services,
    [
      {
        transport: 'tcp',
        ports: [
          { from: 80, to: 80 },
          { from: 8000, to: 8100 }
        ]
      }
    ],
    'the services that explain the port'
  )
})

t.test('a flow of a protocol without ports is found', async (t) => {
  const vpn = documentOf([
    requirement('vpn', [address('9.9.9.9')], { services: [{ transport: 'esp' }] }),
    requirement('web', [address('9.9.9.9')])
  ])
  t.same(lines('esp/9.9.9.9', [vpn]), ['vpn 9.9.9.9 exact active 1..'])
  t.same(lines('gre/9.9.9.9', [vpn]), [])
  t.same(lines('icmp/192.0.2.1', [flows]), [
    'all 192.0.2.1 exact active 1..',
    'ping 192.0.2.1 exact active 1..',
    'ping any any active 1..'
  ])
})

t.test('a type of ICMP finds addresses of its family alone, and names and kinds without an address', async (t) => {
  const endpoints = [address('9.9.9.9'), address('2620:fe::fe'), host('example.net'), any()]
  const document = documentOf([
    requirement('four', endpoints, { services: [{ transport: 'icmp', icmp: { type: 8 } }] }),
    requirement('six', endpoints, { services: [{ transport: 'icmpv6', icmp: { type: 128 } }] })
  ])
  t.same(lines('icmp/8', [document]), [
    'four example.net - active 1..',
    'four 9.9.9.9 - active 1..',
    'four any any active 1..'
  ])
  t.same(lines('icmpv6/128', [document]), [
    'six example.net - active 1..',
    'six 2620:fe::fe - active 1..',
    'six any any active 1..'
  ])
  t.same(lines('icmp/9.9.9.9/8', [document]), ['four 9.9.9.9 exact active 1..', 'four any any active 1..'])
  t.same(lines('icmp/2620:fe::fe/8', [document]), [], 'no packet is such a flow')
  t.same(lines('icmpv6/9.9.9.9/128', [document]), [])
  t.same(lines('2620:fe::fe', [document]).length, 2, 'a value alone stands where it is written')
})

t.test('a port is found with all endpoints of its requirements, or alone where there are none', async (t) => {
  t.same(lines('udp/443', [flows]), [
    'all 192.0.2.1 - active 1..',
    'web *.example.net - active 1..',
    'web 192.0.2.0/24 - active 1..',
    'web admins role active 1..',
    'web cloud feed active 1..',
    'web any any active 1..'
  ])
  t.same(lines('udp/53', [flows]), ['all 192.0.2.1 - active 1..', 'dns - - active 1..'])
  const [, dns] = find('udp/53', [flows])
  t.notOk(dns && 'endpoint' in dns)
})

t.test('a row that is edited on the way stays', async (t) => {
  const documents = successive(
    [address('9.0.0.1')],
    [address('9.0.0.1', { remarks: 'x' })],
    [address('9.0.0.1', { until: '2020-07-01' })],
    []
  )
  t.same(revisions('9.0.0.1', documents, { known: 3 }), ['1..'])
  t.match(find('9.0.0.1', documents, { known: 3 }), [
    { status: 'retiring', endpoint: { until: '2020-07-01T00:00:00Z' } }
  ])
  t.same(revisions('9.0.0.1', documents), ['1..4'])
})

t.test('it stays where its beginning moves, whichever way', async (t) => {
  const dates = ['2020-02-01', '2020-03-01', undefined]
  for (const one of dates) {
    for (const other of dates) {
      const row = (from: string | undefined) => [address('9.0.0.1', from === undefined ? {} : { from })]
      t.same(revisions('9.0.0.1', successive(row(one), row(other))), ['1..'], `${one} to ${other}`)
    }
  }
})

t.test('a value that left and came back is two stays', async (t) => {
  const row = [address('9.0.0.1')]
  t.same(revisions('9.0.0.1', successive(row, [], row)), ['1..2', '3..'])
  const edited = [address('9.0.0.1', { from: '2020-01-01' })]
  t.same(revisions('9.0.0.1', successive(row, [], row, edited)), ['1..2', '3..'], 'the second is edited')
})

t.test('two lifetimes of one value in one document are two stays', async (t) => {
  const early = address('9.0.0.1', { until: '2020-02-01' })
  const late = address('9.0.0.1', { from: '2020-07-01' })
  const documents = successive([early], [early, late], [early, { ...late, remarks: 'x' }], [{ ...late, remarks: 'x' }])
  t.same(lines('9.0.0.1', documents), ['a 9.0.0.1 exact retired 1..4', 'a 9.0.0.1 exact planned 2..'])
})

t.test('what was removed is retired, whatever its lifetime said', async (t) => {
  const documents = successive([address('9.0.0.1'), address('9.0.0.2', { until: '2030-01-01' })], [])
  for (const value of ['9.0.0.1', '9.0.0.2'])
    t.match(find(value, documents), [{ status: 'retired', removedIn: 2, endpoint: { status: 'retired' } }])
})

t.test('a removed row shows the requirement as it was last', async (t) => {
  const documents = [
    documentOf([requirement('a', [address('9.0.0.1')], { title: 'First' })]),
    documentOf([requirement('a', [address('9.0.0.1')], { title: 'Second' })]),
    documentOf([requirement('a', [], { title: 'Third' })])
  ]
  t.match(find('9.0.0.1', documents), [{ requirement: { title: 'Second' }, addedIn: 1, removedIn: 3 }])
  t.match(find('9.0.0.1', documents, { known: 1 }), [{ requirement: { title: 'First' } }])
})

t.test('a renamed requirement keeps its endpoints', async (t) => {
  const renamed = { previousKeys: ['a'] }
  const documents = [
    documentOf([requirement('a', [address('9.0.0.1'), address('9.0.0.2')])]),
    documentOf([requirement('b', [address('9.0.0.1', { remarks: 'x' })], renamed)]),
    documentOf([requirement('b', [], renamed)])
  ]
  t.same(lines('9.0.0.1', documents, { known: 1 }), ['a 9.0.0.1 exact active 1..'])
  t.same(lines('9.0.0.1', documents, { known: 2 }), ['b 9.0.0.1 exact active 1..'])
  t.same(lines('9.0.0.1', documents), ['b 9.0.0.1 exact retired 1..3'])
  t.same(lines('9.0.0.2', documents), ['a 9.0.0.2 exact retired 1..2'])
  t.same(lines('tcp/443', documents), ['a 9.0.0.2 - retired 1..2', 'b - - active 1..', 'b 9.0.0.1 - retired 1..3'])
})

t.test('a requirement that was there before takes over the endpoints of no other', async (t) => {
  const documents = [
    documentOf([requirement('a', [address('9.0.0.1')]), requirement('b')]),
    documentOf([requirement('b', [address('9.0.0.1')], { previousKeys: ['a'] })])
  ]
  t.same(lines('9.0.0.1', documents), ['a 9.0.0.1 exact retired 1..2', 'b 9.0.0.1 exact active 2..'])
})

t.test('a flow stood while both its port and its endpoint did', async (t) => {
  const on = (port: number, ...list: readonly Written[]) =>
    documentOf([requirement('a', list, { services: [{ transport: 'tcp', ports: [port] }] })])
  const row = address('9.0.0.1')
  const documents = [on(80, row), on(443, row), on(443), on(80, row)]
  t.same(lines('tcp/9.0.0.1/443', documents), ['a 9.0.0.1 exact retired 2..3'])
  t.same(lines('tcp/9.0.0.1/80', documents), ['a 9.0.0.1 exact retired 1..2', 'a 9.0.0.1 exact active 4..'])
  t.same(lines('9.0.0.1', documents), ['a 9.0.0.1 exact retired 1..3', 'a 9.0.0.1 exact active 4..'])
  t.same(lines('tcp/443', documents), ['a 9.0.0.1 - retired 2..3', 'a - - retired 2..4'].sort())
})

t.test('a requirement without endpoints is found by its port while it lists none', async (t) => {
  const empty = documentOf([requirement('a')])
  const full = documentOf([requirement('a', [address('9.0.0.1')])])
  const none = documentOf([])
  t.same(lines('tcp/443', [empty]), ['a - - active 1..'])
  t.same(lines('tcp/443', [empty, none]), ['a - - retired 1..2'])
  t.same(lines('tcp/443', [empty, none, empty]), ['a - - retired 1..2', 'a - - active 3..'])
  t.same(lines('tcp/443', [full]), ['a 9.0.0.1 - active 1..'])
  t.same(lines('tcp/443', [full, empty]), ['a - - active 1..', 'a 9.0.0.1 - retired 1..2'])
  t.same(lines('tcp/443', [full, none]), ['a 9.0.0.1 - retired 1..2'])
})

t.test('catalogues that were not known then are left out', async (t) => {
  const rows = historyOf([documentOf([requirement('a', [any()])])], 'other')
  t.same(answerLookup(parseLookup('tcp/443'), rows, new Map([['gateway', 5]]), now), [])
  t.match(answerLookup(parseLookup('tcp/443'), rows, new Map([['other', 1]]), now), [{ catalogue: 'other' }])
})

const history = fc
  .record({
    one: arbitraryEdit,
    other: arbitraryEdit,
    order: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 })
  })
  .map(({ one, other, order }) => order.map((index) => [...one, ...other][index] ?? one[0]))
const query = fc.constantFrom(
  '192.0.2.1',
  '192.0.2.0/24',
  '2001:db8::/32',
  'b.a.example.net',
  '*.example.net',
  'tcp/80',
  'udp/443',
  'tcp/192.0.2.1/443',
  'sctp/b.a.example.net/8000'
)

/** Everywhere in one document where the query stands: kind and value, or a hyphen for a requirement without endpoints. */
function placesIn({ requirements }: Document, { target, port }: LookupQuery): readonly string[] {
  return requirements
    .filter(
      ({ services }) => !port || services.some((service) => serviceMatches(service, [port.transport], [port.port]))
    )
    .flatMap(({ endpoints }) => {
      if (!target) return endpoints.map(({ kind, ...rest }) => `${kind} ${'value' in rest ? rest.value : ''}`)
      return endpoints.flatMap((endpoint) => {
        const match = matchEndpoint(endpoint, target)
        const wanted = port ? ['exact', 'covers', 'any', 'role', 'feed'] : ['exact', 'covers', 'within']
        return match && wanted.includes(match)
          ? [`${endpoint.kind} ${endpoint.kind === 'any' ? '' : endpoint.value}`]
          : []
      })
    })
    .sort()
}

function placesAt(findings: readonly LookupFinding[], number: number): readonly string[] {
  return findings
    .filter(({ addedIn, removedIn = Number.POSITIVE_INFINITY }) => addedIn <= number && number < removedIn)
    .flatMap(({ endpoint }) => (endpoint ? [`${endpoint.kind} ${endpoint.kind === 'any' ? '' : endpoint.value}`] : []))
    .sort()
}

t.test('at each revision the findings that span it are the places in its document', async () => {
  fc.assert(
    fc.property(history, query, (documents, value) => {
      const findings = find(value, documents)
      return documents.every((document, index) => {
        const [expected, found] = [placesIn(document, parseLookup(value)), placesAt(findings, index + 1)]
        return JSON.stringify(found) === JSON.stringify(expected)
      })
    }),
    { numRuns: runs(300) }
  )
})

t.test('what was known then is what was found then', async () => {
  fc.assert(
    fc.property(history, query, fc.nat({ max: 4 }), (documents, value, cut) => {
      const known = 1 + (cut % documents.length)
      const then = find(value, documents.slice(0, known))
      return JSON.stringify(find(value, documents, { known })) === JSON.stringify(then)
    }),
    { numRuns: runs(200) }
  )
})

t.test('findings come in one order, whatever the order of the rows', async () => {
  fc.assert(
    fc.property(history, query, (documents, value) => {
      const { endpoints, requirements } = historyOf(documents)
      const turned = { endpoints: endpoints.toReversed(), requirements: requirements.toReversed() }
      const answer = (rows: typeof turned) =>
        JSON.stringify(answerLookup(parseLookup(value), rows, new Map([['gateway', documents.length]]), now))
      return answer({ endpoints, requirements } as typeof turned) === answer(turned)
    })
  )
})

t.test('a key that was taken over by a rename has two places, the one that ended first', async (t) => {
  const row = address('9.0.0.1')
  const documents = [
    documentOf([requirement('a', [row]), requirement('b', [row])]),
    documentOf([requirement('a', [row])]),
    documentOf([requirement('b', [row], { previousKeys: ['a'] })])
  ]
  const { endpoints, requirements } = historyOf(documents)
  for (const rows of [endpoints, endpoints.toReversed()]) {
    const findings = answerLookup(
      parseLookup('9.0.0.1'),
      { endpoints: rows, requirements },
      new Map([['gateway', 3]]),
      now
    )
    t.same(
      findings.map(({ requirement: { key }, addedIn, removedIn }) => [key, addedIn, removedIn]),
      [
        ['b', 1, 2],
        ['b', 1, undefined]
      ]
    )
  }
})
