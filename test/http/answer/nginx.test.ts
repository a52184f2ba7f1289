import t from 'tap'
import { missing } from '../../render/formats/support/tool.ts'
import { clearswift, clearswiftPath, startApp, type TestApp, type TestAppOptions } from '../../support/app.ts'
import { freePort } from '../../support/free-port.ts'
import { startNginx } from '../support/nginx.ts'

const skip = missing('nginx')

/** The service behind nginx, which takes a path away. */
async function startBehindNginx(
  t: Parameters<typeof startApp>[0] & Parameters<typeof startNginx>[0],
  options: Partial<TestAppOptions> = {}
): Promise<{ readonly app: TestApp; readonly base: string }> {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}/portolan`
  const app = await startApp(t, { ...options, publicUrl: base })
  await startNginx(t, port, await app.listen())
  return { app, base }
}

t.test('a tag that nginx made weak is good for what the strong one is', { skip }, async (t) => {
  const { app, base } = await startBehindNginx(t)
  const url = `${base}${clearswiftPath}/document`
  const read = await fetch(url, { headers: { accept: 'application/json', 'accept-encoding': 'gzip' } })
  const tag = read.headers.get('etag') ?? ''
  t.match([read.headers.get('content-encoding'), tag], ['gzip', /^W\/"/], 'as nginx does it')
  const document = await read.text()
  t.equal((await fetch(url, { headers: { 'if-none-match': tag } })).status, 304)

  const key = await app.key('catalogue:publish')
  const publish = (label: string, tag: string) => {
    const changed = JSON.parse(document)
    changed.edition = { label, summary: 'Behind nginx' }
    const headers = { ...key, 'content-type': 'application/json', 'if-match': tag }
    return fetch(url, { method: 'PUT', headers, body: JSON.stringify(changed) })
  }
  const published = await publish('2.4', tag)
  t.equal(published.status, 201)
  t.equal(published.headers.get('location'), `${base}${clearswiftPath}/revisions/3`)
  t.equal((await publish('2.5', tag)).status, 412, 'a weak tag that is stale is stale')
})

t.test('below a path that nginx takes away, whatever leads somewhere leads there', { skip }, async (t) => {
  const { base } = await startBehindNginx(t, { graphql: { hasGraphiql: true } })
  const status = async (url: string) => (await fetch(url)).status
  const read = async (url: string) => JSON.parse(await (await fetch(url)).text())
  const isInside = (url: string) => t.ok(url.startsWith(`${base}/`), url)

  for (const start of ['/docs', '/docs/', '/docs/static/index.html', '/graphiql']) {
    const page = await fetch(base + start)
    t.equal(page.status, 200, start)
    isInside(page.url)
    const files = [...(await page.text()).matchAll(/(?:src|href)="(?!data:)([^"#]+)"/g)].map(([, file = '']) => file)
    t.ok(files.length > 1, `${start} loads something`)
    for (const file of files) {
      const { href } = new URL(file, page.url)
      isInside(href)
      t.equal(await status(href), 200, href)
    }
  }
  for (const document of ['/openapi.json', '/openapi-3.0.json', '/docs/json']) {
    const { servers } = await read(base + document)
    const server = new URL(servers[0].url, base + document)
    t.equal(await status(`${server.href}v1/catalogues`), 200, document)
  }
  const problem = await read(`${base}/v1/none`)
  const { href } = new URL(problem.type, base)
  isInside(href)
  t.match(await read(href), { code: 'not_found', example: { type: problem.type } })

  const { page } = await read(`${base}${clearswiftPath}/requirements?limit=1`)
  isInside(new URL(page.next, base).href)
  t.equal(await status(new URL(page.next, base).href), 200)
  const feed = await (await fetch(`${base}/v1/feed.atom`)).text()
  const calendar = await (await fetch(`${base}/v1/calendar.ics`)).text()
  const links = [
    ...[...feed.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&')),
    ...[...calendar.replaceAll('\r\n ', '').matchAll(/^URL:(.+)\r$/gm)].map(([, link = '']) => link)
  ]
  t.ok(links.length > 3)
  for (const link of links) {
    isInside(link)
    t.equal(await status(link), 200, link)
  }
  t.match(feed, clearswift)
})
