import t from 'tap'
import { exportEntries, targetValue, unionOf } from '../../../src/domain/export/export-entry.ts'
import { exportView } from '../../../src/domain/export/export-view.ts'
import { type Expression, express } from '../../../src/domain/export/expression.ts'
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

const tcp80 = [{ transport: 'tcp', ports: [80] }]

function entries(requirements: readonly Written[], instant = '2026-06-01') {
  const document = documentOf(requirements)
  return exportEntries(exportView(viewAt(document, revisionOf(document), at(instant)), {}))
}

const all: Expression = {
  targets: { address: 'exact', host: 'exact', wildcard: 'exact', role: 'exact', feed: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports: ['tcp', 'udp', 'sctp', 'icmp', 'any'],
  hasPorts: true,
  hasSourcePorts: true,
  hasInboundDestinations: true,
  hasIcmpTypes: true
}

t.test('a value that several requirements name is one entry, and the most alive of them wins', async (t) => {
  const [slice, ...others] = entries([
    requirement('a', [address('192.0.2.1', { until: '2026-07-01' }), address('192.0.2.2', { until: '2026-07-01' })]),
    requirement('b', [
      address('192.0.2.1', { serves: ['b.example.net'] }),
      host('b.example.net'),
      address('192.0.2.2', { until: '2026-08-01' })
    ])
  ])
  t.strictSame(others, [])
  t.strictSame(
    slice?.entries.map(({ target, status, until, serves, requirements }) => [
      targetValue(target),
      status,
      until,
      serves,
      requirements
    ]),
    [
      ['192.0.2.1', 'active', undefined, ['b.example.net'], ['a', 'b']],
      ['192.0.2.2', 'retiring', '2026-08-01T00:00:00Z', [], ['a', 'b']],
      ['b.example.net', 'active', undefined, [], ['b']]
    ]
  )
})

t.test('entries stand by kind, addresses by number', async (t) => {
  const values = ['192.0.2.10', '192.0.2.9', '2001:db8::1', '9.0.0.0/8']
  const [slice] = entries([
    requirement('a', [
      any(),
      feed('f'),
      role('r'),
      host('*.b.example.net'),
      host('a.example.net'),
      ...values.map((value) => address(value))
    ])
  ])
  t.strictSame(
    slice?.entries.map(({ target }) => targetValue(target) ?? 'any'),
    ['9.0.0.0/8', '192.0.2.9', '192.0.2.10', '2001:db8::1', 'a.example.net', '*.b.example.net', 'r', 'f', 'any']
  )
})

t.test('what does not hold is no entry, and its slice stands there empty', async (t) => {
  const [slice, ...others] = entries([
    requirement('a', [address('192.0.2.1', { until: '2026-05-01' }), address('192.0.2.2', { from: '2026-07-01' })])
  ])
  t.strictSame([slice?.slice.name, slice?.entries, others], ['out-tcp-443', [], []])
})

t.test('what a format cannot say is left out with its reason, and what it can is all kept', async (t) => {
  const slices = entries([
    requirement('a', [
      address('192.0.2.1'),
      host('a.example.net'),
      host('*.b.example.net'),
      role('r'),
      feed('f'),
      any()
    ])
  ])
  const {
    slices: kept,
    omissions,
    widenings
  } = express(slices, { ...all, targets: { address: 'exact', wildcard: 'apex' } })
  t.strictSame(
    kept[0]?.entries.map(({ target }) => targetValue(target)),
    ['192.0.2.1', '*.b.example.net']
  )
  t.strictSame(
    omissions.map(({ kind, value, reason, slice, requirements }) => [kind, value, reason, slice, requirements]),
    [
      ['host', 'a.example.net', 'host', 'out-tcp-443', ['a']],
      ['role', 'r', 'role', 'out-tcp-443', ['a']],
      ['feed', 'f', 'feed', 'out-tcp-443', ['a']],
      ['any', undefined, 'any', 'out-tcp-443', ['a']]
    ]
  )
  t.strictSame(
    widenings.map(({ kind, value, reason }) => [kind, value, reason]),
    [['host', '*.b.example.net', 'apex']]
  )
  t.strictSame(express(slices, all), { slices, omissions: [], widenings: [] })
})

t.test('transport, ICMP type, source ports and direction are held against the format', async (t) => {
  const one = [address('192.0.2.1')]
  const slices = entries([
    requirement('sctp', one, { services: [{ transport: 'sctp', ports: [1] }] }),
    requirement('ping', one, { services: [{ transport: 'icmp', icmp: { type: 8 } }] }),
    requirement('time', one, { services: [{ transport: 'udp', ports: [123], sourcePorts: [123] }] }),
    requirement('in', one, { direction: 'inbound', services: tcp80 }),
    requirement('both', one, { direction: 'both', services: tcp80 })
  ])
  const {
    slices: kept,
    omissions,
    widenings
  } = express(slices, {
    ...all,
    directions: ['outbound'],
    transports: ['tcp', 'udp', 'icmp', 'any'],
    hasSourcePorts: false,
    hasInboundDestinations: true,
    hasIcmpTypes: false
  })
  t.strictSame(
    omissions.map(({ slice, reason }) => [slice, reason]),
    [
      ['out-sctp-1', 'transport'],
      ['out-icmp-8', 'icmp_type'],
      ['in-tcp-80', 'inbound'],
      ['both-tcp-80', 'inbound']
    ]
  )
  t.strictSame(
    kept.filter((slice) => slice.entries.length > 0).map(({ slice }) => slice.name),
    ['out-udp-123', 'both-tcp-80'],
    'of both directions the outbound half is kept'
  )
  t.strictSame(
    widenings.map(({ slice, reason }) => [slice, reason]),
    [['out-udp-123', 'source_ports']]
  )
})

t.test('a list of several slices says of each entry that its ports are lost, and has it once', async (t) => {
  const slices = entries([
    requirement('a', [address('192.0.2.1'), address('192.0.2.2')]),
    requirement('b', [address('192.0.2.1')], { services: tcp80 })
  ])
  const expressed = express(slices, { ...all, hasPorts: false })
  t.strictSame(
    expressed.widenings.map(({ slice, value, reason }) => [slice, value, reason]),
    [
      ['out-tcp-80', '192.0.2.1', 'ports'],
      ['out-tcp-443', '192.0.2.1', 'ports'],
      ['out-tcp-443', '192.0.2.2', 'ports']
    ]
  )
  t.strictSame(
    unionOf(expressed.slices).map(({ target }) => targetValue(target)),
    ['192.0.2.1', '192.0.2.2']
  )
})
