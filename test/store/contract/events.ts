import { documentOf, publicationOf, publishAll } from '../support/documents.ts'
import type { Contract } from './use.ts'

export function eventContract({ test }: Contract): void {
  test('events come ascending, each with its revision, as they were decided', async (t, store) => {
    const documents = ['1', '2', '3'].map((label) => documentOf([], { label }))
    await publishAll(store, documents)
    const events = await store.events({ after: 0, limit: 99 })
    const decided = documents.flatMap(
      (document, index) => publicationOf(documents[index - 1], document, index + 1).events
    )
    t.strictSame(
      events,
      decided.map((event, index) => ({ ...event, seq: index + 1 }))
    )
    t.equal(JSON.stringify(events[0]?.changes), JSON.stringify(decided[0]?.changes), 'in the order of their members')
    for (const { seq, revision } of events) t.equal((await store.revision('gateway', revision.number))?.seq, seq)
  })

  test('events are chosen by catalogue, type and place in the log', async (t, store) => {
    const [a, b] = [documentOf([], { id: 'a' }), documentOf([], { id: 'b' })]
    const [a2, b2] = [
      { ...a, title: 'A2' },
      { ...b, title: 'B2' }
    ]
    await store.commit(publicationOf(undefined, a, 1))
    await store.commit(publicationOf(undefined, b, 1))
    await store.commit(publicationOf(a, a2, 2))
    await store.commit(publicationOf(b, b2, 2))
    const seqs = async (query: Omit<Parameters<typeof store.events>[0], 'limit'>, limit = 99) => {
      const found = (await store.events({ ...query, limit })).map(({ seq }) => seq)
      t.same(await store.eventSeqs({ ...query, limit }), found, 'their places alone are the same')
      return found
    }
    t.same(await seqs({ after: 0 }), [1, 2, 3, 4])
    t.same(await seqs({ after: 1 }, 2), [2, 3])
    t.same(await seqs({ after: 1, upTo: 3 }), [2, 3])
    t.same(await seqs({ after: 0, order: 'descending' }, 3), [4, 3, 2], 'the newest first')
    t.same(await seqs({ after: 0, upTo: 3, order: 'descending', catalogues: ['a'] }), [3, 1])
    t.same(await seqs({ after: 0, catalogues: ['b'] }), [2, 4])
    t.same(await seqs({ after: 0, catalogues: ['a', 'b', 'c'] }, 3), [1, 2, 3])
    t.same(await seqs({ after: 0, catalogues: ['c'] }), [])
    t.same(await seqs({ after: 0, catalogues: [] }), [])
    t.same(await seqs({ after: 0, types: ['catalogue.revision_published'] }), [3, 4])
    t.same(await seqs({ after: 0, catalogues: ['a'], types: ['catalogue.created', 'catalogue.transitioned'] }), [1])

    t.equal(await store.countEvents({ after: 0, upTo: 3 }), 3)
    t.equal(await store.countEvents({ after: 1, upTo: 99, catalogues: ['b'], types: ['catalogue.created'] }), 1)
    t.equal(await store.previousSeq(4, {}), 3)
    t.equal(await store.previousSeq(4, { catalogues: ['b'] }), 2)
    t.equal(await store.previousSeq(4, { catalogues: ['a', 'b'], types: ['catalogue.created'] }), 2)
    t.equal(await store.previousSeq(1, {}), 0)
    t.equal(await store.previousSeq(9, { catalogues: ['c'] }), 0)
  })

  test('events are chosen by what names their catalogues', async (t, store) => {
    // `_` stands for any character in LIKE, and collations sort a dot in many ways.
    for (const id of ['feed.a', 'feed', 'feed_b', 'feeder', 'feed.a.b', 'feed-a', 'a_b.c', 'axb.c'])
      await store.commit(publicationOf(undefined, documentOf([], { id }), 1))
    const named = async (...within: string[]) =>
      (await store.events({ after: 0, limit: 99, within })).map(({ seq }) => seq)
    t.same(await named('feed.*'), [1, 5])
    t.same(await named('feed'), [2])
    t.same(await named('a_b.*', 'feed.a'), [1, 7])
    t.same(await named('none', 'none.*'), [])
    t.same(await named(), [])
    const filter = { within: ['feed.*', 'feeder'], catalogues: ['feed.a', 'feeder', 'feed'] }
    t.same(await store.eventSeqs({ after: 0, limit: 99, ...filter }), [1, 4])
    t.equal(await store.countEvents({ after: 0, upTo: 99, ...filter }), 2)
    t.equal(await store.previousSeq(4, filter), 1)
  })
}
