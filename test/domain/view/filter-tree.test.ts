import t from 'tap'
import { directions, necessities, scopes } from '../../../src/domain/document/document.ts'
import { endpointKinds, statuses } from '../../../src/domain/document/endpoint.ts'
import { transportNames } from '../../../src/domain/network/protocol.ts'
import { type Filter, filterView } from '../../../src/domain/view/filter.ts'
import {
  catalogueTest,
  type EndpointFilterTree,
  endpointTest,
  type RequirementFilterTree,
  requirementTest
} from '../../../src/domain/view/filter-tree.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryInstant } from '../document/support/arbitrary-document.ts'
import { revisionOf } from '../document/support/sample.ts'

const some = <T>(values: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { nil: undefined })

/** The filters of REST that have a twin. */
const filters = fc.record({
  scope: some(scopes),
  direction: some(directions),
  necessity: some(necessities),
  transport: some(transportNames),
  port: some([53, 80, 443, 8080]),
  kind: some(endpointKinds),
  family: some(['ipv4', 'ipv6'] as const),
  status: some(statuses)
})

const views = fc
  .tuple(arbitraryDocument, arbitraryInstant)
  .map(([document, instant]) => viewAt(document, revisionOf(document), instant))

t.test('a tree says the same as the filters of REST where both can', async (t) => {
  fc.assert(
    fc.property(views, filters, (view, { kind, family, status, port, ...rest }) => {
      const filter = Object.fromEntries(
        Object.entries({ ...rest, port, kind, family, status }).filter(([, value]) => value !== undefined)
      ) as Filter
      const within = <T>(values: readonly T[] | undefined) => values && { in: values }
      const ofRequirement = requirementTest({
        scope: within(rest.scope),
        direction: within(rest.direction),
        necessity: within(rest.necessity),
        transport: within(rest.transport),
        port: port && { includes: port }
      })
      const ofEndpoint = endpointTest({ kind: within(kind), family: within(family), status: within(status) })
      const expected = filterView(view, filter).requirements.flatMap(({ key, endpoints }) =>
        endpoints.map((each) => [key, each])
      )
      const found = view.requirements
        .filter(ofRequirement)
        .flatMap((requirement) =>
          requirement.endpoints
            .filter((endpoint) => ofEndpoint({ requirement, endpoint }))
            .map((each) => [requirement.key, each])
        )
      t.strictSame(found, expected)
    }),
    { numRuns: runs(300) }
  )
})

const leaf: fc.Arbitrary<EndpointFilterTree> = fc.oneof(
  fc.record({ kind: fc.record({ in: fc.uniqueArray(fc.constantFrom(...endpointKinds)) }) }),
  fc.record({ status: fc.record({ in: fc.uniqueArray(fc.constantFrom(...statuses)) }) }),
  fc.record({ value: fc.record({ contains: fc.constantFrom('example', '192', ':') }) }),
  fc.record({ host: fc.record({ within: fc.constantFrom('example.net', '*.example.net') }) }),
  fc.record({ address: fc.record({ overlaps: fc.constantFrom('192.0.2.0/25', '2001:db8::/32', '0.0.0.0/0') }) })
)
const tree = fc.letrec<{ tree: EndpointFilterTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ and: fc.array(tie('tree'), { maxLength: 2 }) }),
    fc.record({ or: fc.array(tie('tree'), { maxLength: 2 }) }),
    fc.record({ not: tie('tree') })
  )
})).tree

t.test('and, or and not are those of logic', async (t) => {
  // The status is named, so that the default of the outermost node does not hide what the tree says.
  const named = (where: EndpointFilterTree) => endpointTest({ status: { in: statuses }, and: [where] })
  fc.assert(
    fc.property(views, tree, tree, (view, a, b) => {
      const [one, other] = [named(a), named(b)]
      const [both, either, neither, twice] = [
        named({ and: [a, b] }),
        named({ or: [a, b] }),
        named({ not: { or: [a, b] } }),
        named({ not: { not: a } })
      ]
      for (const requirement of view.requirements)
        for (const endpoint of requirement.endpoints) {
          const pair = { requirement, endpoint }
          t.equal(both(pair), one(pair) && other(pair))
          t.equal(either(pair), one(pair) || other(pair))
          t.equal(neither(pair), !one(pair) && !other(pair))
          t.equal(twice(pair), one(pair))
        }
    }),
    { numRuns: runs(60) }
  )
})

const endpoint = (kind: 'host' | 'address', value: string) => ({ kind, value, status: 'active' as const })
const tagged = { ...endpoint('host', 'example.net'), tags: ['eu'] }
const requirement = {
  key: 'updates',
  title: 'Updates',
  scope: 'external' as const,
  direction: 'both' as const,
  necessity: 'required' as const,
  services: [{ transport: 'tcp' as const, ports: [{ from: 80, to: 90 }] }],
  tags: ['av'],
  component: 'server',
  endpoints: []
}

t.test('addresses and names are compared by what they cover', async (t) => {
  const rows: readonly (readonly [EndpointFilterTree, ReturnType<typeof endpoint>, boolean])[] = [
    [{ address: { contains: '192.0.2.7' } }, endpoint('address', '192.0.2.0/24'), true],
    [{ address: { contains: '192.0.2.0/23' } }, endpoint('address', '192.0.2.0/24'), false],
    [{ address: { within: '192.0.0.0/16' } }, endpoint('address', '192.0.2.0/24'), true],
    [{ address: { within: '192.0.2.0/25' } }, endpoint('address', '192.0.2.0/24'), false],
    [{ address: { overlaps: '192.0.2.0/25' } }, endpoint('address', '192.0.2.0/24'), true],
    [{ address: { overlaps: '192.0.2.0/25' } }, endpoint('address', '192.0.2.128'), false],
    [{ address: { overlaps: '::/0' } }, endpoint('address', '192.0.2.1'), false],
    [{ address: { within: '0.0.0.0/0', contains: '192.0.2.9' } }, endpoint('address', '192.0.2.1'), false],
    [{ address: { overlaps: '0.0.0.0/0' } }, endpoint('host', 'example.net'), false],
    [{ host: { matches: 'a.example.net' } }, endpoint('host', '*.example.net'), true],
    [{ host: { matches: 'example.net' } }, endpoint('host', '*.example.net'), false],
    [{ host: { matches: 'example.net' } }, endpoint('host', 'example.net'), true],
    [{ host: { within: 'example.net' } }, endpoint('host', 'example.net'), true],
    [{ host: { within: 'example.net' } }, endpoint('host', 'a.b.example.net'), true],
    [{ host: { within: 'example.net' } }, endpoint('host', '*.example.net'), true],
    [{ host: { within: 'example.net' } }, endpoint('host', '*.a.example.net'), true],
    [{ host: { within: '*.example.net' } }, endpoint('host', 'example.net'), false],
    [{ host: { within: 'example.net' } }, endpoint('host', 'example.org'), false],
    [{ host: { within: 'example.net' } }, endpoint('host', 'badexample.net'), false],
    [{ value: { startsWith: '192.' } }, endpoint('address', '192.0.2.1'), true],
    [{ requirement: { tag: { in: ['av', 'x'] } } }, endpoint('host', 'example.net'), true],
    [{ requirement: { component: { eq: 'server' } } }, endpoint('host', 'example.net'), true],
    [{ requirement: { component: { in: ['agent'] } } }, endpoint('host', 'example.net'), false],
    [{ tag: { in: ['us', 'eu'] } }, tagged, true],
    [{ tag: { in: ['us'] } }, tagged, false],
    [{ tag: { in: ['us'] } }, endpoint('host', 'example.net'), false],
    [{ requirement: { tag: { in: ['x'] } } }, endpoint('host', 'example.net'), false],
    [
      { requirement: { port: { includes: [85] }, direction: { in: ['inbound'] } } },
      endpoint('host', 'example.net'),
      true
    ],
    [{ or: [] }, endpoint('host', 'example.net'), false],
    [{ and: [] }, endpoint('host', 'example.net'), true]
  ]
  for (const [where, row, expected] of rows)
    t.equal(endpointTest(where)({ requirement, endpoint: row }), expected, `${JSON.stringify(where)} ${row.value}`)
  t.throws(() => endpointTest({ address: { within: '10.0.0.1/8' } }), { code: 'invalid_parameter' })
  t.throws(() => endpointTest({ host: { matches: 'a b' } }), { code: 'invalid_parameter' })
})

t.test('what retired matches only where the status is named', async (t) => {
  const retired = { requirement, endpoint: { ...endpoint('host', 'example.net'), status: 'retired' as const } }
  const asked: readonly (readonly [EndpointFilterTree | undefined, boolean])[] = [
    [undefined, false],
    [{ kind: { in: ['host'] } }, false],
    [{ status: { in: ['retired'] } }, true],
    [{ or: [{ status: { in: ['retired'] } }, { kind: { in: ['address'] } }] }, true],
    [{ not: { status: { in: ['active'] } } }, true]
  ]
  for (const [where, expected] of asked) t.equal(endpointTest(where)(retired), expected, JSON.stringify(where))
  const holder = { ...requirement, endpoints: [retired.endpoint] }
  const byKind: RequirementFilterTree = { endpoint: { kind: { in: ['host'] } } }
  t.equal(requirementTest(byKind)(holder), false)
})

t.test('catalogues are chosen by their names', async (t) => {
  const named = { id: 'gateway-4.8', vendor: 'Acme', product: 'Gateway', version: '4.8', title: 'Gateway 4.8' }
  t.ok(catalogueTest({ id: { startsWith: 'gate' }, not: { vendor: { eq: 'Other' } } })(named))
  t.notOk(catalogueTest({ product: { in: ['Other'] } })(named))
  t.ok(catalogueTest({ or: [{ title: { contains: '4.8' } }, { version: { eq: '5' } }] })(named))
  t.ok(catalogueTest(null)(named))
})
