import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { seenSource } from '../../../src/domain/feed/observe.ts'
import { documentDigest } from '../../../src/domain/history/digest.ts'
import { dayMs } from '../../../src/domain/time/duration.ts'
import { fc } from '../../support/scale.ts'
import { address } from '../document/support/sample.ts'
import { day, endsOf, follow, importedList, type List, type Seen, see } from './support/lists.ts'

function changed(list: List, seen: Seen): Document {
  const observed = see(list, seen)
  if (observed.kind !== 'changed') throw new Error(observed.kind)
  return observed.document
}

t.test(
  'a list that is seen for the first time becomes a document of its provider, which says where it came from',
  async (t) => {
    const { requirements, ...rest } = changed({ b: ['192.0.2.2'], a: ['192.0.2.1'] }, { at: day(0), token: '17' })
    t.match(rest, {
      id: 'feed.sample',
      title: 'Ranges',
      vendor: 'Example',
      product: 'Cloud',
      version: '1',
      timeZone: 'UTC',
      announces: false,
      edition: {
        label: '17',
        summary: 'The list as it was first seen: 2 requirements, 2 values.',
        source: {
          adapter: 'sample',
          url: 'https://example.net/list.json',
          token: '17',
          digest: /^sha256:[0-9a-f]{64}$/
        }
      }
    })
    t.strictSame(
      requirements.map(({ key }) => key),
      ['a', 'b']
    )
  }
)

t.test('without a token the edition is called by the day', async (t) => {
  t.equal(changed({ a: ['192.0.2.1'] }, { at: day(0) + dayMs - 1 }).edition.label, '2026-03-01')
})

t.test('a value leaves, returns on the sixth day, leaves again, and has ended on the fourteenth', async (t) => {
  const both = { a: ['192.0.2.1', '192.0.2.2'] }
  const one = { a: ['192.0.2.1'] }
  const other = { a: ['192.0.2.1', '192.0.2.3'] }
  const seen = follow([
    { list: both, at: day(0) },
    { list: one, at: day(1) },
    { list: one, at: day(3) },
    { list: both, at: day(6) },
    { list: one, at: day(7) },
    { list: one, at: day(14) },
    { list: other, at: day(15) }
  ])
  t.strictSame(
    seen.map(({ kind, ends }) => [kind, ends['a 192.0.2.2']]),
    [
      ['changed', null],
      ['changed', day(8)],
      ['unchanged', day(8)],
      ['changed', null],
      ['changed', day(14)],
      ['unchanged', day(14)],
      ['changed', undefined]
    ]
  )
})

t.test('what returns after its end is new, and has no trace of its former lifetime', async (t) => {
  const seen = follow([
    { list: { a: ['192.0.2.1', '192.0.2.2'] }, at: day(0) },
    { list: { a: ['192.0.2.1'] }, at: day(1) },
    { list: { a: ['192.0.2.1', '192.0.2.2'] }, at: day(20) }
  ])
  t.strictSame(seen[2]?.head.requirements, seen[0]?.head.requirements)
})

t.test('without lingering, what vanishes is gone at once, and so is its group', async (t) => {
  const seen = follow(
    [
      { list: { a: ['192.0.2.1', '192.0.2.2'], b: ['192.0.2.3'] }, at: day(0) },
      { list: { a: ['192.0.2.1'] }, at: day(1) }
    ],
    0
  )
  t.strictSame(seen[1]?.ends, { 'a 192.0.2.1': null })
  t.equal(seen[1]?.head.requirements.length, 1)
})

t.test(
  'a group that vanishes keeps its requirement until its last row has ended and something else changes',
  async (t) => {
    const seen = follow([
      { list: { a: ['192.0.2.1'], b: ['192.0.2.2', '192.0.2.3'] }, at: day(0) },
      { list: { a: ['192.0.2.1'], b: ['192.0.2.2'] }, at: day(1) },
      { list: { a: ['192.0.2.1'] }, at: day(3) },
      { list: { a: ['192.0.2.1', '192.0.2.9'] }, at: day(9) },
      { list: { a: ['192.0.2.1', '192.0.2.9'] }, at: day(30) },
      { list: { a: ['192.0.2.1'] }, at: day(31) }
    ])
    t.strictSame(
      seen.map(({ kind, ends }) => [kind, Object.keys(ends).filter((id) => id.startsWith('b'))]),
      [
        ['changed', ['b 192.0.2.2', 'b 192.0.2.3']],
        ['changed', ['b 192.0.2.2', 'b 192.0.2.3']],
        ['changed', ['b 192.0.2.2', 'b 192.0.2.3']],
        ['changed', ['b 192.0.2.2']],
        ['unchanged', ['b 192.0.2.2']],
        ['changed', []]
      ]
    )
  }
)

t.test('a group that has no values stays as long as the source names it', async (t) => {
  const seen = follow([
    { list: { a: ['192.0.2.1'], b: [] }, at: day(0) },
    { list: { a: ['192.0.2.1'], b: [] }, at: day(1) },
    { list: { a: ['192.0.2.1'] }, at: day(2) }
  ])
  t.strictSame(
    seen.map(({ kind, head }) => [kind, head.requirements.length]),
    [
      ['changed', 2],
      ['unchanged', 2],
      ['changed', 1]
    ]
  )
})

t.test('a token that moves alone is no change, and one that goes back with other content is behind', async (t) => {
  const [a, b] = [{ a: ['192.0.2.1'] }, { a: ['192.0.2.2'] }]
  const head = changed(a, { at: day(0), token: '9' })
  t.strictSame(see(a, { at: day(1), token: '10', head }), { kind: 'unchanged', token: '10' })
  t.strictSame(see(a, { at: day(1), token: '8', head }), { kind: 'unchanged', token: '8' })
  t.strictSame(see(b, { at: day(1), token: '8', head }), { kind: 'behind', token: '8', newest: '9' })
  t.strictSame(see(b, { at: day(1), token: '10', head, lastToken: '11' }), {
    kind: 'behind',
    token: '10',
    newest: '11'
  })
  t.equal(see(b, { at: day(1), token: '9', head }).kind, 'changed', 'equal tokens with other content')
  t.equal(see(b, { at: day(1), token: '8', head, adapter: { name: 'sample' } }).kind, 'changed', 'tokens without order')
})

t.test('a list that another state interrupts is published both times', async (t) => {
  const [a, b] = [{ a: ['192.0.2.1', '192.0.2.2'] }, { a: ['192.0.2.1'] }]
  const seen = follow([
    { list: a, at: day(0) },
    { list: b, at: day(1) },
    { list: a, at: day(2) }
  ])
  t.strictSame(
    seen.map(({ kind, ends }) => [kind, ends['a 192.0.2.2']]),
    [
      ['changed', null],
      ['changed', day(8)],
      ['changed', null]
    ]
  )
  t.equal(seen[2]?.head.edition.summary, '1 value listed again.')
})

t.test('a beginning that the source once dated stays, though later lists do not say it', async (t) => {
  const from = '2026-03-20T00:00:00Z'
  const head = changed({ a: ['192.0.2.1', address('192.0.2.2', { from, tags: ['new'] })] }, { at: day(0) })
  t.equal(see({ a: ['192.0.2.1', address('192.0.2.2', { tags: ['new'] })] }, { at: day(1), head }).kind, 'unchanged')
  const moved = changed({ a: ['192.0.2.1', address('192.0.2.2', { from: '2026-04-01' })] }, { at: day(1), head })
  t.match(moved.requirements[0]?.endpoints[1], { from: '2026-04-01T00:00:00Z' })
  const gone = changed({ a: ['192.0.2.1'] }, { at: day(1), head })
  t.strictSame(endsOf(gone), { 'a 192.0.2.1': null }, 'it would have begun after its end')
})

t.test('what a person says of the catalogue stays, and what the list says of a value is taken anew', async (t) => {
  const said = { title: 'Our ranges', label: 'first', summary: 'By hand.' }
  const head = { ...changed({ a: ['192.0.2.1'] }, { at: day(0), said }), aliases: ['ranges'] }
  t.match(head, { title: 'Our ranges', edition: { label: 'first', summary: 'By hand.' } })
  t.equal(see({ a: ['192.0.2.1'] }, { at: day(1), head }).kind, 'unchanged')
  const next = changed({ a: [address('192.0.2.1', { remarks: 'new' })] }, { at: day(1), head })
  t.match(next, {
    title: 'Our ranges',
    vendor: 'Example',
    aliases: ['ranges'],
    edition: { label: '2026-03-02', summary: 'The values are the same; what is said of them has changed.' }
  })
})

t.test('a group that is renamed by its source keeps its rows', async (t) => {
  const head = changed({ a: ['192.0.2.1', '192.0.2.2'] }, { at: day(0) })
  const [group] = importedList({ b: ['192.0.2.1'] }).requirements
  const imported = importedList({}, { requirements: [{ ...group, previousKeys: ['a'] }] })
  t.strictSame(endsOf(changed({}, { at: day(1), head, imported })), { 'b 192.0.2.1': null, 'b 192.0.2.2': day(8) })
})

t.test('the document is in the form of documents, down to the order of fields', async (t) => {
  const rich = address('192.0.2.2', { remarks: 'The nearest.', tags: ['near'] })
  const head = changed({ a: ['192.0.2.1', rich] }, { at: day(0) })
  const next = changed({ a: ['192.0.2.1'] }, { at: day(1), head })
  const parsed = parseDocument(JSON.parse(JSON.stringify(next)))
  t.equal(JSON.stringify('document' in parsed && parsed.document), JSON.stringify(next))
})

t.test('shuffled input makes the same bytes', async () => {
  const list = fc.dictionary(fc.constantFrom('a', 'b', 'c-1', 'c.1', 'd'), values)
  fc.assert(
    fc.property(list, list, fc.infiniteStream(fc.nat()), (first, second, order) => {
      const shuffled = (items: List): List =>
        Object.fromEntries(shuffle(Object.entries(items), order).map(([key, values]) => [key, shuffle(values, order)]))
      const source = seenSource({ name: 'list', bytes: Buffer.from('same') })
      const [one, two] = [first, shuffled(first)].map((each) => changed(each, { at: day(0), source }))
      if (!one || !two || documentDigest(one) !== documentDigest(two)) throw new Error('they differ at first')
      const [next, other] = [second, shuffled(second)].map((each, index) =>
        see(each, { at: day(1), source, head: index === 0 ? one : two })
      )
      if (JSON.stringify(next) !== JSON.stringify(other)) throw new Error('they differ on a head')
    })
  )
})

const values = fc.uniqueArray(fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1'))

function shuffle<Item>(items: readonly Item[], order: fc.Stream<number>): readonly Item[] {
  const places = [...order.take(items.length)]
  return items
    .map((item, index) => ({ item, place: places[index] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** What should hold, in the plainest words: one map of ends, and a set of groups. */
class Model {
  ends = new Map<string, number | null>()
  groups = new Set<string>()

  see(list: List, at: number, lingerMs: number): 'changed' | 'unchanged' {
    const listed = new Set(Object.entries(list).flatMap(([key, values]) => values.map((value) => `${key} ${value}`)))
    const next = new Map<string, number | null>([...listed].map((id) => [id, null]))
    for (const [id, end] of this.ends) if (!listed.has(id)) next.set(id, end ?? at + lingerMs)
    const groupsOf = (ends: Iterable<string>) =>
      new Set([...Object.keys(list), ...[...ends].map((id) => id.split(' ')[0] ?? '')])
    const isSame = plain(next) === plain(this.ends) && plain(groupsOf(next.keys())) === plain(this.groups)
    if (isSame && this.groups.size > 0) return 'unchanged'
    for (const [id, end] of next) if (end !== null && end <= at) next.delete(id)
    this.ends = next
    this.groups = groupsOf(next.keys())
    return 'changed'
  }
}

function plain(items: Iterable<unknown>): string {
  return JSON.stringify([...items].map((item) => JSON.stringify(item)).sort())
}

t.test('any sequence of lists gives what the plain model gives, and the same list twice is one revision', async () => {
  const step = fc.record({
    list: fc.dictionary(fc.constantFrom('a', 'b', 'c'), values, { minKeys: 1 }),
    days: fc.nat(9)
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.constantFrom(0, 1, 7), (steps, lingerDays) => {
      const model = new Model()
      let now = day(0)
      const lists = steps.flatMap(({ list, days }) => {
        now += days * dayMs
        return [
          { list, at: now },
          { list, at: now }
        ]
      })
      for (const [index, { kind, head, ends }] of follow(lists, lingerDays * dayMs).entries()) {
        const { list, at } = lists[index] ?? { list: {}, at: 0 }
        const expected = model.see(list, at, lingerDays * dayMs)
        if (kind !== expected) throw new Error(`step ${index} is ${kind}, not ${expected}`)
        if (index % 2 === 1 && kind !== 'unchanged') throw new Error('the same list twice is two revisions')
        if (plain(Object.entries(ends)) !== plain(model.ends))
          throw new Error(`step ${index}: ${plain(Object.entries(ends))}`)
        if (plain(head.requirements.map(({ key }) => key)) !== plain(model.groups))
          throw new Error(`groups of ${index}`)
      }
    })
  )
})
