import t from 'tap'
import { clearswift, clearswiftPath, startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'address',
    value: `20.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  }))

async function publish(app: TestApp, id: string, requirements: readonly object[]): Promise<void> {
  const answer = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document`,
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ id, requirements })
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

interface AuditAnswer {
  readonly missing: readonly { readonly value: string }[]
  readonly missingCount: number
  readonly invalid: readonly object[]
  readonly page: { readonly next: string | null }
}

const asking = (app: TestApp) => async (path: string, entries: readonly unknown[]) => {
  const answer = await app.request({ method: 'POST', url: path, payload: { entries } })
  return answer.statusCode === 200 ? answer.json() : answer
}

t.test('nothing is advised to be closed that another catalogue needs', async (t) => {
  const app = await startApp(t)
  const audit = asking(app)
  await publish(app, 'other', [
    requirementInput({
      key: 'web',
      services: [{ transport: 'tcp', ports: [443] }],
      endpoints: [{ kind: 'address', value: '184.72.245.1' }]
    })
  ])
  const [path, value] = [`${clearswiftPath}/audit`, '184.72.245.1']
  const found = await audit(path, [value, { value, port: 'tcp/80' }, '184.72.0.0/16'])
  t.match(found.retired, [
    { value, neededElsewhere: [{ catalogue: 'other', requirement: 'web', status: 'active' }] },
    { value, port: 'tcp/80', detail: 'no longer needed: it may be closed', neededElsewhere: [] },
    { value: '184.72.0.0/16', neededElsewhere: [{ catalogue: 'other' }] }
  ])
  t.notMatch(found.retired[0].detail, /may be closed/)
  const all = await audit('/v1/audit', [value, { value, port: 'tcp/80' }])
  t.match(all, {
    current: [{ value, matches: [{ catalogue: 'other' }, { catalogue: clearswift }, {}] }],
    retired: [{}]
  })
  t.match(await audit(`/v1/audit?catalogue=${clearswift}`, [value]), { retired: [{ neededElsewhere: [{}] }] })
  t.match(await audit('/v1/audit?catalogue=other', [value]), { current: [{}], missingCount: 0 })
  t.equal((await audit('/v1/audit?catalogue=nope', [])).statusCode, 404)
})

t.test('an audit is as large as its entries are many, and not as what they cover', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publish(app, 'big', [requirementInput({ endpoints: many(5000) })])
  const audit = asking(app)
  const path = '/v1/catalogues/big/audit'
  const broad = Array.from({ length: 24 }, (_, index) =>
    index < 12 ? `0.0.0.0/${index % 4}` : { value: '20.0.0.0/8', port: `tcp/1-${60000 + index}` }
  )
  const answer = await audit(path, broad)
  t.ok(JSON.stringify(answer).length < 200_000)
  t.match(answer, { current: [{ matchCount: 5000, matches: { length: 20 } }], missing: [] })
  t.equal(answer.current.length, 4 + 12, 'equal ones stand once')
  t.match(await audit(path, Array(70_000).fill('0.0.0.0/0')), { current: { length: 1 } })
})

t.test('as many entries as the OpenAPI document allows are answered', async (t) => {
  const app = await startApp(t)
  const { components } = (await app.request('/openapi.json')).json()
  const { maxItems } = components.schemas.AuditRequest.properties.entries
  const entries = Array.from({ length: maxItems }, (_, index) => ({
    value: `20.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    port: 'tcp/443'
  }))
  const { unknown } = await asking(app)(`${clearswiftPath}/audit`, entries)
  t.equal(unknown.length, maxItems)
})

t.test('what is missing is told by page, at the revision and instant of the first', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publish(app, 'big', [requirementInput({ endpoints: many(2500) })])
  for (const path of ['/v1/catalogues/big/audit', '/v1/audit']) {
    const payload = { entries: ['20.0.0.0', 'x y'] }
    const seen: string[] = []
    let next: string | null = path
    while (next !== null) {
      const answer = await app.request({ method: 'POST', url: next, payload })
      const { missing, missingCount, invalid, page }: AuditAnswer = answer.json()
      t.match([missingCount, invalid], [2499, [{ index: 1 }]])
      seen.push(...missing.map(({ value }) => value))
      next = page.next
    }
    t.equal(new Set(seen).size, 2499)
    t.equal(seen.length, 2499)
    const first = (await app.request({ method: 'POST', url: `${path}?limit=3`, payload })).json()
    t.equal(first.missing.length, 3)
    const other = { method: 'POST', url: first.page.next, payload: { entries: ['20.0.0.1'] } } as const
    t.equal((await app.request(other)).json().code, 'cursor_mismatch', 'a cursor belongs to its entries')
  }
})

t.test('a firewall by names alone is green, and filters say what counts', async (t) => {
  const app = await startApp(t)
  const audit = asking(app)
  const { items } = (await app.request(`${clearswiftPath}/endpoints?limit=1000`)).json()
  const values = (kind: string) =>
    items.filter((row: { kind: string }) => row.kind === kind).map(({ value }: { value: string }) => value)
  const path = `${clearswiftPath}/audit`
  const byNames = await audit(path, values('host'))
  t.match(byNames, { missing: [], missingCount: 0 })
  t.ok(byNames.coveredCount > 10)
  t.ok((await audit(`${path}?by=addresses`, values('host'))).missingCount > 10)
  t.match(await audit(`${path}?kind=host`, values('host')), { missing: [], covered: [], unknown: [] })
  t.match(await audit(`${path}?scope=internal&kind=address`, ['repo.clearswift.net']), { unknown: [{}], missing: [] })
  t.equal((await audit(`${path}?by=luck`, [])).json().code, 'invalid_parameter')
})

t.test('lines of our own lists are read', async (t) => {
  const app = await startApp(t)
  for (const format of [
    'edl-ip',
    'edl-url',
    'plain-host',
    'plain-ip',
    'squid?part=dstdomain',
    'checkpoint-feed',
    'cisco-ip'
  ]) {
    const [name, query = ''] = format.split('?')
    const { body } = await app.request(`${clearswiftPath}/exports/${name}?slice=all&${query}`)
    const { invalid, current, retiring } = await asking(app)(`${clearswiftPath}/audit`, body.trimEnd().split('\n'))
    t.same(invalid, [], format)
    t.ok(current.length + retiring.length > 3, format)
  }
})

t.test('GraphQL answers the same', async (t) => {
  const app = await startApp(t)
  const entries = ['184.72.245.1', '9.9.9.9-9.9.9.10', 'permit ip any any', 'rss.clearswift.net']
  const query = `query ($entries: [AuditEntry!]!) { audit(catalogues: ["${clearswift}"], entries: $entries, by: names, first: 2, filter: {kind: [host, address]}) {
    retired { value detail matchCount neededElsewhere { catalogue } } unknown { value } invalid { index entry detail }
    missing { value requirementCount } missingCount covered { value } coveredCount cursor } }`
  const variables = { entries: entries.map((value) => ({ value })) }
  const { data } = (await app.request({ method: 'POST', url: '/graphql', payload: { query, variables } })).json()
  const rest = await asking(app)(`/v1/audit?catalogue=${clearswift}&by=names&limit=2&kind=host&kind=address`, entries)
  t.match(data.audit, {
    unknown: [{ value: '9.9.9.9-9.9.9.10' }],
    invalid: rest.invalid,
    missingCount: rest.missingCount,
    coveredCount: rest.coveredCount,
    cursor: /./
  })
  t.same(
    data.audit.missing.map(({ value }: { value: string }) => value),
    rest.missing.map(({ value }: { value: string }) => value)
  )
  t.match(data.audit.retired, [{ value: '184.72.245.1', neededElsewhere: [] }])
})
