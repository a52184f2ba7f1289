import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { list, startProvider } from '../delivery/support/provider.ts'
import { startApp } from '../support/app.ts'
import { program } from '../support/program.ts'
import { clearswift, portolan, portolanProcess, seeded, temporary } from './support/portolan.ts'

const table = `Item;Protocol;Port;Host name;Zoen
Updates;TCP;443;a.example.net;x
Time;UDP;123;Your time servers;
`

/** A file beside the store of a test. */
function fileWith(t: Parameters<typeof temporary>[0], name: string, content: string | Uint8Array): string {
  const file = temporary(t, name)
  writeFileSync(file, content)
  return file
}

t.test('import shows what it takes of a table before it takes it, and publishes it', async (t) => {
  const file = fileWith(t, 'ports.csv', table)
  const store = temporary(t, 'portolan.db')
  const argv = ['import', 'csv', file, '--catalogue', 'example-4', '--vendor', 'Example', '--product-version', '4.2']
  const rehearsed = await portolan([...argv, '--dry-run'], { store })
  t.match(rehearsed, { code: 0, output: /^Would publish revision 1 \(2026-11-24\) of example-4: 4 added/ })
  t.match(
    rehearsed.error,
    /^ports\.csv: 2 requirements with 2 endpoints\n {2}columns: Item → title, Protocol → transport, Port → ports, Host name → hosts\n/
  )
  t.match(rehearsed.error, /left out: the column "Zoen" is not known/)
  t.match(rehearsed.error, /taken: direction stands in no cell of 2 requirements: outbound was taken/)
  t.match(await portolan(argv, { store }), { code: 0, output: /^Published revision 1/ })
  t.match(await portolan(['document', 'example-4'], { store }), {
    output: /title: Example 4\nvendor: Example\nproduct: Example 4\nversion: "4\.2"\n/
  })
  t.match(await portolan(argv, { store, now: '2026-12-01T00:00:00Z' }), { code: 0, output: /^Unchanged/ })
  const { code, output, error } = await portolan([...argv, '--json'], { store })
  t.strictSame([code, error], [0, ''])
  t.match(JSON.parse(output), {
    number: 1,
    import: { requirements: 2, columns: [{ heading: 'Item', field: 'title' }] }
  })
})

t.test('import --output writes a document to go on with, and never over another one', async (t) => {
  const file = fileWith(t, 'ports.csv', table)
  const output = temporary(t, 'example.yaml')
  const argv = ['import', 'csv', file, '--catalogue', 'example-4', '--output', output]
  t.match(await portolan(argv), { code: 0, output: /^Written: .*example\.yaml\. Look at it, then: portolan publish/ })
  t.match(
    readFileSync(output, 'utf8'),
    /^# yaml-language-server: \$schema=http:\/\/127\.0\.0\.1:8080\/schema\/document-input\.schema\.json\nid: example-4\n/
  )
  t.match(readFileSync(output, 'utf8'), /ports: \[443\]/)
  t.match(await portolan(['validate', output]), { code: 0 })
  t.match(await portolan(argv), { code: 1, error: /example\.yaml is there already, and is not overwritten/ })
  const printed = await portolan(['import', 'csv', '-', '--catalogue', 'example-4', '--output', '-'], { input: table })
  t.match(printed, { code: 0, error: '', output: /^# yaml-language-server/ })
})

t.test('our own tables come back whole: importing an export changes nothing', async (t) => {
  const store = await seeded(t)
  for (const format of ['csv', 'xlsx', 'markdown'] as const) {
    const file = temporary(t, `table.${format}`)
    const argv = ['export', clearswift, format, '--status', 'all']
    writeFileSync(file, format === 'xlsx' ? await bytesOf(store, argv) : (await portolan(argv, { store })).output)
    const imported = await portolan(['import', format, file, '--catalogue', clearswift], { store })
    t.match(imported, { code: 0, output: /^Unchanged: this is revision 2 \(2\.3\)/ }, format)
  }
})

/** What a process prints: the bytes of a workbook are no text. */
async function bytesOf(store: string, argv: readonly string[]): Promise<Uint8Array> {
  const options = [...program('cli'), '--store', `sqlite:${store}`, ...argv]
  return (await promisify(execFile)(process.execPath, options, { encoding: 'buffer' })).stdout
}

t.test('a cell that cannot be read is a fault with file, row and column, and nothing is written', async (t) => {
  const file = fileWith(t, 'ports.csv', table.replace('443', '443x').replace('123', '123456'))
  const store = temporary(t, 'portolan.db')
  const refused = await portolan(['import', 'csv', file, '--catalogue', 'example-4'], { store })
  t.equal(refused.code, 1)
  t.match(refused.error, `${file}:2:3: "443x" is not a port`)
  t.match(refused.error, `${file}:3:3: "123456" is not a port: ports are from 1 to 65535\n`)
  t.match(await portolan(['list'], { store }), { code: 3 })
  t.match(await portolan(['import', 'xlsx', file, '--catalogue', 'example-4']), { code: 1, error: /no Excel workbook/ })
})

t.test('import fetches a list from a URL, through the guard of what goes out', async (t) => {
  const provider = await startProvider(t, list('192.0.2.1\n', '"1"'))
  const argv = [
    'import',
    'text',
    `${provider.origin}/list?token=secret`,
    '--catalogue',
    'example-list',
    '--output',
    '-'
  ]
  const refused = await portolan(argv)
  t.match(refused, { code: 1, error: /is not https/ })
  t.notMatch(refused.error, /secret/)
  const environment = {
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*'
  }
  t.match(await portolan(argv, { environment }), { code: 0, output: /192\.0\.2\.1/ })
  t.match(provider.asked, [{ path: '/list?token=secret', headers: { 'user-agent': /^Portolan\// } }])
  const folder = t.testdir({ 'a.txt': '192.0.2.2\n' })
  t.match(await portolan(argv.with(2, pathToFileURL(folder).href)), { code: 0, output: /192\.0\.2\.2/ })
})

t.test('import works over HTTP as publish does, dry run and guard rails too', async (t) => {
  const app = await startApp(t, { store: await openStore('sqlite::memory:'), isSeeded: false })
  const url = await app.listen()
  const { authorization } = await app.key('catalogue:publish', 'catalogue:override')
  const key = authorization.replace('Bearer ', '')
  const file = fileWith(t, 'ports.csv', table)
  const argv = ['import', 'csv', file, '--catalogue', 'example-4', '--url', url, '--key', key]
  t.match(await portolan([...argv, '--dry-run']), { code: 0, output: /^Would publish revision 1/ })
  t.match(await portolan(argv), { code: 0, output: /^Published revision 1/ })
  t.match(await portolan(argv), { code: 0, output: /^Unchanged/ })
  const emptied = fileWith(t, 'less.csv', table.replace('a.example.net', ''))
  const less = argv.with(2, emptied)
  t.match(await portolan(less), { code: 1, error: /requirement_emptied .*updates/ })
  const rules = ['requirement_emptied', 'unannounced_removal'].flatMap((rule) => ['--override', rule])
  t.match(await portolan([...less, ...rules, '--reason', 'it moved']), { code: 0, output: /^Published revision 2/ })
})

t.test('wrong usage of import', async (t) => {
  t.match(await portolan(['import', 'cvs', 'a', '--catalogue', 'a']), {
    code: 2,
    error: /Allowed choices are csv, xlsx, markdown, text, json, portolan/
  })
  t.match(await portolan(['import', 'csv', 'a']), { code: 2, error: /required option '--catalogue <id>'/ })
  t.match(await portolan(['import', 'csv', 'nowhere.csv', '--catalogue', 'a']), {
    code: 2,
    error: /there is no file nowhere\.csv/
  })
})

t.test('the readers of tables are loaded by imports of such a table, and by no other command', async (t) => {
  const loaded = async (...argv: string[]) => {
    const ran = await portolanProcess(argv, { environment: { NODE_DEBUG: 'esm,module' } })
    return ['csv-parse', 'read-excel-file', 'markdown-it'].filter((name) => ran.error.includes(`/${name}/`))
  }
  t.strictSame(await loaded('formats'), [])
  t.strictSame(await loaded('import', 'csv', fileWith(t, 'ports.csv', table), '--catalogue', 'a', '--output', '-'), [
    'csv-parse'
  ])
})
