import t from 'tap'
import { diff, diffFromNothing } from '../../../src/domain/change/diff.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { type Rows, toRows } from '../../../src/domain/history/rows.ts'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryEdit, arbitraryInstant } from '../document/support/arbitrary-document.ts'
import {
  address,
  any,
  at,
  documentOf,
  host,
  requirement,
  revisionOf,
  role,
  type Written
} from '../document/support/sample.ts'
import { partialRows } from '../history/support/partial-rows.ts'
import { applyChanges, type Mirror } from './support/apply-changes.ts'

const judgedAt = at('2020-01-01')
const between = (before: Document, after: Document) => diff({ rows: toRows(before) }, { rows: toRows(after) }, judgedAt)
const reversed = arbitraryEdit.map(([before, after]): readonly [Document, Document] => [after, before])

/** The same text for the same content, whatever the order of members and of endpoints. */
function normal({ requirements, ...rest }: Mirror): string {
  return canonicalJson({
    ...rest,
    requirements: requirements.map((each) => ({ ...each, endpoints: each.endpoints.map(canonicalJson).sort() }))
  })
}

t.test('the difference of two documents, applied to the first, gives the second byte for byte', async () => {
  fc.assert(
    fc.property(arbitraryEdit, ([before, after]) => {
      const parsed = parseDocument(applyChanges(before, between(before, after)))
      if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
      return JSON.stringify(parsed.document) === JSON.stringify(after)
    }),
    { numRuns: runs(200) }
  )
})

t.test('so it does backwards, and between documents that share little', async () => {
  const unrelated = fc.tuple(arbitraryDocument, arbitraryDocument)
  fc.assert(
    fc.property(
      fc.oneof(unrelated, reversed),
      ([before, after]) => normal(applyChanges(before, between(before, after))) === normal(after)
    ),
    { numRuns: runs(200) }
  )
})

/** What holds or will: a view without what is retired, as a comparison of views sees it. */
function mirrorAt(document: Document, instant: number): Mirror {
  const { revision: _, validFrom: _from, validUntil: _until, ...view } = viewAt(document, revisionOf(document), instant)
  const requirements = view.requirements.map((requirement) => ({
    ...requirement,
    endpoints: requirement.endpoints.filter(({ status }) => status !== 'retired')
  }))
  return { ...view, requirements }
}

t.test('the difference of two views, applied to the first, gives the second with its statuses', async () => {
  fc.assert(
    fc.property(
      fc.oneof(
        arbitraryEdit,
        arbitraryDocument.map((document) => [document, document] as const)
      ),
      arbitraryInstant,
      arbitraryInstant,
      ([before, after], from, to) => {
        const { changes } = diff(
          { rows: toRows(before), effectiveAt: from },
          { rows: toRows(after), effectiveAt: to },
          to
        )
        return normal(applyChanges(mirrorAt(before, from), { changes })) === normal(mirrorAt(after, to))
      }
    ),
    { numRuns: runs(300) }
  )
})

t.test('nothing differs from itself: no document, and no view at one instant', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, effectiveAt) => {
      const [left, right] = [toRows(document), toRows(structuredClone(document))]
      const ofViews = diff({ rows: left, effectiveAt }, { rows: right, effectiveAt }, effectiveAt)
      return (
        canonicalJson([between(document, structuredClone(document)), ofViews]) === '[{"changes":[]},{"changes":[]}]'
      )
    })
  )
})

t.test('documents of different content always differ', async () => {
  fc.assert(
    fc.property(arbitraryEdit, ([before, after]) => {
      const { edition, changes } = between(before, after)
      return (canonicalJson(before) === canonicalJson(after)) === (edition === undefined && changes.length === 0)
    })
  )
})

t.test('the rows that differ, with all rows of the same values, give what whole rows give', async () => {
  fc.assert(
    fc.property(fc.oneof(arbitraryEdit, reversed), arbitraryInstant, ([before, after], instant) => {
      const [left, right] = [toRows(before), toRows(after)]
      const part = partialRows(left, right)
      const [whole, partial] = [
        diff({ rows: left }, { rows: right }, instant),
        diff({ rows: part.before }, { rows: part.after }, instant)
      ]
      return JSON.stringify(whole) === JSON.stringify(partial)
    }),
    { numRuns: runs(300) }
  )
})

t.test('the order in which rows come does not matter', async () => {
  const turned = (rows: Rows): Rows => ({
    ...rows,
    requirements: new Map([...rows.requirements].reverse()),
    endpoints: new Map([...rows.endpoints].reverse())
  })
  fc.assert(
    fc.property(arbitraryEdit, ([before, after]) => {
      const [left, right] = [toRows(before), toRows(after)]
      const other = diff({ rows: turned(left) }, { rows: turned(right) }, judgedAt)
      return JSON.stringify(other) === JSON.stringify(between(before, after))
    })
  )
})

t.test(
  'changes come in one order: the catalogue, the order, each requirement with its endpoints, what is gone',
  async (t) => {
    const before = documentOf([
      requirement('a', [host('b.example.net'), host('a.example.net'), address('9.0.0.10'), address('9.0.0.9')]),
      requirement('gone', [address('9.0.0.2'), address('9.0.0.10')]),
      requirement('c', [])
    ])
    const after = documentOf(
      [
        requirement('c', [any(), role('admins'), address('2001:db8::1'), address('9.0.0.1')]),
        requirement('new', [address('9.0.0.1')]),
        requirement('a', [], { title: 'A' })
      ],
      { title: 'Renamed', guidance: [{ key: 'g', topic: 't', text: 'x' }] }
    )
    t.same(
      between(before, after).changes.map(({ op, pointer }) => `${op} ${pointer}`),
      [
        'changed /title',
        'changed /guidance',
        'reordered /requirements',
        'added /requirements/c/endpoints/address:9.0.0.1',
        'added /requirements/c/endpoints/address:2001:db8::1',
        'added /requirements/c/endpoints/role:admins',
        'added /requirements/c/endpoints/any',
        'added /requirements/new',
        'added /requirements/new/endpoints/address:9.0.0.1',
        'changed /requirements/a',
        'removed /requirements/a/endpoints/host:a.example.net',
        'removed /requirements/a/endpoints/host:b.example.net',
        'removed /requirements/a/endpoints/address:9.0.0.9',
        'removed /requirements/a/endpoints/address:9.0.0.10',
        'removed /requirements/gone',
        'removed /requirements/gone/endpoints/address:9.0.0.2',
        'removed /requirements/gone/endpoints/address:9.0.0.10'
      ]
    )
  }
)

t.test('the pointer of a CIDR is escaped', async (t) => {
  const { changes } = between(documentOf([requirement('a')]), documentOf([requirement('a', [address('9.0.0.0/24')])]))
  t.equal(changes[0]?.pointer, '/requirements/a/endpoints/address:9.0.0.0~124')
})

t.test('a change of a requirement carries the fields that differ, and no others', async (t) => {
  const before = documentOf([requirement('a', [host('example.net')], { tags: ['x'], owner: 'Team' })])
  const after = documentOf([requirement('a', [host('example.net')], { tags: ['x', 'y'], remarks: 'New' })])
  t.same(between(before, after).changes, [
    {
      op: 'changed',
      pointer: '/requirements/a',
      requirement: 'a',
      before: { tags: ['x'], owner: 'Team' },
      after: { tags: ['x', 'y'], remarks: 'New' },
      impact: 'informs'
    }
  ])
})

t.test('a change of an endpoint carries the whole row on both sides', async (t) => {
  const before = documentOf([requirement('a', [address('9.0.0.1')])])
  const after = documentOf([requirement('a', [address('9.0.0.1', { until: '2020-02-01' })])])
  t.same(between(before, after).changes, [
    {
      op: 'changed',
      pointer: '/requirements/a/endpoints/address:9.0.0.1',
      requirement: 'a',
      endpoint: { kind: 'address', value: '9.0.0.1' },
      before: { kind: 'address', value: '9.0.0.1' },
      after: { kind: 'address', value: '9.0.0.1', until: '2020-02-01T00:00:00Z' },
      impact: 'announces'
    }
  ])
})

t.test('a renamed requirement keeps its endpoints', async (t) => {
  const before = documentOf([requirement('old', [host('a.example.net'), host('b.example.net')])])
  const after = documentOf([requirement('new', [host('a.example.net')], { previousKeys: ['old'], title: 'old' })])
  t.same(
    between(before, after).changes.map(({ op, pointer, before, after }) => ({ op, pointer, before, after })),
    [
      {
        op: 'renamed',
        pointer: '/requirements/new',
        before: { key: 'old' },
        after: { key: 'new', previousKeys: ['old'] }
      },
      {
        op: 'removed',
        pointer: '/requirements/new/endpoints/host:b.example.net',
        before: { kind: 'host', value: 'b.example.net' },
        after: undefined
      }
    ]
  )
})

t.test('a former key that was not there renames nothing', async (t) => {
  const before = documentOf([requirement('a')])
  const after = documentOf([requirement('b', [], { previousKeys: ['x'], title: 'a' })])
  t.same(
    between(before, after).changes.map(({ op, requirement }) => `${op} ${requirement}`),
    ['added b', 'removed a']
  )
})

t.test('a requirement that was there before is not another one renamed', async (t) => {
  const before = documentOf([requirement('a'), requirement('b')])
  const after = documentOf([requirement('b', [], { previousKeys: ['a'] })])
  t.same(
    between(before, after).changes.map(({ op, requirement }) => `${op} ${requirement}`),
    ['changed b', 'removed a']
  )
})

t.test('one lifetime on each side is the same endpoint, several are told apart by from', async (t) => {
  const ops = (before: readonly Written[], after: readonly Written[]) =>
    between(documentOf([requirement('a', before)]), documentOf([requirement('a', after)])).changes.map(({ op }) => op)
  const early = address('9.0.0.1', { from: '2020-01-01', until: '2020-02-01' })
  const late = address('9.0.0.1', { from: '2020-03-01' })
  t.same(ops([early], [late]), ['changed'])
  t.same(ops([early], [early, late]), ['added'])
  t.same(ops([early, late], [late]), ['removed'])
  t.same(ops([early, late], [early, address('9.0.0.1', { from: '2020-03-01', until: '2020-04-01' })]), ['changed'])
  t.same(ops([early, late], [address('9.0.0.1', { from: '2020-01-01' })]), ['changed', 'removed'])
})

t.test('another order alone is one change that says both', async (t) => {
  const [a, b, c] = [requirement('a'), requirement('b'), requirement('c')]
  t.same(between(documentOf([a, b, c]), documentOf([c, a, b])).changes, [
    { op: 'reordered', pointer: '/requirements', before: ['a', 'b', 'c'], after: ['c', 'a', 'b'], impact: 'informs' }
  ])
  t.same(between(documentOf([a, b, c]), documentOf([a, c])).changes.length, 1, 'a removal reorders nothing')
})

t.test('another order of many requirements is told once', async (t) => {
  const many = Array.from({ length: 101 }, (_, index) => requirement(`r${index}`))
  const [change] = between(documentOf(many), documentOf(many.toReversed())).changes
  t.strictSame(change, {
    op: 'reordered',
    pointer: '/requirements',
    after: many.map(({ key }) => key).reverse(),
    impact: 'informs'
  })
})

t.test('another edition is not a change, but is told', async (t) => {
  const [before, after] = [documentOf([]), documentOf([], { edition: { label: '2', summary: 'Another' } })]
  t.same(between(before, after), { edition: { before: before.edition, after: after.edition }, changes: [] })
})

t.test('from nothing, everything is added in the order of the document', async (t) => {
  const document = documentOf([requirement('b', [host('example.net')]), requirement('a')], {
    guidance: [{ key: 'g', topic: 't', text: 'x' }]
  })
  t.same(
    diffFromNothing(toRows(document), judgedAt).map(({ op, pointer, position, impact }) => ({
      line: `${op} ${pointer}`,
      position,
      impact
    })),
    [
      { line: 'added /requirements/b', position: 0, impact: 'opens' },
      { line: 'added /requirements/b/endpoints/host:example.net', position: undefined, impact: 'opens' },
      { line: 'added /requirements/a', position: 1, impact: 'informs' }
    ]
  )
})
