import t from 'tap'
import type { Fault } from '../../../src/domain/errors.ts'
import { PortolanError } from '../../../src/domain/errors.ts'
import { readDraft } from '../../../src/domain/publishing/draft.ts'

const document = `id: example
title: Example
vendor: Example
product: Example
version: "1"
edition:
  label: "1"
  summary: First
requirements:
  - key: web
    title: Web
    scope: external
    direction: outbound
    necessity: required
    services:
      - transport: tcp
        ports: [443]
    endpoints:
      - kind: host
        value: www.example.net
      - kind: address
        value: 192.0.2.1
        until: 2030-11-22
`
const endpoints = document.slice(document.indexOf('    endpoints:'))

/** What an author wrote in the place of what is right, the line and column that an editor jumps to, and the remedy that is told there. */
const mistakes: readonly (readonly [right: string, wrong: string, place: string, remedy: string])[] = [
  [document, '', '1:1', 'the document is empty: portolan init writes a first one'],
  ['requirements:', 'requirments:', '9:1', 'there is no field "requirments" here: did you mean "requirements"?'],
  ['title: Example', 'titel: Example', '2:1', 'there is no field "titel" here: did you mean "title"?'],
  ['id: example', 'id: Example Gateway', '1:5', 'did you mean "example-gateway"?'],
  ['key: web', 'key: LDAP Server', '10:10', 'did you mean "ldap-server"?'],
  ['version: "1"', 'version: 7.20', '5:10', 'is a number where a text is needed: put it in quotes, "7.20"'],
  ['label: "1"', 'label: 2.3', '7:10', 'is a number where a text is needed: put it in quotes, "2.3"'],
  ['edition:\n  label: "1"\n  summary: First\n', '', '1:1', 'edition is required'],
  ['id: example', 'id: example\ntimeZone: CET+1', '2:11', 'write its IANA name, such as Europe/London or UTC'],
  ['title: Web', 'title: Web: all', '11:12', 'put the text in quotes if the colon belongs to it'],
  ['title: Web', 'title: ""', '11:12', 'is empty: give a text, or leave the field out'],
  ['    title: Web', '\ttitle: Web', '11:1', 'Tabs are not allowed as indentation: write spaces'],
  ['title: Web', 'title: Web\n    title: All', '12:5', 'the key "title" stands twice in one map'],
  ['title: Web', 'title: &web Web', '11:12', 'write the value out, or in quotes if the & or * belongs to it'],
  ['requirements:', '---\nrequirements:', '9:1', 'a second document begins: send one'],
  ['scope: external', 'scope: internet', '12:12', 'did you mean "external"?'],
  ['direction: outbound', 'direction: out', '13:16', 'did you mean "outbound"?'],
  ['direction: outbound', 'direction: egress', '13:16', 'did you mean "outbound"?'],
  ['necessity: required', 'necessity: yes', '14:16', 'did you mean "required"?'],
  ['necessity: required', 'necessity: conditional', '10:5', 'add condition, which says when'],
  ['necessity: required', 'necessity: required\n    condition: If so', '15:16', 'is it conditional or optional?'],
  [
    'transport: tcp',
    'transport: tcp/udp',
    '16:20',
    '"tcp/udp" is two: write one service for tcp and one service for udp'
  ],
  ['transport: tcp', 'transport: tpc', '16:20', 'one of tcp, udp'],
  ['transport: tcp', 'transport: icmp', '17:16', 'icmp has no ports: only tcp, udp, sctp, dccp have them'],
  ['ports: [443]', 'port: [443]', '17:9', 'did you mean "ports"?'],
  ['ports: [443]', 'ports: 514', '17:16', 'is a number where a list is needed: write [514]'],
  ['ports: [443]', 'ports: 80, 443', '17:16', 'is a text where a list is needed: write [80, 443]'],
  ['ports: [443]', 'ports: [0]', '17:17', 'ports are whole numbers from 1 to 65535'],
  [
    'ports: [443]',
    'ports: ["80 - 90"]',
    '17:17',
    '"80 - 90" is not a port or range: write "80" or "1024-65535", without spaces'
  ],
  ['ports: [443]', 'ports: ["90-80"]', '17:17', '90-80 runs backwards: write 80-90'],
  ['ports: [443]', 'ports: []', '17:16', 'is an empty list: write at least one'],
  ['ports: [443]', 'ports:', '17:15', 'has no value where a list is needed: give one, or leave the field out'],
  ['        ports: [443]', '       ports: [443]', '17:1', 'is this line indented as those that it belongs to?'],
  [
    '- transport: tcp\n        ports: [443]',
    '- tcp/443',
    '16:9',
    '"tcp/443" is a text where an object is needed: write {transport: tcp, ports: [443]}'
  ],
  [endpoints, '', '10:5', 'endpoints is required: write endpoints: [] where there are none'],
  [
    '- kind: host\n        value: www.example.net',
    '- www.example.net',
    '19:9',
    'write {kind: host, value: "www.example.net"}'
  ],
  ['kind: address', 'kind: ip', '21:15', 'did you mean "address"?'],
  ['www.example.net', 'https://www.example.net/', '20:16', 'is a URL: write the host name alone'],
  [
    'www.example.net',
    'www.example.net:443',
    '20:16',
    'has a port: write the host name alone; ports belong to services'
  ],
  ['www.example.net', '192.0.2.9', '20:16', 'write it as an endpoint of kind address'],
  [
    'www.example.net',
    '"*.com"',
    '20:16',
    'covers all of com, under which anyone can register a name: write *.example.com'
  ],
  ['www.example.net', '*.example.net', '20:16', 'in quotes if the & or * belongs to it'],
  ['192.0.2.1', '192.0.2.1-192.0.2.2', '22:16', 'is a range: write it as CIDR blocks, 192.0.2.1, 192.0.2.2'],
  ['192.0.2.1', '192.0.2.1/24', '22:16', 'has host bits set: the network is 192.0.2.0/24'],
  ['192.0.2.1', '010.0.0.1', '22:16', 'write 10.0.0.1'],
  [
    '2030-11-22',
    '22/11/30',
    '23:16',
    'write a date, such as 2018-11-22, a month, such as 2018-11, or an RFC 3339 instant'
  ],
  ['2030-11-22', '2030-02-30', '23:16', 'does not exist in the calendar'],
  ['2030-11-22', '2030-11-22T10:00:00', '23:16', 'is a local time: give its offset, such as 2018-11-22T09:00:00+01:00'],
  ['until:', 'from: 2031-01\n        until:', '24:16', 'must be after from'],
  ['until: 2030-11-22', 'replacedBy: 192.0.2.2', '23:21', 'is a text where a list is needed: write [192.0.2.2]'],
  ['until: 2030-11-22', 'serves: [ww.example.net]', '23:18', 'did you mean "www.example.net"?']
]

t.test('each typical mistake is told at its line, with what would be right', async (t) => {
  t.same(faultsIn(document), [], 'without a mistake there is no fault')
  for (const [right, wrong, place, remedy] of mistakes) {
    t.ok(document.includes(right), right)
    const faults = faultsIn(document.replace(right, wrong))
    const told = faults.find(({ line, column }) => `${line}:${column}` === place)
    t.ok(
      told?.detail.includes(remedy),
      `${wrong}: ${faults.map(({ line, column, detail }) => `${line}:${column} ${detail}`)}`
    )
    t.ok(
      faults.every(({ line, column }) => line !== undefined && column !== undefined),
      'every fault has a place'
    )
  }
})

t.test(
  'what has one meaning only is taken: a byte order mark, Windows line ends, a transport in capitals',
  async (t) => {
    t.same(faultsIn(`\ufeff${document.replaceAll('\n', '\r\n').replace('transport: tcp', 'transport: TCP')}`), [])
  }
)

t.test('the same in JSON: every fault has its line', async (t) => {
  const json = JSON.stringify(
    { id: 'Example', requirements: [{ key: 'a', services: [{ transport: 'tcp/udp' }] }] },
    null,
    2
  )
  const faults = faultsIn(json, 'json')
  t.ok(faults.length > 5)
  t.ok(faults.every(({ line }) => line !== undefined))
  t.match(
    faults.find(({ detail }) => detail.includes('is two')),
    { line: 8, column: 24 }
  )
  t.match(faultsIn('{\n  "id": "a",\n}', 'json'), [{ line: 3, column: 1 }])
})

t.test(
  'among thousands of values, what is meant is told of the first that are unknown, and all are faults',
  async (t) => {
    const hosts = Array.from(
      { length: 2000 },
      (_, index) => `      - { kind: host, value: h${index}.example.net, replacedBy: [h${index}.example.org] }\n`
    )
    const faults = faultsIn(document.replace(endpoints, `    endpoints:\n${hosts.join('')}`))
    t.equal(faults.length, 1000)
    t.match(faults[0]?.detail, 'did you mean')
    t.notMatch(faults[998]?.detail, 'did you mean')
  }
)

t.test('among a thousand variables, what is meant is told of the first that are unknown', async (t) => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index))
  const variables = lines(1000, (index) => `  - { key: some-variable-${index}, title: Some }\n`).join('')
  const patterns = lines(
    1000,
    (index) => `      - { kind: pattern, value: "<some-varieble-${index}>.example.net" }\n`
  ).join('')
  const faults = faultsIn(
    document
      .replace(endpoints, `    endpoints:\n${patterns}`)
      .replace('requirements:', `variables:\n${variables}requirements:`)
  )
  t.equal(faults.length, 1000)
  t.match(faults[0]?.detail, 'did you mean')
  t.match(faults[998]?.detail, /"some-varieble-998" among variables$/)
})

function faultsIn(text: string, notation: 'json' | 'yaml' = 'yaml'): readonly Fault[] {
  try {
    const draft = readDraft({ bytes: Buffer.from(text), notation })
    return 'faults' in draft ? draft.faults : []
  } catch (error) {
    if (error instanceof PortolanError) return error.faults
    throw error
  }
}
