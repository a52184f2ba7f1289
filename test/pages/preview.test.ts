import { readFileSync } from 'node:fs'
import { parse } from 'node-html-parser'
import t from 'tap'
import { requirement, role, written } from '../domain/document/support/sample.ts'
import { clearswift, startApp, type TestApp } from '../support/app.ts'
import { repository } from '../support/repository.ts'
import { hostile } from './support/publish.ts'

const published = readFileSync(`${repository}/catalogues/${clearswift}/2-2.3.yaml`, 'utf8')

async function preview(app: TestApp, document: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await app.request({
    method: 'POST',
    url: '/preview',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    payload: new URLSearchParams({ document: document.replaceAll('\n', '\r\n') }).toString()
  })
  const root = parse(answer.body)
  return { answer, root, text: root.querySelector('main')?.textContent.replace(/\s+/g, ' ') ?? '' }
}

t.test('faults are linked to the lines of a numbered copy of the draft', async (t) => {
  const app = await startApp(t)
  const { answer, root } = await preview(app, published.replace('direction: outbound', 'direction: out'))
  t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  const [link] = root.querySelectorAll('.faults a')
  t.match(link?.textContent, /^line \d+$/)
  const line = root.querySelector(String(link?.getAttribute('href')))
  t.match(line?.textContent, 'direction: out')
  const unreadable = await preview(app, 'id: a\n\ttitle: [\n')
  t.match(unreadable.text, /line 2, column \d+/)
  t.match(unreadable.root.querySelector('#line-2')?.textContent, 'title')
})

t.test('a draft without faults says what guard rails find, what it changes, and what its page would be', async (t) => {
  const app = await startApp(t)
  const before = app.catalogues.heads.seq
  const same = await preview(app, published)
  t.match(same.text, 'equal to revision 2')
  t.strictSame(same.root.querySelectorAll('#clocks'), [], 'a draft has no clocks')
  const changed = published.replaceAll('www.clearswift.com', 'www2.clearswift.com')
  t.not(changed, published)
  const { text, root } = await preview(app, changed)
  t.match(text, 'It would be revision 3')
  t.match(text, /unannounced_removal/)
  t.match(text, /www\.clearswift\.com/)
  t.ok(root.querySelector('tbody#rss-feed'), 'the paper')
  t.equal(app.catalogues.heads.seq, before, 'nothing was written')
})

t.test('a form of another site is refused, and one without a key where reads need one', async (t) => {
  const app = await startApp(t)
  t.match((await preview(app, 'a', { 'sec-fetch-site': 'cross-site' })).answer, { statusCode: 403, body: /cross_site/ })
  t.equal((await preview(await startApp(t, { readAccess: 'key' }), 'a')).answer.statusCode, 401)
})

t.test('what an author writes is printed as text', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { script, image, rightToLeft, long } = hostile
  const item = requirement('item', [role('people', { title: image })], {
    title: script,
    scope: 'internal',
    remarks: image
  })
  const titles = { title: script, vendor: image, product: rightToLeft, version: long.slice(0, 100) }
  for (const draft of [
    JSON.stringify(written([item], titles)),
    JSON.stringify({ [script]: image }),
    script,
    '</textarea><script>'
  ]) {
    const { answer } = await preview(app, draft)
    t.equal(answer.statusCode, 200)
    t.notMatch(answer.body, /<script>|<img/)
  }
})
