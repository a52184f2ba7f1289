import t from 'tap'
import { revisionEntry, transitionEntry, transitionsUnder } from '../../../src/domain/event/timeline.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { address, at, documentOf, requirement, revisionOf, type Written } from '../document/support/sample.ts'

const [before, published, soon, later] = ['2020-01-01', '2020-02-01', '2020-03-01', '2020-04-01']
const document = documentOf([
  requirement('a', [
    address('9.0.0.1', { from: before }),
    address('9.0.0.2', { from: published }),
    address('9.0.0.3', { from: soon }),
    address('9.0.0.4', { until: later })
  ])
])
const revision = revisionOf(document, { publishedAt: at(published) })

t.test('under a revision fall the transitions after it and before its successor', async (t) => {
  t.same(transitionsUnder(revision, undefined), [at(soon), at(later)], 'at its own instant it is part of it')
  const under = (instant: number) => transitionsUnder(revision, revisionOf(document, { publishedAt: instant }))
  t.same(under(at(later)), [at(soon)], 'at the instant of the successor it is part of that')
  t.same(under(at(later) + 1), [at(soon), at(later)])
  t.same(under(at(published)), [])
})

t.test('a revision is a line that has happened', async (t) => {
  const counts = { added: 1, removed: 2, changed: 3 }
  t.same(revisionEntry({ ...revision, counts, reason: 'Because' }), {
    at: '2020-02-01T00:00:00Z',
    kind: 'revision',
    state: 'happened',
    revision: { number: 1, label: '1', publishedAt: '2020-02-01T00:00:00Z', digest: 'sha256:00' },
    summary: 'A summary',
    reason: 'Because',
    counts
  })
  t.notOk('reason' in revisionEntry(revision))
})

t.test('a transition has happened from its very instant on, and is announced before', async (t) => {
  const state = (now: number) => transitionEntry(revision, toRows(document), at(soon), now).state
  t.equal(state(at(soon) - 1), 'announced')
  t.equal(state(at(soon)), 'happened')
})

t.test('a transition tells what the clock moves, in a sentence and in changes', async (t) => {
  const entry = (endpoints: readonly Written[]) => {
    const each = documentOf([requirement('a', [address('9.9.9.9'), ...endpoints])])
    return transitionEntry(revisionOf(each), toRows(each), at(soon), at(soon))
  }
  t.equal(entry([address('9.0.0.1', { from: soon })]).summary, '1 endpoint becomes active.')
  t.equal(entry([address('9.0.0.1', { until: soon })]).summary, '1 endpoint retires.')
  const both = entry([
    address('9.0.0.1', { from: soon }),
    address('9.0.0.2', { from: soon, until: later }),
    address('9.0.0.3', { until: soon }),
    address('9.0.0.4', { until: soon }),
    address('9.0.0.5', { until: later })
  ])
  t.match(both, {
    at: '2020-03-01T00:00:00Z',
    kind: 'transition',
    summary: '2 endpoints become active, 2 endpoints retire.',
    counts: { added: 0, removed: 2, changed: 2 }
  })
  t.same(
    both.changes?.map(({ endpoint, impact }) => `${endpoint?.value} ${impact}`),
    ['9.0.0.1 opens', '9.0.0.2 opens', '9.0.0.3 closes', '9.0.0.4 closes']
  )
})
