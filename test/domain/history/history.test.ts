import t from 'tap'
import { standsIn } from '../../../src/domain/history/history.ts'

t.test('a row stands from its first revision up to, not including, the one that closed it', async (t) => {
  const numbers = [1, 2, 3, 4, 5]
  t.same(
    numbers.filter((number) => standsIn({ since: 2, until: 4 }, number)),
    [2, 3]
  )
  t.same(
    numbers.filter((number) => standsIn({ since: 4 }, number)),
    [4, 5]
  )
})
