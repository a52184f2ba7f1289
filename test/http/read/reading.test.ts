import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

interface Listed {
  readonly key: string
  readonly endpoints: readonly { readonly kind: string; readonly value: string; readonly status: string }[]
}

t.test('filters on requirements: any of one name, all of several names', async (t) => {
  const { request } = await startApp(t)
  const keys = async (query: string) =>
    (await request(`${clearswiftPath}/requirements?limit=100&${query}`)).json().items.map(({ key }: Listed) => key)
  t.equal((await keys('')).length, 20)
  t.strictSame(await keys('requirement=rss-feed&requirement=dns'), ['dns', 'rss-feed'], "in the author's order")
  t.equal((await keys('scope=internal')).length, 10)
  t.strictSame(await keys('direction=both'), ['dns', 'management-ui'])
  t.ok((await keys('direction=inbound')).includes('management-ui'))
  t.strictSame(await keys('transport=udp'), ['dns', 'ntp-server', 'pmm-directory-auth-udp', 'snmp-alerts'])
  t.strictSame(await keys('port=636'), ['directory-access'])
  t.strictSame(await keys('port=53&transport=tcp'), ['dns'])
  t.strictSame(await keys('port=123&transport=tcp'), [], 'port and transport are those of one service')
  t.strictSame(await keys('tag=antivirus&scope=external&port=80'), ['kaspersky-av-updates', 'sophos-av-updates'])
  t.strictSame(await keys('family=ipv6'), [])
  t.ok((await keys('status=all')).includes('dns'), 'nothing was left out of it')
  t.notOk((await keys('kind=address')).includes('dns'))
})

t.test('filters on endpoints prune, and drop what is left with none', async (t) => {
  const { request } = await startApp(t)
  const view = async (query: string): Promise<readonly Listed[]> =>
    (await request(`${clearswiftPath}?effectiveAt=2018-11-01T00:00:00Z&${query}`)).json().requirements
  t.ok((await view('kind=feed')).every(({ endpoints }) => endpoints.every(({ kind }) => kind === 'feed')))
  t.equal((await view('kind=feed')).length, 1)
  t.equal((await view('status=retiring')).flatMap(({ endpoints }) => endpoints).length, 12)
  t.ok((await view('status=active')).flatMap(({ endpoints }) => endpoints).every(({ status }) => status === 'active'))
  t.equal((await view('')).length, 20, 'the default never drops a requirement')
})

t.test('unknown parameters and values are refused, each by name', async (t) => {
  const { request } = await startApp(t)
  for (const [path, code] of [
    ['?statis=active', 'unknown_parameter'],
    ['?status=living', 'invalid_parameter'],
    ['?port=0', 'invalid_parameter'],
    ['?port=http', 'invalid_parameter'],
    ['?limit=5', 'unknown_parameter'],
    ['/requirements?limit=0', 'invalid_parameter'],
    ['/requirements?limit=x', 'invalid_parameter'],
    ['/requirements?cursor=x', 'cursor_invalid'],
    ['/document?effectiveAt=2018-11-22T00:00:00Z', 'unknown_parameter'],
    ['/endpoints?format=xml', 'invalid_parameter'],
    ['?externalId=4711', 'invalid_parameter']
  ] as const) {
    const answer = await request(`${clearswiftPath}${path}`)
    t.match([answer.statusCode, answer.json().code], [400, code], path)
  }
})

t.test('a page run sees one revision and one instant while others publish', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const key = await app.key('catalogue:publish', 'catalogue:override')
  const requirements = Array.from({ length: 25 }, (_, index) =>
    requirementInput({ key: `r${String(index).padStart(2, '0')}`, endpoints: addresses(2, index * 2) })
  )
  const put = async (document: object, headers: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: '/v1/catalogues/product-1/document?override=unannounced_removal&reason=x',
      headers: { 'content-type': 'application/json', ...key, ...headers },
      payload: JSON.stringify(document)
    })
  await put(documentInput({ requirements }), { 'if-none-match': '*' })
  const keys: string[] = []
  let url: string | null = '/v1/catalogues/product-1/requirements?limit=10'
  let pages = 0
  while (url !== null) {
    const answer = await app.request(url.replace(/^https?:\/\/[^/]+/, ''))
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['portolan-revision'], '1', 'the revision at which the run began')
    const { items, page }: { items: Listed[]; page: { next: string | null; cursor: string | null } } = answer.json()
    keys.push(...items.map((item) => item.key))
    t.equal(page.next === null, page.cursor === null)
    if (page.next !== null) t.ok(String(answer.headers.link).includes(`<${page.next}>; rel="next"`))
    url = page.next
    pages += 1
    const head = await app.request('/v1/catalogues/product-1/document')
    t.equal(
      (
        await put(documentInput({ title: `Title ${pages}`, requirements: requirements.slice(pages) }), {
          'if-match': String(head.headers.etag)
        })
      ).statusCode,
      201
    )
    app.clock.now += 60_000
  }
  t.strictSame(
    keys,
    requirements.map((requirement) => requirement.key)
  )
  t.equal(pages, 3)
  const first = (await app.request('/v1/catalogues/product-1/requirements?limit=2')).json().page.cursor
  const mismatch = await app.request(`/v1/catalogues/product-1/requirements?limit=2&scope=internal&cursor=${first}`)
  t.match([mismatch.statusCode, mismatch.json().code], [400, 'cursor_mismatch'])
  t.equal(
    (await app.request(`/v1/catalogues/product-1/requirements?limit=5&cursor=${first}`)).json().items.length,
    5,
    'another limit is fine'
  )
  t.equal(
    (await app.request('/v1/catalogues/product-1/requirements?limit=5000')).statusCode,
    200,
    'a larger one is coerced'
  )
})

t.test('a made-up cursor asks for nothing that the store could not answer', async (t) => {
  const { request } = await startApp(t)
  const { cursor } = (await request(`${clearswiftPath}/requirements?limit=2`)).json().page
  const [version, query, , ...rest]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  const forged = Buffer.from(JSON.stringify([version, query, 2 ** 40, ...rest])).toString('base64url')
  const answer = await request(`${clearswiftPath}/requirements?limit=2&cursor=${forged}`)
  t.match([answer.statusCode, answer.json().code], [422, 'unknown_revision'])
})

t.test(
  'flat rows are one for each requirement, service, port range and endpoint if any, in three notations',
  async (t) => {
    const { request } = await startApp(t)
    const { requirements } = (await request(clearswiftPath)).json()
    const expected = requirements.reduce(
      (sum: number, { services, endpoints }: { services: { ports?: unknown[] }[]; endpoints: unknown[] }) =>
        sum + Math.max(1, endpoints.length) * services.reduce((ranges, { ports }) => ranges + (ports?.length ?? 1), 0),
      0
    )
    const csv = await request({ url: `${clearswiftPath}/endpoints`, headers: { accept: 'text/csv' } })
    t.match(csv.headers['content-type'], /^text\/csv/)
    const lines = csv.body.split('\r\n')
    t.equal(lines.length, expected + 2)
    t.match(lines[0], /^requirement,title,scope,direction,/)
    const ndjson = await request(`${clearswiftPath}/endpoints?format=ndjson`)
    t.match(ndjson.headers['content-type'], /^application\/x-ndjson/)
    const rows = ndjson.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.equal(rows.length, expected)
    t.strictSame(
      rows
        .filter(({ kind }) => kind === undefined)
        .map(({ requirement, transport, portFrom, status }) => [requirement, transport, portFrom, status]),
      [
        ['dns', 'tcp', 53, undefined],
        ['dns', 'udp', 53, undefined],
        ['kaspersky-ksn-lookup', 'tcp', 443, undefined]
      ]
    )
    t.match(
      rows.find(({ requirement }) => requirement === 'kaspersky-ksn-lookup'),
      {
        necessity: 'conditional',
        condition: /./,
        requirementRemarks: /./,
        tlsInspection: 'forbidden',
        tags: ['antivirus'],
        inferred: ['condition', 'necessity']
      }
    )
    t.match(
      rows.find(({ kind }) => kind !== undefined),
      {
        requirement: 'appliance-online-help',
        transport: 'tcp',
        portFrom: 80,
        portTo: 80,
        kind: 'host',
        value: 'apphelp.clearswift.com',
        status: 'active'
      }
    )
    const json = (await request(`${clearswiftPath}/endpoints?limit=1000`)).json()
    t.strictSame(json.items, rows)
    t.equal((await request(`${clearswiftPath}/endpoints`)).json().items.length, Math.min(50, expected))
    t.equal((await request(`${clearswiftPath}/endpoints?format=csv&limit=3`)).body.split('\r\n').length, 5)
  }
)

t.test('one requirement can be read, and what is not there is 404', async (t) => {
  const { request } = await startApp(t)
  t.match((await request(`${clearswiftPath}/requirements/dns`)).json(), {
    key: 'dns',
    direction: 'both',
    endpoints: []
  })
  for (const url of [
    `${clearswiftPath}/requirements/nothing`,
    '/v1/catalogues/nothing',
    '/v1/catalogues/nothing/diff',
    `${clearswiftPath}/revisions/9`,
    '/v1/nothing',
    '/nothing',
    '/v1/catalogues/No_Such',
    `${clearswiftPath}/revisions/first`,
    '/v1/catalogues/%ZZ',
    `/v1/catalogues/${'x'.repeat(400)}`
  ]) {
    const answer = await request(url)
    t.match(
      [answer.statusCode, answer.headers['content-type'], answer.json()],
      [404, /^application\/problem\+json/, { code: 'not_found', type: '/problems/not_found', instance: /^urn:uuid:/ }],
      url
    )
  }
})

t.test('a method that a path does not have is 405, and says which it has', async (t) => {
  const { request } = await startApp(t)
  for (const [method, url, allow] of [
    ['POST', clearswiftPath, 'GET, HEAD, OPTIONS'],
    ['DELETE', `${clearswiftPath}/document`, /GET.*PUT|PUT.*GET/],
    ['GET', `${clearswiftPath}/audit`, 'POST, OPTIONS'],
    ['PATCH', '/v1/catalogues', 'GET, HEAD, OPTIONS']
  ] as const) {
    const answer = await request({ method, url })
    t.match(
      [answer.statusCode, answer.headers.allow, answer.json().code],
      [405, allow, 'method_not_allowed'],
      `${method} ${url}`
    )
  }
  const options = await request({ method: 'OPTIONS', url: clearswiftPath })
  t.match([options.statusCode, options.headers.allow], [204, 'GET, HEAD, OPTIONS'])
})

t.test('a method that no path has is 405 at those that there are, too', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  for (const [method, path, allow] of [
    ['PROPFIND', '/v1/catalogues', 'GET, HEAD, OPTIONS'],
    ['LOCK', `${clearswiftPath}/audit?x=1`, 'POST, OPTIONS']
  ] as const) {
    const answer = await fetch(address + path, { method })
    t.match([answer.status, answer.headers.get('allow')], [405, allow], method)
    t.match(await answer.json(), { code: 'method_not_allowed' })
  }
  t.equal((await fetch(`${address}/v1/nothing`, { method: 'PROPFIND' })).status, 404)
})

t.test('a service that is not ready answers 503, never an empty list', async (t) => {
  const { request } = await startApp(t, { isReady: false })
  for (const url of ['/v1/catalogues', clearswiftPath, '/v1/events', '/health/ready']) {
    const answer = await request(url)
    t.match([answer.statusCode, answer.json().code, answer.headers['retry-after']], [503, 'not_ready', '1'], url)
  }
  t.equal((await request('/health/live')).statusCode, 200)
})

t.test('components and tags of endpoints select on every read, and are answered', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const host = (value: string, tag: string) => ({ kind: 'host', value, tags: [tag] })
  const components = [
    { key: 'server', title: 'Server' },
    { key: 'agent', title: 'Agent' }
  ]
  const requirements = [
    requirementInput({ component: 'server', endpoints: [host('a.example.com', 'eu'), host('b.example.com', 'us')] }),
    requirementInput({ key: 'mail', component: 'agent', endpoints: [host('c.example.com', 'eu')] })
  ]
  const published = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ components, requirements })
  })
  t.equal(published.statusCode, 201, published.body)
  const path = '/v1/catalogues/product-1'
  const names = async (read: string) => {
    const { statusCode, body } = await app.request(`${path}${read}`)
    t.equal(statusCode, 200, body)
    return ['a', 'b', 'c'].filter((name) => body.includes(`${name}.example.com`)).join('')
  }
  for (const read of ['', '/requirements', '/endpoints', '/exports/edl-url', '/exports/csv']) {
    t.equal(await names(`${read}?component=server`), 'ab', read)
    t.equal(await names(`${read}?endpointTag=eu`), 'ac', read)
    t.equal(await names(`${read}?endpointTag=eu&endpointTag=us&component=agent`), 'c', read)
  }
  const delta = await app.request('/v1/delta?component=server&endpointTag=us')
  const data = delta.json().items.map((item: { readonly data: object }) => item.data)
  t.match(data, [{ components }, { component: 'server' }, { tags: ['us'] }])
  const view = (await app.request(path)).json()
  t.strictSame(view.components, components)
  t.strictSame(view.requirements[0].endpoints[0].tags, ['eu'])
})
