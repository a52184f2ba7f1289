import t from 'tap'
import { clearswift, clearswiftPath, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { narrowedKey } from './support/narrowed-key.ts'
import { otherDocument, publishFirst } from './support/publish.ts'

const url = `/c/${clearswift}/todo`

t.test('what to open comes with the date by which, and what may be closed with the date from which', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { texts, headers } = await openPage(app, url)
  t.match(texts('[role=status]')[0], /^From issue pre-2\.3.*to issue 2\.3: 4 to open, 6 may be closed/)
  t.match(texts('h2'), ['Open', 'May be closed'])
  t.match(texts('#open tbody tr')[0], /1 Oct 2018.*22 Nov 2018.*tcp\/80/)
  t.equal(texts('#close tbody tr').length, 6)
  t.match(texts('#close tbody tr')[0], /22 Nov 2018.*185\.155\.104\.24/)
  t.match(headers, { 'portolan-revision': '2', 'portolan-valid-until': '2018-11-22T00:00:00Z' })
})

t.test(
  'since is an issue, an instant, an ETag or a seq, and the pack that the page leads to answers the same',
  async (t) => {
    const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
    const { headers } = await app.request(`${clearswiftPath}?asOf=1`)
    for (const since of ['revision:1', 'label:pre-2.3', '2018-09-15T00:00:00Z', String(headers.etag), '1']) {
      const { status, root, texts } = await openPage(app, `${url}?since=${encodeURIComponent(since)}`)
      t.equal(status, 200, since)
      t.match(texts('[role=status]')[0], '4 to open, 6 may be closed', since)
      const json = new URL(root.querySelector('footer a:not(.pinned)')?.getAttribute('href') ?? '')
      t.equal((await app.request(json.pathname + json.search)).statusCode, 200, since)
      const links = root.querySelectorAll('main .programs a').map((link) => link.getAttribute('href') ?? '')
      for (const link of links) t.equal((await app.request(link)).statusCode, 200, link)
    }
    t.match(await openPage(app, `${url}?since=2018-09-15`), { status: 303 })
    t.equal((await openPage(app, `${url}?since=yesterday`)).status, 400)
  }
)

t.test('nothing to do says when the next change is, and what ends is kept until then', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { texts } = await openPage(app, `${url}?since=revision:2`)
  t.match(texts('[role=status]')[0], /^Nothing since 1 Oct 2018.*Next: 22 Nov 2018/)
  t.match(texts('h2'), ['Keep, ends on'])
  await app.timePasses('2018-11-22T00:00:00Z')
  const later = await openPage(app, `${url}?since=revision:2`)
  t.match(later.texts('[role=status]')[0], '6 may be closed')
})

t.test('what another catalogue needs is kept, and the page follows what others publish', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  t.notMatch((await openPage(app, url)).texts('h2'), ['Open', 'May be closed', 'Keep'])
  await publishFirst(app, otherDocument)
  const { root, texts } = await openPage(app, url)
  t.match(texts('#keep tbody tr'), [/^54\.254\.98\.96.*mirror of other-1\.0/])
  t.equal(root.querySelector('#keep td a')?.getAttribute('href'), '/c/other-1.0#mirror')
  t.equal(texts('#close tbody tr').length, 5)
})

t.test('on the clocks of the page the work is that of then', async (t) => {
  const app = await startApp(t)
  const { texts } = await openPage(app, `${url}?since=revision:1&effectiveAt=2018-10-15T00:00:00Z`)
  t.match(texts('[role=status]')[0], '4 to open, 6 may be closed')
  t.equal((await openPage(app, `${url}?asOf=1`)).status, 200)
})

t.test(
  'a page is the same until its transition, and as long as no other catalogue needs something of it',
  async (t) => {
    const app = await startApp(t, { now: '2018-11-21T23:59:30Z' })
    const pinned = `${url}?asOf=2&effectiveAt=2018-11-01T00:00:00Z`
    const [before, fixed] = [await openPage(app, url), await openPage(app, pinned)]
    t.equal(before.headers['cache-control'], 'max-age=30, must-revalidate')
    t.equal(fixed.headers['cache-control'], 'max-age=60, must-revalidate', 'others may need more at any time')
    await publishFirst(app, { ...otherDocument, requirements: [] })
    const known = { 'if-none-match': String(before.headers.etag) }
    t.equal((await openPage(app, url, known)).status, 304, 'what others publish changes nothing here')
    await publishFirst(app, { ...otherDocument, id: 'third-1.0' })
    for (const [path, { headers }] of [
      [url, before],
      [pinned, fixed]
    ] as const) {
      const after = await openPage(app, path, { 'if-none-match': String(headers.etag) })
      t.match(after.texts('#keep tbody tr'), [/mirror of third-1\.0/], path)
    }
    const kept = await openPage(app, url)
    await app.timePasses('2018-11-22T00:00:00Z')
    const turned = await openPage(app, url, { 'if-none-match': String(kept.headers.etag) })
    t.match(turned, { status: 200, headers: { 'portolan-valid-from': '2018-11-22T00:00:00Z' } })
  }
)

t.test('whoever may not see another catalogue has a page of its own, with a tag of its own', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z', readAccess: 'key' })
  await publishFirst(app, otherDocument)
  const all = await openPage(app, url, await app.key('catalogue:read'))
  t.equal(all.texts('#keep tbody tr').length, 1)
  const narrowed = { authorization: `Bearer ${await narrowedKey(app, [clearswift])}` }
  const own = await openPage(app, url, { ...narrowed, 'if-none-match': String(all.headers.etag) })
  t.match(own, { status: 200 })
  t.strictSame(own.texts('#keep tbody tr'), [])
})
