import t from 'tap'
import { sha256 } from '../../../src/domain/json/sha256.ts'
import type { Entry } from '../../../src/domain/mirror/delta.ts'
import { openStore } from '../../../src/store/open.ts'
import { addresses, documentOf, publicationOf, requirementOf } from '../../store/support/documents.ts'
import { startApp } from '../../support/app.ts'
import { type DeltaPage, Mirror } from './support/mirror.ts'

const endpoints = addresses(100_000, 20).map((endpoint, index) => {
  const value = `${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.7`
  return { ...endpoint, value } as typeof endpoint
})

/** The rows of a hundred requirements, some of them replaced. */
function edition(replaced: ReadonlySet<number>) {
  return documentOf(
    Array.from({ length: 100 }, (_, group) =>
      requirementOf(
        `group-${group}`,
        endpoints.slice(group * 1000, group * 1000 + 1000).map((endpoint, place) => {
          if (!replaced.has(group * 1000 + place) || endpoint.kind !== 'address') return endpoint
          return { ...endpoint, value: endpoint.value.replace(/7$/, '9') }
        })
      )
    ),
    { id: 'large' }
  )
}

t.test('a mirror of 100,000 endpoints reads all of them as lines, and then the 24 that differ', async (t) => {
  const store = await openStore('sqlite::memory:')
  const first = edition(new Set())
  const second = edition(new Set(Array.from({ length: 24 }, (_, index) => index * 4001)))
  await store.commit(publicationOf(undefined, first, 1))
  const app = await startApp(t, { isSeeded: false, store })
  const mirror = new Mirror(app.request)
  mirror.limit = 1000
  const answer = await app.request({ url: '/v1/delta', headers: { accept: 'application/x-ndjson' } })
  const lines = answer.body.trimEnd().split('\n')
  const end: Omit<DeltaPage, 'items'> = JSON.parse(lines.pop() ?? '')
  for (const line of lines) {
    const entry: Entry = JSON.parse(line)
    if (entry.op === 'upsert') mirror.objects.set(entry.id, entry)
  }
  t.equal(mirror.objects.size, 100_101)
  t.equal(end.count, 100_101)
  t.equal(end.digest, mirror.digest())
  mirror.cursor = end.page.cursor ?? undefined
  await store.commit(publicationOf(first, second, 2, { digest: sha256('second') }))
  await app.catalogues.heads.refresh()
  const round = await mirror.round()
  t.equal(round?.items.length, 49, 'the catalogue, 24 that came and 24 that went')
  t.equal(mirror.objects.size, 100_101)
})
