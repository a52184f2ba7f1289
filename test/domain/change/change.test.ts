import t from 'tap'
import { countChanges, endpointPointer, requirementPointer } from '../../../src/domain/change/change.ts'
import { diff } from '../../../src/domain/change/diff.ts'
import { address, any, at, host, requirement, rowsOf, type Written } from '../document/support/sample.ts'

function counts(before: readonly Written[], after: readonly Written[], rest: Written = {}) {
  return countChanges(diff({ rows: rowsOf(before) }, { rows: rowsOf(after, rest) }, at('2020-01-01')).changes)
}

t.test('counts are of rows: requirements and endpoints', async (t) => {
  const [a, b] = [host('a.example.net'), host('b.example.net')]
  t.same(counts([], [requirement('r', [a, b])]), { added: 3, removed: 0, changed: 0 })
  t.same(counts([requirement('r', [a, b])], [requirement('r', [a])]), { added: 0, removed: 1, changed: 0 })
  t.same(counts([requirement('r', [a, b])], []), { added: 0, removed: 3, changed: 0 })
  t.same(counts([requirement('r', [a])], [requirement('r', [host('a.example.net', { until: '2021-01-01' })])]), {
    added: 0,
    removed: 0,
    changed: 1
  })
})

t.test('a rename is one changed row, also where other fields change with it', async (t) => {
  const before = [requirement('old', [any()])]
  const named = { previousKeys: ['old'] }
  t.same(counts(before, [requirement('new', [any()], { ...named, title: 'old' })]), {
    added: 0,
    removed: 0,
    changed: 1
  })
  t.same(counts(before, [requirement('new', [any()], { ...named, title: 'Another' })]), {
    added: 0,
    removed: 0,
    changed: 1
  })
})

t.test('two lifetimes of one value are two rows', async (t) => {
  const before = [address('9.0.0.1', { until: '2019-01-01' }), address('9.0.0.1', { from: '2020-01-01' })]
  const after = before.map((row) => ({ ...row, remarks: 'x' }))
  t.same(counts([requirement('r', before)], [requirement('r', after)]), { added: 0, removed: 0, changed: 2 })
})

t.test('what concerns the whole catalogue is no row', async (t) => {
  const [a, b] = [requirement('a'), requirement('b')]
  t.same(counts([a, b], [b, a], { title: 'Another' }), { added: 0, removed: 0, changed: 0 })
})

t.test('pointers read lists by key', async (t) => {
  t.equal(requirementPointer('av-updates'), '/requirements/av-updates')
  t.equal(
    endpointPointer('a', { kind: 'address', value: '9.0.0.0/24' }),
    '/requirements/a/endpoints/address:9.0.0.0~124'
  )
  t.equal(
    endpointPointer('a', { kind: 'address', value: '2001:db8::1' }),
    '/requirements/a/endpoints/address:2001:db8::1'
  )
  t.equal(endpointPointer('a', { kind: 'any' }), '/requirements/a/endpoints/any')
})
