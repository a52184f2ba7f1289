import t from 'tap'
import { catalogueFile, clearswift, clearswiftPath, startApp, type TestApp } from '../support/app.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'

const url = '/v1/catalogues/product-1/document'

async function publisher(app: TestApp, ...scopes: ('catalogue:publish' | 'catalogue:override')[]) {
  const key = await app.key('catalogue:publish', ...scopes)
  return {
    put: (document: object, headers: Record<string, string>, query = '') =>
      app.request({
        method: 'PUT',
        url: `${url}${query}`,
        headers: { 'content-type': 'application/json', ...key, ...headers },
        payload: JSON.stringify(document)
      }),
    async tag(path = url) {
      return String((await app.request(path)).headers.etag)
    },
    key
  }
}

t.test('a new catalogue is created once, is in the log and can be read at once', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag } = await publisher(app)
  const created = await put(documentInput(), { 'if-none-match': '*' })
  t.equal(created.statusCode, 201)
  t.match(created.headers.location, /\/v1\/catalogues\/product-1\/revisions\/1$/)
  t.match(created.json(), {
    number: 1,
    label: '1',
    counts: { added: 2, removed: 0, changed: 0 },
    changes: [
      { op: 'added', requirement: 'updates' },
      { op: 'added', endpoint: { kind: 'host' }, impact: 'opens' }
    ]
  })
  t.equal(created.headers.etag, await tag())
  t.match((await app.request('/v1/events')).json().items, [
    { seq: 1, prevSeq: 0, type: 'catalogue.created', catalogue: 'product-1', counts: { added: 2 } }
  ])

  const other = await put(documentInput({ title: 'Another' }), { 'if-none-match': '*' })
  t.equal(other.statusCode, 412)
  t.equal(other.json().code, 'precondition_failed')
})

t.test('a change needs the tag of the head, of any representation', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put } = await publisher(app)
  await put(documentInput(), { 'if-none-match': '*' })
  let title = 0
  for (const headers of [
    {},
    { accept: 'application/yaml' },
    { 'accept-encoding': 'gzip' },
    { accept: 'application/yaml', 'accept-encoding': 'gzip' },
    // A proxy that compresses makes tags weak; they name the content all the same.
    { accept: 'text/yaml', 'x-proxy': 'nginx' }
  ]) {
    const strong = String((await app.request({ url, headers })).headers.etag)
    const etag = 'x-proxy' in headers ? `W/${strong}` : strong
    title += 1
    const changed = await put(documentInput({ title: `Title ${title}` }), { 'if-match': String(etag) })
    t.equal(changed.statusCode, 201, JSON.stringify(headers))
    t.match(changed.json(), {
      number: title + 1,
      counts: { added: 0, removed: 0, changed: 0 },
      changes: [{ op: 'changed', pointer: '/title', impact: 'informs' }]
    })
  }
  const stale = `W/"${app.catalogues.store.epoch}"`
  t.equal((await put(documentInput({ title: 'y' }), { 'if-match': stale })).statusCode, 412)
  t.equal((await put(documentInput({ title: 'x' }), {})).statusCode, 428)
  t.equal((await put(documentInput({ title: 'x' }), { 'if-match': 'W/"1-weak"' })).statusCode, 412)
  t.equal((await put(documentInput({ title: 'x' }), { 'if-match': '*' })).statusCode, 201)
})

t.test('YAML is known by each of its names, and by format=', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put } = await publisher(app)
  await put(documentInput(), { 'if-none-match': '*' })
  const yaml = await app.request({ url, headers: { accept: 'application/yaml' } })
  t.match(yaml.headers['content-type'], /^application\/yaml/)
  for (const type of ['text/yaml', 'application/x-yaml', 'text/x-yaml']) {
    t.equal((await app.request({ url, headers: { accept: type } })).body, yaml.body, type)
    const headers = {
      ...(await app.key('catalogue:publish')),
      'content-type': `${type}; charset=utf-8`,
      'if-match': '*'
    }
    t.equal((await app.request({ method: 'PUT', url, headers, payload: yaml.body })).statusCode, 200, type)
  }
  t.equal((await app.request(`${url}?format=yaml`)).body, yaml.body)
  t.match((await app.request({ url: `${url}?format=json`, headers: { accept: 'text/yaml' } })).json(), { id: /./ })
  t.equal((await app.request(`${url}?format=xml`)).statusCode, 400)
})

t.test('a stale tag is answered with what changed meanwhile', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag } = await publisher(app)
  await put(documentInput(), { 'if-none-match': '*' })
  const old = await tag()
  await put(
    documentInput({
      requirements: [
        requirementInput({
          endpoints: [
            { kind: 'host', value: 'updates.example.net' },
            { kind: 'host', value: 'new.example.net' }
          ]
        })
      ]
    }),
    { 'if-match': old }
  )
  const stale = await put(documentInput({ title: 'Mine' }), { 'if-match': old })
  t.equal(stale.statusCode, 412)
  t.match(stale.json(), {
    code: 'precondition_failed',
    head: { number: 2 },
    diff: { from: 1, to: 2, changes: [{ op: 'added', endpoint: { value: 'new.example.net' } }] }
  })
})

t.test('content equal to the head answers 200 whatever the tag says, so that a retry is safe', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag } = await publisher(app)
  await put(documentInput(), { 'if-none-match': '*' })
  for (const headers of [{ 'if-none-match': '*' }, { 'if-match': '"stale"' }, { 'if-match': await tag() }]) {
    const equal = await put({ ...documentInput(), timeZone: 'UTC', aliases: [] }, headers)
    t.equal(equal.statusCode, 200)
    t.equal(equal.headers.etag, await tag())
  }
  t.equal((await app.request('/v1/events')).json().items.length, 1)
})

t.test('refusals come in the order of the contract', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag, key } = await publisher(app)
  await put(documentInput({ requirements: [requirementInput({ endpoints: addresses(2) })] }), { 'if-none-match': '*' })
  const faulty = { ...documentInput(), title: '' }
  const gutted = documentInput({ requirements: [requirementInput({ endpoints: [] })] })
  const code = async (answer: Promise<{ statusCode: number; json(): { code?: string } }>) => {
    const { statusCode, json } = await answer
    return `${statusCode} ${json().code}`
  }
  const raw = (headers: Record<string, string>, payload: string) =>
    app.request({ method: 'PUT', url, headers: { 'content-type': 'application/json', ...headers }, payload })
  t.equal(await code(raw({}, '{')), '401 unauthorized')
  t.equal(await code(raw(await app.key('catalogue:read'), '{')), '403 insufficient_scope')
  t.equal(await code(raw(key, '{')), '400 malformed_body')
  t.equal(await code(raw({ ...key, 'content-type': 'text/plain' }, '{')), '415 unsupported_media_type')
  t.equal(await code(put(faulty, {})), '428 precondition_required')
  t.equal(await code(put(faulty, { 'if-match': '"stale"' })), '412 precondition_failed')
  t.equal(await code(put(faulty, { 'if-match': await tag() })), '422 invalid_document')
  const lines = JSON.stringify(faulty, null, 1).split('\n')
  const { line, column } = (await raw({ ...key, 'if-match': await tag() }, lines.join('\n'))).json().errors[0]
  t.match(lines[line - 1]?.slice(column - 1), /^"",?$/, 'a fault has its line and column in what was sent')
  t.equal(await code(put(gutted, { 'if-match': await tag() })), '409 guard_rail')
  t.equal((await app.request('/v1/catalogues/product-1/revisions')).json().items.length, 1)
})

t.test('a guard rail lets through what is meant, with a reason that is kept', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const plain = await publisher(app)
  const mighty = await publisher(app, 'catalogue:override')
  await plain.put(documentInput({ requirements: [requirementInput({ endpoints: addresses(20) })] }), {
    'if-none-match': '*'
  })
  const headers = { 'if-match': await plain.tag() }
  const smaller = documentInput({ requirements: [requirementInput({ endpoints: addresses(5) })] })
  const refused = await plain.put(smaller, headers)
  t.equal(refused.statusCode, 409)
  t.strictSame([...new Set(refused.json().findings.map(({ rule }: { rule: string }) => rule))].sort(), [
    'mass_removal',
    'unannounced_removal'
  ])
  const both = '?override=mass_removal&override=unannounced_removal'
  t.equal((await plain.put(smaller, headers, `${both}&reason=moved`)).json().code, 'insufficient_scope')
  t.equal((await mighty.put(smaller, headers, both)).json().code, 'missing_parameter')
  t.equal((await mighty.put(smaller, headers, '?override=mass_removal&reason=moved')).statusCode, 409)
  t.equal((await mighty.put(smaller, headers, '?override=everything&reason=moved')).json().code, 'invalid_parameter')
  const dry = await mighty.put(smaller, headers, `${both}&reason=moved&dryRun=true`)
  t.match([dry.statusCode, dry.json().counts], [200, { removed: 15 }])
  const done = await mighty.put(smaller, headers, `${both}&reason=moved`)
  t.match(
    [done.statusCode, done.json()],
    [201, { number: 2, overrides: ['mass_removal', 'unannounced_removal'], reason: 'moved' }]
  )
  t.match((await app.request('/v1/catalogues/product-1/revisions/2')).json(), {
    reason: 'moved',
    overrides: ['mass_removal', 'unannounced_removal'],
    counts: { removed: 15 }
  })
})

t.test('a dry run answers what would come and writes nothing', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put } = await publisher(app)
  const dry = await put(documentInput(), { 'if-none-match': '*' }, '?dryRun=true')
  t.match([dry.statusCode, dry.json().counts.added], [200, 2])
  t.notOk('location' in dry.headers)
  t.equal((await app.request(url)).statusCode, 404)
  t.strictSame((await app.request('/v1/events')).json().items, [])
  t.equal((await put(documentInput({ title: '' }), { 'if-none-match': '*' }, '?dryRun=true')).statusCode, 422)
})

t.test('a history can be backfilled, forwards only', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag } = await publisher(app)
  const edition = (label: string, publishedAt: string) =>
    documentInput({ edition: { label, summary: label, publishedAt } })
  t.match((await put(edition('1', '2020-01'), { 'if-none-match': '*' })).json(), {
    publishedAt: '2020-01-01T00:00:00Z',
    recordedAt: '2026-11-24T12:00:00Z'
  })
  const earlier = await put(edition('2', '2019-12-31'), { 'if-match': await tag() })
  t.match(
    [earlier.statusCode, earlier.json().errors],
    [422, [{ pointer: '/edition/publishedAt', code: 'published_before_head' }]]
  )
  const future = await put(edition('2', '2027-01-01'), { 'if-match': await tag() })
  t.match(
    [future.statusCode, future.json().errors],
    [422, [{ pointer: '/edition/publishedAt', code: 'published_in_future' }]]
  )
  t.equal((await put(edition('2', '2020-01-01'), { 'if-match': await tag() })).statusCode, 201)
  t.equal(
    (await app.request(`${url.replace('/document', '')}?asOf=2020-01-01T00:00:00Z`)).json().revision.number,
    2,
    'ties go to the highest number'
  )
  t.notMatch((await app.request(url)).json().edition, { publishedAt: String })
})

t.test('an earlier revision can be restored', async (t) => {
  const app = await startApp(t)
  const key = await app.key('catalogue:publish', 'catalogue:override')
  const restore = async (query: string, headers: Record<string, string> = {}) =>
    app.request({
      method: 'POST',
      url: `${clearswiftPath}/revisions/1/restore${query}`,
      headers: {
        ...key,
        'if-match': String((await app.request(`${clearswiftPath}/document`)).headers.etag),
        ...headers
      }
    })
  t.equal((await restore('')).json().code, 'missing_parameter')
  t.equal((await restore('?reason=back', { 'if-match': '"stale"' })).statusCode, 412)
  t.equal((await restore('?reason=back')).json().code, 'guard_rail', 'the four new mirrors would vanish')
  const restored = await restore('?reason=back&override=unannounced_removal')
  t.match(
    [restored.statusCode, restored.json()],
    [201, { number: 3, label: 'pre-2.3', reason: 'back', reconstructed: true }]
  )
  const [now, then] = [
    await app.request(`${clearswiftPath}/document`),
    await app.request(`${clearswiftPath}/document?asOf=1`)
  ]
  t.equal(now.body, then.body)
  const missing = await app.request({
    method: 'POST',
    url: `${clearswiftPath}/revisions/9/restore?reason=x`,
    headers: { ...key, 'if-match': '*' }
  })
  t.equal(missing.statusCode, 404)
})

t.test('YAML is published as JSON is, and both are answered', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const key = await app.key('catalogue:publish')
  const path = `/v1/catalogues/${clearswift}/document`
  const put = (payload: Buffer, headers: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: path,
      headers: { 'content-type': 'application/yaml', ...key, ...headers },
      payload
    })
  t.equal((await put(catalogueFile('1-pre-2.3.yaml'), { 'if-none-match': '*' })).statusCode, 201)
  const { etag } = (await app.request(path)).headers
  const second = await put(catalogueFile('2-2.3.yaml'), { 'if-match': String(etag) })
  t.match([second.statusCode, second.json().counts], [201, { added: 8, removed: 0, changed: 12 }])
  const yaml = await app.request({ url: path, headers: { accept: 'application/yaml' } })
  t.match(yaml.headers['content-type'], /^application\/yaml/)
  t.equal(
    (await put(yaml.rawPayload, { 'if-match': '"stale"' })).statusCode,
    200,
    'what is answered is equal to the head'
  )
})

t.test('a large document is judged in a thread, with the same answers', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { put, tag } = await publisher(app)
  const large = (count: number, fields = {}) =>
    documentInput({ requirements: [requirementInput({ endpoints: addresses(count), remarks: 'x' })], ...fields })
  const created = await put(large(30_000), { 'if-none-match': '*' })
  t.equal(created.statusCode, 201)
  t.equal(created.json().counts.added, 30_001)
  const changed = await put(large(30_003), { 'if-match': await tag() })
  t.match([changed.statusCode, changed.json()], [201, { number: 2, counts: { added: 3, removed: 0, changed: 0 } }])
  t.equal((await put(large(30_003), { 'if-match': '"stale"' })).statusCode, 200)
  t.equal((await put(large(30_003, { title: '' }), { 'if-match': await tag() })).json().code, 'invalid_document')
  t.equal((await put(large(20_000), { 'if-match': await tag() })).json().code, 'guard_rail')
  t.equal((await app.request('/v1/catalogues/product-1/endpoints?format=csv')).body.split('\r\n').length, 30_005)
})
