import t from 'tap'
import { Freshness } from '../../src/catalogue/freshness.ts'
import { Outage } from '../../src/catalogue/outage.ts'

t.test('what was confirmed is fresh for five seconds from when the store was asked', async (t) => {
  let monotonic = 0
  const freshness = new Freshness(() => monotonic)
  t.notOk(freshness.isFresh, 'before the store was asked')
  freshness.confirm({ askedAt: 100, before: 0, after: 0 })
  monotonic = 5100
  t.ok(freshness.isFresh)
  monotonic = 5101
  t.notOk(freshness.isFresh)
})

t.test('the clock of the store is compared with the time in which it answered', async (t) => {
  const freshness = new Freshness(() => 0)
  const aheadAfter = (before: number, now: number | undefined, after: number) => {
    freshness.confirm({ askedAt: 0, before, after, ...(now !== undefined && { now }) })
    return freshness.clockAheadMs
  }
  t.equal(aheadAfter(1000, undefined, 9000), 0, 'a store without a clock')
  t.equal(aheadAfter(1000, 5000, 9000), 0, 'a slow answer is no difference')
  t.equal(aheadAfter(2000, 1000, 2100), 1000)
  t.ok(freshness.isClockNear)
  t.equal(aheadAfter(1000, 6100, 1100), -5000)
  t.match(freshness, { isClockNear: false, isClockTrusted: true })
  t.equal(aheadAfter(9000, 3999, 9100), 5001)
  t.notOk(freshness.isClockTrusted)
})

t.test('an outage is said once, each 30 seconds, and once when it is over', async (t) => {
  let now = 0
  const said: string[] = []
  const note = (_fields: object, text: string) => void said.push(`${now / 1000} ${text}`)
  const outage = new Outage({ error: note, info: note }, () => now)
  outage.ended()
  for (now = 0; now <= 61_000; now += 250) outage.failed(new Error('away'))
  outage.ended()
  outage.ended()
  t.same(said, [
    '0 the store does not answer',
    '30 the store still does not answer',
    '60 the store still does not answer',
    '61.25 the store answers again'
  ])
})
