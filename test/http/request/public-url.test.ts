import t from 'tap'
import { clearswiftPath, startApp, type TestApp } from '../../support/app.ts'

/** What leads to a path of the service: in header fields, JSON, XML, calendars and pages. */
const links =
  /(?<=["'<(=:\s])(?:https?:\/\/[^/"'<>\s]+)?\/(?:v1|docs|problems|openapi|graphql|graphiql|health|schema)\b[^"'<>\s]*/g

/** The links of an answer that do not begin as they should. */
async function strays({ request }: TestApp, base: string, url: string, headers: Record<string, string> = {}) {
  const answer = await request({ url, headers })
  const { link = '', location = '' } = answer.headers
  // A URN names something, and leads nowhere.
  const text = `${link} ${location}\n${answer.body.replace(/urn:[^<"]+/g, '')}`
  const found = [...text.matchAll(links)].map(([match]) => match)
  return found.filter((match) => !match.startsWith(base) && !match.startsWith(new URL(base).pathname))
}

/** The pages of the API: where each leads from a base, as a browser goes there, and what they load. */
async function docsUnder({ request }: TestApp, base: string) {
  const [from, inside] = [new URL(base), (url: URL) => url.pathname.slice(new URL(base).pathname.length)]
  const loaded: (readonly [string, number])[] = []
  for (const start of ['/docs', '/docs/', '/docs/static/index.html']) {
    let at = new URL(from.pathname + start, from)
    let answer = await request(inside(at))
    if (answer.statusCode === 302) {
      at = new URL(String(answer.headers.location), at)
      answer = await request(inside(at))
    }
    loaded.push([at.href, answer.statusCode])
    for (const [, file = ''] of answer.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = new URL(file, at)
      const isUnder = asset.href.startsWith(`${base}/docs/static/`)
      loaded.push([asset.href, isUnder ? (await request(inside(asset))).statusCode : 0])
    }
  }
  return loaded
}

const paths = [
  clearswiftPath,
  '/v1/catalogues?limit=1',
  `${clearswiftPath}/requirements?limit=1`,
  `${clearswiftPath}/endpoints?limit=1`,
  `${clearswiftPath}/revisions?limit=1`,
  `${clearswiftPath}/revisions/2`,
  `${clearswiftPath}/document`,
  `${clearswiftPath}/timeline?limit=1`,
  `${clearswiftPath}/diff?from=1&to=2`,
  `${clearswiftPath}/slices`,
  `${clearswiftPath}/exports/csv`,
  `${clearswiftPath}/feed.atom`,
  `${clearswiftPath}/calendar.ics`,
  '/v1/events?limit=1',
  '/v1/feed.atom',
  '/v1/calendar.ics',
  '/v1/delta?limit=1',
  '/v1/delta?cursor=nonsense',
  '/v1/lookup?value=tcp/443&limit=1',
  '/v1/formats',
  '/v1/me',
  '/%zz',
  '/docs'
]

t.test('a public URL with a path is the base of every link', async (t) => {
  const base = 'https://portolan.example/net'
  const app = await startApp(t, { publicUrl: base })
  for (const heat of ['cold', 'hot'])
    for (const path of paths) t.strictSame(await strays(app, base, path), [], `${heat} ${path}`)
  t.match((await app.request('/v1/none')).json(), { type: '/net/problems/not_found' })
  for (const document of ['/openapi.json', '/openapi-3.0.json', '/docs/json'])
    t.equal((await app.request(document)).json().servers[0].url, '/net/', document)
  const pages = await docsUnder(app, base)
  t.equal(pages.filter(([url]) => url === `${base}/docs/`).length, 3)
  t.ok(pages.length > 15)
  for (const [url, status] of pages) t.equal(status, 200, url)
  const query = '{ catalogue(id: "none") { id } catalogues(first: 1) { nodes { id } } events(first: 0) { totalCount } }'
  const graph = await app.request({ method: 'POST', url: '/graphql', payload: { query } })
  for (const { extensions } of graph.json().errors ?? []) t.match(extensions.problem.type, /^\/net\/problems\//)
})

t.test('so is the path that a trusted proxy takes away', async (t) => {
  const app = await startApp(t, { trustProxy: ['127.0.0.1/32'] })
  const headers = {
    host: 'inside',
    'x-forwarded-host': 'portolan.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/net'
  }
  for (const heat of ['cold', 'hot'])
    for (const path of paths.filter((path) => !path.startsWith('/docs')))
      t.strictSame(await strays(app, 'https://portolan.example/net', path, headers), [], `${heat} ${path}`)
})
