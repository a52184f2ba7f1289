import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'

const url = `/c/${clearswift}/exports`

t.test('without a choice every device and every format is listed, and the slices with their counts', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { root } = await openPage(app, url)
  const formats = JSON.parse((await app.request('/v1/formats')).body).items
  t.equal(root.querySelectorAll('select[name=format] optgroup option').length, formats.length)
  const row = root.querySelectorAll('form tbody tr').find((each) => each.querySelector('input[value=out-tcp-80]'))
  t.strictSame(
    row?.querySelectorAll('td').map(({ textContent }) => textContent),
    ['6', '15', '15', '0', '1']
  )
  t.equal(root.querySelector('#result'), null)
})

t.test('a device, a slice: the URL that it fetches, the snippet, the report and the first lines', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { root, texts, text } = await openPage(app, `${url}?device=fortios&slice=out-tcp-80`)
  t.match(texts('select[name=format] option[selected]'), ['fortinet-ip: FortiGate threat feed of addresses'])
  const [live = '', pinned = ''] = root.querySelectorAll('.urls a').map((link) => link.getAttribute('href'))
  t.match(live, /\/v1\/catalogues\/[\w.-]+\/exports\/fortinet-ip\/out-tcp-80\.txt$/)
  t.match(texts('pre')[0], `set resource "${live}" set refresh-rate 5`)
  t.match(text, /Entries: \d+\. Left out: \d+\./)
  for (const link of [live, pinned]) {
    const { pathname, search } = new URL(link)
    const answer = await app.request(pathname + search)
    t.match(answer, { statusCode: 200 })
    t.ok(answer.body.startsWith(texts('pre')[1]?.split(' ')[0] ?? '?'), 'the first line stands on the page')
  }
})

t.test('a list without a slice says so, and offers the slices', async (t) => {
  const app = await startApp(t)
  const { root, texts } = await openPage(app, `${url}?format=edl-ip`)
  t.match(texts('[role=status]')[0], 'slice')
  const offered = root.querySelectorAll('#result a').map((link) => link.getAttribute('href') ?? '')
  t.ok(offered.includes(`${url}?format=edl-ip&slice=out-tcp-80`))
})

t.test('where a limit is passed, the report stands there and the formats that fit', async (t) => {
  const app = await startApp(t)
  const { texts, text } = await openPage(
    app,
    `${url}?device=cloud&format=aws-domain-list&slice=out-tcp-80&limits=azure-ip-group`
  )
  t.match(texts('[role=status]')[0], 'takes at most 0 names')
  t.match(text, 'These formats stay within the limit:')
  t.match(text, /Entries: \d+/)
})

t.test('an unknown format, slice or device is a problem as a page', async (t) => {
  const app = await startApp(t)
  t.equal((await openPage(app, `${url}?format=none`)).status, 404)
  t.equal((await openPage(app, `${url}?format=edl-ip&slice=none`)).status, 422)
  t.equal((await openPage(app, `${url}?device=none`)).status, 400)
})

t.test('filters, window and clocks go along in the form and into the URL', async (t) => {
  const app = await startApp(t, { now: '2018-11-01T09:00:00Z' })
  const { root } = await openPage(app, `${url}?format=csv&tag=antivirus&lead=P30D&effectiveAt=2018-10-15T00:00:00Z`)
  t.ok(root.querySelector('form.steps input[type=hidden][name=tag][value=antivirus]'))
  const live = root.querySelector('.urls a')?.getAttribute('href') ?? ''
  t.match(live, 'tag=antivirus&lead=P30D')
  t.notMatch(live, 'effectiveAt', 'the live URL follows the clock')
})

t.test('where reads need a key, it is said where it stands', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const { authorization } = await app.key('catalogue:read')
  const { text } = await openPage(app, `${url}?device=panos&slice=out-tcp-80`, {
    cookie: `portolan-key=${authorization.slice('Bearer '.length)}`
  })
  t.match(text, 'The key: The password of Basic authentication')
})
