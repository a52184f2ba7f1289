import { gzipSync } from 'node:zlib'
import t from 'tap'
import { address, feedInput, productInput, publisher } from '../http/support/feeds.ts'
import { clearswift, startApp } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { type HtmlPage, openPage } from './support/html-page.ts'

const first = `/c/${clearswift}`
const app = startApp(t, { now: '2018-11-01T09:00:00Z' })

const open = async (url: string) => openPage(await app, url)

/** The cells of an item, row by row. */
function cellsOf({ root }: HtmlPage, key: string): readonly (readonly string[])[] {
  const rows = root.querySelector(`tbody#${key}`)?.querySelectorAll('tr') ?? []
  return rows.map((row) =>
    row.querySelectorAll('th, td').map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim())
  )
}

t.test('the paper has the order of the document that people know', async (t) => {
  const page = await open(first)
  t.strictSame(page.texts('h2'), [
    'Connection ports and protocols',
    'External connections',
    'Internal connections',
    'Change history'
  ])
  t.strictSame(page.texts('h3'), ['Firewall', 'Changes', 'DNS configuration', 'HTTP/S proxy support restrictions'])
  t.strictSame(page.texts('table.paper thead')[0], 'ItemProtocolPortURL / host nameIP addressRemarks')
  t.strictSame(page.texts('table.paper thead')[1], 'ItemProtocolPortDirectionOther endRemarks')
  t.match(page.text, 'Issue 2.3, Oct-2018')
  t.match(page.text, 'Next change 22 Nov 2018, 00:00 UTC')
  t.match(page.text, 'Also called SECURE Email Gateway Version 4')
})

t.test('a host stands on the row of its addresses, and what nothing pairs side by side', async (t) => {
  const page = await open(first)
  t.match(
    cellsOf(page, 'product-os-updates'),
    [
      [
        /^Product and OS updates/,
        'TCP (HTTP (inferred)',
        '80',
        /^repo\.clearswift\.net/,
        '46.51.174.180',
        /HTTP proxy/
      ],
      ['rh.repo.clearswift.net', '54.216.128.43 176.34.178.169']
    ].map((row) => row.map((cell) => (cell === 'TCP (HTTP (inferred)' ? /^TCP \(HTTP\) \(inferred\)$/ : cell)))
  )
  const [mirrors = []] = cellsOf(page, 'kaspersky-av-updates')
  t.match(mirrors[3], /^kav-update-8-1\.clearswift\.net .* kav-update-8-4\.clearswift\.net$/)
  t.match(mirrors[4], '184.72.245.1 retiring: until 22 Nov 2018 → 185.155.104.24')
  t.match(cellsOf(page, 'dns')[0]?.[0], 'Direction: in and out')
  t.match(cellsOf(page, 'kaspersky-ksn-lookup')[0], [
    /^Kaspersky KSN lookup/,
    'TCP',
    '443',
    '',
    '',
    /Must not be inspected/
  ])
  t.match(cellsOf(page, 'backup-restore')[0], [
    /Only if: The system is backed up/,
    'TCP TCP TCP',
    'FTP 21 FTPS 21 or 990 SFTP 22',
    /^out/,
    "The customer's backup server",
    /^FTPS/
  ])
})

t.test('the status of an endpoint leads to the glossary, and an old issue shows what it knew', async (t) => {
  const page = await open(first)
  const words = page.root.querySelectorAll('.status a')
  t.strictSame([...new Set(words.map((word) => word.getAttribute('href')))], ['/#retiring'])
  t.equal(words.length, 12)
  const old = await open(`${first}?asOf=1&effectiveAt=2018-09-15T00:00:00Z`)
  t.equal(old.root.querySelectorAll('.status').length, 0)
  t.match(cellsOf(old, 'sophos-av-updates')[0]?.[4], '184.72.245.1')
  const after = await open(`${first}?effectiveAt=2018-11-22T00:00:00Z`)
  t.notMatch(cellsOf(after, 'sophos-av-updates')[0]?.[4], '184.72.245.1')
  t.ok((await open('/')).root.querySelector('#retiring'))
})

t.test('the change history has issues with their printed dates, and between them what the clock changed', async (t) => {
  const { root } = await open(first)
  const rows = root
    .querySelectorAll('#history tbody tr')
    .map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim())
  t.match(rows, [
    /^22 Nov 2018, 00:00 UTC under 2\.3 6 addresses retire\. What changed$/,
    /^Oct-2018 2\.3 .*Why/,
    /pre-2\.3 .*Reconstructed/
  ])
})

t.test('filters work as on the view, and one that leaves nothing is named', async (t) => {
  const internal = await open(`${first}?scope=internal&tag=directory`)
  t.equal(internal.root.querySelectorAll('table.paper tbody').length, 3)
  t.ok(internal.root.querySelector('input[name=scope][value=internal][checked]'))
  t.equal(internal.root.querySelector('input[name=tag]')?.getAttribute('value'), 'directory')
  const nothing = await open(`${first}?port=9999`)
  t.match(nothing.text, 'Nothing is left by port=9999. The whole document')
})

t.test('a page with all that it loads is small', async (t) => {
  const { html, root } = await open(first)
  const page = gzipSync(html).length
  t.ok(page <= 15_000, `${page} bytes`)
  const loaded = [
    ...root.querySelectorAll('link[rel=stylesheet]').map((link) => link.getAttribute('href') ?? ''),
    ...root.querySelectorAll('script').map((script) => script.getAttribute('src') ?? '')
  ]
  const sizes = new Map<string, number>()
  for (const url of loaded) {
    const { rawPayload } = await (await app).request({ url, headers: { 'accept-encoding': 'gzip' } })
    sizes.set(url.replace(/^\/assets\/(\w+)\..*\.(\w+)$/, '$1.$2'), rawPayload.length)
  }
  t.ok(page + [...sizes.values()].reduce((sum, size) => sum + size, 0) <= 60_000)
  t.ok((sizes.get('portolan.css') ?? 0) <= 3_000, `${sizes.get('portolan.css')} bytes of styles`)
  t.ok((sizes.get('portolan.js') ?? 0) <= 3_000)
})

t.test('a paper says what became of the lists to which its catalogue refers', async (t) => {
  const lists = await startApp(t, { isSeeded: false })
  const publish = publisher(lists)
  await publish(productInput(), documentInput({ id: 'other' }))
  const references = (page: HtmlPage) => page.texts('#references tbody tr')
  const plain = await openPage(lists, '/c/product-1')
  t.strictSame(references(plain), [])
  t.ok(plain.root.querySelector('main a[href="/c/product-1?resolve=feeds"]'), 'it leads to what they say')
  t.notOk((await openPage(lists, '/c/other')).root.querySelector('main a[href="/c/other?resolve=feeds"]'))

  const unresolved = await openPage(lists, '/c/product-1?resolve=feeds')
  t.match(references(unresolved), [/^Updates ?ranges ?Left out: no catalogue here has the list/])
  await publish(feedInput({ all: [address('20.0.0.0/24')] }))
  const resolved = await openPage(lists, '/c/product-1?resolve=feeds')
  t.match(references(resolved), [/^Updates ?ranges ?Its addresses stand above\. ?feed\.ranges, revision 1$/])
  t.ok(resolved.root.querySelector('#references a[href="/c/feed.ranges"]'))
  t.match(cellsOf(resolved, 'updates')[0]?.[4], '20.0.0.0/24 From the list feed.ranges, revision 1')
  t.strictSame(references(await openPage(lists, '/c/product-1?resolve=feeds&requirement=ntp')), [])
})
