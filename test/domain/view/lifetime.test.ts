import t from 'tap'
import { intervalAt, isLive, mostAlive, statusAt, transitionsOf } from '../../../src/domain/view/lifetime.ts'
import { fc } from '../../support/scale.ts'
import { arbitraryInstant, grid } from '../document/support/arbitrary-document.ts'
import { address, at, host, requirement, rowsOf } from '../document/support/sample.ts'

const [from, until] = ['2020-02-01T00:00:00Z', '2020-03-01T00:00:00Z']

t.test('a status turns exactly at its bound: from is inside, until is outside', async (t) => {
  const cases = [
    [{}, at(from), 'active'],
    [{ from }, at(from) - 1, 'planned'],
    [{ from }, at(from), 'active'],
    [{ until }, at(until) - 1, 'retiring'],
    [{ until }, at(until), 'retired'],
    [{ until }, at('0001-01-01'), 'retiring'],
    [{ from, until }, at(from) - 1, 'planned'],
    [{ from, until }, at(from), 'retiring'],
    [{ from, until }, at(until) - 1, 'retiring'],
    [{ from, until }, at(until), 'retired']
  ] as const
  for (const [lifetime, instant, status] of cases)
    t.equal(statusAt(lifetime, instant), status, `${JSON.stringify(lifetime)} at ${new Date(instant).toISOString()}`)
})

t.test('what is active or retiring holds, and nothing else', async (t) => {
  t.same(
    (['planned', 'active', 'retiring', 'retired', undefined] as const).map((status) => isLive(status)),
    [false, true, true, false, false]
  )
})

t.test('the most alive status wins, whichever comes first', async (t) => {
  const ascending = ['retired', 'planned', 'retiring', 'active'] as const
  for (const [index, status] of ascending.entries()) {
    t.equal(mostAlive(undefined, status), status)
    for (const lower of ascending.slice(0, index)) {
      t.equal(mostAlive(lower, status), status)
      t.equal(mostAlive(status, lower), status)
    }
  }
})

t.test('transitions are all bounds of all endpoints, ascending, each once', async (t) => {
  const rows = rowsOf([
    requirement('a', [address('9.0.0.1', { until }), address('9.0.0.1', { from: '2020-04-01' }), host('example.net')]),
    requirement('b', [address('9.0.0.1', { from, until })])
  ])
  t.same(transitionsOf(rows), [at(from), at(until), at('2020-04-01')])
  t.same(transitionsOf(rowsOf([requirement('a', [host('example.net')])])), [])
})

t.test('the interval around an instant is bounded by the transitions next to it', async (t) => {
  const transitions = [10, 20, 30]
  t.same(intervalAt(transitions, 9), { validUntil: 10 })
  t.same(intervalAt(transitions, 10), { validFrom: 10, validUntil: 20 })
  t.same(intervalAt(transitions, 19), { validFrom: 10, validUntil: 20 })
  t.same(intervalAt(transitions, 30), { validFrom: 30 })
  t.same(intervalAt([], 5), {})
})

t.test('an interval is what a search from end to end finds', async () => {
  const transitions = fc.subarray(grid.map((text) => Date.parse(text)))
  fc.assert(
    fc.property(transitions, arbitraryInstant, (list, instant) => {
      const { validFrom, validUntil } = intervalAt(list, instant)
      return (
        validFrom === list.findLast((each) => each <= instant) && validUntil === list.find((each) => each > instant)
      )
    })
  )
})
