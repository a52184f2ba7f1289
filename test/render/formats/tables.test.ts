import { join } from 'node:path'
import t from 'tap'
import { csvColumns } from '../../../src/domain/table/csv-columns.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { csvFault, readCsv } from './grammar/csv.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText } from './support/rendered.ts'
import { folder, missing, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'

/** Texts that a spreadsheet, a table or a page would take for something else. */
const hostile = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '|',
  '``',
  '<img src=x onerror=alert(1)>',
  '"',
  "'",
  'a\n\n# b',
  '\\|',
  '_x000D_',
  '&amp;',
  '[a](javascript:b)',
  ',',
  '~~~',
  '$a$'
]
const hostileDocument = documentOf(
  hostile.map((text, index) =>
    requirement(`key-${index}`, [host('www.example.net', { remarks: text })], { title: text.replaceAll('\n', ' ') })
  )
)
/** A requirement that says everything that a requirement can say, and one that names no endpoint. */
const wholeDocument = documentOf(
  [
    requirement(
      'licences',
      [
        host('licences.example.net', { tags: ['eu', 'us'], remarks: 'The nearest one.' }),
        { kind: 'feed', value: 'cloud', url: 'https://example.net/ranges.json', select: { service: ['S3', 'EC2'] } }
      ],
      {
        necessity: 'conditional',
        condition: 'Where licences are bought',
        component: 'server',
        remarks: '=1+1',
        proxy: { httpProxy: 'forbidden', tlsInspection: 'with-client-certificate' },
        tags: ['updates', 'licences'],
        owner: 'Licensing',
        externalIds: { m365: '46', change: 'CHG "1"' },
        references: [{ title: 'Manual', url: 'https://example.net/manual' }, { url: 'https://example.net/' }],
        inferred: ['direction', 'condition']
      }
    ),
    requirement('nobody', [], { services: [{ transport: 'tcp', ports: [21, '990-992'] }, { transport: 'esp' }] })
  ],
  { components: [{ key: 'server', title: 'The server' }] }
)

const all = [
  ...occasions.map(({ name, document, at }) => ({ name, document, at })),
  { name: 'everything that a requirement says', document: wholeDocument, at },
  { name: 'hostile texts', document: hostileDocument, at }
]
/** For tools that take a second to start. */
const slow = all.filter(({ name }) => ['everything', 'nothing', 'hostile texts'].includes(name))

for (const { name, ...wanted } of all) {
  t.test(`csv of ${name}: as many rows as the report says, each with every column`, async (t) => {
    const text = renderedText('csv', wanted)
    t.equal(csvFault(text), undefined)
    const [header, ...rows] = readCsv(text)
    t.strictSame(header, csvColumns)
    t.equal(rows.length, rendered('csv', wanted).report.entries)
  })
}

t.test('csv: csvkit reads every row, and finds no error', { skip: missing('csvclean', 'csvjson') }, async (t) => {
  for (const { name, ...wanted } of slow) {
    const text = renderedText('csv', wanted)
    const cwd = folder(t, { 'a.csv': text })
    const cleaned = await run('csvclean', ['--dry-run', 'a.csv'], { cwd })
    t.match(cleaned, { code: 0, stdout: /No errors/ }, name)
    // An empty table makes csvjson fail.
    if (readCsv(text).length === 1) continue
    const read = await run('csvjson', ['--no-inference', '--blanks', '--snifflimit', '0', 'a.csv'], { cwd })
    const rows: Record<string, string>[] = JSON.parse(read.stdout)
    t.strictSame(
      rows.map((row) => Object.values(row)),
      readCsv(text).slice(1),
      name
    )
  }
})

t.test(
  'csv: a row that is too short, or a quote in the wrong place, is seen',
  { skip: missing('csvclean') },
  async (t) => {
    const text = renderedText('csv')
    const short = text.replace(',https,', ',')
    const cwd = folder(t, { 'a.csv': short })
    t.notMatch((await run('csvclean', ['--dry-run', 'a.csv'], { cwd })).stdout, /No errors/)
    for (const broken of [
      short,
      text.replace('web,', 'we"b,'),
      text.replace('web,', '=web,'),
      text.replace('\r\n', '\n'),
      text.slice(0, -2),
      text.replace(',80,80,', ',80,99999,'),
      text.replace('198.51.100.0/25', '198.51.100.0/33')
    ]) {
      t.not(broken, text)
      t.type(csvFault(broken), 'string')
    }
  }
)

t.test('jsonl: a line for each row, and jq reads every one', { skip: missing('jq') }, async (t) => {
  for (const { name, ...wanted } of all) {
    const text = renderedText('jsonl', wanted)
    const { entries } = rendered('jsonl', wanted).report
    const read = await run('jq', ['-c', '.'], { input: text })
    t.match(read, { code: 0, stderr: '' }, name)
    t.equal(read.stdout.split('\n').length - 1, entries, name)
    t.equal(text.split('\n').length - 1, entries, name)
  }
  t.not((await run('jq', ['-c', '.'], { input: renderedText('jsonl').replace('"web"', '"we\nb"') })).code, 0)
})

t.test('csv and jsonl say the same of any document', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const csv = renderedText('csv', { document, at })
      const [, ...rows] = readCsv(csv)
      const lines = renderedText('jsonl', { document, at }).split('\n').slice(0, -1)
      const values: Record<string, unknown>[] = lines.map((line) => JSON.parse(line))
      t.equal(csvFault(csv), undefined)
      t.strictSame(
        rows.map((row) => row.slice(0, 11).join('|')),
        values.map((row) =>
          csvColumns
            .slice(0, 11)
            .map((column) => row[column] ?? '')
            .join('|')
        )
      )
    }),
    { numRuns: runs(50) }
  )
})

t.test('csv: what a requirement says is in each of its rows, after the columns of the first release', async (t) => {
  const [header = [], ...rows] = readCsv(renderedText('csv', { document: wholeDocument, at }))
  t.equal(
    header.join(','),
    'requirement,title,scope,direction,necessity,transport,portFrom,portTo,application,kind,value,status,from,until,serves,replacedBy,remarks,endpointTitle,url,sourcePorts,icmp,condition,requirementRemarks,httpProxy,tlsInspection,tags,owner,externalIds,references,inferred,select,component,endpointTags,basis,feed'
  )
  const common = [
    'Where licences are bought',
    "'=1+1",
    'forbidden',
    'with-client-certificate',
    'licences updates',
    'Licensing',
    '{"change":"CHG \\"1\\"","m365":"46"}',
    '[{"title":"Manual","url":"https://example.net/manual"},{"url":"https://example.net/"}]',
    'condition direction'
  ]
  t.strictSame(
    rows.slice(0, 2).map((row) => row.slice(21)),
    [
      [...common, '', 'server', 'eu us', '', ''],
      [...common, '{"service":["EC2","S3"]}', 'server', '', '', '']
    ]
  )
  t.strictSame(
    rows.slice(2).map((row) => row.join(',')),
    ['tcp,21,21', 'tcp,990,992', 'esp,,'].map(
      (service) => `nobody,nobody,external,outbound,required,${service}${','.repeat(27)}`
    )
  )
  t.equal(rendered('csv', { document: wholeDocument, at }).report.entries, rows.length)
})

t.test('jsonl: the same facts by the names of the columns', async (t) => {
  const lines = renderedText('jsonl', { document: wholeDocument, at }).trimEnd().split('\n')
  t.match(JSON.parse(lines[1] ?? ''), {
    condition: 'Where licences are bought',
    requirementRemarks: '=1+1',
    httpProxy: 'forbidden',
    tlsInspection: 'with-client-certificate',
    tags: ['licences', 'updates'],
    owner: 'Licensing',
    externalIds: { m365: '46' },
    references: [{ title: 'Manual', url: 'https://example.net/manual' }, { url: 'https://example.net/' }],
    inferred: ['condition', 'direction'],
    select: { service: ['EC2', 'S3'] },
    component: 'server'
  })
  t.match(JSON.parse(lines[0] ?? ''), { endpointTags: ['eu', 'us'] })
  t.strictSame(JSON.parse(lines[4] ?? ''), {
    requirement: 'nobody',
    title: 'nobody',
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    transport: 'esp'
  })
})

const markdownCells = 8
const historyCells = 3

t.test(
  'markdown: every row has every cell, and no text becomes anything else',
  { skip: missing('cmark-gfm') },
  async (t) => {
    for (const { name, ...wanted } of all) {
      const { report } = rendered('markdown', wanted)
      const made = await run('cmark-gfm', ['--unsafe', '-e', 'table', '-e', 'strikethrough', '-e', 'autolink'], {
        input: renderedText('markdown', wanted)
      })
      t.match(made, { code: 0, stderr: '' }, name)
      const scopes = wanted.document.requirements.map(({ scope }) => scope)
      const connections = new Set(scopes).size
      t.equal(made.stdout.match(/<table>/g)?.length, connections + 1, name)
      const cells = markdownCells * (report.entries + connections) + historyCells * 2
      t.equal(made.stdout.match(/<t[dh]>/g)?.length, cells, name)
      t.strictSame(
        [...new Set(made.stdout.match(/<[a-z0-9]+/g))].filter((tag) => !known.includes(tag)),
        [],
        name
      )
    }
  }
)
/** An address of a list may become a link. */
const known = ['<h1', '<h2', '<h3', '<ul', '<li', '<table', '<thead', '<tr', '<th', '<tbody', '<td', '<br', '<a']

t.test('markdown: a pipe or a tag that is not escaped is seen', { skip: missing('cmark-gfm') }, async (t) => {
  const text = renderedText('markdown')
  const render = (input: string) => run('cmark-gfm', ['--unsafe', '-e', 'table'], { input })
  const whole = await render(text)
  t.not((await render(text.replaceAll('\\|', '|'))).stdout, whole.stdout)
  t.match((await render(text.replaceAll(/\\([<>])/g, '$1'))).stdout, /<bold>|<b>/)
})

t.test('xlsx: xlsx2csv reads what csv says', { skip: missing('xlsx2csv') }, async (t) => {
  for (const { name, ...wanted } of slow) {
    const cwd = folder(t, { 'a.xlsx': rendered('xlsx', wanted).body })
    const read = await run('xlsx2csv', ['-l', '\\r\\n', 'a.xlsx'], { cwd })
    t.match(read, { code: 0, stderr: '' }, name)
    const lines = readCsv(renderedText('csv', wanted)).map((row) => row.join('|'))
    t.strictSame(
      readCsv(
        // ECMA-376 writes an underscore before x000D_ so; xlsx2csv does not read it.
        read.stdout.replaceAll('_x005F_', '_')
      ).map((row) => row.join('|')),
      lines,
      name
    )
    const about = await run('xlsx2csv', ['-n', 'About', 'a.xlsx'], { cwd })
    t.match(about.stdout, /catalogue .*, revision 2/, name)
  }
})

t.test(
  'xlsx: the archive is whole, its parts are XML, and nothing in it is a formula',
  { skip: missing('python3') },
  async (t) => {
    const check = `
import sys, zipfile, xml.dom.minidom
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for info in archive.infolist():
    assert info.date_time == (1980, 1, 1, 12, 0, 0), info.date_time
    page = xml.dom.minidom.parseString(archive.read(info))
    assert not page.getElementsByTagName('f'), info.filename
    for cell in page.getElementsByTagName('t'):
        assert (cell.firstChild.data if cell.firstChild else '')[:1] not in list('=+-@\\t\\r'), cell.firstChild.data
print('whole')`
    for (const { name, ...wanted } of all) {
      const cwd = folder(t, { 'a.xlsx': rendered('xlsx', wanted).body, 'check.py': check })
      t.match(await run('python3', ['check.py', 'a.xlsx'], { cwd }), { code: 0, stdout: 'whole\n' }, name)
    }
    const body = Uint8Array.from(rendered('xlsx').body)
    body[100] = (body[100] ?? 0) ^ 0xff
    const cwd = folder(t, { 'a.xlsx': body, 'check.py': check })
    t.not((await run('python3', ['check.py', join(cwd, 'a.xlsx')], { cwd })).code, 0, 'a damaged one is seen')
  }
)

t.test('xlsx: the same bytes in another time zone', async (t) => {
  const here = rendered('xlsx').body
  const zone = process.env.TZ
  t.teardown(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  process.env.TZ = 'Pacific/Auckland'
  t.strictSame(rendered('xlsx').body, here)
})
