import t from 'tap'
import {
  type ClockReading,
  jumpLimitMs,
  type WallClockState,
  wallClockStateAt
} from '../../../src/domain/time/clock-jump.ts'
import { fc } from '../../support/scale.ts'

const holdMs = 300_000
const after = (looks: readonly ClockReading[]) =>
  looks.reduce<WallClockState | undefined>((before, look) => wallClockStateAt(before, look, holdMs), undefined)

t.test('a clock that keeps step is steady, however long nobody looked', async (t) => {
  t.notOk(after([{ wall: 5_000_000, monotonic: 7 }])?.suspicion, 'the first look knows of no jump')
  t.notOk(
    after([
      { wall: 0, monotonic: 0 },
      { wall: 86_400_000, monotonic: 86_400_000 }
    ])?.suspicion
  )
})

t.test('a jump of more than a minute, either way, makes it suspect', async (t) => {
  for (const jump of [jumpLimitMs + 1, -jumpLimitMs - 1, 86_400_000]) {
    const suspect = after([
      { wall: 1_000_000, monotonic: 0 },
      { wall: 1_001_000 + jump, monotonic: 1000 }
    ])
    t.same(suspect?.suspicion, { since: 1_001_000 + jump, jumpMs: jump, steadySince: 1000 })
  }
  for (const jump of [jumpLimitMs, -jumpLimitMs]) {
    const steady = after([
      { wall: 1_000_000, monotonic: 0 },
      { wall: 1_001_000 + jump, monotonic: 1000 }
    ])
    t.notOk(steady?.suspicion)
  }
})

t.test('it is steady again when it was so for the whole hold; another jump begins that anew', async (t) => {
  const jumped: readonly ClockReading[] = [
    { wall: 0, monotonic: 0 },
    { wall: 100_000, monotonic: 0 }
  ]
  t.ok(after([...jumped, { wall: 100_000 + holdMs - 1, monotonic: holdMs - 1 }])?.suspicion)
  t.notOk(after([...jumped, { wall: 100_000 + holdMs, monotonic: holdMs }])?.suspicion)
  const back = [...jumped, { wall: holdMs - 1, monotonic: holdMs - 1 }]
  t.match(after(back)?.suspicion, { since: 100_000, jumpMs: 0 }, 'it stands where it stood, and is not trusted yet')
  t.ok(after([...back, { wall: holdMs + 5, monotonic: holdMs + 5 }])?.suspicion)
  t.notOk(after([...back, { wall: 2 * holdMs, monotonic: 2 * holdMs }])?.suspicion)
})

t.test('it is suspect exactly where a jump lies within the hold', async () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 200_000 }),
    jump: fc.constantFrom(0, 0, 0, 59_000, -90_000, 1e8)
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let look = { wall: 1e9, monotonic: 0 }
      const looks = [look]
      let lastJump = Number.NEGATIVE_INFINITY
      for (const { ms, jump } of steps) {
        look = { wall: look.wall + ms + jump, monotonic: look.monotonic + ms }
        looks.push(look)
        if (Math.abs(jump) > jumpLimitMs) lastJump = look.monotonic
      }
      return (after(looks)?.suspicion !== undefined) === look.monotonic - lastJump < holdMs
    })
  )
})
