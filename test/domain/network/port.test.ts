import t from 'tap'
import { parsePorts, portText } from '../../../src/domain/network/port.ts'
import { fc } from '../../support/scale.ts'

const faultsOf = (input: readonly unknown[]) => {
  const parsed = parsePorts(input)
  return 'faults' in parsed ? parsed.faults.map(({ index, code }) => [index, code]) : []
}

t.test('ports are read in all their notations, into sorted ranges', async (t) => {
  t.same(parsePorts(['1024-65535', 80, '443', { from: 20, to: 21 }]), {
    ranges: [
      { from: 20, to: 21 },
      { from: 80, to: 80 },
      { from: 443, to: 443 },
      { from: 1024, to: 65535 }
    ]
  })
})

t.test('adjacent ranges stay apart', async (t) => {
  t.same(parsePorts([{ from: 80, to: 81 }, 82]), {
    ranges: [
      { from: 80, to: 81 },
      { from: 82, to: 82 }
    ]
  })
})

t.test('what is no port is a fault with its index', async (t) => {
  const bad = [0, 65536, -1, 80.5, Number.NaN, '0', '65536', '80-70', '80-', '-80', '080', ' 80', '80 ', '1e3', '0x50']
  const odd = [
    '',
    'http',
    '８０',
    '80-90-100',
    '99999999999',
    null,
    true,
    [80],
    {},
    { from: 80 },
    { from: '80', to: 80 }
  ]
  for (const port of [...bad, ...odd, { from: 1, to: 2, step: 1 }, { from: 90, to: 80 }, { from: 0, to: 1 }])
    t.same(faultsOf([443, port]), [[1, 'invalid_port']], JSON.stringify(port))
})

t.test('duplicates and overlaps are faults at the later of the two', async (t) => {
  t.same(faultsOf([80, '80']), [[1, 'duplicate_port']])
  t.same(faultsOf(['80-80', 80]), [[1, 'duplicate_port']])
  t.same(faultsOf(['80-90', 85]), [[1, 'overlapping_ports']])
  t.same(faultsOf([85, '80-90']), [[1, 'overlapping_ports']])
  t.same(faultsOf(['1-100', 5, '50-60', 101]), [
    [1, 'overlapping_ports'],
    [2, 'overlapping_ports']
  ])
})

t.test('every fault is reported', async (t) => {
  t.same(faultsOf([0, 80, 80, 'x']), [
    [0, 'invalid_port'],
    [2, 'duplicate_port'],
    [3, 'invalid_port']
  ])
})

t.test('a fault says what would be right', async (t) => {
  t.match(parsePorts(['80-70']), { faults: [{ detail: '80-70 runs backwards: write 70-80' }] })
  t.match(parsePorts([0]), { faults: [{ detail: /from 1 to 65535/ }] })
})

t.test('a range is written short', async (t) => {
  t.equal(portText({ from: 80, to: 80 }), '80')
  t.equal(portText({ from: 1024, to: 65535 }), '1024-65535')
})

t.test('ranges are refused exactly where two of them share a port', async () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 5 }))
    .map(([from, length]) => ({ from, to: from + length }))
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), (ranges) => {
      const ports = ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
      return 'faults' in parsePorts(ranges) === new Set(ports).size < ports.length
    })
  )
})

t.test('what is written is read again', async () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(ports, (list) => {
      const parsed = parsePorts(list)
      if ('faults' in parsed) return false
      const again = parsePorts(parsed.ranges.map(portText))
      return 'ranges' in again && JSON.stringify(again.ranges) === JSON.stringify(parsed.ranges)
    })
  )
})
