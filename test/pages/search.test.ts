import t from 'tap'
import { address, requirement, written } from '../domain/document/support/sample.ts'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { hostile, publishFirst } from './support/publish.ts'

t.test('a search has its hits in groups, with the words marked and links to where they stand', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const words = await openPage(app, '/search?q=sophos')
  t.strictSame(words.texts('main h2'), ['Requirements', 'Endpoints'].slice(0, words.texts('main h2').length))
  t.ok(words.texts('main mark').includes('Sophos'))
  t.ok(words.root.querySelector(`main a[href="/c/${clearswift}#sophos-av-updates"]`))
  const names = await openPage(app, '/search?q=clearswift.net&limit=2')
  t.ok(names.texts('main mark').includes('clearswift.net'))
  const next = names.root.querySelector('main a[rel=next]')?.getAttribute('href') ?? ''
  t.equal((await openPage(app, next.replace(/^https?:\/\/[^/]+/, ''))).status, 200)
  const empty = await openPage(app, '/search')
  t.equal(empty.root.querySelectorAll('input[name=q]').length, 2, 'the box of the page, and that of the frame')
})

t.test('a search that finds nothing says so, and what may be meant', async (t) => {
  const app = await startApp(t)
  const page = await openPage(app, '/search?q=kasperski')
  t.match(page.text, 'Nothing in 1 catalogue. Did you mean kaspersky?')
  t.ok(page.root.querySelector('main a[href="/search?q=kaspersky"]'))
  t.notMatch((await openPage(app, '/search?q=zzzzzzzz')).text, 'Did you mean')
  t.equal((await openPage(app, '/search?q=a+b+c+d+e+f+g+h+i+j+k')).status, 400)
})

t.test('a search keeps its clocks, is kept as a read, and needs a key where reads do', async (t) => {
  const app = await startApp(t)
  const url = '/search?q=sophos&effectiveAt=2018-11-01T00%3A00%3A00Z'
  const page = await openPage(app, url)
  t.ok(page.root.querySelectorAll('main li a').every((link) => link.getAttribute('href')?.includes('effectiveAt=')))
  t.equal((await openPage(app, url, { 'if-none-match': String(page.headers.etag) })).status, 304)
  const closed = await openPage(await startApp(t, { readAccess: 'key' }), url)
  t.equal(closed.status, 401)
  t.notMatch(closed.text, /sophos/i)
})

t.test('what authors and askers write is printed as text', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { script, image, rightToLeft, long } = hostile
  const item = requirement('item', [address('192.0.2.1', { remarks: script })], { title: image, scope: 'internal' })
  const titles = { title: script, vendor: image, product: rightToLeft, version: long.slice(0, 100) }
  await publishFirst(app, written([item], { ...titles, id: 'hostile' }))
  for (const q of ['script', 'img', '192.0.2.1', script, image, rightToLeft, 'N'.repeat(300), '(.*', '\\']) {
    const page = await openPage(app, `/search?${new URLSearchParams({ q })}`)
    t.equal(page.status, 200, q.slice(0, 20))
    t.notMatch(page.html, /<script>|<img/)
  }
})
