import t from 'tap'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import { compareEndpoints, orderText } from '../../../src/domain/document/endpoint-order.ts'
import { fc } from '../../support/scale.ts'

const any: Endpoint = { kind: 'any' }
const host = (value: string): Endpoint => ({ kind: 'host', value })
const address = (value: string, from?: string): Endpoint => ({ kind: 'address', value, ...(from && { from }) })
const sorted: readonly Endpoint[] = [
  host('*.b.example'),
  host('a.example'),
  host('b.example'),
  address('9.0.0.0'),
  address('10.0.0.0/8'),
  address('10.0.0.0'),
  address('10.0.0.0', '2018-11-22T00:00:00Z'),
  address('10.0.0.0', '2018-11-22T00:00:00.500Z'),
  address('100.0.0.0'),
  address('2001:db8::/32'),
  address('2001:db8::'),
  { kind: 'role', value: 'dns', title: 'DNS' },
  { kind: 'feed', value: 'aws', url: 'https://example.net/' },
  any
]

t.test('endpoints stand by kind, then value, then beginning', async (t) => {
  t.same([...sorted].reverse().sort(compareEndpoints), sorted)
})

t.test('the order text sorts as the comparison does, but for beginnings', async () => {
  fc.assert(
    fc.property(fc.constantFrom(...sorted), fc.constantFrom(...sorted), (a, b) => {
      const [left, right] = [orderText(a), orderText(b)]
      if (left === right)
        return (
          a.kind === b.kind &&
          Math.abs(compareEndpoints({ ...a, from: '2020-01-01T00:00:00Z' }, { ...b, from: '2020-01-01T00:00:00Z' })) ===
            0
        )
      return left < right === compareEndpoints(a, b) < 0
    })
  )
})
