import t from 'tap'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { address, publisher } from '../support/feeds.ts'
import { commitSite, siteDocument } from './support/committed-site.ts'

const site = '/v1/sites/leeds'
const syslog = { kind: 'role', value: 'syslog-server', title: 'The syslog server' }
const product = (id: string, endpoints: readonly unknown[], label = '1') =>
  documentInput({
    id,
    title: id,
    edition: { label, summary: 'A summary' },
    requirements: [requirementInput({ key: 'updates', endpoints })]
  })

async function startSited(test: Parameters<typeof startApp>[0]) {
  const app = await startApp(test, { isSeeded: false })
  const publish = publisher(app)
  await publish(
    product('product-1', [syslog, address('20.0.0.1')]),
    product('product-2', [address('20.0.0.2', { until: '2027-02-01T00:00:00Z' }), address('20.0.0.4')]),
    product('product-3', [address('20.0.0.3')])
  )
  const values = [{ value: '10.20.1.5', until: '2027-03-01T00:00:00Z' }]
  await commitSite(app, siteDocument({ bindings: [{ role: 'syslog-server', values }] }))
  return { app, publish }
}

t.test('an audit compares a firewall with all that a site needs, and with nothing that it does not take', async (t) => {
  const { app } = await startSited(t)
  const audit = async (query: string) => {
    const { body, headers } = await app.request({
      method: 'POST',
      url: `${site}/audit?${query}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ entries: ['10.20.1.5', '20.0.0.1', '20.0.0.3', '20.0.0.4'] })
    })
    t.equal(headers['portolan-site-revision'], '1')
    const found: Readonly<Record<string, readonly { readonly value: string }[]>> = JSON.parse(body)
    return ['current', 'retiring', 'retired', 'unknown', 'missing'].map(
      (list) => `${list}: ${found[list]?.map(({ value }) => value).join(' ')}`
    )
  }
  t.strictSame(await audit(''), [
    'current: 20.0.0.1 20.0.0.4',
    'retiring: 10.20.1.5',
    'retired: ',
    'unknown: 20.0.0.3',
    'missing: 20.0.0.2'
  ])
  t.match(await audit('effectiveAt=2027-03-01T00:00:00Z'), [
    'current: 20.0.0.1 20.0.0.4',
    'retiring: ',
    'retired: 10.20.1.5'
  ])
  t.match(await audit('catalogue=product-1'), { 4: 'missing: ' }, 'the other catalogue is not compared')
})

t.test('a calendar of a site has the transitions of the merged rows', async (t) => {
  const { app } = await startSited(t)
  const { body, headers } = await app.request(`${site}/calendar.ics`)
  t.strictSame(
    body.match(/^UID:.*$/gm)?.map((line) => line.trim()),
    ['UID:2027-02-01T00:00:00Z.sites/leeds@portolan', 'UID:2027-03-01T00:00:00Z.sites/leeds@portolan']
  )
  t.match(body.replaceAll('\r\n ', ''), /product-1\/updates: address 10\.20\.1\.5 retires/)
  const url = /^URL:(.*)$/m.exec(body.replaceAll('\r\n ', ''))?.[1]?.trim() ?? ''
  const view = await app.request(url.slice(url.indexOf('/v1/')))
  t.match(JSON.parse(view.body), { id: 'leeds', validFrom: '2027-02-01T00:00:00Z' })
  t.equal(headers['portolan-site-revision'], '1')
})

t.test('a feed of a site tells what happens to it and to the catalogues that it takes', async (t) => {
  const { app, publish } = await startSited(t)
  const read = async () => {
    const { body, headers } = await app.request(`${site}/feed.atom`)
    return { subjects: body.match(/<category term="(?:leeds|product-\d)"/g)?.length, etag: headers.etag, body }
  }
  const before = await read()
  t.equal(before.subjects, 3)
  t.notMatch(before.body, /product-3/)
  app.clock.now += 1000
  await publish(product('product-3', [address('20.0.0.5')], '2'))
  t.equal((await read()).etag, before.etag, 'another catalogue')
  await publish(product('product-2', [address('20.0.0.4')], '2'))
  t.equal((await read()).subjects, 4)
})

t.test(
  'a timeline of a site tells its revisions, those of its catalogues, and what the clock changes in between',
  async (t) => {
    const { app, publish } = await startSited(t)
    app.clock.now = Date.parse('2026-12-01T00:00:00Z')
    await publish(
      product('product-2', [address('20.0.0.4', { until: '2027-04-01T00:00:00Z' }), address('20.0.0.9')], '2')
    )
    await app.timePasses('2027-03-02T00:00:00Z')
    await commitSite(app, siteDocument({ catalogues: [{ id: 'product-2' }] }))
    const entries = async (query: string) => {
      const { body } = await app.request(`${site}/timeline?${query}`)
      return JSON.parse(body).items.map(
        ({
          at,
          kind,
          state,
          catalogue = 'leeds',
          revision
        }: Record<string, string> & { revision: { number: number } }) =>
          `${at} ${kind} ${state} ${catalogue} ${revision.number}`
      )
    }
    const all = [
      '2026-11-24T12:00:00Z revision happened leeds 1',
      '2026-12-01T00:00:00Z revision happened product-2 2',
      '2027-03-01T00:00:00Z transition happened leeds 1',
      '2027-03-02T00:00:00Z revision happened leeds 2',
      '2027-04-01T00:00:00Z transition announced leeds 2'
    ]
    t.strictSame(await entries(''), all, 'the retirement of February was taken back before it came')
    t.strictSame(await entries('limit=2'), all.slice(0, 2))
    t.strictSame(await entries('siteAsOf=1&asOf=2026-11-25T00:00:00Z&effectiveAt=2026-11-25T00:00:00Z'), [
      '2026-11-24T12:00:00Z revision happened leeds 1',
      '2027-02-01T00:00:00Z transition announced leeds 1',
      '2027-03-01T00:00:00Z transition announced leeds 1'
    ])
  }
)

t.test(
  'a difference of a site between instants is one of what it needs, and says nothing of what stayed',
  async (t) => {
    const { app, publish } = await startSited(t)
    app.clock.now = Date.parse('2026-12-01T00:00:00Z')
    await publish(product('product-1', [syslog, address('20.0.0.1'), address('20.0.0.7')], '2'))
    const diff = async (query: string) => {
      const { body } = await app.request(`${site}/diff?${query}`)
      const { from, to, changes } = JSON.parse(body)
      const told = changes.map(
        ({ op, pointer }: Record<string, string>) => `${op} ${pointer?.replace('/requirements/', '')}`
      )
      return { from: from.effectiveAt, to: to.effectiveAt, told }
    }
    t.strictSame(await diff('from=2026-11-25T00:00:00Z&to=2026-12-01T00:00:00Z'), {
      from: '2026-11-25T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      told: ['added product-1~1updates/endpoints/address:20.0.0.7']
    })
    const { told } = await diff('from=1&to=1&fromEffectiveAt=2027-01-01T00:00:00Z&toEffectiveAt=2027-03-01T00:00:00Z')
    t.strictSame(told, [
      'removed product-1~1updates/endpoints/address:10.20.1.5',
      'removed product-2~1updates/endpoints/address:20.0.0.2'
    ])
    const refused = await app.request(`${site}/diff?fromEffectiveAt=2027-01-01T00:00:00Z`)
    t.match(JSON.parse(refused.body), { code: 'invalid_parameter' })
  }
)
