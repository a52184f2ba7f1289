import t from 'tap'
import { importedDocument } from '../../../src/domain/feed/imported-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { importWith, type Rows, sourceOf, workbook, written } from './support/sources.ts'

const notations = ['csv', 'xlsx', 'markdown'] as const
const about = { id: 'example', edition: { label: '1', summary: 'Imported' } }
const header = ['Item', 'Protocol', 'Port', 'URL / host name', 'IP address', 'Remarks']

async function requirements(rows: Rows, notation: (typeof notations)[number] = 'csv') {
  const content = written[notation](rows)
  return importedDocument(sourceOf(content), await importWith(notation, content), about).requirements
}

t.test('a table of a paper is read the same from each notation', async (t) => {
  const rows = [
    header,
    ['AV updates', 'TCP', '80, 443', 'a.example.net,\nb.example.net', '192.0.2.1', 'Prefer names.'],
    ['', '', '', '*.cdn.example.net', '198.51.100.0/24', ''],
    ['DNS', 'TCP/UDP', '53', '', 'Your DNS servers', '']
  ]
  for (const notation of notations)
    t.match(
      await requirements(rows, notation),
      [
        {
          key: 'av-updates',
          title: 'AV updates',
          scope: 'external',
          direction: 'outbound',
          necessity: 'required',
          inferred: ['direction', 'necessity', 'scope'],
          services: [
            {
              transport: 'tcp',
              ports: [
                { from: 80, to: 80 },
                { from: 443, to: 443 }
              ]
            }
          ],
          remarks: 'Prefer names.',
          endpoints: [
            { kind: 'host', value: '*.cdn.example.net' },
            { kind: 'host', value: 'a.example.net' },
            { kind: 'host', value: 'b.example.net' },
            { kind: 'address', value: '192.0.2.1', serves: ['a.example.net', 'b.example.net'] },
            { kind: 'address', value: '198.51.100.0/24', serves: ['*.cdn.example.net'] }
          ]
        },
        {
          key: 'dns',
          services: [
            { transport: 'tcp', ports: [{ from: 53, to: 53 }] },
            { transport: 'udp', ports: [{ from: 53, to: 53 }] }
          ],
          endpoints: [{ kind: 'role', value: 'your-dns-servers', title: 'Your DNS servers' }]
        }
      ],
      notation
    )
})

const cells: readonly (readonly [protocol: string, port: string, services: string])[] = [
  ['TCP', '80, 443', 'tcp/80+443'],
  ['tcp', '135-139', 'tcp/135-139'],
  ['UDP', '8801:8803', 'udp/8801-8803'],
  ['TCP', '1024 – 65535', 'tcp/1024-65535'],
  ['TCP/UDP', '53', 'tcp/53 udp/53'],
  ['TCP and UDP', '53', 'tcp/53 udp/53'],
  ['', 'FTP 21, FTPS 21 or 990, SFTP 22', 'tcp/21(ftp) tcp/21+990(ftps) tcp/22(sftp)'],
  ['', 'TCP 80, UDP 53', 'tcp/80 udp/53'],
  ['', '443/tcp', 'tcp/443'],
  ['TCP (HTTPS)', '443', 'tcp/443(https)'],
  ['HTTPS', '443', 'tcp/443(https)'],
  ['TCP', '443 (HTTPS)', 'tcp/443(https)'],
  ['TCP', '443*', 'tcp/443'],
  ['TCP', 'any', 'tcp'],
  ['ICMP', '-', 'icmp'],
  ['IP 97', '', 'ip/97'],
  ['ESP', '', 'esp'],
  ['Any', '', 'any']
]

t.test('cells of protocols and ports', async (t) => {
  for (const [protocol, port, services] of cells) {
    const [read] = await requirements([header, ['A', protocol, port, 'a.example.net', '', '']])
    const text = read?.services
      .map(({ transport, ports = [], application }) => {
        const list = ports.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join('+')
        return `${transport}${list && `/${list}`}${application === undefined ? '' : `(${application})`}`
      })
      .join(' ')
    t.equal(text, services, `${protocol} | ${port}`)
  }
})

t.test(
  'headings are found in any case and order, under titles, and what is not known is named with the nearest',
  async (t) => {
    const read = await importWith(
      'csv',
      'Example Gateway 4\n\nDIRECTION;Dest. Port;Zone;Protocl;Ip-Address;purpose;Required\nin;22;a;b;192.0.2.1;Administration;no\n'
    )
    t.strictSame(
      read.columns.map(({ heading, field }) => `${heading} ${field}`),
      ['DIRECTION direction', 'Ip-Address addresses', 'purpose title', 'Required necessity']
    )
    t.match(
      read.notes.map(({ detail }) => detail),
      [
        /"Dest. Port" is not known: is it "dst port"\?/,
        /"Zone" is not known/,
        /"Protocl" is not known: is it "protocol"\?/
      ]
    )
    t.match(read.requirements, [{ key: 'administration', direction: 'inbound', necessity: 'optional' }])
  }
)

t.test('merged cells hold for all of their rows', async (t) => {
  const rows = [
    header,
    ['Updates', 'TCP', '443', 'a.example.net', '', 'Both.'],
    ['', '', '', 'b.example.net', '', ''],
    ['Time', 'UDP', '123', 'c.example.net', '', '']
  ]
  const bytes = workbook({ Ports: rows }, ['A2:A3', 'B2:B3', 'C2:C3', 'F2:F3'])
  const { requirements } = await importWith('xlsx', bytes)
  t.match(requirements, [
    { key: 'updates', endpoints: [{ value: 'a.example.net' }, { value: 'b.example.net' }], remarks: 'Both.' },
    { key: 'time', endpoints: [{ value: 'c.example.net' }] }
  ])
})

t.test(
  'footnotes become remarks where their marks stand, and headings of sections say what their rows are',
  async (t) => {
    const read = await requirements([
      header,
      ['Updates', 'TCP', '443*', 'a.example.net', '', 'Always.'],
      ['Internal connections', '', '', '', '', ''],
      ['Console', 'TCP', '8443', '', '192.0.2.0/24', ''],
      ['* Only without a proxy', '', '', '', '', '']
    ])
    t.match(read, [
      { key: 'updates', scope: 'external', remarks: 'Always.\nOnly without a proxy' },
      { key: 'console', scope: 'internal', inferred: ['direction', 'necessity'] }
    ])
  }
)

t.test(
  'rows of one requirement with other services become another one, and those with equal services are joined',
  async (t) => {
    const content = written.csv([
      header,
      ['Mail', 'TCP', '25', 'a.example.net', '', ''],
      ['Mail', 'TCP', '587', 'b.example.net', '', ''],
      ['Mail', 'TCP', '25', 'c.example.net', '', ''],
      ['Time', 'UDP', '123', 'd.example.net', '', ''],
      ['', 'TCP', '4460', '', '', '']
    ])
    const read = await importWith('csv', content)
    t.match(read.requirements, [
      { key: 'mail', endpoints: [{ value: 'a.example.net' }, { value: 'c.example.net' }] },
      { key: 'mail-2', endpoints: [{ value: 'b.example.net' }] },
      {
        key: 'time',
        services: [
          { transport: 'udp', ports: ['123'] },
          { transport: 'tcp', ports: ['4460'] }
        ]
      }
    ])
    t.match(
      read.notes.map(({ detail }) => detail),
      [/row 4 belongs to "Mail"/, /"Mail" have other services or facts: they became mail-2/]
    )
  }
)

t.test('what cannot be read is a fault at its cell, and all of them are told', async (t) => {
  const rows = [
    header,
    ['Updates', 'TCQ', '80x', 'a..example.net', '10.0.0.1/8', ''],
    ['', '', '', '', '010.0.0.1', ''],
    ['Dates', 'TCP', '2018-05-10', 'a.example.net:99', '', '']
  ]
  const read = await importWith('csv', written.csv(rows))
  t.strictSame(
    read.refused.map(({ line, column, detail }) => `${line}:${column}: ${detail}`),
    [
      '2:2: "TCQ" is not a transport: write tcp, udp, tcp/udp, icmp, esp or any',
      '2:3: "80x" is not a port: write 80, "80, 443", 135-139 or FTP 21',
      '2:4: "a..example.net" has an empty label: two dots in a row, or one at the start',
      '2:5: "10.0.0.1/8" has host bits set: the network is 10.0.0.0/8; the single address is 10.0.0.1',
      '3:5: "010.0.0.1" has a leading zero in 010, which some programs read as octal: write 10.0.0.1',
      '4:3: "2018-05-10" is not a port: write 80, "80, 443", 135-139 or FTP 21; a spreadsheet made a date of it: format the column as text'
    ]
  )
  const workbookRead = await importWith('xlsx', workbook({ 'Sheet 1': rows }))
  t.match(workbookRead.refused[1], { cell: 'Sheet 1!C2' })
  t.match((await importWith('markdown', `# Ports\n\n${written.markdown(rows)}`)).refused[1], { line: 5, column: 3 })
})

t.test('a fault of meaning is at the cell that it came from', async (t) => {
  const content = written.csv([
    [...header, 'Until', 'From'],
    ['Updates', 'TCP', '443', 'a.example.net', '', '', '22/11/18', '']
  ])
  const imported = await importWith('csv', content)
  t.throws(() => importedDocument(sourceOf(content), imported, about), {
    code: 'invalid_source',
    faults: [{ line: 2, column: 4, code: 'invalid_instant' }]
  })
})

t.test('one value a line', async (t) => {
  const read = await importWith('text', '# list\n192.0.2.0/24 # first\n\nwww.example.net ; second\n192.0.2.0/24\n')
  t.match(read.requirements, [
    {
      key: 'entries',
      direction: 'both',
      necessity: 'optional',
      endpoints: [
        { kind: 'address', value: '192.0.2.0/24', remarks: 'first' },
        { kind: 'host', value: 'www.example.net', remarks: 'second' }
      ]
    }
  ])
  t.match(await importWith('text', 'a b\n10.0.0.1/8\n'), {
    refused: [
      { line: 1, column: 1 },
      { line: 2, column: 1 }
    ]
  })
})

const names = ['AV updates', 'Licences', 'Web (HTTP)', 'Büro', 'Mail, in and out', 'Zeit & Datum']
const row = fc.record({
  transport: fc.constantFrom(
    ...([
      ['TCP', ['tcp']],
      ['udp', ['udp']],
      ['TCP/UDP', ['tcp', 'udp']]
    ] as const)
  ),
  ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 }),
  hosts: fc.uniqueArray(fc.constantFrom('a.example.net', 'b.example.net', '*.c.example.net'), { minLength: 1 }),
  addresses: fc.uniqueArray(fc.constantFrom('192.0.2.1', '198.51.100.0/24', '2001:db8::/48'))
})
const headings = [
  ['Item', 'service', 'NAME'],
  ['Protocol', 'transport', 'Type'],
  ['Port', 'PORTS', 'Destination Port'],
  ['Host name', 'URL/Hostname', 'fqdn'],
  ['IP address', 'CIDR', 'ip addresses']
]
const table = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: names.length }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
  words: fc.tuple(...headings.map((each) => fc.constantFrom(...each))),
  separator: fc.constantFrom(', ', '\n', '; ', ' ')
})

t.test(
  'any table of names, ports and destinations says what it said, whatever its headings and their order',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(...notations), async ({ rows, order, words, separator }, notation) => {
        const lines = rows.map(({ transport, ports, hosts, addresses }, index) => [
          names[index] ?? '',
          transport[0],
          ports.join(', '),
          hosts.join(separator),
          addresses.join(separator)
        ])
        const read = await requirements(
          [words, ...lines].map((cells) => order.map((index) => cells[index] ?? '')),
          notation
        )
        t.strictSame(
          read.map(({ title, services, endpoints }) => ({
            title,
            services: services.map(({ transport, ports }) => `${transport} ${ports?.map(({ from }) => from).join()}`),
            endpoints: endpoints.map((endpoint) => ('value' in endpoint ? endpoint.value : '')).sort()
          })),
          rows.map(({ transport, ports, hosts, addresses }, index) => ({
            title: names[index],
            services: transport[1].map((name) => `${name} ${[...ports].sort((a, b) => a - b).join()}`),
            endpoints: [...hosts, ...addresses].sort()
          }))
        )
      }),
      { numRuns: runs(100) }
    )
  }
)
