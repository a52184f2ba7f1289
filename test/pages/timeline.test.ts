import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'

const first = `/c/${clearswift}`
const url = `${first}/timeline`

t.test('the timeline is drawn, and said in a table, the newest first', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { root, texts, headers } = await openPage(app, url)
  t.equal(root.querySelector('svg')?.getAttribute('role'), 'img')
  t.strictSame(texts('svg circle').length, 2, 'two issues')
  t.equal(root.querySelectorAll('svg rect.announced').length, 1, 'what is announced is dashed')
  t.match(texts('svg desc'), ['Issues: 2. Transitions: 1, of which 1 are announced.'])
  const rows = texts('tbody tr')
  t.equal(rows.length, 3)
  t.match(rows[0], /^22 Nov 2018, 00:00 UTC 2\.3 Announced: 12 endpoints retire\. 12 removed/)
  t.match(rows[1], /^1 Oct 2018.*Published:.*8 added, 12 changed/)
  t.match(headers, { 'portolan-revision': '2', 'portolan-valid-until': '2018-11-22T00:00:00Z' })
})

t.test('each row leads to the document then, and to what changed', async (t) => {
  const app = await startApp(t)
  const { root } = await openPage(app, url)
  const links = root.querySelectorAll('tbody a').map((link) => link.getAttribute('href') ?? '')
  t.equal(links.length, 5)
  for (const link of links) t.equal((await openPage(app, link)).status, 200, link)
})

t.test('one issue without a transition is not drawn', async (t) => {
  const app = await startApp(t)
  const { root, texts } = await openPage(app, `${url}?asOf=1`)
  t.equal(root.querySelector('svg'), null)
  t.equal(texts('tbody tr').length, 1)
})

t.test('a long history comes by page, from the newest back', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const first = await openPage(app, `${url}?limit=2`)
  t.match(first.texts('tbody tr'), [/^22 Nov 2018/, /^1 Oct 2018/])
  const earlier = await openPage(app, first.root.querySelector('a[rel=next]')?.getAttribute('href') ?? '')
  t.match(earlier.texts('tbody tr'), [/^1 Sep 2018/])
  t.not(earlier.headers.etag, first.headers.etag)
  t.equal(earlier.root.querySelector('a[rel=next]'), null)
})
