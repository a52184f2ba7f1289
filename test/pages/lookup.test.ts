import t from 'tap'
import { address, requirement, role, written } from '../domain/document/support/sample.ts'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { hostile, publishFirst } from './support/publish.ts'

const gateway = 'Clearswift SECURE Exchange Gateway 4.8'

t.test('a look-up says in a sentence whether a rule may be removed', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const verdict = async (value: string, effectiveAt?: string) => {
    const query = new URLSearchParams({ value, ...(effectiveAt && { effectiveAt }) })
    const page = await openPage(app, `/lookup?${query}`)
    t.equal(page.root.querySelector('#verdict')?.getAttribute('role'), 'status')
    return page.texts('#verdict')[0]
  }
  t.equal(await verdict('185.155.104.24'), `No: needed by Kaspersky AV updates and 1 more (${gateway}) since issue 2.3`)
  t.equal(
    await verdict('54.254.98.96'),
    'From 22 Nov 2018, 00:00 UTC: then it retires everywhere. Replaced by 185.155.104.24, 185.155.104.25, 70.33.161.213, 70.33.161.214.'
  )
  t.equal(
    await verdict('54.254.98.96', '2018-11-22T00:00:00Z'),
    'Yes: retired on 22 Nov 2018, and no catalogue here needs it'
  )
  t.match(await verdict('udp/162'), /^Cannot be told: UDP port 162 is used by roles whose addresses are yours: /)
  t.equal(await verdict('203.0.113.7'), 'Not known here. Portolan cannot say whether something else needs it.')
  t.match(await verdict('54.254.98.0/24'), /^From 22 Nov 2018, 00:00 UTC: then 54\.254\.98\.96 in it, the last/)
  t.match(await verdict('https://Repo.Clearswift.net/path'), /^No: needed by Product and OS updates \(/)
  t.match(await verdict('185.155.104.20-185.155.104.30'), /^No: 185\.155\.104\.2[45] in it is needed by /)
})

t.test('what another catalogue needs stays, and what will be needed is said with its day', async (t) => {
  const app = await startApp(t, { now: '2018-12-01T00:00:00Z' })
  const other = {
    title: 'Other',
    vendor: 'Other',
    product: 'Product',
    version: '1',
    edition: { label: '1', summary: 'First' }
  }
  const later = address('203.0.113.9', { from: '2031-01-01' })
  const item = requirement('item', [address('54.254.98.96'), later], { title: 'Item', scope: 'internal' })
  await publishFirst(app, written([item], { ...other, id: 'other' }))
  const elsewhere = await openPage(app, '/lookup?value=54.254.98.96')
  t.equal(elsewhere.texts('#verdict')[0], `No: Other Product 1 needs it. ${gateway} retired it on 22 Nov 2018`)
  const planned = await openPage(app, '/lookup?value=203.0.113.9')
  t.equal(planned.texts('#verdict')[0], 'No: needed from 1 Jan 2031 by Item (Other Product 1)')
})

t.test('below the verdict stand what was read, the places, and their history', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T00:00:00Z' })
  const page = await openPage(app, '/lookup?value=54.254.98.96:80')
  t.match(page.text, 'Read as 54.254.98.96, tcp/80.')
  t.ok(page.root.querySelector(`main a[href="/c/${clearswift}#sophos-av-updates"]`))
  t.match(page.text, /retiring pre-2\.3 22 Nov 2018, 00:00 UTC/)
  t.match(page.text, /22 Nov 2018, 00:00 UTC Ends Clearswift/)
  const names = await openPage(app, '/lookup?value=clearswift.net')
  t.match(names.texts('#verdict')[0], /^Not known here/)
  t.ok(names.root.querySelector('main a[href="/search?q=clearswift.net"]'), 'names below it')
})

t.test(
  'an empty look-up has examples that are links, and one that cannot be read says what would be right',
  async (t) => {
    const app = await startApp(t)
    const empty = await openPage(app, '/lookup')
    const links = empty.root.querySelectorAll('main li a').map((link) => link.getAttribute('href') ?? '')
    t.ok(links.length > 3)
    for (const link of links) t.match((await openPage(app, link)).texts('#verdict'), [/./], link)
    t.match(await openPage(app, '/lookup?value='), { status: 303, headers: { location: '/lookup' } })
    for (const [value, said] of [
      ['1.2.3.400', /1\.2\.3\.400/],
      ['443', /such as tcp\/443/],
      ['any', /stands for everything/],
      ['tcp/99999', /not a port/]
    ] as const) {
      const wrong = await openPage(app, `/lookup?value=${encodeURIComponent(value)}`)
      t.match(wrong, { status: 400, headers: { 'cache-control': 'no-store' } }, value)
      t.match(wrong.texts('[role=alert]')[0], said)
      t.equal(wrong.root.querySelector('#value')?.getAttribute('value'), value, 'the box still has it')
    }
    const program = await app.request({ url: '/lookup?value=any', headers: { accept: 'application/json' } })
    t.match(program, { statusCode: 400, body: /invalid_parameter/ })
  }
)

t.test('a look-up is kept as its places are, and needs a key where reads do', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T23:59:30Z' })
  const url = '/lookup?value=54.254.98.96'
  const { headers } = await openPage(app, url)
  t.match(headers, { 'cache-control': 'max-age=30, must-revalidate' })
  t.equal((await openPage(app, url, { 'if-none-match': String(headers.etag) })).status, 304)
  const closed = await startApp(t, { readAccess: 'key' })
  const page = await openPage(closed, url)
  t.equal(page.status, 401)
  t.notMatch(page.text, /Clearswift|Kaspersky/)
})

t.test('what authors and askers write is printed as text', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { script, image, rightToLeft, long } = hostile
  const titles = { title: script, vendor: image, product: rightToLeft, version: '1"><b>' }
  const item = requirement('item', [address('192.0.2.1'), role('people', { title: image })], {
    title: long,
    scope: 'internal'
  })
  const edition = { label: '<i>1', summary: script }
  await publishFirst(app, written([item], { ...titles, id: 'hostile', edition }))
  for (const value of ['192.0.2.1', 'tcp/443', '192.0.2.1:443', script, image, rightToLeft, 'N'.repeat(500)]) {
    const page = await openPage(app, `/lookup?${new URLSearchParams({ value })}`)
    t.notMatch(page.html, /<script>|<img|<b>|<i>/, value.slice(0, 20))
  }
})
