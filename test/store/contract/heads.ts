import { documentOf, publicationOf, publishAll, requirementOf } from '../support/documents.ts'
import type { Contract } from './use.ts'

export function headContract({ test }: Contract): void {
  test('an empty store has no heads and no events', async (t, store) => {
    t.equal(await store.seq(), 0)
    t.same(await store.heads(), [])
    t.same(await store.headsAt({ seq: 9, instant: 9 }), [])
    t.same(await store.events({ after: 0, limit: 9 }), [])
    t.same(await store.revisions('gateway', { from: 9, limit: 9 }), [])
    t.equal(await store.revision('gateway', 1), undefined)
  })

  test('a revision comes back with all its facts', async (t, store) => {
    const full = publicationOf(undefined, documentOf([]), 1, {
      author: 'Zoë',
      authorKey: '0a1b2c3d4e5f',
      reason: 'meant',
      reconstructed: true,
      overrides: ['mass_removal', 'short_notice'],
      transitions: [-62_135_596_800_000, 0, 253_402_300_799_999]
    })
    await store.commit(full)
    t.strictSame(await store.revision('gateway', 1), { ...full.revision, seq: 1 })
    const bare = publicationOf(documentOf([]), documentOf([], { title: 'B' }), 2, { transitions: [] })
    await store.commit(bare)
    t.strictSame(await store.revision('gateway', 2), { ...bare.revision, seq: 2 })
  })

  test('a revision is found by number, label and instant', async (t, store) => {
    const documents = ['1', '2', '2', '3'].map((label) => documentOf([], { label }))
    const instants = [1000, 5000, 5000, 5000]
    for (const [index, document] of documents.entries()) {
      const publishedAt = instants[index] ?? 0
      await store.commit(publicationOf(documents[index - 1], document, index + 1, { publishedAt }))
    }
    t.equal((await store.revisionByLabel('gateway', '2'))?.number, 3)
    t.equal(await store.revisionByLabel('gateway', '9'), undefined)
    t.equal(await store.revisionAt('gateway', 999), undefined)
    t.equal((await store.revisionAt('gateway', 4999))?.number, 1)
    t.equal((await store.revisionAt('gateway', 5000))?.number, 4, 'of one instant the highest number')
    t.equal(await store.revisionAt('other', 5000), undefined)
  })

  test('revisions are listed newest first, in pages', async (t, store) => {
    await publishAll(
      store,
      [1, 2, 3, 4].map((number) => documentOf([], { label: String(number) }))
    )
    const numbers = async (from: number, limit: number) =>
      (await store.revisions('gateway', { from, limit })).map(({ number }) => number)
    t.same(await numbers(99, 2), [4, 3])
    t.same(await numbers(2, 9), [2, 1])
    t.same(await numbers(0, 9), [])
  })

  test('heads are ordered by id, and say what is newest in each catalogue', async (t, store) => {
    const [b, a, c] = ['a.b', 'a-b', 'ab'].map((id) => documentOf([], { id }))
    if (!a || !b || !c) throw new Error('three documents')
    for (const each of [c, b, a]) await store.commit(publicationOf(undefined, each, 1))
    const next = { ...a, title: 'Next', version: '2', requirements: [requirementOf('x', [])] }
    await store.commit(publicationOf(a, next, 2))
    const heads = await store.heads()
    t.same(
      heads.map(({ revision: { catalogue, number, seq: own }, title, version, seq }) => [
        catalogue,
        number,
        own,
        title,
        version,
        seq
      ]),
      [
        ['a-b', 2, 4, 'Next', '2', 4],
        ['a.b', 1, 2, 'Gateway', '1', 2],
        ['ab', 1, 1, 'Gateway', '1', 1]
      ]
    )
    t.strictSame(heads[0]?.revision, await store.revision('a-b', 2))
    t.same(
      (await store.heads(2)).map(({ revision }) => revision.catalogue),
      ['a-b']
    )
    t.same(await store.heads(4), [])
  })

  test('heads at a point are what was known and published then', async (t, store) => {
    const [a, b] = [documentOf([], { id: 'a' }), documentOf([], { id: 'b' })]
    const renamed = { ...a, title: 'Renamed' }
    await store.commit(publicationOf(undefined, a, 1, { publishedAt: 100 }))
    await store.commit(publicationOf(undefined, b, 1, { publishedAt: 900 }))
    await store.commit(publicationOf(a, renamed, 2, { publishedAt: 200 }))
    await store.commit(publicationOf(renamed, { ...renamed, vendor: 'W' }, 3, { publishedAt: 300 }))
    const at = async (seq: number, instant: number) =>
      (await store.headsAt({ seq, instant })).map((head) => [
        head.revision.catalogue,
        head.revision.number,
        head.title,
        head.seq
      ])
    t.same(await at(0, 999), [])
    t.same(await at(4, 99), [])
    t.same(await at(1, 999), [['a', 1, 'Gateway', 1]])
    t.same(await at(2, 999), [
      ['a', 1, 'Gateway', 1],
      ['b', 1, 'Gateway', 2]
    ])
    t.same(await at(4, 250), [['a', 2, 'Renamed', 3]], 'the event of revision 3 is not part of the answer')
    t.same(await store.headsAt({ seq: 4, instant: 999 }), await store.heads())
  })
}
