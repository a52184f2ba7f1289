import t from 'tap'
import { startApp } from '../support/app.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'
import { openPage } from './support/html-page.ts'

const path = '/c/product-1'
const app = startApp(t, { isSeeded: false })

t.before(async () => {
  const { request, key } = await app
  const small = Array.from({ length: 210 }, (_, index) => requirementInput({ key: `small-${index}` }))
  const large = requirementInput({ key: 'large', endpoints: addresses(700) })
  const payload = documentInput({ requirements: [large, ...small] })
  const headers = { ...(await key('catalogue:publish')), 'if-none-match': '*' }
  const url = '/v1/catalogues/product-1/document'
  t.equal((await request({ method: 'PUT', url, headers, payload })).statusCode, 201)
})

t.test('of a requirement with many endpoints the first stand on the page, and a link leads to all', async (t) => {
  const { root } = await openPage(await app, path)
  const item = root.querySelector('tbody#large')
  t.equal(item?.querySelectorAll('.value').length, 50)
  const more = item?.querySelectorAll('a').find(({ textContent }) => textContent.startsWith('All endpoints'))
  t.equal(more?.textContent, 'All endpoints: 650 more')
  const all = await openPage(await app, more?.getAttribute('href') ?? '')
  t.equal(all.root.querySelectorAll('.value').length, 500)
  const next = await openPage(await app, all.root.querySelector('a[rel=next]')?.getAttribute('href') ?? '')
  t.equal(next.root.querySelectorAll('.value').length, 200)
  t.equal(next.root.querySelector('a[rel=next]'), null)
})

t.test('many requirements come by page, each page at the clocks of the first', async (t) => {
  const { root } = await openPage(await app, path)
  t.equal(root.querySelectorAll('table.paper tbody').length, 200)
  const next = await openPage(await app, root.querySelector('a[rel=next]')?.getAttribute('href') ?? '')
  t.equal(next.status, 200)
  t.equal(next.root.querySelectorAll('table.paper tbody').length, 11)
  t.equal(next.root.querySelector('a[rel=next]'), null)
})
