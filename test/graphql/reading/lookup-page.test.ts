import t, { type Test } from 'tap'
import { startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { asking } from '../support/ask.ts'

const requirements = 45

/** A service with a catalogue whose requirements all use one port, and how often the store was asked for endpoints of requirements. */
async function startWithPort(t: Test) {
  const app = await startApp(t, { isSeeded: false })
  const document = documentInput({
    requirements: Array.from({ length: requirements }, (_, index) =>
      requirementInput({ key: `r-${index}`, endpoints: addresses(1, index) })
    )
  })
  const answer = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*', 'content-type': 'application/json' },
    payload: JSON.stringify(document)
  })
  t.equal(answer.statusCode, 201)
  const { store } = app.catalogues
  const asked = { times: 0 }
  const find = store.findEndpointsOf
  Object.assign(store, {
    findEndpointsOf: (...names: Parameters<typeof find>) => {
      asked.times += 1
      return find.apply(store, names)
    }
  })
  return { ask: asking(app), asked }
}

t.test('a page of a look-up finds no more than the page, unless all of it is counted', async (t) => {
  const { ask, asked } = await startWithPort(t)
  const page = (fields: string, paging: string) => ask(`{ lookup(value: "tcp/443", ${paging}) { ${fields} } }`)
  const first = await page('nodes { requirement { key } } pageInfo { hasNextPage hasPreviousPage }', 'first: 3')
  t.equal(first.data.lookup.nodes.length, 3)
  t.same(first.data.lookup.pageInfo, { hasNextPage: true, hasPreviousPage: false })
  const few = asked.times
  const { data } = await page('totalCount', 'first: 3')
  t.equal(data.lookup.totalCount, requirements)
  t.ok(asked.times - few > 2 * few, `${asked.times - few} times for all, ${few} for a page`)
})

t.test('pages forward and backward have each item once, and in the same order', async (t) => {
  const { ask } = await startWithPort(t)
  const walk = async (size: 'first' | 'last', cursor: 'after' | 'before') => {
    const found: string[] = []
    let at = ''
    for (let isDone = false; !isDone; ) {
      const { data, errors } = await ask(
        `{ lookup(value: "tcp/443", ${size}: 20${at && `, ${cursor}: "${at}"`}) { totalCount nodes { requirement { key } }
           pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
      )
      t.same(errors, [])
      const { nodes, pageInfo, totalCount } = data.lookup
      t.equal(totalCount, requirements)
      const keys: string[] = nodes.map(({ requirement }: { requirement: { key: string } }) => requirement.key)
      if (size === 'first') found.push(...keys)
      else found.unshift(...keys)
      isDone = !(size === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)
      at = size === 'first' ? pageInfo.endCursor : pageInfo.startCursor
    }
    return found
  }
  const forward = await walk('first', 'after')
  t.equal(new Set(forward).size, requirements)
  t.same(await walk('last', 'before'), forward)
})
