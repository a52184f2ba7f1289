import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { LoopTurns, OperationQueue } from '../../../src/graphql/protocol/operation-queue.ts'

t.test('a turn begins when the one before has ended, in the order in which they came', async (t) => {
  const queue = new OperationQueue()
  const begun: number[] = []
  const turns = [0, 1, 2].map(async (n) => {
    const end = await queue.enter(1)
    begun.push(n)
    return end
  })
  const first = await turns[0]
  await setImmediate()
  t.strictSame(begun, [0])
  first?.()
  first?.()
  const second = await turns[1]
  await setImmediate()
  t.strictSame(begun, [0, 1], 'ending a turn twice ends no other')
  second?.()
  await turns[2]
  t.strictSame(begun, [0, 1, 2])
})

t.test('a bounded number of operations and of bytes waits, and what is done makes room', async (t) => {
  const queue = new OperationQueue()
  const first = await queue.enter(1)
  for (let n = 0; n < 100; n += 1) t.ok(queue.enter(1))
  t.equal(queue.enter(1), undefined, 'one is answered, and a hundred wait')
  first?.()
  await setImmediate()
  t.ok(queue.enter(1))
  const heavy = new OperationQueue()
  const mebibyte = 1_048_576
  await heavy.enter(4 * mebibyte)
  for (let n = 0; n < 4; n += 1) t.ok(heavy.enter(4 * mebibyte))
  t.equal(heavy.enter(1), undefined)
})

t.test('no two operations begin in one turn of the loop', async (t) => {
  const turns = new LoopTurns()
  let now = 0
  let isCounting = true
  const counting = (async () => {
    while (isCounting) {
      await setImmediate()
      now += 1
    }
  })()
  const begun = await Promise.all(
    [0, 1, 2, 3].map(async () => {
      await turns.next()
      return now
    })
  )
  isCounting = false
  await counting
  t.equal(new Set(begun).size, 4, begun.join(' '))
})
