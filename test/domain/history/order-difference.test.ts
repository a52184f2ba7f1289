import t from 'tap'
import { changedOrder, orderDifference } from '../../../src/domain/history/order-difference.ts'
import { fc, runs } from '../../support/scale.ts'

const keys = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 20 })

t.test('a difference leads from one order to the next, as JSON too', async (t) => {
  fc.assert(
    fc.property(keys, keys, (before, next) => {
      // What stays keeps its order.
      const stays = before.filter((key) => next.includes(key))
      const after = next.map((key) => (before.includes(key) ? (stays.shift() ?? '') : key))
      const difference = orderDifference(before, after)
      t.strictSame(difference && changedOrder(before, JSON.parse(JSON.stringify(difference))), after)
    }),
    { numRuns: runs(300) }
  )
})

t.test('keys that change places have no difference', async (t) => {
  t.equal(orderDifference(['a', 'b', 'c'], ['c', 'a']), undefined)
  t.strictSame(orderDifference(['a', 'c'], ['a', 'b', 'c']), { removed: [], added: [[1, 'b']] })
})

t.test('what is no difference of an order is seen', async (t) => {
  t.equal(changedOrder(['a'], { removed: ['b'], added: [] }), undefined, 'it removes what is not there')
  t.equal(changedOrder(['a'], { removed: [], added: [[2, 'b']] }), undefined, 'it leaves a gap')
  t.equal(
    changedOrder(['a'], {
      removed: [],
      added: [
        [1, 'b'],
        [1, 'c']
      ]
    }),
    undefined,
    'it adds two at one place'
  )
})
