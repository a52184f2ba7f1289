import t from 'tap'
import { createKey } from '../../../src/catalogue/keys.ts'
import type { SiteDocument } from '../../../src/domain/site/site-document.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { address, publisher } from '../support/feeds.ts'
import { commitSite, siteDocument } from './support/committed-site.ts'

const site = '/v1/sites/leeds'
const bindings: SiteDocument['bindings'] = [
  {
    role: 'syslog-server',
    values: [
      { value: '10.20.1.5', until: '2027-03-01T00:00:00Z' },
      { value: '10.20.9.0/28', from: '2027-03-01T00:00:00Z' }
    ]
  },
  { role: 'self', values: [{ value: '10.30.0.8' }] }
]

function product(id: string, endpoints: readonly unknown[], label = '1') {
  return documentInput({
    id,
    title: `Title of ${id}`,
    edition: { label, summary: 'A summary' },
    requirements: [requirementInput({ key: 'updates', endpoints })]
  })
}
const syslog = { kind: 'role', value: 'syslog-server', title: 'The syslog server' }
const admins = { kind: 'role', value: 'administrators', title: 'Administrators' }

/** Two products, and a site that takes both. */
async function startSited(test: Parameters<typeof startApp>[0], rest: Partial<SiteDocument> = {}, options = {}) {
  const app = await startApp(test, { isSeeded: false, ...options })
  const publish = publisher(app)
  await publish(product('product-1', [syslog, address('20.0.0.1')]), product('product-2', [admins]))
  await commitSite(app, siteDocument({ bindings, ...rest }))
  return { app, publish }
}

async function read(app: TestApp, url: string, headers = {}) {
  const answer = await app.request({ url, headers })
  return { ...answer, status: answer.statusCode, json: () => JSON.parse(answer.body) }
}
async function etagOf(app: TestApp, url: string): Promise<string> {
  const { status, headers, body } = await read(app, url)
  if (status !== 200) throw new Error(body)
  return String(headers.etag)
}

t.test('a view of a site has the rows of all its catalogues, bound, each with what put it there', async (t) => {
  const { app } = await startSited(t)
  const view = await read(app, `${site}/view`)
  t.equal(view.status, 200)
  t.match(view.json(), {
    id: 'leeds',
    title: 'Leeds',
    revision: { number: 1, publishedAt: '2026-11-24T12:00:00Z' },
    catalogues: [
      { id: 'product-1', title: 'Title of product-1', revision: { number: 1, label: '1' } },
      { id: 'product-2', title: 'Title of product-2', revision: { number: 1 } }
    ],
    validUntil: '2027-03-01T00:00:00Z',
    requirements: [
      {
        catalogue: 'product-1',
        key: 'updates',
        endpoints: [
          {
            kind: 'address',
            value: '10.20.1.5',
            status: 'retiring',
            role: 'syslog-server',
            origin: { kind: 'binding', ref: 'syslog-server', revision: 1 },
            source: ['10.30.0.8']
          },
          { value: '10.20.9.0/28', status: 'planned' },
          { value: '20.0.0.1', origin: { kind: 'catalogue', ref: 'product-1', revision: 1 } }
        ]
      },
      // A role that nothing binds stays as it is.
      { catalogue: 'product-2', endpoints: [{ kind: 'role', value: 'administrators' }] }
    ]
  })
  t.equal(view.headers['portolan-site-revision'], '1')
  t.notOk('portolan-revision' in view.headers, 'it takes two catalogues')
  t.equal(view.headers['portolan-valid-until'], '2027-03-01T00:00:00Z')

  const later = await read(app, `${site}/view?effectiveAt=2027-03-01T00:00:00Z&catalogue=product-1`)
  const [{ endpoints }, ...others] = later.json().requirements
  t.strictSame(others, [], 'the filter takes one catalogue')
  t.strictSame(
    endpoints.map(({ value }: { readonly value: string }) => value),
    ['10.20.9.0/28', '20.0.0.1'],
    'what has ended is left out, as in a view of a catalogue'
  )
  t.equal(later.headers['portolan-valid-from'], '2027-03-01T00:00:00Z')
})

t.test('flat rows of a site begin with the catalogue and end with role, origin and source', async (t) => {
  const { app } = await startSited(t)
  const { body } = await read(app, `${site}/endpoints?format=csv`)
  const [head = '', first = ''] = body.split('\r\n')
  t.match(head, /^catalogue,requirement,.*,feed,role,origin,source$/)
  t.match(first, /^product-1,updates,.*,syslog-server,binding:syslog-server@1,10\.30\.0\.8$/)
  t.equal(
    (await read(app, `${site}/exports/csv?status=all`)).body.split('\r\n')[1],
    first,
    'the export has the same rows'
  )

  const rows = await read(app, `${site}/endpoints?limit=1`)
  t.match(rows.json(), { items: [{ catalogue: 'product-1', value: '10.20.1.5' }], page: { next: String } })
  t.strictSame(Object.keys(rows.json().items[0]).slice(-3).sort(), ['origin', 'role', 'source'])
  const own = await read(app, '/v1/catalogues/product-1/endpoints?format=csv')
  t.notMatch(own.body.split('\r\n')[0], /catalogue|origin/, 'rows of a catalogue are what they were')
})

t.test('a page run stays at the revisions at which it began', async (t) => {
  const { app, publish } = await startSited(t)
  const first = await read(app, `${site}/endpoints?limit=1`)
  app.clock.now += 1000
  await publish(product('product-1', [address('20.0.0.7')], '2'))
  await commitSite(app, siteDocument())
  const { next } = first.json().page
  const second = await read(app, next.slice(next.indexOf('/v1/')))
  t.match(second.json(), { items: [{ value: '10.20.9.0/28', origin: { revision: 1 } }] })
  t.equal(second.headers['portolan-site-revision'], '1')
  const other = await read(app, `${site}/endpoints?limit=1&siteAsOf=1&cursor=${first.json().page.cursor}`)
  t.match(other.json(), { code: 'cursor_mismatch' })
})

t.test('the tag moves with each part that the answer contains, and with nothing else', async (t) => {
  const { app, publish } = await startSited(t)
  await publish(product('product-3', [address('20.0.0.3')]))
  const url = `${site}/view`
  const tags = [await etagOf(app, url)]
  const moves = async (name: string, act: () => Promise<unknown>, isMoved = true) => {
    app.clock.now += 1000
    await act()
    const tag = await etagOf(app, url)
    t.equal(tags.includes(tag), !isMoved, name)
    tags.push(tag)
  }
  await moves('another catalogue', () => publish(product('product-3', [address('20.0.0.4')], '2')), false)
  await moves('time that passes', async () => {}, false)
  await moves('a catalogue', () => publish(product('product-2', [admins, address('20.0.0.5')], '2')))
  await moves('the site', () => commitSite(app, siteDocument({ bindings, title: 'Leeds 2' })))
  await moves('a transition', () => app.timePasses('2027-03-01T00:00:00Z'))
  t.not(await etagOf(app, `${url}?scope=external`), tags.at(-1), 'another query')
  const { status } = await read(app, url, { 'if-none-match': tags.at(-1) })
  t.equal(status, 304)
})

t.test('the pinned URL gives the same bytes after every part has moved', async (t) => {
  const { app, publish } = await startSited(t)
  for (const path of ['view', 'endpoints?format=csv', 'exports/nftables', 'exports/csv/report']) {
    const before = await read(app, `${site}/${path}`)
    const pinned = /<http[^>]*?(\/v1\/[^>]*)>; rel="memento"/.exec(String(before.headers.link))?.[1] ?? ''
    t.match(pinned, /siteAsOf=\d&asOf=20[^&]*&effectiveAt=20/)
    app.clock.now += 1000
    await publish(
      product('product-1', [syslog, address('20.0.0.7')], `${path} 1`),
      product('product-2', [address('20.0.0.9')], path)
    )
    await commitSite(app, siteDocument({ title: path }))
    t.not((await read(app, `${site}/${path}`)).body, before.body, `${path} has moved`)
    const after = await read(app, pinned)
    t.equal(after.body, before.body, path)
    t.equal(after.headers.etag, before.headers.etag)
    // The next round has other documents again.
    app.clock.now += 1000
    await publish(product('product-1', [syslog], `${path} 2`), product('product-2', [admins], `${path} 2`))
    await commitSite(app, siteDocument({ bindings }))
  }
})

t.test('an answer is immutable only where the site and all its catalogues are pinned', async (t) => {
  const { app, publish } = await startSited(t, { catalogues: [{ id: 'product-1', asOf: 1 }, { id: 'product-2' }] })
  const effect = 'effectiveAt=2026-12-01T00:00:00Z'
  const cached = async (query: string) => String((await read(app, `${site}/view?${query}`)).headers['cache-control'])
  t.notMatch(await cached(`siteAsOf=1&${effect}`), /immutable/, 'one catalogue moves')
  app.clock.now += 60_000
  await publish(product('product-1', [syslog], '2'), product('product-2', [address('20.0.0.2')], '2'))
  const past = 'asOf=2026-11-24T12:00:30Z'
  t.match(await cached(`siteAsOf=1&${past}&${effect}`), /immutable/)
  t.notMatch(await cached(`siteAsOf=1&${past}`), /immutable/, 'the clock moves it')
  t.notMatch(await cached(`${past}&${effect}`), /immutable/, 'the site moves')
  const view = await read(app, `${site}/view`)
  t.match(
    view.json().catalogues,
    [{ revision: { number: 1 } }, { revision: { number: 2 } }],
    'the site keeps to revision 1'
  )
})

t.test('both clocks: a catalogue without a revision then is left out, and the site is the newest', async (t) => {
  const { app, publish } = await startSited(t, {
    catalogues: [{ id: 'product-1' }, { id: 'product-2' }, { id: 'product-3' }]
  })
  app.clock.now += 3_600_000
  await publish(product('product-3', [address('20.0.0.3')]))
  await commitSite(app, siteDocument({ title: 'Leeds 2', catalogues: [{ id: 'product-1' }, { id: 'product-3' }] }))
  const at = async (query: string) => {
    const { catalogues, title } = (await read(app, `${site}/view?${query}`)).json()
    return [title, ...catalogues.map(({ id }: { readonly id: string }) => id)]
  }
  t.strictSame(await at(''), ['Leeds 2', 'product-1', 'product-3'])
  t.strictSame(await at('asOf=2026-11-24T12:30:00Z'), ['Leeds 2', 'product-1'])
  t.strictSame(await at('siteAsOf=1'), ['Leeds', 'product-1', 'product-2', 'product-3'])
  t.strictSame(await at('siteAsOf=2026-11-24T12:30:00Z&asOf=2026-11-24T12:30:00Z'), ['Leeds', 'product-1', 'product-2'])
  t.strictSame(await at('asOf=2026-11-24T11:00:00Z'), ['Leeds 2'])

  const refused = async (query: string) => {
    const { status, json } = await read(app, `${site}/view?${query}`)
    return [status, json().code]
  }
  t.strictSame(await refused('siteAsOf=3'), [422, 'unknown_revision'])
  t.strictSame(await refused('siteAsOf=2026-11-24T11:00:00Z'), [422, 'time_out_of_range'])
  t.strictSame(await refused('asOf=2027-11-24T11:00:00Z'), [422, 'time_out_of_range'])
  t.strictSame(await refused('siteAsOf=2026-11-24'), [400, 'invalid_instant'])
  t.strictSame(await refused('asOf=2'), [400, 'invalid_instant'])
  t.strictSame((await read(app, '/v1/sites/york/view')).status, 404)
  t.strictSame((await read(app, '/v1/catalogues/product-1?siteAsOf=1')).json().code, 'unknown_parameter')
})

t.test('max-age ends at the next transition of the merged rows', async (t) => {
  const { app, publish } = await startSited(t, { bindings: [] })
  const until = '2026-11-24T12:00:20Z'
  await publish(product('product-1', [address('20.0.0.1', { until }), address('20.0.0.2')], '2'))
  const { headers } = await read(app, `${site}/view`)
  t.equal(headers['cache-control'], 'max-age=20, must-revalidate')
  const extended = siteDocument({
    overlays: [
      {
        id: 'late',
        action: 'extend',
        catalogue: 'product-1',
        requirement: 'updates',
        endpoint: { kind: 'address', value: '20.0.0.1' },
        until: '2026-11-25T00:00:00Z',
        reason: 'The mirror is late'
      }
    ]
  })
  await commitSite(app, extended)
  const later = await read(app, `${site}/view`)
  t.equal(
    later.headers['cache-control'],
    'max-age=60, must-revalidate',
    'the instant of the vendor is none of the site'
  )
  t.match(later.json(), {
    validUntil: '2026-11-25T00:00:00Z',
    requirements: [{ endpoints: [{ origin: { kind: 'overlay', ref: 'late', revision: 2 } }] }, {}]
  })
  const rows = await read(app, `${site}/endpoints?format=csv`)
  t.match(rows.body, /overlay:late@2/)
})

t.test('exports of a site name it, its catalogues and their revisions, and its slices link to them', async (t) => {
  const { app } = await startSited(t, { catalogues: [{ id: 'product-1' }] })
  const rules = await read(app, `${site}/exports/nftables`)
  t.match(rules.body, /site leeds, revision 1, sha256:/)
  t.match(rules.body, /catalogue product-1, revision 1 \(1\), sha256:/)
  t.match(rules.body, /10\.30\.0\.8 \. 10\.20\.1\.5/)
  t.equal(rules.headers['portolan-revision'], '1', 'it takes one catalogue alone')
  t.match(rules.headers['content-disposition'], /filename="leeds\.nft"/)
  t.match((await read(app, `${site}/exports/nftables/report`)).json(), {
    site: 'leeds',
    revision: { number: 1 },
    catalogues: [{ id: 'product-1' }]
  })
  t.match((await read(app, `${site}/exports/nftables.md5`)).body, /^[0-9a-f]{32}\n$/)
  const slices = (await read(app, `${site}/slices`)).json()
  const [{ name, exports: links }] = slices.items
  t.match(links['plain-ip'], `/v1/sites/leeds/exports/plain-ip?slice=${name}`)
  t.match((await read(app, `${site}/exports/plain-ip/${name}.txt`)).body, /10\.20\.1\.5/)
  t.equal((await read(app, `${site}/exports/plain-ip?slice=out-tcp-1`)).json().code, 'unknown_slice')
})

t.test('who may not see one of the catalogues is refused, and gets no thinner list', async (t) => {
  const { app } = await startSited(t)
  const narrowed = async (...catalogues: string[]) => {
    const { text } = await createKey(app.catalogues, { scopes: ['catalogue:read'], catalogues })
    await app.refreshKeys()
    return { authorization: `Bearer ${text}` }
  }
  // It is kept by now, for everybody.
  await read(app, `${site}/view`)
  const one = await read(app, `${site}/view`, await narrowed('product-1'))
  t.strictSame([one.status, one.json().code], [403, 'insufficient_scope'])
  const both = await read(app, `${site}/view`, await narrowed('product-1', 'product-2'))
  t.equal(both.status, 200)
  t.match(both.headers['cache-control'], /private/)
})

t.test(
  'the report of an export counts what the site did, and unbound: fail refuses one that would lack a role',
  async (t) => {
    const overlays: SiteDocument['overlays'] = [
      {
        id: 'none',
        action: 'suppress',
        catalogue: 'product-1',
        requirement: 'updates',
        endpoint: { kind: 'address', value: '20.0.0.1' },
        until: '2027-01-01T00:00:00Z',
        reason: 'Not used here'
      }
    ]
    const { app } = await startSited(t, { overlays })
    const { status, headers, body } = await read(app, `${site}/exports/nftables`)
    t.equal(status, 200)
    t.match(headers['portolan-export-report'], /bound=1, unbound=1, extended=0, suppressed=1$/)
    t.match(body, /10\.30\.0\.8 \. 10\.20\.1\.5 \. tcp \. 443/)
    const strict = await startSited(t, { unbound: 'fail' })
    const refused = await read(strict.app, `${site}/exports/nftables`)
    t.match([refused.status, refused.json()], [422, { code: 'role_unbound', detail: /role administrators/ }])
    t.equal((await read(strict.app, `${site}/view`)).status, 200)
  }
)

t.test('a change pack of a site has the own end of each row, and the catalogues as they were known', async (t) => {
  const { app } = await startSited(t)
  const before = await read(app, `${site}/view`)
  await commitSite(
    app,
    siteDocument({
      bindings: [
        { role: 'syslog-server', values: [{ value: '10.20.1.6' }] },
        { role: 'self', values: [{ value: '10.30.0.8' }] }
      ]
    })
  )
  const pack = await read(app, `${site}/change-pack?from=1&to=2`)
  t.equal(pack.status, 200, pack.body)
  t.match(pack.json(), { site: 'leeds', from: { revision: 1 }, to: { revision: 2 } })
  const steps: { do: string; rows: { value: string }[] }[] = pack.json().steps
  t.strictSame(
    steps.flatMap((step) => step.rows.map(({ value }) => `${step.do} ${value}`)),
    ['open 10.20.1.6', 'close 10.20.1.5']
  )
  t.match(steps[0]?.rows[0], { catalogue: 'product-1', sources: ['10.30.0.8'], requirements: ['product-1/updates'] })
  t.match(pack.json().exports.before, /\/v1\/sites\/leeds\/exports\/\{format\}\?siteAsOf=1&asOf=/)
  const since = await read(app, `${site}/change-pack?since=${encodeURIComponent(String(before.headers.etag))}`)
  t.strictSame(since.json().steps.length, steps.length, since.body)
  t.match((await read(app, `${site}/change-pack?from=label:1&to=2`)).json(), { code: 'invalid_parameter' })
  t.match((await read(app, `${site}/change-pack?from=1&to=2&format=markdown`)).body, /\| own end \|/)
})
