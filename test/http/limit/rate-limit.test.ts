import t from 'tap'
import type { Payer } from '../../../src/http/limit/payer.ts'
import { RateLimit } from '../../../src/http/limit/rate-limit.ts'
import { fc } from '../../support/scale.ts'

const alice: Payer = { kind: 'key', id: 'alice' }
const home: Payer = { kind: 'address', id: '192.0.2.7' }

t.test('a payer has the units of a minute at once, and then they come back evenly', async (t) => {
  let now = 0
  const limit = new RateLimit(60, () => now)
  for (let units = 59; units >= 0; units -= 1) t.equal(limit.charge(alice, 1).units, units)
  t.throws(() => limit.charge(alice, 1), { code: 'rate_limited', extra: { retryAfter: 1 } })
  now = 999
  t.throws(() => limit.charge(alice, 1), { code: 'rate_limited' })
  now = 1000
  t.strictSame(limit.charge(alice, 1), { units: 0, fullInSeconds: 60 })
  now = 61_000
  t.strictSame(limit.standing(alice), { units: 60, fullInSeconds: 0 })
  t.strictSame(limit.counts.refused, { key: 2, address: 0 })
})

t.test('keys and addresses have units of their own, also where one is named like the other', async (t) => {
  const limit = new RateLimit(2, () => 0)
  limit.charge(home, 2)
  t.throws(() => limit.charge(home, 1), { code: 'rate_limited' })
  t.equal(limit.charge({ kind: 'key', id: home.id }, 1).units, 1)
})

t.test(
  'what costs more than a minute of units needs a full bucket, and nothing more is answered until it is paid',
  async (t) => {
    let now = 0
    const limit = new RateLimit(60, () => now)
    limit.charge(alice, 1)
    t.throws(() => limit.charge(alice, 90), { code: 'rate_limited', extra: { retryAfter: 1 } })
    now = 1000
    t.strictSame(limit.charge(alice, 90), { units: 0, fullInSeconds: 90 })
    now = 30_000
    t.throws(() => limit.charge(alice, 1), { code: 'rate_limited', extra: { retryAfter: 2 } })
    now = 32_000
    t.equal(limit.charge(alice, 1).units, 0)
  }
)

t.test('nobody owes more than a minute of units, however large an answer was', async (t) => {
  let now = 0
  const limit = new RateLimit(60, () => now)
  limit.settle(home, 1_000_000)
  t.throws(() => limit.charge(home, 1), { code: 'rate_limited', extra: { retryAfter: 61 } })
  now = 61_000
  t.equal(limit.charge(home, 1).units, 0)
})

t.test('units that are given back are never more than a bucket holds', async (t) => {
  const limit = new RateLimit(60, () => 0)
  t.equal(limit.settle(alice, -5).units, 60)
})

t.test('in no stretch of time does a payer get more than a bucket and what flowed into it', async () => {
  const gaps = fc.array(fc.record({ ms: fc.nat(2000), units: fc.integer({ min: 1, max: 20 }) }), { maxLength: 200 })
  fc.assert(
    fc.property(gaps, (requests) => {
      let now = 0
      let taken = 0
      const limit = new RateLimit(60, () => now)
      for (const { ms, units } of requests) {
        now += ms
        try {
          limit.charge(home, units)
          taken += units
        } catch {}
      }
      return taken <= 60 + now / 1000 + 1e-6
    })
  )
})

t.test('the number of payers that are remembered is bounded', async (t) => {
  const limit = new RateLimit(60, () => 0)
  for (let client = 0; client < 60_000; client += 1)
    limit.charge({ kind: 'address', id: `2001:db8:0:${client}::/64` }, 1)
  t.equal(limit.payers, 50_000)
})
