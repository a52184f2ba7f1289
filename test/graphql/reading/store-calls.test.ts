import t from 'tap'
import type { Store } from '../../../src/store/store.ts'
import { clearswift, startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { asking } from '../support/ask.ts'

/** Counts what the store is asked. What every process asks of itself, whoever reads, is left out. */
function counting(store: Store): { calls: string[] } {
  const counted: { calls: string[] } = { calls: [] }
  for (const [name, method] of Object.entries(store)) {
    if (typeof method !== 'function' || ['pulse', 'heads', 'close', 'markKeysUsed'].includes(name)) continue
    Object.assign(store, {
      [name]: (...args: unknown[]) => {
        counted.calls.push(name)
        return method.apply(store, args)
      }
    })
  }
  return counted
}

const operations: Readonly<Record<string, string>> = {
  nested:
    '{ catalogue(id: "ID") { title requirements(first: 100) { totalCount nodes { id key services { transport } endpoints { id value requirement { key catalogue { title } } } } } } }',
  filtered:
    '{ catalogue(id: "ID") { endpoints(filter: { address: { within: "0.0.0.0/0" } }) { totalCount nodes { value } } rows { totalCount } } }',
  all: '{ catalogues { totalCount nodes { id title validUntil } } }',
  lookup: '{ lookup(value: "9.0.0.1") { totalCount nodes { catalogue addedIn { number } } } }',
  audit:
    '{ audit(catalogue: "ID", entries: [{ value: "9.0.0.1" }, { value: "203.0.113.1" }]) { current { value } unknown { value } } }',
  events: '{ events { totalCount nodes { seq prevSeq } } }',
  history: '{ catalogue(id: "ID") { revisions { totalCount nodes { number } } timeline { totalCount nodes { at } } } }',
  diff: '{ catalogue(id: "ID") { diff(from: "1", to: "1") { counts { added } } } }',
  delta: '{ delta(catalogues: ["ID"], types: [endpoint], limit: 100) { seq items { id } } }',
  nodes: '{ a: node(id: "ID") { id } b: node(id: "ID@1") { id } }'
}

t.test('what an operation asks of the store does not grow with its rows', async (t) => {
  const counts = async (rows: number) => {
    const app = await startApp(t, { isSeeded: false })
    const authorized = await app.key('catalogue:publish')
    const requirements = Array.from({ length: Math.ceil(rows / 10) }, (_, index) =>
      requirementInput({ key: `r-${index}`, endpoints: addresses(Math.min(10, rows), index * 10) })
    )
    await app.request({
      method: 'PUT',
      url: '/v1/catalogues/product-1/document',
      headers: { ...authorized, 'if-none-match': '*', 'content-type': 'application/json' },
      payload: JSON.stringify(documentInput({ requirements }))
    })
    const counted = counting(app.catalogues.store)
    const ask = asking(app)
    const found: Record<string, number> = {}
    for (const [name, operation] of Object.entries(operations)) {
      counted.calls = []
      const { errors } = await ask(operation.replaceAll('ID', 'product-1'))
      t.same(errors, [], name)
      found[name] = counted.calls.length
      counted.calls = []
      await ask(operation.replaceAll('ID', 'product-1'))
      t.strictSame(counted.calls, [], `${name}: a kept answer asks nothing`)
    }
    return found
  }
  const [few, many] = [await counts(10), await counts(800)]
  t.strictSame(many, few)
  for (const [name, count] of Object.entries(many)) t.ok(count <= 8, `${name}: ${count}`)
})

t.test('nor with the events that a filter looks into', async (t) => {
  const counts = async (events: number) => {
    const app = await startApp(t, { isSeeded: false })
    const authorized = await app.key('catalogue:publish')
    for (let index = 0; index < events; index += 1)
      await app.request({
        method: 'PUT',
        url: `/v1/catalogues/product-${index}/document`,
        headers: { ...authorized, 'if-none-match': '*', 'content-type': 'application/json' },
        payload: JSON.stringify(
          documentInput({ id: `product-${index}`, requirements: [requirementInput({ tags: ['red'] })] })
        )
      })
    const counted = counting(app.catalogues.store)
    const { data } = await asking(app)('{ events(first: 100, filter: { tags: ["red"] }) { nodes { seq prevSeq } } }')
    t.equal(data.events.nodes.length, events)
    return counted.calls.length
  }
  t.equal(await counts(30), await counts(2))
})

t.test('where the view is kept, another operation on it asks nothing', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  await ask(`{ catalogue(id: "${clearswift}") { title } }`)
  const counted = counting(app.catalogues.store)
  await ask(
    `{ catalogue(id: "${clearswift}") { requirements { nodes { id endpoints { id value status } } } slices { totalCount } etag } }`
  )
  t.strictSame(counted.calls, [])
})
