import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'

const first = `/c/${clearswift}`

t.test('every page has its frame, and header fields that let it load nothing of others', async (t) => {
  const app = await startApp(t)
  for (const url of ['/', first, '/c/no-such']) {
    const { root, headers, texts } = await openPage(app, url)
    t.equal(headers['content-type'], 'text/html; charset=utf-8', url)
    t.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self'; style-src 'self';/)
    t.equal(headers['x-content-type-options'], 'nosniff')
    t.equal(headers['referrer-policy'], 'same-origin', 'a browser says from where it sends the forms of this service')
    t.equal(root.querySelector('html')?.getAttribute('lang'), 'en')
    t.equal(root.querySelector('body > a')?.getAttribute('href'), '#content', 'the skip link comes first')
    t.equal(texts('h1').length, 1)
    t.equal(texts('main').length, 1)
    t.strictSame(texts('[style], script:not([src]), style'), [], 'nothing is inline')
  }
})

t.test('the files of a page have their hash in their path, are kept for good, and come compressed', async (t) => {
  const app = await startApp(t)
  const { root } = await openPage(app, '/')
  const paths = [
    ...root.querySelectorAll('link[rel=stylesheet], link[rel=icon]').map((link) => link.getAttribute('href')),
    ...root.querySelectorAll('script').map((script) => script.getAttribute('src'))
  ]
  t.equal(paths.length, 5)
  for (const path of paths) {
    t.match(path, /^\/assets\/\w+\.[0-9a-f]{12}\.(?:css|js|svg)$/)
    const answer = await app.request({ url: String(path), headers: { 'accept-encoding': 'gzip' } })
    t.match(answer, {
      statusCode: 200,
      headers: { 'cache-control': 'max-age=31536000, immutable', 'content-encoding': 'gzip' }
    })
  }
  t.equal((await app.request('/favicon.ico')).statusCode, 204)
})

t.test('a page is cached as its view is: by tag, until the transition, and pinned for an hour', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T23:59:30Z' })
  const { headers } = await openPage(app, first)
  t.match(headers, { 'cache-control': 'max-age=30, must-revalidate', 'portolan-revision': '2' })
  const [pinned] = /\/c\/[^>]*/.exec(String(headers.link)) ?? []
  t.match(await openPage(app, String(pinned)), { status: 200, headers: { 'cache-control': 'max-age=3600' } })
  const known = await openPage(app, first, { 'if-none-match': String(headers.etag) })
  t.equal(known.status, 304)
  const head = await app.request({ method: 'HEAD', url: first, headers: { accept: 'text/html' } })
  t.match(head, { statusCode: 200, body: '', headers: { etag: headers.etag } })
  const other = await openPage(app, `${first}?effectiveAt=2018-11-21T23:59:30Z`)
  t.not(other.headers.etag, headers.etag, 'the clocks are printed, so the tag covers them')
})

t.test('a clock that is set is said, and goes along in every link to a page', async (t) => {
  const app = await startApp(t)
  const { root, text } = await openPage(app, `${first}?asOf=2&effectiveAt=2018-11-21T23:59:59Z`)
  t.match(text, 'This is how it stands on 21 Nov 2018 23:59:59 UTC, as issue 2.3 knew it')
  t.equal(root.querySelector('.not-now a')?.getAttribute('href'), first)
  const tabs = root.querySelectorAll('nav[aria-label=Catalogue] a').map((link) => link.getAttribute('href') ?? '')
  t.ok(tabs.length > 0 && tabs.every((href) => href.includes('asOf=2&effectiveAt=2018-11-21T23%3A59%3A59Z')))
  const others = root.querySelectorAll('nav[aria-label=Portolan] a').map((link) => link.getAttribute('href') ?? '')
  t.ok(
    others.every((href) => href.includes('effectiveAt=') && !href.includes('asOf')),
    'a number names no other issue'
  )
  t.notMatch((await openPage(app, first)).text, 'This is how it stands')
})

t.test('a bare date leads to its first instant, and an empty field of a form to the page without it', async (t) => {
  const app = await startApp(t)
  const dated = await openPage(app, `${first}?asOf=&effectiveAt=2018-11-22&tag=help`)
  t.match(dated, { status: 303, headers: { location: `${first}?tag=help&effectiveAt=2018-11-22T00%3A00%3A00Z` } })
  t.match(await openPage(app, `${first}?effectiveAt=2018-11-22T09:30`), {
    status: 303,
    headers: { location: `${first}?effectiveAt=2018-11-22T00%3A00%3A00Z` }
  })
  const wrong = await openPage(app, `${first}?effectiveAt=tomorrow`)
  t.equal(wrong.status, 400)
  t.match(wrong.text, 'such as 2018-11-22T00:00:00Z')
})

t.test('a browser gets a problem as a page, and a program as JSON', async (t) => {
  const app = await startApp(t)
  const page = await openPage(app, '/c/clearswift-exchange-gateway-4.7')
  t.match(page, { status: 404, headers: { vary: 'accept', 'cache-control': 'no-store' } })
  t.ok(page.root.querySelector(`main a[href=${first}]`), 'the nearest id is a link')
  t.ok(page.root.querySelector('main a[href=/problems/not_found]'))
  for (const accept of ['*/*', 'application/json', 'application/problem+json, text/html;q=0.5'])
    t.match(await app.request({ url: '/c/none', headers: { accept } }), {
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json', vary: 'accept' }
    })
  t.match(await openPage(app, '/v1/none'), { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
})

t.test('the code of a problem leads to a page that says what helps, and a program gets the same as JSON', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const page = await openPage(app, '/problems/guard_rail')
  t.match(page, { status: 200, headers: { vary: 'accept' }, text: 'A guard rail refuses the document' })
  const told = (await app.request('/problems/guard_rail')).json()
  for (const text of [told.cause, told.remedy, told.example.detail]) t.match(page.text, text)
  const unknown = await openPage(app, '/problems/guard_rails')
  t.match(unknown, { status: 404, text: 'did you mean "guard_rail"?' })
})

t.test('who asks for a time before the history is told when it begins, with a link', async (t) => {
  const app = await startApp(t)
  const page = await openPage(app, `${first}?asOf=2017-01-01T00:00:00Z`)
  t.match(page, { status: 422, text: 'which was at 2018-09-01T00:00:00Z' })
  t.ok(page.root.querySelector(`main a[href="${first}?asOf=1"]`))
  t.equal((await openPage(app, `${first}?asOf=1`)).status, 200)
})

t.test('without pages there is nothing at their paths, and problems are JSON for everybody', async (t) => {
  const app = await startApp(t, { hasPages: false })
  for (const url of ['/', first, '/favicon.ico'])
    t.match(await openPage(app, url), { status: 404, headers: { 'content-type': 'application/problem+json' } })
})

t.test('below the path of a proxy all links lead below it', async (t) => {
  const app = await startApp(t, { publicUrl: 'https://portolan.example/net' })
  for (const url of ['/', first, '/c/none']) {
    const { root } = await openPage(app, url)
    const links = root.querySelectorAll('[href], [src], form').flatMap((element) => {
      const link = element.getAttribute('href') ?? element.getAttribute('src') ?? element.getAttribute('action') ?? ''
      return link.startsWith('/') ? [link] : []
    })
    t.ok(links.length > 5)
    t.strictSame(
      links.filter((link) => !link.startsWith('/net/')),
      []
    )
  }
})
