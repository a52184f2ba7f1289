import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { documentOf, eventOf, publicationOf, publishAll } from '../support/documents.ts'
import type { Contract } from './use.ts'

const [first, second] = [documentOf([]), documentOf([], { label: '2' })]
const { revision } = publicationOf(undefined, first, 1)
const conflict = { kind: 'conflict' }

/** What the clock tells of the first revision at an instant. */
const transitioned = (instant: number, id = `evt_${instant}`) =>
  eventOf(revision, { id, type: 'catalogue.transitioned', effectiveAt: instant, once: `transitioned ${instant}` })
const tell = (store: Store, knownSeq: number, ...instants: number[]) =>
  store.commitTransitions({
    catalogue: 'gateway',
    number: 1,
    knownSeq,
    events: instants.map((instant) => transitioned(instant))
  })

export function tellContract({ test }: Contract): void {
  test('what the clock tells is in the log, and is the newest of its catalogue', async (t, store) => {
    await publishAll(store, [first])
    t.same(await tell(store, 1, 10, 20), { kind: 'committed', seqs: [2, 3], lastSeq: 3 })
    t.same(
      (await store.events({ after: 1, limit: 9 })).map(({ seq, type, effectiveAt }) => [seq, type, effectiveAt]),
      [
        [2, 'catalogue.transitioned', 10],
        [3, 'catalogue.transitioned', 20]
      ]
    )
    const [head] = await store.heads(1)
    t.equal(head?.seq, 3)
    t.equal(head?.revision.seq, 1, 'the revision keeps its own')
    t.equal(await store.seq(), 3)
    t.same([...(await store.loggedOnce(['transitioned 20', 'transitioned 30']))], ['transitioned 20'])
    t.same((await store.loggedOnce([])).size, 0)
  })

  test('nothing is told twice, and nothing of what was told with it', async (t, store) => {
    await publishAll(store, [first])
    await tell(store, 1, 10)
    t.same(await tell(store, 1, 10), conflict, 'it was decided on what is no longer the newest event')
    const again = [transitioned(20), transitioned(10, 'evt_again')]
    t.same(await store.commitTransitions({ catalogue: 'gateway', number: 1, knownSeq: 2, events: again }), conflict)
    t.equal(await store.seq(), 2)
    t.equal((await tell(store, 2, 20)).kind, 'committed')
  })

  test('a publish and the clock do not pass each other unseen', async (t, store) => {
    await publishAll(store, [first])
    await tell(store, 1, 10)
    const publication = publicationOf(first, second, 2)
    t.same(await store.commit({ ...publication, knownSeq: 1 }), conflict, 'the clock was faster')
    t.equal((await store.commit({ ...publication, knownSeq: 2 })).kind, 'committed')
    t.same(await tell(store, 3, 20), conflict, 'the revision is no longer the newest')
    t.same(
      await store.commitTransitions({ catalogue: 'unknown', number: 1, knownSeq: 0, events: [transitioned(30)] }),
      conflict,
      'and here there is none'
    )
    t.equal(await store.seq(), 3)
  })

  test('of many that tell or publish at once exactly one is first', async (t, store, url) => {
    const other = url.includes(':memory:') ? store : await openStore(url)
    if (other !== store) t.teardown(() => other.close())
    await publishAll(store, [first])
    for (let round = 0; round < 5; round += 1) {
      const knownSeq = await store.seq()
      const outcomes = await Promise.all([
        ...[store, other, store, other].map((each) => tell(each, knownSeq, 100 + round, 200 + round)),
        ...(round === 4 ? [other.commit({ ...publicationOf(first, second, 2), knownSeq })] : [])
      ])
      t.equal(outcomes.filter(({ kind }) => kind === 'committed').length, 1)
    }
    const events = await store.events({ after: 0, limit: 99 })
    t.same(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1)
    )
    t.equal(new Set(events.map(({ id }) => id)).size, events.length)
  })
}
