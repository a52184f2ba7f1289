import t from 'tap'
import { holdsPorts, isWithin } from '../../../src/domain/network/network-service.ts'
import { fc, runs } from '../../support/scale.ts'

const range = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 4 }))
  .map(([from, more]) => ({ from, to: from + more }))
const ranges = fc.array(range, { maxLength: 4 })

/** One by one: slow, and plainly right. */
function portsOf(list: readonly { readonly from: number; readonly to: number }[]): ReadonlySet<number> {
  return new Set(list.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)))
}

t.test('ranges hold ports where each single port is in one of them', async () => {
  fc.assert(
    fc.property(ranges, ranges, (held, wanted) => {
      const ports = portsOf(held)
      return holdsPorts(held, wanted) === [...portsOf(wanted)].every((port) => ports.has(port))
    }),
    { numRuns: runs(1000) }
  )
})

t.test('all ports are held by all of them only', async (t) => {
  t.ok(holdsPorts([{ from: 1, to: 65535 }]))
  t.ok(
    holdsPorts([
      { from: 1024, to: 65535 },
      { from: 1, to: 1023 }
    ])
  )
  t.notOk(holdsPorts([{ from: 2, to: 65535 }]))
  t.notOk(holdsPorts([]))
})

t.test('services of another transport lend no ports', async (t) => {
  const [http, dns] = [
    { from: 80, to: 80 },
    { from: 53, to: 53 }
  ]
  const both = { transport: 'tcp', ports: [dns, http] } as const
  t.ok(
    isWithin(both, [
      { transport: 'tcp', ports: [http] },
      { transport: 'tcp', ports: [dns] }
    ])
  )
  t.notOk(
    isWithin(both, [
      { transport: 'tcp', ports: [http] },
      { transport: 'udp', ports: [dns] }
    ])
  )
  t.ok(isWithin(both, [{ transport: 'any' }]))
  t.notOk(isWithin({ transport: 'any' }, [both]))
  t.notOk(isWithin(both, []))
})
