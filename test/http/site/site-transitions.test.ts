import t from 'tap'
import { clearswift, startApp, type TestApp } from '../../support/app.ts'

const url = '/v1/sites/leeds/document'
const syslog = {
  role: 'syslog-server',
  values: [
    { value: '10.20.1.5', until: '2027-03-01' },
    { value: '10.20.9.5', from: '2027-03-01' }
  ]
}
const overlay = {
  id: 'case-771',
  action: 'add',
  catalogue: clearswift,
  requirement: 'kaspersky-av-updates',
  endpoint: { kind: 'address', value: '203.0.113.9' },
  until: '2027-01-15',
  reason: 'Vendor case 771'
}

async function publish(app: TestApp, fields: object = {}): Promise<number> {
  const { statusCode } = await app.request({
    method: 'PUT',
    url,
    headers: {
      'content-type': 'application/json',
      ...(await app.key('site:publish')),
      ...((await app.request(url)).statusCode === 404 ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: JSON.stringify({
      id: 'leeds',
      title: 'Leeds',
      catalogues: [{ id: clearswift }],
      bindings: [syslog],
      overlays: [overlay],
      ...fields
    })
  })
  return statusCode
}

const told = async (app: TestApp) =>
  (await app.request('/v1/events?site=leeds'))
    .json()
    .items.map(({ type, revision, occurredAt, effectiveAt, counts: { added, removed, changed } }: TestEvent) =>
      [type, revision.number, occurredAt.slice(0, 10), effectiveAt.slice(0, 10), added, removed, changed].join(' ')
    )
interface TestEvent {
  readonly type: string
  readonly revision: { readonly number: number }
  readonly occurredAt: string
  readonly effectiveAt: string
  readonly counts: { readonly added: number; readonly removed: number; readonly changed: number }
  readonly changes: readonly { readonly op: string; readonly endpoint?: { readonly value: string } }[]
}

t.test('bindings and overlays that begin or end are told at their instants, once, with what changes', async (t) => {
  const app = await startApp(t, { now: '2026-12-01T00:00:00Z' })
  t.equal(await publish(app), 201)
  const before = await told(app)
  t.equal(before.length, 1)
  for (const day of ['2027-01-14', '2027-01-15', '2027-03-01', '2027-04-01']) await app.timePasses(`${day}T00:00:00Z`)
  t.same((await told(app)).slice(1), [
    'site.transitioned 1 2027-01-15 2027-01-15 0 1 0',
    'site.transitioned 1 2027-03-01 2027-03-01 0 1 1'
  ])
  const events: readonly TestEvent[] = (await app.request('/v1/events?site=leeds')).json().items
  t.same(
    events.slice(1).map(({ changes }) => changes.map(({ op, endpoint }) => `${op} ${endpoint?.value}`)),
    [['removed 203.0.113.9'], ['removed 10.20.1.5', 'changed 10.20.9.5']]
  )
  t.equal(app.catalogues.heads.site('leeds')?.seq, await app.catalogues.store.seq())
})

t.test('a publish first logs what is due of the old head, and only the newest revision is told of', async (t) => {
  const app = await startApp(t, { now: '2026-12-01T00:00:00Z' })
  await publish(app)
  app.clock.now = Date.parse('2027-01-20T00:00:00Z')
  t.equal(await publish(app, { title: 'Leeds, 2', bindings: [{ ...syslog, values: ['10.20.1.5'] }] }), 201)
  await app.timePasses('2027-04-01T00:00:00Z')
  t.same(
    (await told(app)).map((line: string) => line.split(' ').slice(0, 4).join(' ')),
    [
      'site.revision_published 1 2026-12-01 2026-12-01',
      'site.transitioned 1 2027-01-20 2027-01-15',
      'site.revision_published 2 2027-01-20 2027-01-20'
    ]
  )
})
