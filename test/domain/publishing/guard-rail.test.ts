import t from 'tap'
import type { GuardRail } from '../../../src/domain/history/revision.ts'
import { guardRailFindings } from '../../../src/domain/publishing/guard-rail.ts'
import type { GuardRailFinding } from '../../../src/domain/publishing/guard-rail-finding.ts'
import { address, any, at, feed, host, requirement, role, rowsOf, type Written } from '../document/support/sample.ts'

const commit = '2020-02-01'
const [past, soon, later] = ['2020-01-01', '2020-03-01', '2020-04-01']

interface Options {
  readonly days?: number
}

/** Undefined: the first publish. */
function findings(
  head: readonly Written[] | undefined,
  next: readonly Written[],
  { days = 0 }: Options = {}
): readonly GuardRailFinding[] {
  return guardRailFindings(head && rowsOf(head), rowsOf(next), { at: at(commit), days })
}

function rules(...args: Parameters<typeof findings>): readonly GuardRail[] {
  return [...new Set(findings(...args).map(({ rule }) => rule))].sort()
}

const has = (rule: GuardRail, ...args: Parameters<typeof findings>) => rules(...args).includes(rule)

/** `count` addresses, from the one with the number `first` on. */
function addresses(count: number, rest: Written = {}, first = 0): readonly Written[] {
  return Array.from({ length: count }, (_, index) =>
    address(`9.0.${(first + index) >> 8}.${(first + index) & 255}`, rest)
  )
}

const one = address('9.0.0.1')
const other = address('9.0.0.2')

t.test('a document that adds, announces and remarks passes', async (t) => {
  t.same(rules(undefined, [requirement('a', addresses(30)), requirement('b')]), [])
  t.same(
    rules(
      [requirement('a', [one, other, host('example.net')])],
      [
        requirement('a', [
          one,
          address('9.0.0.2', { until: soon }),
          address('9.0.0.3', { from: soon }),
          host('example.net')
        ]),
        requirement('b', [role('admins'), feed('cloud')], { remarks: 'x' })
      ]
    ),
    []
  )
})

t.test('catalogue_emptied: nothing holds any more, by the commit or by the clock', async (t) => {
  const head = [requirement('a', [one]), requirement('b', [other])]
  t.ok(has('catalogue_emptied', head, [requirement('a'), requirement('b')]))
  t.ok(has('catalogue_emptied', head, []))
  t.ok(
    has('catalogue_emptied', head, [requirement('a', [address('9.0.0.1', { from: soon })])]),
    'planned does not hold'
  )
  t.notOk(has('catalogue_emptied', head, [requirement('a'), requirement('b', [other])]))
  t.notOk(has('catalogue_emptied', [requirement('a')], []), 'nothing held before')

  const ending = [
    requirement('a', [address('9.0.0.1', { until: soon })]),
    requirement('b', [address('9.0.0.2', { until: later })])
  ]
  t.match(
    findings(head, ending).filter(({ rule }) => rule === 'catalogue_emptied'),
    [{ pointer: '/requirements', detail: /at 2020-04-01T00:00:00Z; 1 held before/ }]
  )
  t.ok(has('catalogue_emptied', undefined, ending), 'the first document is judged at its transitions too')
  t.notOk(has('catalogue_emptied', head, [...ending, requirement('c', [address('9.0.0.3', { from: later })])]))
})

t.test('mass_removal: more than 20 % and more than 10', async (t) => {
  const cases = [
    { held: 20, vanish: 10, refused: false },
    { held: 20, vanish: 11, refused: true },
    { held: 54, vanish: 11, refused: true },
    { held: 55, vanish: 11, refused: false },
    { held: 56, vanish: 11, refused: false },
    { held: 100, vanish: 20, refused: false },
    { held: 100, vanish: 21, refused: true }
  ]
  for (const { held, vanish, refused } of cases) {
    const head = [requirement('a', addresses(held))]
    const kept = addresses(held - vanish, {}, vanish)
    const name = `${vanish} of ${held}`
    t.equal(has('mass_removal', head, [requirement('a', kept)]), refused, `${name} at the commit`)
    const ending = [requirement('a', [...kept, ...addresses(vanish, { until: soon })])]
    t.equal(has('mass_removal', head, ending), refused, `${name} at an announced transition`)
    t.equal(has('mass_removal', undefined, ending), refused, `${name} in a first document`)
    const cut = [requirement('a', [...kept, ...addresses(vanish, { until: commit })])]
    t.equal(has('mass_removal', head, cut), refused, `${name} with their lifetimes cut`)
  }
})

t.test('mass_removal counts values, not rows', async (t) => {
  const [a, b] = [addresses(20), addresses(20)]
  const both = [requirement('a', a), requirement('b', b)]
  t.notOk(has('mass_removal', both, [requirement('a', a), requirement('b')]), 'all values hold in the other')
  t.notOk(has('mass_removal', both, [requirement('a', a)]), 'also where the requirement goes')
  const half = addresses(10, {}, 10)
  t.notOk(has('mass_removal', both, [requirement('a', half), requirement('b', half)]), '20 rows, but 10 values')
  const nine = addresses(9, {}, 11)
  t.ok(has('mass_removal', both, [requirement('a', nine), requirement('b', nine)]))
  t.notOk(has('mass_removal', both, [requirement('c', a)]), 'values that moved did not vanish')
})

t.test('what arrives in the same step does not make up for what vanishes', async (t) => {
  const head = [requirement('a', addresses(20))]
  t.ok(has('mass_removal', head, [requirement('a', [...addresses(9), ...addresses(50, {}, 100)])]))
})

t.test('a removed requirement counts with all its endpoints', async (t) => {
  const head = [requirement('a', addresses(11)), requirement('b', addresses(11, {}, 100))]
  t.same(rules(head, [requirement('a', addresses(11))]), ['mass_removal', 'unannounced_removal'])
})

t.test('what the head announced is not held against its successor', async (t) => {
  const ending = addresses(11, { until: soon })
  const rest = addresses(9, {}, 100)
  const head = [
    requirement('a', ending),
    requirement('b', rest),
    requirement('c', [address('9.9.9.9', { until: later })])
  ]
  t.same(rules(head, [...head.slice(0, 2), requirement('c', [address('9.9.9.9', { until: later, remarks: 'x' })])]), [])
  t.ok(has('requirement_emptied', undefined, head), 'though it was, against the head')

  const more = [
    requirement('a', ending),
    requirement('b', [...addresses(1, { until: soon }, 100), ...addresses(8, {}, 101)])
  ]
  t.ok(has('mass_removal', head, more), 'what goes beyond it is')
  const swapped = [
    requirement('a', [...addresses(11), ...addresses(9, { until: soon }, 100)]),
    requirement('b', addresses(2, { until: soon }, 200))
  ]
  t.ok(has('mass_removal', head, swapped), 'as many others at that instant are')
  const sooner = [requirement('a', addresses(11, { until: '2020-02-15' })), ...head.slice(1)]
  t.same(rules(head, sooner), ['mass_removal', 'requirement_emptied'], 'the same at another instant are')
})

t.test('nor is it where the requirement is renamed at the same time', async (t) => {
  const head = [requirement('a', [address('9.0.0.1', { until: soon })]), requirement('b', [other])]
  const renamed = requirement('new', [address('9.0.0.1', { until: soon })], { previousKeys: ['a'] })
  t.same(rules(head, [renamed, requirement('b', [other])]), [])
})

t.test('nor what everything that holds ends with', async (t) => {
  const head = [requirement('a', [address('9.0.0.1', { until: soon })])]
  t.same(rules(head, [requirement('a', [address('9.0.0.1', { until: soon, remarks: 'x' })])]), [])
})

t.test('requirement_emptied: it had an endpoint that held, and has none', async (t) => {
  const b = requirement('b', [other])
  t.same(
    findings([requirement('a', [one]), b], [requirement('a'), b])
      .filter(({ rule }) => rule === 'requirement_emptied')
      .map(({ pointer }) => pointer),
    ['/requirements/a']
  )
  t.ok(
    has(
      'requirement_emptied',
      [requirement('a', [one]), b],
      [requirement('a', [address('9.0.0.1', { from: soon })]), b]
    )
  )
  t.ok(
    has(
      'requirement_emptied',
      [requirement('a', [one]), b],
      [requirement('a', [address('9.0.0.1', { until: soon })]), b]
    )
  )
  t.notOk(has('requirement_emptied', [requirement('a', [one]), b], [requirement('a', [host('example.net')]), b]))
  t.notOk(has('requirement_emptied', [requirement('a'), b], [requirement('a'), b]))
  t.notOk(has('requirement_emptied', [requirement('a', [one]), b], [b]), 'a removed requirement is not an empty one')
  t.notOk(
    has('requirement_emptied', [requirement('a', [address('9.0.0.1', { until: past })]), b], [requirement('a'), b]),
    'what had retired did not hold'
  )
  t.notOk(
    has(
      'requirement_emptied',
      [requirement('a', [one]), b],
      [requirement('a', [address('9.0.0.1', { until: soon }), address('9.0.0.3', { from: soon })]), b]
    ),
    'another endpoint takes its place'
  )
})

t.test('a renamed requirement is not a removal', async (t) => {
  const head = [requirement('old', addresses(20)), requirement('b', [host('example.net')])]
  const renamed = (list: readonly Written[]) => [requirement('new', list, { previousKeys: ['old'] }), ...head.slice(1)]
  t.same(rules(head, renamed(addresses(20))), [])
  t.same(
    findings(head, renamed([]))
      .map(({ rule, pointer }) => `${rule} ${pointer}`)
      .slice(-3),
    [
      'unannounced_removal /requirements/new/endpoints/address:9.0.0.19',
      'mass_removal /requirements',
      'requirement_emptied /requirements/new'
    ],
    'but it can be emptied'
  )
})

t.test('unannounced_removal: one vanishes at the commit that was not retiring', async (t) => {
  const keeps = requirement('b', [other])
  const unannounced = (before: readonly Written[], after: readonly Written[]) =>
    findings([requirement('a', before), keeps], [requirement('a', after), keeps])
      .filter(({ rule }) => rule === 'unannounced_removal')
      .map(({ pointer }) => pointer.slice('/requirements/a/endpoints/'.length))
  t.same(unannounced([one, any(), host('example.net')], []), ['host:example.net', 'address:9.0.0.1', 'any'])
  t.same(unannounced([one], [address('9.0.0.1', { until: commit })]), ['address:9.0.0.1'], 'a cut lifetime counts')
  t.same(unannounced([one], [address('9.0.0.1', { until: past })]), ['address:9.0.0.1'])
  t.same(unannounced([one], [address('9.0.0.1', { from: soon })]), ['address:9.0.0.1'], 'a start put off counts')
  t.same(unannounced([address('9.0.0.1', { until: soon })], []), [], 'its end was announced')
  t.same(unannounced([address('9.0.0.1', { until: soon })], [address('9.0.0.1', { until: commit })]), [])
  t.same(unannounced([address('9.0.0.1', { until: commit })], []), [], 'it has retired')
  t.same(unannounced([address('9.0.0.1', { from: soon })], []), [], 'it never held')
  t.same(unannounced([one], [address('9.0.0.1', { until: soon })]), [], 'it is announced now')
  t.same(unannounced([one], [address('9.0.0.1', { from: past })]), [], 'it still holds')
})

t.test('one lifetime that follows another without a gap is no end', async (t) => {
  const until = (instant: string) => address('9.0.0.1', { until: instant })
  const from = (instant: string, rest: Written = {}) => address('9.0.0.1', { from: instant, ...rest })
  t.same(rules([requirement('a', [one])], [requirement('a', [until(commit), from(commit)])]), [])
  t.same(rules([requirement('a', [one])], [requirement('a', [until(soon), from(soon)])], { days: 60 }), [])
  t.same(
    rules([requirement('a', [one])], [requirement('a', [until(soon), from(soon, { until: later })])], { days: 60 }),
    ['catalogue_emptied', 'requirement_emptied']
  )
  t.ok(
    has('unannounced_removal', [requirement('a', [until(soon), from(soon)])], [requirement('a', [other])]),
    'nor was it announced as one'
  )
})

t.test('short_notice: it retires sooner than the days of notice', async (t) => {
  const second = (instant: string, step: number) => new Date(at(instant) + step * 1000).toISOString()
  const week = '2020-02-08'
  const head = (rest: Written = {}) => [requirement('a', [other, address('9.0.0.1', rest)])]
  const short = (days: number, before: Written, after: Written | undefined) =>
    has('short_notice', head(before), after ? head(after) : [requirement('a', [other])], { days })
  t.ok(short(7, {}, { until: second(week, -1) }))
  t.notOk(short(7, {}, { until: week }))
  t.notOk(short(0, {}, { until: second(commit, 1) }), 'by default any notice will do')
  t.notOk(short(7, { until: '2020-02-03' }, { until: '2020-02-03' }), 'it was announced before')
  t.notOk(short(7, { until: '2020-02-03' }, { until: '2020-02-05' }), 'later than announced')
  t.ok(short(7, { until: '2020-02-05' }, { until: '2020-02-03' }), 'sooner than announced')
  t.ok(short(7, { until: soon }, undefined), 'announced for later, and removed now')
  t.notOk(short(0, { until: soon }, undefined))
  t.notOk(short(7, {}, undefined), 'that is unannounced_removal')
  t.notOk(short(7, { from: soon }, undefined), 'it never held')
  t.notOk(has('short_notice', [requirement('a', [other])], head({ until: '2020-02-03' }), { days: 7 }), 'it is new')
})

t.test('address_too_broad: broader than /8, or /32 for IPv6', async (t) => {
  const broad = (value: string, head?: readonly Written[]) =>
    has('address_too_broad', head, [requirement('a', [address(value), one])])
  for (const [value, refused] of [
    ['8.0.0.0/7', true],
    ['9.0.0.0/8', false],
    ['0.0.0.0/0', true],
    ['2a00::/31', true],
    ['2a00::/32', false],
    ['::/0', true]
  ] as const) {
    t.equal(broad(value), refused, `${value} in a first document`)
    t.equal(broad(value, [requirement('a', [one])]), refused, `${value} in a later one`)
  }
  t.notOk(broad('8.0.0.0/7', [requirement('a', [address('8.0.0.0/7'), one])]), 'it was there')
  t.notOk(
    has(
      'address_too_broad',
      [requirement('a', [address('8.0.0.0/7')])],
      [requirement('new', [address('8.0.0.0/7')], { previousKeys: ['a'] })]
    ),
    'it was there under another key'
  )
  t.same(
    findings([requirement('a', [one])], [requirement('a', [one, address('8.0.0.0/7')])]).map(({ rule, pointer }) => ({
      rule,
      pointer
    })),
    [{ rule: 'address_too_broad', pointer: '/requirements/a/endpoints/address:8.0.0.0~17' }]
  )
})

t.test('address_too_broad: an any that was not there, in whichever requirement of an existing catalogue', async (t) => {
  const head = [requirement('a', [one]), requirement('empty')]
  const opened: Readonly<Record<string, readonly Written[]>> = {
    'beside endpoints': [requirement('a', [one, any()])],
    'later on': [requirement('a', [one, any({ from: soon })])],
    'for a while': [requirement('a', [one, any({ until: soon })])],
    'in a requirement without endpoints': [requirement('a', [one]), requirement('empty', [any()])],
    'in a new requirement': [requirement('a', [one]), requirement('new', [any()])],
    'for every transport': [requirement('a', [one]), requirement('new', [any()], { services: [{ transport: 'any' }] })],
    inbound: [requirement('a', [one]), requirement('new', [any()], { direction: 'inbound', scope: 'internal' })],
    'with a rename': [requirement('b', [one, any()], { previousKeys: ['a'] })]
  }
  for (const [name, next] of Object.entries(opened)) t.ok(has('address_too_broad', head, next), name)
  t.notOk(has('address_too_broad', undefined, [requirement('a', [one, any()])]), 'a first publish')
  t.notOk(
    has('address_too_broad', [requirement('a', [any()])], [requirement('a', [any({ remarks: 'x' })])]),
    'was there'
  )
  t.notOk(
    has('address_too_broad', [requirement('a', [any()])], [requirement('b', [any()], { previousKeys: ['a'] })]),
    'was there under another key'
  )
  t.ok(
    has('address_too_broad', [requirement('a', [one, any({ until: past })])], [requirement('a', [one, any()])]),
    'one that had ended is opened again'
  )
})

t.test('address_too_broad: what appears together, however it is cut', async (t) => {
  const blocks = (count: number, prefix: number) =>
    Array.from({ length: count }, (_, index) => {
      const first = 0x14000000 + index * 2 ** (32 - prefix)
      return address(`${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${prefix}`)
    })
  const networks = (count: number) =>
    Array.from({ length: count }, (_, index) => address(`2a00:${index.toString(16)}::/32`))
  const head = [requirement('a', [one])]
  const broad = (...lists: readonly (readonly Written[])[]) =>
    has('address_too_broad', head, [
      ...head,
      ...lists.map((list, index) =>
        requirement(`new${index}`, list, { scope: index % 2 === 0 ? 'external' : 'internal' })
      )
    ])
  t.notOk(broad(blocks(4, 8)), 'as many as a /6')
  t.ok(broad(blocks(5, 8)))
  t.ok(broad(blocks(4, 8), [address('100.0.0.1')]), 'one more, in another requirement')
  t.ok(broad(blocks(1025, 16)))
  t.ok(broad(blocks(512, 16), blocks(1040, 16).slice(512)), 'spread over two')
  t.notOk(broad(blocks(1024, 16), blocks(1024, 16)), 'an address counts once')
  t.notOk(broad(networks(256)))
  t.ok(broad(networks(257)))
  t.ok(broad(blocks(5, 8).map((each) => ({ ...each, from: soon }))), 'in the future')
  t.notOk(has('address_too_broad', undefined, [requirement('a', blocks(100, 8))]), 'a first publish')
  const large = [requirement('a', blocks(8, 8))]
  t.notOk(has('address_too_broad', large, [requirement('b', blocks(8, 8))]), 'they were there, elsewhere')
  t.notOk(has('address_too_broad', large, [requirement('a', blocks(2048, 16))]), 'they were there, cut otherwise')
  t.notOk(has('address_too_broad', large, [requirement('a', [...blocks(8, 8), address('9.0.0.0/8')])]), 'one more /8')
})

t.test('wildcard_too_broad: a wildcard directly under a suffix that customers share', async (t) => {
  const head = [requirement('a', [one])]
  const refused = (value: string, before?: readonly Written[]) =>
    has('wildcard_too_broad', before, [requirement('a', [one, host(value)])])
  for (const value of ['*.github.io', '*.herokuapp.com', '*.s3.amazonaws.com', '*.GitHub.io', '*.elb.amazonaws.com']) {
    t.ok(refused(value), `${value} in a first document`)
    t.ok(refused(value, head), value)
    t.notOk(refused(value, [requirement('a', [one, host(value)])]), `${value}, which was there`)
  }
  for (const value of ['*.acme.github.io', 'github.io', 'acme.github.io', '*.example.net', '*.amazonaws.com'])
    t.notOk(refused(value, head), value)
})

t.test('reserved_address: loopback, link-local and metadata addresses in any scope', async (t) => {
  for (const scope of ['internal', 'external'])
    for (const value of [
      ...['127.0.0.1', '127.0.0.0/8', '169.254.169.254', '169.254.0.0/16', '168.63.129.16', '100.100.100.200'],
      ...['::1', 'fe80::1', 'fd00:ec2::254', 'fd00:ec2::23', '64:ff9b::a9fe:a9fe', '2002:7f00:1::/48']
    ]) {
      const next = [requirement('a', [one, address(value)], { scope })]
      t.ok(has('reserved_address', undefined, next), `${value}, ${scope}, in a first document`)
      t.ok(has('reserved_address', [requirement('a', [one], { scope })], next), `${value}, ${scope}`)
      t.notOk(has('reserved_address', next, next), `${value}, ${scope}, which was there`)
    }
  for (const value of ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fd00:1::/32', '224.0.0.18'])
    t.notOk(
      has('reserved_address', [requirement('b')], [requirement('a', [address(value)], { scope: 'internal' })]),
      value
    )
})

t.test('reserved_address: a private or reserved address in an external requirement', async (t) => {
  const external = (value: string) => requirement('a', [one, address(value)])
  const internal = (value: string) => requirement('a', [one, address(value)], { scope: 'internal' })
  for (const value of [
    '10.0.0.1',
    '192.168.0.0/16',
    '192.0.2.1',
    '224.0.0.1',
    'fd00::1',
    '2001:db8::/32',
    '8.0.0.0/6'
  ]) {
    t.ok(has('reserved_address', undefined, [external(value)]), `${value} in a first document`)
    t.ok(has('reserved_address', [requirement('a', [one])], [external(value)]), value)
    t.notOk(has('reserved_address', undefined, [internal(value)]), `${value}, internal`)
    t.notOk(has('reserved_address', [external(value)], [external(value)]), `${value}, which was there`)
  }
  for (const value of ['9.0.0.0/8', '8.8.8.8', '2a00::/32'])
    t.notOk(has('reserved_address', undefined, [external(value)]), value)
  t.ok(
    has('reserved_address', [internal('10.0.0.1')], [external('10.0.0.1')]),
    'the requirement was internal until now'
  )
})

t.test('of many findings of one rule a hundred are told, and the rest is counted', async (t) => {
  const told = findings(
    [requirement('a', addresses(150)), requirement('b', [host('example.net')])],
    [requirement('b', [host('example.net')])]
  )
  const unannounced = told.filter(({ rule }) => rule === 'unannounced_removal')
  t.equal(unannounced.length, 101)
  t.same(unannounced.at(-1), { rule: 'unannounced_removal', pointer: '', detail: 'and 50 more' })
  t.equal(told.filter(({ rule }) => rule === 'mass_removal').length, 1, 'other rules are told too')
})

t.test('of a source that announces nothing no notice is asked, and all else is', async (t) => {
  const judge = (announces: boolean) => {
    const rest = { announces }
    const next = rowsOf([requirement('a', [other]), requirement('b')], rest)
    const head = rowsOf([requirement('a', [one, other]), requirement('b', [host('example.net')])], rest)
    const told = guardRailFindings(head, next, { at: at(commit), days: 7 })
    return [...new Set(told.map(({ rule }) => rule))].sort()
  }
  t.same(judge(true), ['requirement_emptied', 'unannounced_removal'])
  t.same(judge(false), ['requirement_emptied'])
})
