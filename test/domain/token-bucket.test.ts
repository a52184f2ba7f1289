import t from 'tap'
import { filledBucket, type TokenBucket, takeTokens } from '../../src/domain/token-bucket.ts'
import { fc } from '../support/scale.ts'

t.test('in no stretch of time is more sent than the rate and one second of it', async () => {
  const rate = 10
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }), (gaps) => {
      let bucket: TokenBucket | undefined
      let now = 0
      const sent: number[] = []
      for (const gap of gaps) {
        now += gap
        const taken = takeTokens(bucket, now, { most: rate, perSecond: rate })
        bucket = taken.bucket
        now += taken.waitMs
        sent.push(now)
      }
      return sent.every((at, index) => {
        const within = sent.slice(index).filter((later) => later <= at + 1000).length
        return within <= 2 * rate + 1
      })
    })
  )
})

t.test('a second of the rate goes at once, then it is even', async (t) => {
  let bucket: TokenBucket | undefined
  const waits: number[] = []
  for (let request = 0; request < 13; request += 1) {
    const taken = takeTokens(bucket, 0, { most: 10, perSecond: 10 })
    bucket = taken.bucket
    waits.push(taken.waitMs)
  }
  t.same(waits, [...Array(10).fill(0), 100, 200, 300])
})

t.test('tokens that are taken at once are those that are taken one after the other', async () => {
  const size = { most: 30, perSecond: 2 }
  fc.assert(
    fc.property(
      fc.integer({ min: -30, max: 30 }),
      fc.integer({ min: 0, max: 60_000 }),
      fc.nat(40),
      (tokens, now, count) => {
        const start = { tokens, at: 0 }
        const atOnce = takeTokens(start, now, size, count).bucket
        let bucket: TokenBucket = filledBucket(start, now, size)
        for (let taken = 0; taken < count; taken += 1) bucket = takeTokens(bucket, now, size).bucket
        return Math.abs(bucket.tokens - atOnce.tokens) < 1e-6
      }
    )
  )
})

t.test('a bucket is never fuller than full, and a clock that goes back takes nothing from it', async (t) => {
  const size = { most: 60, perSecond: 1 }
  t.equal(filledBucket({ tokens: 59, at: 0 }, 10_000, size).tokens, 60)
  t.equal(filledBucket({ tokens: 10, at: 10_000 }, 0, size).tokens, 10)
})
