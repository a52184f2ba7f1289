import t from 'tap'
import { eventId } from '../../../src/domain/event/ulid.ts'
import { fc } from '../../support/scale.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 10 })
const instant = fc.nat({ max: 2 ** 48 - 1 })

t.test('an id is evt_ and 26 characters of Crockford base 32', async () => {
  fc.assert(fc.property(instant, random, (now, bytes) => /^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(eventId(now, bytes))))
})

t.test('ids sort by time, whatever the randomness', async () => {
  fc.assert(
    fc.property(instant, instant, random, random, (a, b, one, other) => {
      fc.pre(a !== b)
      return a < b === eventId(a, one) < eventId(b, other)
    })
  )
})

t.test('within a millisecond each of the ten random bytes tells ids apart', async () => {
  fc.assert(
    fc.property(random, fc.nat({ max: 9 }), (bytes, index) => {
      return eventId(0, bytes) !== eventId(0, bytes.with(index, (bytes[index] ?? 0) ^ 0x80))
    })
  )
})

t.test('it is the ULID that the specification has for these bytes', async (t) => {
  t.equal(eventId(1469918176385, new Uint8Array(10)), 'evt_01ARYZ6S410000000000000000')
  t.equal(eventId(0, new Uint8Array(10).fill(0xff)), 'evt_0000000000ZZZZZZZZZZZZZZZZ')
  t.equal(eventId(2 ** 48 - 1, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1)), 'evt_7ZZZZZZZZZ0000000000000001')
})
