import t from 'tap'
import { clearswift, startApp, type TestApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

interface Hit {
  readonly type: string
  readonly catalogue: string
  readonly requirement?: string
  readonly endpoint?: { readonly value?: string; readonly status: string }
  readonly fields: readonly string[]
}

const searching =
  (app: TestApp) =>
  async (q: string, query = ''): Promise<readonly Hit[]> => {
    const answer = await app.request(`/v1/search?limit=1000&q=${encodeURIComponent(q)}${query}`)
    if (answer.statusCode !== 200) throw new Error(answer.body)
    return answer.json().items
  }

const values = (hits: readonly Hit[]) => hits.flatMap(({ endpoint }) => endpoint?.value ?? []).sort()

async function publish(app: TestApp, id: string, requirements: readonly object[], rest: object = {}): Promise<void> {
  const answer = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document`,
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ id, requirements, ...rest })
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

t.test('a name finds what lies under it, and an address what covers it', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const find = searching(app)
  const host = (value: string) => ({ kind: 'host', value })
  await publish(app, 'product-1', [
    requirementInput({
      endpoints: [
        ...[host('example.net'), host('a.example.net'), host('*.b.example.net'), host('badexample.net')],
        ...[host('example.net.evil.example'), host('*.wild.example')],
        { kind: 'address', value: '9.9.9.0/24' },
        { kind: 'address', value: '9.9.9.9', remarks: 'The resolver of Example.net' },
        { kind: 'address', value: '99.9.9.9' },
        { kind: 'role', value: 'backup', title: 'Backup server' }
      ]
    })
  ])
  t.same(values(await find('example.net')), ['*.b.example.net', '9.9.9.9', 'a.example.net', 'example.net'])
  t.same(values(await find('EXAMPLE.net resolver')), ['9.9.9.9'], 'all words have to be found in one')
  t.same(values(await find('x.wild.example')), ['*.wild.example'])
  t.same(values(await find('example')).length, 7, 'a part of a name')
  t.same(values(await find('9.9.9.9')), ['9.9.9.0/24', '9.9.9.9'])
  t.same(values(await find('9.9.0.0/16')), ['9.9.9.0/24', '9.9.9.9'])
  t.same(values(await find('99.9.')), ['99.9.9.9'])
  t.match(await find('backup server'), [
    { type: 'endpoint', endpoint: { value: 'backup' }, fields: ['title', 'value'] }
  ])
  t.same(await find('100%'), [])
  t.same(await find('nothing_has_this'), [])
})

t.test('catalogues, requirements and endpoints are found by their texts', async (t) => {
  const app = await startApp(t)
  const find = searching(app)
  const under = await find('clearswift.net')
  t.ok(values(under).filter((value) => value.endsWith('.clearswift.net')).length >= 14)
  t.match(await find('Exchange gateway 4.8'), [
    { type: 'catalogue', catalogue: clearswift, fields: ['aliases', 'id', 'product', 'title', 'version'] }
  ])
  t.match(await find('SECURE Email Gateway'), [{ type: 'catalogue', fields: ['aliases', 'id', 'product', 'title'] }])
  t.match(await find('kaspersky-av'), [{ type: 'requirement', requirement: 'kaspersky-av-updates' }])
  t.ok((await find('antivirus')).some(({ fields }) => fields.includes('tags')))
  const [retired] = (await find('184.72.245.1')).filter(({ type }) => type === 'endpoint')
  t.equal(retired?.endpoint?.status, 'retired')
  t.match(await find('184.72.245.1', '&effectiveAt=2018-11-01T00:00:00Z'), [{ endpoint: { status: 'retiring' } }, {}])
  t.match(await find('185.155.104.24', '&asOf=2018-09-15T00:00:00Z'), { length: 0 })
  t.same(await find('clearswift', '&asOf=2010-01-01T00:00:00Z'), [])
})

t.test('what is found comes by page', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publish(app, 'product-1', [requirementInput({ key: 'twenty', title: '20.', endpoints: addresses(1200) })])
  for (const q of ['20.', '20.0.0.0/8']) {
    const seen: string[] = []
    let next: string | null = `/v1/search?limit=500&q=${encodeURIComponent(q)}`
    while (next !== null) {
      const answer = await app.request(next)
      const { items, page }: { items: readonly Hit[]; page: { next: string | null } } = answer.json()
      seen.push(...items.map((item) => JSON.stringify(item)))
      next = page.next
    }
    t.equal(seen.length, q === '20.' ? 1201 : 1200)
    t.equal(new Set(seen).size, seen.length)
  }
})

t.test('what cannot be searched for is refused', async (t) => {
  const { request } = await startApp(t)
  for (const q of ['', ' ', 'a b c d e f g h i j k', 'x'.repeat(301)])
    t.equal((await request(`/v1/search?q=${encodeURIComponent(q)}`)).json().code, 'invalid_parameter', q)
  t.equal((await request('/v1/search')).json().code, 'missing_parameter')
})
