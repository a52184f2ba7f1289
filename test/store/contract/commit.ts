import { subjectId } from '../../../src/domain/event/event.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { addresses, documentOf, eventOf, publicationOf, publishAll, requirementOf } from '../support/documents.ts'
import type { Contract } from './use.ts'

const first = documentOf([requirementOf('a', addresses(3))])
const second = documentOf([requirementOf('a', addresses(2))])

export function commitContract({ test }: Contract): void {
  test('a second publisher of the same number is refused, and leaves nothing behind', async (t, store) => {
    await publishAll(store, [first, second])
    const before = await everything(store)
    const late = documentOf([requirementOf('b', addresses(9))], { title: 'Too late' })
    t.equal((await store.commit(publicationOf(first, late, 2))).kind, 'conflict')
    t.equal((await store.commit(publicationOf(undefined, late, 1))).kind, 'conflict')
    t.same(await everything(store), before)
  })

  test('of 50 publishers of one number exactly one succeeds', async (t, store) => {
    for (const number of [1, 2]) {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const document = documentOf([requirementOf(`r-${index}`, addresses(index))])
          const publication = publicationOf(number === 1 ? undefined : first, document, number)
          // The first revision must be one that the second can follow.
          return store.commit(number === 1 ? publicationOf(undefined, first, 1) : publication)
        })
      )
      t.equal(outcomes.filter(({ kind }) => kind === 'committed').length, 1)
      t.equal(await store.seq(), number)
    }
  })

  test('publishers of different catalogues do not disturb each other', async (t, store) => {
    const documents = Array.from({ length: 30 }, (_, index) =>
      documentOf([requirementOf('a', addresses(index))], { id: `gateway-${index}` })
    )
    const outcomes = await Promise.all(documents.map((each) => store.commit(publicationOf(undefined, each, 1))))
    for (const each of documents) t.same(await store.document(each.id, 1), each)
    const events = await store.events({ after: 0, limit: 100 })
    t.same(
      events.map(({ seq }) => seq),
      documents.map((_, index) => index + 1),
      'seq has no gap'
    )
    const seqs = new Map(events.map((event) => [subjectId(event), event.seq]))
    t.same(
      outcomes.map((outcome) => outcome.kind === 'committed' && outcome.lastSeq),
      documents.map(({ id }) => seqs.get(id)),
      'each commit says where its own event stands'
    )
  })

  test('two connections that publish the same number agree on the winner', async (t, store, url) => {
    if (url.includes(':memory:')) return
    const other = await openStore(url)
    t.teardown(() => other.close())
    t.equal(other.epoch, store.epoch)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? store : other).commit(publicationOf(undefined, documentOf([requirementOf(`r-${index}`, [])]), 1))
      )
    )
    t.equal(outcomes.filter(({ kind }) => kind === 'committed').length, 1)
    t.same(await store.document('gateway', 1), await other.document('gateway', 1))
  })

  test('a commit that cannot be finished is undone', async (t, store) => {
    await publishAll(store, [first])
    const before = await everything(store)
    const wrong = publicationOf(documentOf([requirementOf('a', addresses(4))]), second, 2)
    await t.rejects(store.commit(wrong), /does not stand/)
    const { step, ...rest } = publicationOf(first, second, 2)
    const unknown = { ...step, requirements: { ...step.requirements, closed: ['unknown'] } }
    await t.rejects(store.commit({ ...rest, step: unknown }), /0 rows instead of 1/)
    const twice = { ...step, endpoints: { ...step.endpoints, opened: [...doubled, ...doubled] } }
    await t.rejects(store.commit({ ...rest, step: twice }), 'a row that stands twice is a fault, not a conflict')
    await t.rejects(store.commit(publicationOf(first, second, 3)), /does not follow/)
    t.same(await everything(store), before)
    t.equal((await store.commit(publicationOf(first, second, 2))).kind, 'committed')
  })

  test('several events of one publication are told in order, and the revision sits with the last', async (t, store) => {
    await publishAll(store, [first])
    const { revision, step } = publicationOf(first, second, 2)
    const events = [
      eventOf(revision, { id: 'evt_due', type: 'catalogue.transitioned', lateByMs: 7 }),
      eventOf(revision, { id: 'evt_published' })
    ]
    const outcome = await store.commit({ revision, step, events })
    t.same(outcome, { kind: 'committed', seqs: [2, 3], lastSeq: 3 }, 'the commit says where they stand')
    t.equal((await store.revision('gateway', 2))?.seq, 3)
    t.same(
      (await store.events({ after: 1, limit: 9 })).map(({ seq, id }) => [seq, id]),
      [
        [2, 'evt_due'],
        [3, 'evt_published']
      ]
    )
    t.same(await store.events({ after: 1, limit: 1 }), [{ ...events[0], seq: 2 }])
  })

  test('the version moves with every commit of any connection, and only then', async (t, store, url) => {
    const seen = new Set<number>()
    const moved = async (by: Store) => {
      const { version } = await by.pulse()
      const isNew = !seen.has(version)
      seen.add(version)
      return isNew
    }
    t.ok(await moved(store))
    t.notOk(await moved(store))
    await publishAll(store, [first])
    t.ok(await moved(store))
    await store.document('gateway', 1)
    t.notOk(await moved(store))
    if (url.includes(':memory:')) return

    const other = await openStore(url)
    t.teardown(() => other.close())
    await moved(store)
    await other.commit(publicationOf(first, second, 2))
    t.ok(await moved(store))
    t.equal((await store.heads())[0]?.revision.number, 2)
    await other.addKey({ id: 'k', hash: 'ff', scopes: ['admin'], createdAt: 1 })
    t.ok(await moved(store))
    t.notOk(await moved(store))
  })

  test('what was written is there when the store is opened again', async (t, store, url) => {
    if (url.includes(':memory:')) return
    await publishAll(store, [first, second])
    const again = await openStore(url)
    t.teardown(() => again.close())
    t.equal(again.epoch, store.epoch)
    t.same(await everything(again), await everything(store))
  })
}

const doubled = [{ requirement: 'a', endpoint: { kind: 'any' as const } }]

async function everything(store: Store) {
  return {
    seq: await store.seq(),
    heads: await store.heads(),
    revisions: await store.revisions('gateway', { from: 99, limit: 99 }),
    rows: await store.document('gateway', 1),
    head: await store.document('gateway', (await store.heads())[0]?.revision.number ?? 0),
    requirements: await store.findRequirements(),
    endpoints: await store.findEndpoints({ keys: [], ranges: [{ from: Buffer.of(0), to: Buffer.of(255) }] }),
    events: await store.events({ after: 0, limit: 99 })
  }
}
