import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { otherDocument, publishFirst } from './support/publish.ts'

const url = `/c/${clearswift}/diff`

t.test(
  'without sides the newest issue is compared with the one before, in one sentence and by what it means',
  async (t) => {
    const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
    const { root, texts, headers } = await openPage(app, url)
    t.match(texts('.verdict')[0], /^From issue pre-2\.3 to issue 2\.3: 8 to open, 12 announced/)
    t.match(texts('h2'), ['Open', 'Announced'])
    t.match(texts('#announces tbody tr')[0], /until: 22 Nov 2018, 00:00 UTC/)
    t.match(headers, { 'portolan-revision': '2', 'cache-control': 'max-age=60, must-revalidate' })
    t.match(String(headers.link), 'from=1&to=2', 'the pinned page names both sides')
    t.ok(root.querySelector('#opens th a')?.getAttribute('href')?.startsWith(`/c/${clearswift}?asOf=2#`))
  }
)

t.test('two numbers are pinned, and a transition is a comparison of two instants', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  t.match(await openPage(app, `${url}?from=1&to=2`), { headers: { 'cache-control': 'max-age=3600' } })
  const turned = await openPage(app, `${url}?from=2&fromEffectiveAt=2018-11-21T23:59:59Z&to=2&toEffectiveAt=2018-11-22`)
  t.equal(turned.status, 303, 'a bare date leads to its first instant')
  const { texts } = await openPage(app, String(turned.headers.location))
  t.match(texts('.verdict')[0], /12 to close/)
  t.match(texts('h2'), ['Close'])
})

t.test('a side that is read now holds until its next transition', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T23:59:30Z' })
  const { headers, texts } = await openPage(app, `${url}?from=2018-10-01T00:00:00Z&to=2`)
  t.match(headers, { 'cache-control': 'max-age=30, must-revalidate' })
  t.match(texts('.verdict')[0], /to issue 2\.3 as it stands now: nothing is different/)
  await app.timePasses('2018-11-22T00:00:00Z')
  const later = await openPage(app, `${url}?from=2018-10-01T00:00:00Z&to=2`)
  t.match(later.texts('.verdict')[0], /12 to close/)
})

t.test('the tag of a side that is read now changes with its transition, and not with another catalogue', async (t) => {
  for (const sides of ['?from=2018-10-01T00:00:00Z&to=2', '?from=2&to=2018-10-01T00:00:00Z']) {
    const app = await startApp(t, { now: '2018-11-21T23:59:30Z' })
    const { headers } = await openPage(app, url + sides)
    const known = { 'if-none-match': String(headers.etag) }
    await publishFirst(app, otherDocument)
    t.equal((await openPage(app, url + sides, known)).status, 304, sides)
    await app.timePasses('2018-11-22T00:00:00Z')
    t.match(await openPage(app, url + sides, known), {
      status: 200,
      headers: { 'portolan-valid-from': '2018-11-22T00:00:00Z' }
    })
  }
})

t.test('equal sides say so, and what is wrong says what would be right', async (t) => {
  const app = await startApp(t)
  t.match((await openPage(app, `${url}?from=2&to=2`)).text, 'nothing is different')
  t.match((await openPage(app, `${url}?asOf=1`)).text, 'there is one issue only')
  t.equal((await openPage(app, `${url}?from=soon`)).status, 400)
  t.equal((await openPage(app, `${url}?from=9`)).status, 422)
})

t.test('the same stands as Markdown, and in the JSON that the page links to', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { root, texts } = await openPage(app, `${url}?effectiveAt=2018-12-01T00:00:00Z`)
  t.match(texts('#markdown')[0], /^From issue pre-2\\?\.3/)
  const json = new URL(root.querySelector('.programs a')?.getAttribute('href') ?? '')
  const twin = await app.request(json.pathname + json.search)
  t.equal(twin.statusCode, 200)
  t.ok(root.querySelector('button[data-copies][hidden]'), 'only a script can copy')
})
