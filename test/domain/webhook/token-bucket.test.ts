import t from 'tap'
import { type TokenBucket, takeToken } from '../../../src/domain/webhook/token-bucket.ts'
import { fc } from '../../support/scale.ts'

t.test('in no stretch of time is more sent than the rate and one second of it', async () => {
  const rate = 10
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }), (gaps) => {
      let bucket: TokenBucket | undefined
      let now = 0
      const sent: number[] = []
      for (const gap of gaps) {
        now += gap
        const taken = takeToken(bucket, now, rate)
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
    const taken = takeToken(bucket, 0, 10)
    bucket = taken.bucket
    waits.push(taken.waitMs)
  }
  t.same(waits, [...Array(10).fill(0), 100, 200, 300])
})
