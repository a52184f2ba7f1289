import t from 'tap'
import { parseAsOf, requireInstant } from '../../../src/domain/read/as-of.ts'
import { at } from '../document/support/sample.ts'

t.test('a revision is named by number, by label, by an instant, or not at all', async (t) => {
  t.same(parseAsOf(undefined), { kind: 'newest' })
  t.same(parseAsOf('2'), { kind: 'number', number: 2 })
  t.same(parseAsOf('label:2.3'), { kind: 'label', label: '2.3' })
  t.same(parseAsOf('label:2018-10-01T00:00:00Z'), { kind: 'label', label: '2018-10-01T00:00:00Z' })
  t.same(parseAsOf('label:'), { kind: 'label', label: '' })
  t.same(parseAsOf('2018-10-01T02:00:00+02:00'), { kind: 'instant', instant: at('2018-10-01') })
})

t.test('anything else is refused and never guessed', async (t) => {
  for (const text of [
    '',
    '2018-10-01',
    '2018-10',
    '2018-10-01T00:00:00',
    '2.3',
    '-1',
    '1e3',
    '0x2',
    ' 2',
    'latest',
    'Label:2'
  ])
    t.throws(() => parseAsOf(text), { code: 'invalid_instant' }, JSON.stringify(text))
})

t.test('a number that no catalogue reaches is a number all the same', async (t) => {
  t.match(parseAsOf('0'), { kind: 'number', number: 0 })
  t.same(parseAsOf('99999999999999999999'), { kind: 'number', number: 2147483647 }, 'within what a store keeps')
})

t.test('a refusal names the parameter and says what would be right', async (t) => {
  t.throws(() => requireInstant('2018-11-22', 'effectiveAt'), {
    code: 'invalid_instant',
    message: /^effectiveAt=2018-11-22 is a bare date/,
    faults: [{ pointer: '/effectiveAt', code: 'invalid_instant' }]
  })
  t.throws(() => parseAsOf('x', 'from'), { message: /^from=x /, faults: [{ pointer: '/from' }] })
})

t.test('an instant keeps its offset and its milliseconds', async (t) => {
  t.equal(requireInstant('2018-11-22T01:00:00.250+01:00', 'at'), at('2018-11-22') + 250)
})
