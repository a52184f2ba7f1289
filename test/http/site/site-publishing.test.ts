import t from 'tap'
import { clearswift, startApp, type TestApp } from '../../support/app.ts'

const url = '/v1/sites/leeds/document'
const administrators = { role: 'administrators', values: ['10.20.4.0/24'] }

function siteInput(fields: object = {}): object {
  return { id: 'leeds', title: 'Leeds', catalogues: [{ id: clearswift }], bindings: [administrators], ...fields }
}

async function publisher(app: TestApp, ...scopes: ('site:publish' | 'catalogue:override')[]) {
  const key = await app.key('site:publish', ...scopes)
  const send = (headers: Record<string, string>, query: string, payload: string) =>
    app.request({
      method: 'PUT',
      url: url + query,
      headers: { 'content-type': 'application/json', ...key, ...headers },
      payload
    })
  return {
    key,
    send,
    put: (document: object, headers: Record<string, string> = {}, query = '') =>
      send(headers, query, JSON.stringify(document)),
    tag: async (path = url) => String((await app.request(path)).headers.etag)
  }
}
const create = { 'if-none-match': '*' }

t.test('a site is published, is in the log, and can be read at once', async (t) => {
  const app = await startApp(t)
  const { put, tag } = await publisher(app)
  const created = await put(siteInput(), create)
  t.equal(created.statusCode, 201)
  t.match(created.headers.location, /\/v1\/sites\/leeds\/revisions\/1$/)
  t.match(created.json(), { number: 1, counts: { added: 2, removed: 0 }, overrides: [] })
  t.equal(created.headers.etag, await tag())
  t.equal(created.headers['portolan-site-revision'], '1')
  const [event] = (await app.request('/v1/events?type=site.revision_published')).json().items
  t.match(event, { type: 'site.revision_published', site: 'leeds', revision: { number: 1 } })
  t.notOk('catalogue' in event)
  const seqs = async (query: string) =>
    (await app.request(`/v1/events?${query}`)).json().items.map(({ seq }: { seq: number }) => seq)
  t.same(await seqs('site=leeds'), [event.seq])
  t.same(await seqs('site=hull'), [])
  t.same(await seqs(`site=leeds&catalogue=${clearswift}`), await seqs('after=0'), 'about either')
  t.equal(created.headers['portolan-seq'], String(event.seq))
  const { items } = (await app.request('/v1/sites')).json()
  t.match(items, [{ id: 'leeds', title: 'Leeds', catalogues: [clearswift], revision: { number: 1 } }])
  t.same((await app.request('/v1/sites/leeds')).json(), items[0])
})

t.test('the order of answers is that of catalogues', async (t) => {
  const app = await startApp(t)
  const { put, send, tag } = await publisher(app)
  t.equal((await app.request({ method: 'PUT', url, payload: {} })).statusCode, 401)
  const other = await app.key('catalogue:publish')
  const headers = { ...other, 'content-type': 'application/json' }
  t.equal((await app.request({ method: 'PUT', url, headers, payload: '{}' })).statusCode, 403)
  t.equal((await send(create, '', '{')).json().code, 'malformed_body')
  t.equal((await send({ 'content-type': 'text/plain' }, '', '{}')).statusCode, 415)
  t.equal((await put(siteInput({ bindings: 1 }))).json().code, 'precondition_required')
  t.equal((await put(siteInput(), create)).statusCode, 201)
  const first = await tag()
  t.equal((await put(siteInput(), { 'if-match': '"stale"' })).statusCode, 200, 'a retry is safe')
  const faulty = siteInput({ bindings: [{ role: 'administrator', values: ['10.20.4.1/24'] }] })
  t.equal((await put(faulty, { 'if-match': '"1-0-0-0-json"' })).statusCode, 412)
  const refused = await put(faulty, { 'if-match': first })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), { code: 'invalid_document' })
  t.match(JSON.stringify(refused.json().errors), /administrators/, 'the nearest name is told')
  const emptied = siteInput({ bindings: [{ role: 'administrators', values: [] }] })
  t.match((await put(emptied, { 'if-match': first })).json(), {
    status: 409,
    code: 'guard_rail',
    findings: [{ rule: 'binding_emptied' }]
  })
  t.equal((await put(siteInput({ title: 'Leeds, 2' }), { 'if-match': first })).statusCode, 201)
  const stale = await put(siteInput({ title: 'Leeds, 3' }), { 'if-match': first })
  t.match(stale.json(), {
    code: 'precondition_failed',
    head: { number: 2 },
    diff: { from: 1, to: 2, changes: [{ pointer: '/title', before: 'Leeds', after: 'Leeds, 2' }] }
  })
})

t.test('a guard rail is overridden by who may, with a reason, and it is kept', async (t) => {
  const app = await startApp(t)
  const { put } = await publisher(app)
  const boss = await publisher(app, 'catalogue:override')
  await put(siteInput(), create)
  const emptied = siteInput({ bindings: [{ role: 'administrators', values: [] }] })
  const any = { 'if-match': '*' }
  t.equal((await put(emptied, any, '?override=binding_emptied&reason=moved')).statusCode, 403)
  t.equal((await boss.put(emptied, any, '?override=binding_emptied')).json().code, 'missing_parameter')
  const done = await boss.put(emptied, any, '?override=binding_emptied&reason=moved')
  t.equal(done.statusCode, 201)
  t.match(done.json(), { overrides: ['binding_emptied'], reason: 'moved' })
})

t.test('a dry run writes nothing; a restore publishes an earlier document again', async (t) => {
  const app = await startApp(t)
  const { put, key } = await publisher(app)
  const dry = await put(siteInput(), create, '?dryRun=true')
  t.equal(dry.statusCode, 200)
  t.match(dry.json(), { number: 1, counts: { added: 2 } })
  t.equal((await app.request('/v1/sites/leeds')).statusCode, 404)
  await put(siteInput(), create)
  await put(siteInput({ title: 'Leeds, 2' }), { 'if-match': '*' })
  const restore = (number: number, headers: object) =>
    app.request({
      method: 'POST',
      url: `/v1/sites/leeds/revisions/${number}/restore?reason=wrong`,
      headers: { ...key, ...headers }
    })
  t.equal((await restore(1, {})).statusCode, 428)
  t.equal((await restore(9, { 'if-match': '*' })).statusCode, 404)
  const restored = await restore(1, { 'if-match': '*' })
  t.equal(restored.statusCode, 201)
  t.match(restored.json(), { number: 3, reason: 'wrong', changes: [{ pointer: '/title', after: 'Leeds' }] })
  t.equal((await app.request(url)).json().title, 'Leeds')
})

t.test('what its owner should look at is told, by page', async (t) => {
  const app = await startApp(t)
  const { put } = await publisher(app)
  await put(siteInput(), create)
  const all = (await app.request('/v1/sites/leeds/findings')).json()
  t.ok(
    all.items.some(({ code, detail }: Record<string, string>) => code === 'unbound_role' && /syslog/.test(detail ?? ''))
  )
  t.equal(all.page.next, null)
  const first = (await app.request('/v1/sites/leeds/findings?limit=1')).json()
  t.same(first.items, all.items.slice(0, 1))
  const { pathname, search } = new URL(first.page.next)
  t.same((await app.request(`${pathname}${search}`)).json().items, all.items.slice(1, 2))
})

t.test('history, documents and differences are read by number and instant, and pinned ones for ever', async (t) => {
  const app = await startApp(t)
  const { put } = await publisher(app)
  await put(siteInput(), create)
  await put(siteInput({ title: 'Leeds, 2' }), { 'if-match': '*' })
  const old = await app.request(`${url}?siteAsOf=1`)
  t.equal(old.json().title, 'Leeds')
  t.match(old.headers['cache-control'], /immutable/)
  t.equal(
    (await app.request({ url, headers: { 'if-none-match': (await app.request(url)).headers.etag } })).statusCode,
    304
  )
  t.match((await app.request({ url, headers: { accept: 'application/yaml' } })).body, /^id: leeds\n/)
  t.equal((await app.request(`${url}?siteAsOf=9`)).json().code, 'unknown_revision')
  t.equal((await app.request(`${url}?siteAsOf=2018-01-01T00:00:00Z`)).json().code, 'time_out_of_range')
  t.equal((await app.request(`${url}?siteAsOf=label:2`)).json().code, 'invalid_parameter')
  const page = (await app.request('/v1/sites/leeds/revisions?limit=1')).json()
  t.same(
    page.items.map(({ number }: { number: number }) => number),
    [2]
  )
  const { pathname, search } = new URL(page.page.next)
  t.match((await app.request(pathname + search)).json().items, [{ number: 1 }])
  t.match((await app.request('/v1/sites/leeds/revisions/2')).json().changes, [{ op: 'changed', pointer: '/title' }])
  t.equal((await app.request('/v1/sites/leeds/revisions/3')).statusCode, 404)
  const diff = await app.request('/v1/sites/leeds/diff?from=2&to=1')
  t.match(diff.json(), { from: { number: 2 }, to: { number: 1 }, changes: [{ after: 'Leeds' }] })
  t.match(diff.headers['cache-control'], /immutable/)
  t.match((await app.request('/v1/sites/leeds/diff')).json(), { from: { number: 1 }, to: { number: 2 } })
})
