import { parse } from 'node-html-parser'
import t from 'tap'
import { clearswift, startApp, type TestApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { hostile } from './support/publish.ts'

const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }

async function audit(app: TestApp, entries: string, url = '/audit', headers: Readonly<Record<string, string>> = {}) {
  const payload = new URLSearchParams({ entries }).toString()
  const answer = await app.request({ method: 'POST', url, headers: { ...type, ...headers }, payload })
  const root = parse(answer.body)
  const texts = (selector: string) =>
    root.querySelectorAll(selector).map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim())
  return { answer, root, texts }
}

t.test('an audit puts what was pasted into groups, in the order in which people work through it', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const { answer, texts, root } = await audit(
    app,
    '185.155.104.24\n\n54.254.98.96 tcp/80\r\n198.51.100.1\nnot an entry at all\n'
  )
  t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  const groups = texts('#result h3').map((text) => text.replace(/ \(.*/, ''))
  t.strictSame(groups, ['Missing', 'Ends on', 'Needed', 'Unknown', 'Cannot be read'])
  t.match(texts('[aria-label="Ends on"] tbody tr')[0], /54\.254\.98\.96 ?tcp\/80 ?22 Nov 2018, 00:00 UTC/)
  t.match(texts('[aria-label="Cannot be read"] tbody tr')[0], /^5 ?not an entry at all/)
  t.ok(root.querySelector(`[aria-label=Missing] a[href="/c/${clearswift}#rss-feed"]`))
  t.match(root.querySelector('textarea')?.textContent, /198\.51\.100\.1/)
})

t.test('filters and clocks stand in the address of the form', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const url = '/audit?tag=none&effectiveAt=2018-11-22T00%3A00%3A00Z'
  const page = await openPage(app, url)
  t.equal(
    page.root.querySelector('form[method=post]')?.getAttribute('action'),
    url.replace(/^(.*\?)(tag=none)&(.*)$/, '$1$2&$3')
  )
  const { texts } = await audit(
    app,
    '54.254.98.96',
    '/audit?effectiveAt=2018-11-22T00%3A00%3A00Z&requirement=sophos-av-updates'
  )
  t.match(texts('#result h3')[0], /Missing/)
  t.ok(texts('#result h3').includes('May be closed (1)'))
  t.equal((await audit(app, 'x', '/audit?catalogue=none')).answer.statusCode, 404)
  t.equal((await audit(app, 'x', '/audit?wrong=1')).answer.statusCode, 400)
})

t.test('a form of another site is refused, and one without a key where reads need one', async (t) => {
  const app = await startApp(t)
  const foreign = await audit(app, '198.51.100.1', '/audit', { origin: 'https://evil.example' })
  t.match(foreign.answer, { statusCode: 403, body: /cross_site/ })
  const closed = await audit(await startApp(t, { readAccess: 'key' }), '198.51.100.1')
  t.equal(closed.answer.statusCode, 401)
})

t.test('nothing pasted is asked for again, and what is pasted is printed as text', async (t) => {
  const app = await startApp(t)
  const empty = await audit(app, ' \n')
  t.equal(empty.answer.statusCode, 200)
  t.match(empty.texts('main')[0], /Paste what your firewall lets through/)
  t.match(empty.texts('main')[0], /What you paste is neither stored nor logged/)
  const { script, image, rightToLeft } = hostile
  const page = await audit(app, [script, image, rightToLeft, '</textarea><script>', 'N'.repeat(500)].join('\n'))
  t.equal(page.answer.statusCode, 200)
  t.notMatch(page.answer.body, /<script>|<img/)
  t.match(await audit(app, 'N'.repeat(3000)), { answer: { statusCode: 422, body: /Line 1 has more than 2048/ } })
})
