import { randomBytes } from 'node:crypto'
import t from 'tap'
import { makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import { type OversizedHead, OversizedHeads } from '../../../src/catalogue/read/oversized-heads.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { openStore } from '../../../src/store/open.ts'
import { documentOf, publicationOf, requirementOf } from '../../store/support/documents.ts'
import { addresses } from '../../support/document.ts'

t.test('a document that is larger than the cache is told of once, and no longer counts when it shrinks', async (t) => {
  const store = await openStore('sqlite::memory:')
  const onError = (error: unknown) => {
    throw error
  }
  const catalogues = makeCatalogues(store, {
    now: () => 0,
    random: randomBytes,
    cacheMegabytes: 1,
    noticeDays: 0,
    onError
  })
  t.teardown(() => catalogues.close())
  const found: OversizedHead[] = []
  const heads = new OversizedHeads(catalogues, { onFound: (head) => found.push(head), onError })
  const publish = async (before: Document | undefined, after: Document, number: number) => {
    await store.commit(publicationOf(before, after, number))
    await catalogues.heads.refresh()
    await heads.settled
  }
  const sized = (id: string, count: number) => documentOf([requirementOf('a', addresses(count))], { id })
  await publish(undefined, sized('small', 100), 1)
  t.equal(heads.size, 0)
  const large = sized('large', 5000)
  await publish(undefined, large, 1)
  t.equal(heads.size, 1)
  const larger = sized('large', 5001)
  await publish(large, larger, 2)
  t.strictSame(found, [{ catalogue: 'large', rows: 5000 }])
  await publish(larger, sized('large', 10), 3)
  t.equal(heads.size, 0)
})
