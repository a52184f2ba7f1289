import t from 'tap'
import { diff } from '../../../src/domain/change/diff.ts'
import { address, any, at, host, requirement, rowsOf, type Written } from '../document/support/sample.ts'

const [past, now, soon, later] = ['2020-01-01', '2020-02-01', '2020-03-01', '2020-04-01']

/** Each change as operation, place and impact, judged at `now`. */
function impacts(before: readonly Written[], after: readonly Written[]): readonly string[] {
  return diff({ rows: rowsOf(before) }, { rows: rowsOf(after) }, at(now)).changes.map(
    ({ op, pointer, impact }) => `${op} ${pointer.slice('/requirements/'.length)} ${impact}`
  )
}

const value = '9.0.0.1'
const place = `a/endpoints/address:${value}`
const inA = (rest?: Written) => [requirement('a', [address(value, rest)])]
const inB = (rest?: Written) => [requirement('b', [address(value, rest)])]
const bare = [requirement('a')]

interface Case {
  readonly name: string
  readonly before: readonly Written[]
  readonly after: readonly Written[]
  readonly expected: string
}

const ofEndpoints: readonly Case[] = [
  { name: 'a new value opens', before: bare, after: inA(), expected: `added ${place} opens` },
  {
    name: 'a new value with an end opens',
    before: bare,
    after: inA({ until: soon }),
    expected: `added ${place} opens`
  },
  {
    name: 'a new value that begins now opens',
    before: bare,
    after: inA({ from: now }),
    expected: `added ${place} opens`
  },
  {
    name: 'one that begins later announces',
    before: bare,
    after: inA({ from: soon }),
    expected: `added ${place} announces`
  },
  { name: 'one born retired informs', before: bare, after: inA({ until: now }), expected: `added ${place} informs` },
  { name: 'a removed value closes', before: inA(), after: bare, expected: `removed ${place} closes` },
  {
    name: 'a removed retiring value closes',
    before: inA({ until: soon }),
    after: bare,
    expected: `removed ${place} closes`
  },
  {
    name: 'one that had retired informs',
    before: inA({ until: now }),
    after: bare,
    expected: `removed ${place} informs`
  },
  {
    name: 'one that never began announces',
    before: inA({ from: soon }),
    after: bare,
    expected: `removed ${place} announces`
  },
  {
    name: 'a removed value that holds elsewhere informs',
    before: [...inA(), ...inB()],
    after: [...bare, ...inB()],
    expected: `removed ${place} informs`
  },
  {
    name: 'a removed value that is retiring elsewhere still holds there',
    before: [...inA(), ...inB({ until: soon })],
    after: [...bare, ...inB({ until: soon })],
    expected: `removed ${place} informs`
  },
  {
    name: 'a removed value that is only planned elsewhere closes',
    before: [...inA(), ...inB({ from: soon })],
    after: [...bare, ...inB({ from: soon })],
    expected: `removed ${place} closes`
  },
  {
    name: 'a new value that holds elsewhere informs',
    before: [...bare, ...inB()],
    after: [...inA(), ...inB()],
    expected: `added ${place} informs`
  },
  {
    name: 'an announced end announces',
    before: inA(),
    after: inA({ until: soon }),
    expected: `changed ${place} announces`
  },
  {
    name: 'another end announces',
    before: inA({ until: soon }),
    after: inA({ until: later }),
    expected: `changed ${place} announces`
  },
  {
    name: 'an end taken back announces',
    before: inA({ until: soon }),
    after: inA(),
    expected: `changed ${place} announces`
  },
  { name: 'an end cut to now closes', before: inA(), after: inA({ until: now }), expected: `changed ${place} closes` },
  {
    name: 'an end cut to the past closes',
    before: inA(),
    after: inA({ until: past }),
    expected: `changed ${place} closes`
  },
  {
    name: 'a beginning put off closes',
    before: inA(),
    after: inA({ from: soon }),
    expected: `changed ${place} closes`
  },
  {
    name: 'a beginning brought forward opens',
    before: inA({ from: soon }),
    after: inA({ from: now }),
    expected: `changed ${place} opens`
  },
  {
    name: 'another beginning announces',
    before: inA({ from: soon }),
    after: inA({ from: later }),
    expected: `changed ${place} announces`
  },
  {
    name: 'an end of what is planned announces',
    before: inA({ from: soon }),
    after: inA({ from: soon, until: later }),
    expected: `changed ${place} announces`
  },
  { name: 'remarks inform', before: inA(), after: inA({ remarks: 'x' }), expected: `changed ${place} informs` },
  {
    name: 'remarks on what retires inform',
    before: inA({ until: soon }),
    after: inA({ until: soon, remarks: 'x' }),
    expected: `changed ${place} informs`
  },
  {
    name: 'a beginning that has passed informs',
    before: inA(),
    after: inA({ from: past }),
    expected: `changed ${place} informs`
  },
  {
    name: 'an end that has passed informs',
    before: inA({ until: now }),
    after: inA({ until: past }),
    expected: `changed ${place} informs`
  },
  {
    name: 'kinds are different values',
    before: [requirement('a', [any()])],
    after: [requirement('a', [any(), host('example.net')])],
    expected: 'added a/endpoints/host:example.net opens'
  }
]

const services = (...list: readonly Written[]) => [requirement('a', [], { services: list })]
const tcp = (...ports: readonly unknown[]): Written => ({ transport: 'tcp', ports })

const ofRequirements: readonly Case[] = [
  { name: 'a new port opens', before: services(tcp(80)), after: services(tcp(80, 443)), expected: 'opens' },
  { name: 'a port less closes', before: services(tcp(80, 443)), after: services(tcp(80)), expected: 'closes' },
  { name: 'another port opens', before: services(tcp(80)), after: services(tcp(443)), expected: 'opens' },
  {
    name: 'a new service opens',
    before: services(tcp(80)),
    after: services(tcp(80), { transport: 'icmp' }),
    expected: 'opens'
  },
  {
    name: 'a service less closes',
    before: services(tcp(80), { transport: 'icmp' }),
    after: services(tcp(80)),
    expected: 'closes'
  },
  { name: 'a wider range opens', before: services(tcp('80-90')), after: services(tcp('80-91')), expected: 'opens' },
  {
    name: 'a narrower range closes',
    before: services(tcp('80-90')),
    after: services(tcp('81-90')),
    expected: 'closes'
  },
  {
    name: 'a range in two parts informs',
    before: services(tcp('80-90')),
    after: services(tcp('80-85', '86-90')),
    expected: 'informs'
  },
  {
    name: 'a gap in a range closes',
    before: services(tcp('80-90')),
    after: services(tcp('80-85', '87-90')),
    expected: 'closes'
  },
  {
    name: 'ports moved into another service inform',
    before: services(tcp(80, 443)),
    after: services(tcp(80), tcp(443)),
    expected: 'informs'
  },
  { name: 'all ports open', before: services(tcp(80)), after: services({ transport: 'tcp' }), expected: 'opens' },
  {
    name: 'all ports, written out, inform',
    before: services(tcp('1-65535')),
    after: services({ transport: 'tcp' }),
    expected: 'informs'
  },
  {
    name: 'no longer all ports closes',
    before: services({ transport: 'tcp' }),
    after: services(tcp(80)),
    expected: 'closes'
  },
  {
    name: 'another transport opens',
    before: services(tcp(53)),
    after: services({ transport: 'udp', ports: [53] }),
    expected: 'opens'
  },
  { name: 'any transport opens', before: services(tcp(53)), after: services({ transport: 'any' }), expected: 'opens' },
  {
    name: 'no longer any transport closes',
    before: services({ transport: 'any' }),
    after: services(tcp(53)),
    expected: 'closes'
  },
  {
    name: 'another application informs',
    before: services({ ...tcp(443), application: 'http' }),
    after: services({ ...tcp(443), application: 'https' }),
    expected: 'informs'
  },
  {
    name: 'fewer source ports close',
    before: services(tcp(53)),
    after: services({ ...tcp(53), sourcePorts: [53] }),
    expected: 'closes'
  },
  {
    name: 'more source ports open',
    before: services({ ...tcp(53), sourcePorts: [53] }),
    after: services({ ...tcp(53), sourcePorts: ['53-60'] }),
    expected: 'opens'
  },
  {
    name: 'one kind of ICMP closes',
    before: services({ transport: 'icmp' }),
    after: services({ transport: 'icmp', icmp: { type: 8 } }),
    expected: 'closes'
  },
  {
    name: 'one code of a type of ICMP closes',
    before: services({ transport: 'icmp', icmp: { type: 8 } }),
    after: services({ transport: 'icmp', icmp: { type: 8, code: 0 } }),
    expected: 'closes'
  },
  {
    name: 'another type of ICMP opens',
    before: services({ transport: 'icmp', icmp: { type: 8 } }),
    after: services({ transport: 'icmp', icmp: { type: 0 } }),
    expected: 'opens'
  },
  {
    name: 'all codes of a type of ICMP open',
    before: services({ transport: 'icmp', icmp: { type: 8, code: 0 } }),
    after: services({ transport: 'icmp', icmp: { type: 8 } }),
    expected: 'opens'
  },
  {
    name: 'the other direction opens',
    before: bare,
    after: [requirement('a', [], { direction: 'inbound' })],
    expected: 'opens'
  },
  {
    name: 'both directions open',
    before: bare,
    after: [requirement('a', [], { direction: 'both' })],
    expected: 'opens'
  },
  {
    name: 'one direction of two closes',
    before: [requirement('a', [], { direction: 'both' })],
    after: bare,
    expected: 'closes'
  },
  {
    name: 'a new port and one less open',
    before: services(tcp(80, 443)),
    after: services(tcp(443, 8443)),
    expected: 'opens'
  },
  { name: 'remarks inform', before: bare, after: [requirement('a', [], { remarks: 'x' })], expected: 'informs' },
  {
    name: 'another necessity informs',
    before: bare,
    after: [requirement('a', [], { necessity: 'optional' })],
    expected: 'informs'
  }
]

t.test('what a change of an endpoint means', async (t) => {
  for (const { name, before, after, expected } of ofEndpoints) t.same(impacts(before, after), [expected], name)
})

t.test('what a change of a requirement means', async (t) => {
  for (const { name, before, after, expected } of ofRequirements)
    t.same(impacts(before, after), [`changed a ${expected}`], name)
})

t.test('a requirement that comes or goes whole means what its endpoints mean', async (t) => {
  t.same(impacts([], inA()), ['added a opens', `added ${place} opens`])
  t.same(impacts([], inA({ from: soon })), ['added a announces', `added ${place} announces`])
  t.same(impacts([], bare), ['added a informs'])
  t.same(impacts(inA(), []), ['removed a closes', `removed ${place} closes`])
  t.same(impacts(inA({ until: past }), []), ['removed a informs', `removed ${place} informs`])
})

t.test('a row that moves to another requirement neither opens nor closes its value', async (t) => {
  t.same(impacts([...inA(), requirement('b')], [...bare, ...inB()]), [
    `removed ${place} informs`,
    `added b/endpoints/address:${value} informs`
  ])
})

t.test('a value that left and came back', async (t) => {
  const first = address(value, { until: past })
  const again = address(value, { from: soon })
  t.same(impacts([requirement('a', [first])], [requirement('a', [first, again])]), [`added ${place} announces`])
  t.same(impacts([requirement('a', [first])], [requirement('a', [first, address(value, { from: now })])]), [
    `added ${place} opens`
  ])
})

t.test('at a transition the clock opens what begins and closes what ends', async (t) => {
  const rows = rowsOf([
    requirement('a', [
      address('9.0.0.1', { until: soon }),
      address('9.0.0.2', { from: soon }),
      address('9.0.0.3', { until: soon }),
      address('9.0.0.4', { from: soon, until: later }),
      address('9.0.0.5', { from: soon })
    ]),
    requirement('b', [address('9.0.0.3'), address('9.0.0.5')])
  ])
  const instant = at(soon)
  const { changes } = diff({ rows, effectiveAt: instant - 1 }, { rows, effectiveAt: instant }, instant)
  t.same(
    changes.map(({ op, endpoint, impact }) => `${op} ${endpoint?.value} ${impact}`),
    [
      'removed 9.0.0.1 closes',
      'changed 9.0.0.2 opens',
      'removed 9.0.0.3 informs',
      'changed 9.0.0.4 opens',
      'changed 9.0.0.5 informs'
    ]
  )
  t.match(changes[1], { before: { status: 'planned' }, after: { status: 'active' } })
  t.match(changes[3], { before: { status: 'planned' }, after: { status: 'retiring' } })
})
