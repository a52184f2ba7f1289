import t from 'tap'
import { clearswift, clearswiftPath, startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

t.test('an address is found with its lifetimes and the revisions that bound it', async (t) => {
  const { request } = await startApp(t)
  const find = async (value: string, query = '') =>
    (await request(`/v1/lookup?value=${encodeURIComponent(value)}${query}`)).json().items
  t.match(await find('184.72.245.1'), [
    {
      catalogue: clearswift,
      requirement: { key: 'kaspersky-av-updates' },
      endpoint: { value: '184.72.245.1', until: '2018-11-22T00:00:00Z' },
      match: 'exact',
      status: 'retired',
      addedIn: { number: 1 }
    },
    { requirement: { key: 'sophos-av-updates' }, status: 'retired' }
  ])
  t.match(await find('184.72.245.1', '&effectiveAt=2018-11-01T00:00:00Z'), [
    { status: 'retiring' },
    { status: 'retiring' }
  ])
  t.match(await find('184.72.245.1', '&asOf=2018-09-15T00:00:00Z'), [{ status: 'active' }, { status: 'active' }])
  t.match(await find('185.155.104.24'), [{ addedIn: { number: 2 } }, { addedIn: { number: 2 } }])
  t.equal((await find('184.72.0.0/16')).length, 2, 'what lies within a CIDR')
  t.match((await find('REPO.clearswift.net.'))[0], { endpoint: { value: 'repo.clearswift.net' }, match: 'exact' })
  t.ok((await find('*.clearswift.net')).length > 8)
  t.strictSame(await find('8.8.4.4'), [])
  for (const value of [
    '443',
    '10.1',
    'tcp/70000',
    'tcp/x',
    '',
    'a b',
    '010.0.0.1',
    '10.0.0.1/24',
    'http://x.example'
  ]) {
    t.equal((await request(`/v1/lookup?value=${encodeURIComponent(value)}`)).json().code, 'invalid_parameter', value)
  }
  t.equal((await request('/v1/lookup')).json().code, 'missing_parameter')
})

t.test('ports and flows are found, and what has no address is marked', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const key = await app.key('catalogue:publish')
  const endpoints = [
    { kind: 'address', value: '20.0.0.0/24' },
    { kind: 'host', value: '*.example.net' },
    { kind: 'role', value: 'backup-server', title: 'Backup server' },
    { kind: 'feed', value: 'ranges', url: 'https://ranges.example/list.json' },
    { kind: 'any' }
  ]
  const requirements = [
    requirementInput({ key: 'range', services: [{ transport: 'tcp', ports: ['8000-8100'] }], endpoints }),
    requirementInput({ key: 'bare', services: [{ transport: 'tcp', ports: [8050] }], endpoints: [] })
  ]
  await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...key },
    payload: JSON.stringify(documentInput({ requirements }))
  })
  const matches = async (value: string) =>
    (await app.request(`/v1/lookup?value=${encodeURIComponent(value)}`))
      .json()
      .items.map(
        ({
          requirement,
          endpoint,
          match
        }: {
          requirement: { key: string }
          endpoint?: { kind: string }
          match?: string
        }) => `${requirement.key} ${endpoint?.kind} ${match}`
      )
  t.strictSame((await matches('tcp/8050')).sort(), [
    'bare undefined undefined',
    'range address undefined',
    'range any any',
    'range feed feed',
    'range host undefined',
    'range role role'
  ])
  t.strictSame(await matches('udp/8050'), [])
  t.strictSame((await matches('tcp/20.0.0.7/8050')).sort(), [
    'range address covers',
    'range any any',
    'range feed feed',
    'range role role'
  ])
  t.strictSame((await matches('tcp/a.b.example.net/8050')).sort(), [
    'range any any',
    'range feed feed',
    'range host covers',
    'range role role'
  ])
  t.strictSame(await matches('tcp/20.0.0.7/443'), [])
  t.strictSame(await matches('20.0.0.7'), ['range address covers'])
  t.strictSame(await matches('20.0.0.0/16'), ['range address within'])
  t.strictSame(await matches('www.example.net'), ['range host covers'])
  t.strictSame(await matches('example.net'), [], 'a wildcard does not mean the apex')
})

t.test('places are told in the order of their status, retired ones with the newest end first', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const value = '9.9.9.10'
  const endpoints = [
    { kind: 'address', value, until: '2015-01-01' },
    { kind: 'address', value, from: '2016-01-01', until: '2017-01-01' },
    { kind: 'address', value, from: '2018-01-01' }
  ]
  const requirements = [
    requirementInput({ key: 'flapping', endpoints }),
    requirementInput({
      key: 'ending',
      services: [{ transport: 'tcp', ports: [443] }],
      endpoints: [
        { kind: 'address', value, until: '2099-01-01' },
        { kind: 'host', value: 'b.example' }
      ]
    }),
    requirementInput({ key: 'coming', endpoints: [{ kind: 'address', value, from: '2098-01-01' }] }),
    requirementInput({ key: 'wide', endpoints: [{ kind: 'address', value: '9.9.9.0/24' }] })
  ]
  await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ requirements })
  })
  const wanted = ['active', 'active', 'retiring', 'planned', 'retired 2017', 'retired 2015']
  for (const query of [value, '9.9.9.8/29', 'tcp/443', `tcp/${value}/443`]) {
    const told: string[] = []
    let next: string | null = `/v1/lookup?limit=2&value=${encodeURIComponent(query)}`
    while (next !== null) {
      const answer = await app.request(next)
      const { items, page }: Page = answer.json()
      for (const { status, endpoint } of items)
        told.push(status === 'retired' ? `retired ${endpoint?.until?.slice(0, 4)}` : status)
      next = page.next
    }
    t.same(told, query === 'tcp/443' ? ['active', ...wanted] : wanted, query)
  }
})

interface Page {
  readonly items: readonly { readonly status: string; readonly endpoint?: { readonly until?: string } }[]
  readonly page: { readonly next: string | null }
}

t.test('a page of a look-up costs what it shows, and not what could be found', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const requirements = Array.from({ length: 300 }, (_, index) =>
    requirementInput({ key: `r-${index}`, endpoints: addresses(10, index * 10) })
  )
  await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ requirements })
  })
  const { store } = app.catalogues
  let rows = 0
  for (const name of ['findEndpointsOf', 'findEndpointsIn', 'findEndpoints'] as const) {
    const method: (...args: never[]) => Promise<object> = store[name]
    Object.assign(store, {
      [name]: async (...args: never[]) => {
        const found = await method.apply(store, args)
        rows += Object(found).rows?.length ?? Object(found).length
        return found
      }
    })
  }
  for (const value of ['tcp/443', '0.0.0.0/0', '20.0.0.0/8', 'tcp/1-65535']) {
    rows = 0
    const answer = await app.request(`/v1/lookup?limit=1&value=${encodeURIComponent(value)}`)
    t.equal(answer.json().items.length, 1)
    t.ok(answer.json().page.next)
    t.ok(rows > 0 && rows <= 1000, `${value} reads ${rows} of 3000 rows`)
  }
})

t.test('ports by range, and types of ICMP', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const endpoints = [{ kind: 'address', value: '9.9.9.9' }]
  await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({
      requirements: [
        requirementInput({ key: 'web', endpoints, services: [{ transport: 'tcp', ports: [80, 8050] }] }),
        requirementInput({ key: 'ping', endpoints, services: [{ transport: 'icmp', icmp: { type: 8 } }] }),
        requirementInput({ key: 'all', endpoints, services: [{ transport: 'any' }] })
      ]
    })
  })
  const keys = async (value: string) =>
    (await app.request(`/v1/lookup?value=${encodeURIComponent(value)}`))
      .json()
      .items.map(({ requirement }: { requirement: { key: string } }) => requirement.key)
  t.same(await keys('tcp/8000-8100'), ['all', 'web'])
  t.same(await keys('tcp/81-90'), ['all'])
  t.same(await keys('icmp/8'), ['all', 'ping'])
  t.same(await keys('icmp/9.9.9.9/0'), ['all'])
})

t.test('an audit says what is needed, what may be closed and what is missing', async (t) => {
  const { request } = await startApp(t)
  const audit = async (entries: unknown, query = '') =>
    request({ method: 'POST', url: `${clearswiftPath}/audit${query}`, payload: { entries } })
  const found = (
    await audit([
      '184.72.245.1',
      'repo.clearswift.net',
      { value: '46.51.174.180', port: 'tcp/80' },
      { value: '46.51.174.180', port: 'tcp/443' },
      '8.8.4.4',
      '185.155.104.24'
    ])
  ).json()
  const values = (list: { value: string }[]) => list.map(({ value }) => value)
  t.strictSame(values(found.retired), ['184.72.245.1'])
  t.strictSame(values(found.current), ['repo.clearswift.net', '46.51.174.180', '185.155.104.24'])
  t.strictSame(values(found.unknown), ['46.51.174.180', '8.8.4.4'])
  t.ok(found.missing.some(({ value }: { value: string }) => value === '70.33.161.213'))
  t.notOk(found.missing.some(({ value }: { value: string }) => value === '46.51.174.180'))
  t.match(
    found.missing.find(({ value }: { value: string }) => value === '70.33.161.213'),
    {
      kind: 'address',
      status: 'active',
      requirements: [{ requirement: 'kaspersky-av-updates' }, { requirement: 'sophos-av-updates' }]
    },
    'a value that several requirements lack stands once'
  )
  const earlier = (await audit(['184.72.245.1', '70.33.161.213'], '?effectiveAt=2018-11-01T00:00:00Z')).json()
  t.strictSame([values(earlier.retiring), values(earlier.current)], [['184.72.245.1'], ['70.33.161.213']])
  const ports = (
    await audit([
      { value: '184.72.245.1', port: 'tcp/80' },
      { value: '184.72.245.1', port: 'tcp/443' }
    ])
  ).json()
  t.strictSame(
    [ports.retired.map(({ port }: { port: string }) => port), ports.unknown.map(({ port }: { port: string }) => port)],
    [['tcp/80'], ['tcp/443']],
    'each entry stands in one list'
  )
  t.strictSame(values((await audit(['70.33.161.213'], '?effectiveAt=2018-09-15T00:00:00Z')).json().planned), [
    '70.33.161.213'
  ])
  const bad = await audit(['10.1', { value: '10.0.0.1', port: '80' }, 'repo.clearswift.net'])
  t.match(
    [bad.statusCode, bad.json()],
    [
      200,
      {
        invalid: [
          { index: 0, entry: '10.1' },
          { index: 1, entry: '10.0.0.1 80' }
        ],
        current: { length: 1 }
      }
    ]
  )
  for (const payload of [{}, { entries: [1] }, { entries: [], more: 1 }, { entries: [{ value: 'x', prt: 'tcp/1' }] }]) {
    t.equal(
      (await request({ method: 'POST', url: `${clearswiftPath}/audit`, payload })).json().code,
      'invalid_body',
      JSON.stringify(payload)
    )
  }
})

t.test('what an earlier revision named and a later one dropped is retired, not unknown', async (t) => {
  const app = await startApp(t)
  const key = await app.key('catalogue:publish', 'catalogue:override')
  const headers = { ...key, 'if-match': String((await app.request(`${clearswiftPath}/document`)).headers.etag) }
  const restored = await app.request({
    method: 'POST',
    url: `${clearswiftPath}/revisions/1/restore?reason=back&override=unannounced_removal`,
    headers
  })
  t.equal(restored.statusCode, 201)
  const audit = (
    await app.request({
      method: 'POST',
      url: `${clearswiftPath}/audit`,
      payload: { entries: ['185.155.104.24', '1.1.1.1'] }
    })
  ).json()
  t.match([audit.retired, audit.unknown], [[{ value: '185.155.104.24' }], [{ value: '1.1.1.1' }]])
  t.match((await app.request('/v1/lookup?value=185.155.104.24')).json().items, [
    { status: 'retired', addedIn: { number: 2 }, removedIn: { number: 3 } },
    { removedIn: { number: 3 } }
  ])
})
