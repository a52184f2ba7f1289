import t from 'tap'
import { type FeedContent, resolveFeeds } from '../../../src/domain/reference/resolution.ts'
import { toldView } from '../../../src/domain/reference/told-view.ts'
import { isLive, statusAt } from '../../../src/domain/view/lifetime.ts'
import type { ResolvedEndpoint } from '../../../src/domain/view/view.ts'
import { fc } from '../../support/scale.ts'
import { address, any, documentOf, feed, host, requirement, type Written } from '../document/support/sample.ts'

const url = 'https://example.net/feed.json'
const fields = [
  { name: 'service', kept: { externalId: 'aws-service' } },
  { name: 'region', kept: { externalId: 'aws-region' } }
] as const

function contentOf(requirements: readonly Written[], others: readonly string[] = []): FeedContent {
  return {
    feed: { catalogue: 'feed.list', revision: 3 },
    others,
    fields,
    requirements: documentOf(requirements).requirements
  }
}

function resolve(endpoints: readonly Written[], content: FeedContent | undefined) {
  const { document, feeds } = resolveFeeds(documentOf([requirement('updates', endpoints)]), (asked) =>
    asked === url ? content : undefined
  )
  return { endpoints: document.requirements[0]?.endpoints ?? [], feeds }
}

const values = (endpoints: readonly ResolvedEndpoint[]) =>
  endpoints.map((endpoint) => (endpoint.kind === 'any' ? 'any' : endpoint.value))

const lists = [
  requirement('s3.eu', [address('192.0.2.1'), address('192.0.2.2', { tags: ['a'] })], {
    externalIds: { 'aws-service': 'S3', 'aws-region': 'eu-west-1' }
  }),
  requirement('ec2.eu', [address('192.0.2.2', { tags: ['b'] }), address('2001:db8::/32')], {
    externalIds: { 'aws-service': 'EC2', 'aws-region': 'eu-west-1' }
  })
]

t.test(
  'the rows of the feed stand in the place of the reference, each value once, and say where they are from',
  async (t) => {
    const { endpoints, feeds } = resolve([host('www.example.net'), feed('list')], contentOf(lists))
    t.strictSame(endpoints, [
      { kind: 'host', value: 'www.example.net' },
      { kind: 'address', value: '192.0.2.1', basis: 'feed', feed: { catalogue: 'feed.list', revision: 3 } },
      {
        kind: 'address',
        value: '192.0.2.2',
        tags: ['a', 'b'],
        basis: 'feed',
        feed: { catalogue: 'feed.list', revision: 3 }
      },
      { kind: 'address', value: '2001:db8::/32', basis: 'feed', feed: { catalogue: 'feed.list', revision: 3 } }
    ])
    t.strictSame(feeds, [
      { requirement: 'updates', value: 'list', url, outcome: 'resolved', feed: { catalogue: 'feed.list', revision: 3 } }
    ])
  }
)

t.test('select narrows the rows by the fields of the source', async (t) => {
  const some = resolve([feed('list', { select: { service: ['s3'], region: ['eu-*'] } })], contentOf(lists))
  t.strictSame(values(some.endpoints), ['192.0.2.1', '192.0.2.2'])
  const twice = resolve(
    [feed('a', { select: { service: ['S3'] } }), feed('b', { select: { service: ['EC2'] } })],
    contentOf(lists)
  )
  t.strictSame(values(twice.endpoints), ['192.0.2.1', '192.0.2.2', '2001:db8::/32'])
  t.strictSame(
    twice.feeds.map(({ value, outcome }) => [value, outcome]),
    [
      ['a', 'resolved'],
      ['b', 'resolved']
    ]
  )
})

t.test('a reference that no catalogue answers, or that selects nothing, is unresolved and stays marked', async (t) => {
  for (const [select, content] of [
    [undefined, undefined],
    [{ service: ['S4'] }, contentOf(lists)],
    [{ flavour: ['S3'] }, contentOf(lists)],
    [undefined, contentOf([requirement('none')])]
  ] as const) {
    const { endpoints, feeds } = resolve([feed('list', select && { select })], content)
    t.match(endpoints, [{ kind: 'feed', value: 'list', leftOut: { outcome: 'unresolved' } }])
    t.match(feeds, [{ requirement: 'updates', value: 'list', url, outcome: 'unresolved' }])
  }
})

t.test('more than 1000 rows need a select', async (t) => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => address(`198.18.${index >> 8}.${index & 255}`))
  const list = (count: number) => contentOf([requirement('all', rows(count), { externalIds: { 'aws-service': 'S3' } })])
  t.equal(resolve([feed('list')], list(1000)).endpoints.length, 1000)
  const { endpoints, feeds } = resolve([feed('list')], list(1001))
  t.match(endpoints, [{ kind: 'feed', leftOut: { outcome: 'unbounded' } }])
  t.match(feeds, [{ outcome: 'unbounded', feed: { catalogue: 'feed.list' } }])
  t.equal(resolve([feed('list', { select: { service: ['S3'] } })], list(1001)).endpoints.length, 1001)
})

t.test('a lifetime is the intersection of those of the row and of the reference', async (t) => {
  const { endpoints } = resolve(
    [feed('list', { from: '2026-02-01', until: '2026-06-01' })],
    contentOf([
      requirement('all', [
        address('192.0.2.1', { until: '2026-04-01' }),
        address('192.0.2.2', { from: '2026-03-01' }),
        address('192.0.2.3', { until: '2026-01-01' })
      ])
    ])
  )
  t.match(endpoints, [
    { value: '192.0.2.1', from: '2026-02-01T00:00:00Z', until: '2026-04-01T00:00:00Z' },
    { value: '192.0.2.2', from: '2026-03-01T00:00:00Z', until: '2026-06-01T00:00:00Z' }
  ])
  t.equal(endpoints.length, 2)
})

t.test('what the requirement names itself goes before the feed, for as long as it holds', async (t) => {
  const { endpoints } = resolve(
    [address('192.0.2.1', { until: '2026-04-01', remarks: 'Own.' }), feed('list')],
    contentOf([requirement('all', [address('192.0.2.1')])])
  )
  t.match(endpoints, [
    { value: '192.0.2.1', until: '2026-04-01T00:00:00Z', remarks: 'Own.', basis: undefined },
    { value: '192.0.2.1', from: '2026-04-01T00:00:00Z', until: undefined, basis: 'feed' }
  ])
})

t.test('feeds of feeds are not followed, and other kinds are taken as they are', async (t) => {
  const { endpoints } = resolve(
    [feed('list')],
    contentOf([requirement('all', [any(), feed('deeper'), host('a.example.net')])])
  )
  t.strictSame(values(endpoints), ['a.example.net', 'any'])
})

t.test('two catalogues that publish a feed are told', async (t) => {
  t.match(resolve([feed('list')], contentOf(lists, ['feed.zzz'])).feeds, [{ others: ['feed.zzz'] }])
})

t.test('a document without references is the same object', async (t) => {
  const document = documentOf([requirement('updates', [host('www.example.net')])])
  const resolved = resolveFeeds(document, () => undefined)
  t.equal(resolved.document.requirements[0], document.requirements[0])
  t.strictSame(resolved.feeds, [])
})

t.test('a view tells the references that its requirements have, and no marks', async (t) => {
  const { document, feeds } = resolveFeeds(
    documentOf([requirement('a', [feed('list')]), requirement('b', [feed('list'), host('b.example.net')])]),
    () => undefined
  )
  const view = (keys: readonly string[]) =>
    toldView({
      ...document,
      revision: { number: 1, label: '1', publishedAt: '2026-01-01T00:00:00Z', digest: '' },
      requirements: document.requirements
        .filter(({ key }) => keys.includes(key))
        .map((each) => ({
          ...each,
          endpoints: each.endpoints.map((endpoint) => ({ ...endpoint, status: 'active' as const }))
        })),
      feeds
    })
  t.strictSame(view(['b']).feeds, [{ requirement: 'b', value: 'list', url, outcome: 'unresolved' }])
  t.match(view(['b']).requirements, [{ key: 'b', endpoints: [{ value: 'b.example.net' }] }])
  t.match(view(['a']).requirements, [{ key: 'a', endpoints: [] }])
})

const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString().slice(0, 10)
const lifetime = fc
  .record({ from: fc.option(fc.integer({ min: 1, max: 9 })), length: fc.option(fc.integer({ min: 1, max: 5 })) })
  .map(({ from, length }) => ({
    ...(from !== null && { from: day(from) }),
    ...(length !== null && { until: day((from ?? 1) + length) })
  }))
const row = fc.record({ value: fc.constantFrom('192.0.2.1', '192.0.2.2'), lifetime })
const apart = (rows: readonly { readonly value: string; readonly lifetime: Written }[]) => {
  const seen = new Set<string>()
  return rows.filter(({ value }) => !seen.has(value) && seen.add(value))
}

t.test(
  'a value holds where the requirement names it, or where reference and row both hold, and stands once',
  async () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 3 }),
        lifetime,
        fc.array(fc.array(row, { maxLength: 3 }), { maxLength: 3 }),
        (own, reference, groups) => {
          const kept = apart(own).map(({ value, lifetime }) => address(value, lifetime))
          const content = contentOf(
            groups.map((rows, at) =>
              requirement(
                `group-${at}`,
                apart(rows).map(({ value, lifetime }) => address(value, lifetime))
              )
            )
          )
          const written = documentOf([requirement('updates', [...kept, feed('list', reference)])])
          const { document } = resolveFeeds(written, () => content)
          const found = document.requirements[0]?.endpoints ?? []
          const rows = content.requirements.flatMap(({ endpoints }) => endpoints)
          const before = written.requirements[0]?.endpoints ?? []
          const entry = before.find(({ kind }) => kind === 'feed')
          for (let number = 0; number < 16; number += 1) {
            const instant = Date.UTC(2026, 0, number)
            for (const value of ['192.0.2.1', '192.0.2.2']) {
              const holds = (endpoints: readonly ResolvedEndpoint[]) =>
                endpoints.filter(
                  (each) => each.kind === 'address' && each.value === value && isLive(statusAt(each, instant))
                ).length
              const isNamed = holds(before) > 0
              const isListed = entry !== undefined && isLive(statusAt(entry, instant)) && holds(rows) > 0
              if (holds(found) !== Number(isNamed || isListed)) return false
            }
          }
          return true
        }
      )
    )
  }
)
