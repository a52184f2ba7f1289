import type { NewSiteEvent } from '../../../src/domain/event/event.ts'
import { openStore } from '../../../src/store/open.ts'
import { documentOf, publishAll } from '../support/documents.ts'
import { siteEventOf, siteOf, sitePublicationOf, siteStart } from '../support/sites.ts'
import type { Contract } from './use.ts'

const conflict = { kind: 'conflict' }

export function siteContract({ test }: Contract): void {
  const first = sitePublicationOf(siteOf('leeds', '10.20.1.5'), 1)
  const second = sitePublicationOf(siteOf('leeds', '10.20.1.6', ['appliance']), 2, first.revision)

  test('a site comes back as it was published, revision by revision', async (t, store) => {
    t.same(await store.sites.heads(), [])
    t.same(await store.sites.commit(first), { kind: 'committed', seqs: [1], lastSeq: 1 })
    t.same(await store.sites.commit({ ...second, knownSeq: 1 }), { kind: 'committed', seqs: [2], lastSeq: 2 })
    await store.sites.commit(sitePublicationOf(siteOf('hull', '10.20.1.7'), 1))
    const [hull, leeds] = await store.sites.heads()
    t.equal(hull?.revision.site, 'hull', 'they are in order')
    t.same(leeds, {
      revision: { ...second.revision, seq: 2 },
      document: second.document,
      catalogues: ['appliance', 'gateway'],
      seq: 2
    })
    t.same(await store.sites.heads(2), [hull], 'only what has changed since')
    t.same(await store.sites.revision('leeds', 1), { ...first.revision, seq: 1 })
    t.equal(await store.sites.revision('leeds', 3), undefined)
    t.equal(await store.sites.revision('unknown', 1), undefined)
    t.equal((await store.sites.revisionAt('leeds', siteStart + 1))?.number, 1)
    t.equal((await store.sites.revisionAt('leeds', siteStart + 9))?.number, 2)
    t.equal(await store.sites.revisionAt('leeds', siteStart), undefined)
    t.same(
      (await store.sites.revisions('leeds', { from: 9, limit: 9 })).map(({ number }) => number),
      [2, 1]
    )
    t.same(await store.sites.document('leeds', 1), first.document)
    await t.rejects(store.sites.document('leeds', 3))
  })

  test('events of sites stand in the log between those of catalogues', async (t, store) => {
    await publishAll(store, [documentOf([])])
    await store.sites.commit(first)
    await publishAll(store, [documentOf([], { id: 'appliance' })])
    const seqs = async (filter: object) => (await store.events({ after: 0, limit: 9, ...filter })).map(({ seq }) => seq)
    t.same(await seqs({}), [1, 2, 3])
    const [event] = await store.events({ after: 1, limit: 1 })
    t.same(event, { ...siteEventOf(first.revision), seq: 2 })
    t.same(await seqs({ sites: ['leeds'] }), [2])
    t.same(await seqs({ sites: ['hull'] }), [])
    t.same(await seqs({ catalogues: ['gateway'] }), [1])
    t.same(await seqs({ catalogues: ['appliance'], sites: ['leeds'] }), [2, 3], 'about either')
    t.same(await seqs({ within: ['gateway'] }), [1], 'a narrowing to catalogues names no site')
    t.same(await seqs({ within: ['gateway'], amongSites: ['leeds'] }), [1, 2])
    t.same(await seqs({ amongSites: [] }), [1, 3])
    t.same(await seqs({ types: ['site.revision_published'] }), [2])
    t.equal(await store.previousSeq(3, { sites: ['leeds'] }), 2)
    t.equal(await store.countEvents({ after: 0, upTo: 9, amongSites: [] }), 2)
    t.equal((await store.heads(2)).length, 1)
  })

  test('what the clock tells of a site is told once, and a publish does not pass it unseen', async (t, store) => {
    await store.sites.commit(first)
    const told = siteEventOf(first.revision, {
      id: 'evt_told',
      type: 'site.transitioned',
      once: 'transitioned site leeds 1'
    })
    const tell = (knownSeq: number, events: readonly NewSiteEvent[] = [told]) =>
      store.sites.commitTransitions({ site: 'leeds', number: 1, knownSeq, events })
    t.same(await tell(1), { kind: 'committed', seqs: [2], lastSeq: 2 })
    t.equal((await store.sites.heads())[0]?.seq, 2)
    t.same(await tell(1), conflict)
    t.same(await tell(2, [{ ...told, id: 'evt_again' }]), conflict, 'it is in the log')
    t.same(await store.sites.commit({ ...second, knownSeq: 1 }), conflict, 'the clock was faster')
    t.equal((await store.sites.commit({ ...second, knownSeq: 2 })).kind, 'committed')
    t.same(await tell(3), conflict, 'the revision is no longer the newest')
    t.equal(await store.seq(), 3)
    await t.rejects(store.sites.commit({ ...second, revision: { ...second.revision, number: 9 } }), /does not follow/)
  })

  test('of many that publish a site at once exactly one is first, and nothing is left of the others', async (t, store, url) => {
    const other = url.includes(':memory:') ? store : await openStore(url)
    if (other !== store) t.teardown(() => other.close())
    for (const [index, publication] of [first, second].entries()) {
      const outcomes = await Promise.all(
        [store, other, store, other].map((each, place) =>
          each.sites.commit({
            ...publication,
            events: publication.events.map((event) => ({ ...event, id: `${event.id}-${place}` }))
          })
        )
      )
      t.equal(outcomes.filter(({ kind }) => kind === 'committed').length, 1)
      t.equal(await store.seq(), index + 1)
    }
  })
}
