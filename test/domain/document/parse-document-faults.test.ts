import t from 'tap'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { type Authored, authored, authoredRequirement, service, withEndpoints } from './support/authored.ts'

const faultsOf = (input: unknown, options: { id?: string } = {}) => {
  const parsed = parseDocument(input, options)
  return 'faults' in parsed ? parsed.faults : []
}
/** `code pointer` of each fault, sorted. */
const summary = (input: unknown, options?: { id?: string }) =>
  faultsOf(input, options)
    .map(({ code, pointer }) => `${code} ${pointer}`)
    .sort()

const withFields = (fields: Authored) => authored([], fields)
const withRequirement = (fields: Authored) => authored([authoredRequirement(fields)])
const withService = (...services: readonly unknown[]) => withRequirement({ services })
const withEdition = (fields: Authored) => withFields({ edition: { label: '2.3', summary: 'x', ...fields } })
const host = (value: unknown, fields: Authored = {}) => ({ kind: 'host', value, ...fields })
const address = (value: unknown, fields: Authored = {}) => ({ kind: 'address', value, ...fields })
const { title: _title, id: _id, ...untitled } = authored()

type Row = readonly [what: string, input: unknown, ...faults: readonly string[]]
const endpoint = '/requirements/0/endpoints/0'

const shapes: readonly Row[] = [
  ['no document', null, 'wrong_type '],
  ['a list', [], 'wrong_type '],
  ['a text', 'document', 'wrong_type '],
  ['missing fields', untitled, 'required /id', 'required /title'],
  ['an unknown field', withFields({ colour: 'red' }), 'unknown_field /colour'],
  ['an unknown field with an odd name', withFields({ 'a/b~c': 1 }), 'unknown_field /a~1b~0c'],
  [
    'an inherited name',
    withFields({ constructor: 1, toString: 1 }),
    'unknown_field /constructor',
    'unknown_field /toString'
  ],
  ['a number as label', withEdition({ label: 2.3 }), 'wrong_type /edition/label'],
  ['null', withFields({ title: null }), 'wrong_type /title'],
  ['null as edition', withFields({ edition: null }), 'wrong_type /edition'],
  ['an empty title', withFields({ title: '' }), 'empty /title'],
  ['a long title', withFields({ title: 'x'.repeat(201) }), 'too_long /title'],
  ['a long title of wide characters', withFields({ title: '😀'.repeat(201) }), 'too_long /title'],
  ['a slug with capitals', withFields({ id: 'Gateway' }), 'wrong_format /id'],
  ['requirements as object', withFields({ requirements: {} }), 'wrong_type /requirements'],
  ['a requirement as text', authored(['dns']), 'wrong_type /requirements/0'],
  ['an unknown scope', withRequirement({ scope: 'both' }), 'not_one_of /requirements/0/scope'],
  ['an unknown inferred field', withRequirement({ inferred: ['title', 'x'] }), 'not_one_of /requirements/0/inferred/1'],
  ['a tag with a space', withRequirement({ tags: ['anti virus'] }), 'wrong_format /requirements/0/tags/0'],
  ['no service', withRequirement({ services: [] }), 'too_few_items /requirements/0/services'],
  [
    'no ports, which would mean all',
    withService({ transport: 'tcp', ports: [] }),
    'too_few_items /requirements/0/services/0/ports'
  ],
  ['an unknown transport', withService({ transport: 'tcpp' }), 'wrong_format /requirements/0/services/0/transport'],
  [
    'an ICMP type out of range',
    withService({ transport: 'icmp', icmp: { type: 256 } }),
    'out_of_range /requirements/0/services/0/icmp/type'
  ],
  [
    'a type of ICMP that has no such name',
    withService({ transport: 'icmp', icmp: { type: 'time-exeeded' } }),
    'unknown_icmp_type /requirements/0/services/0/icmp/type'
  ],
  [
    'a type of the other family',
    withService({ transport: 'icmp', icmp: { type: 'packet-too-big' } }),
    'unknown_icmp_type /requirements/0/services/0/icmp/type'
  ],
  [
    'a number of ICMP as text',
    withService({ transport: 'icmpv6', icmp: { type: '128' } }),
    'unknown_icmp_type /requirements/0/services/0/icmp/type'
  ],
  [
    'a code of ICMP by name',
    withService({ transport: 'icmp', icmp: { type: 'echo-reply', code: 'none' } }),
    'unknown_icmp_code /requirements/0/services/0/icmp/code'
  ],
  [
    'an application in capitals',
    withService({ ...service, application: 'HTTP' }),
    'wrong_format /requirements/0/services/0/application'
  ],
  [
    'a component that is not declared',
    authored([authoredRequirement({ component: 'sever' })], { components: [{ key: 'server', title: 'Server' }] }),
    'unknown_component /requirements/0/component'
  ],
  [
    'a component of a document without any',
    withRequirement({ component: 'server' }),
    'unknown_component /requirements/0/component'
  ],
  [
    'a component that is declared twice, and one without a title',
    withFields({
      components: [{ key: 'server', title: 'Server' }, { key: 'server', title: 'Again' }, { key: 'agent' }]
    }),
    'duplicate_key /components/1/key',
    'required /components/2/title'
  ],
  [
    'tags of an endpoint that are no names',
    withEndpoints(host('a.example', { tags: ['EU', 'eu'] })),
    'wrong_format /requirements/0/endpoints/0/tags/0'
  ],
  ['an empty proxy', withRequirement({ proxy: {} }), 'empty /requirements/0/proxy'],
  ['an unknown proxy field', withRequirement({ proxy: { tls: 'allowed' } }), 'unknown_field /requirements/0/proxy/tls'],
  ['empty external ids', withRequirement({ externalIds: {} }), 'empty /requirements/0/externalIds'],
  ['an empty external id', withRequirement({ externalIds: { cmdb: '' } }), 'empty /requirements/0/externalIds/cmdb'],
  [
    'a namespace with a space',
    withRequirement({ externalIds: { 'a b': 'x' } }),
    'wrong_key /requirements/0/externalIds/a b'
  ],
  [
    'a namespace with a number',
    withRequirement({ externalIds: { 'A/B': 1 } }),
    'wrong_key /requirements/0/externalIds/A~1B'
  ],
  ['an endpoint as text', withEndpoints('10.0.0.1'), `wrong_type ${endpoint}`],
  ['an endpoint without kind', withEndpoints({ value: 'a.example' }), `required ${endpoint}/kind`],
  ['an unknown kind', withEndpoints({ kind: 'ip', value: '10.0.0.1' }), `not_one_of ${endpoint}/kind`],
  ['an inherited kind', withEndpoints({ kind: 'constructor' }), `not_one_of ${endpoint}/kind`],
  ['an endpoint without value', withEndpoints({ kind: 'host' }), `required ${endpoint}/value`],
  ['any with a value', withEndpoints({ kind: 'any', value: 'x' }), `unknown_field ${endpoint}/value`],
  [
    'a host that serves',
    withEndpoints(host('a.example', { serves: ['a.example'] })),
    `unknown_field ${endpoint}/serves`
  ],
  ['a role without title', withEndpoints({ kind: 'role', value: 'dns-server' }), `required ${endpoint}/title`],
  ['a feed without url', withEndpoints({ kind: 'feed', value: 'aws' }), `required ${endpoint}/url`],
  ['a date as number', withEndpoints(host('a.example', { until: 2018 })), `wrong_type ${endpoint}/until`]
]

const feed = (fields: Authored) =>
  withEndpoints({ kind: 'feed', value: 'aws', url: 'https://example.net/f', ...fields })
const twoRequirements = (first: Authored, second: Authored) =>
  authored([authoredRequirement({ key: 'one', ...first }), authoredRequirement({ key: 'two', ...second })])
const ports = (...list: readonly unknown[]) => withService({ transport: 'tcp', ports: list })
const portPointer = '/requirements/0/services/0/ports'

const meanings: readonly Row[] = [
  ['a time zone that is none', withFields({ timeZone: 'europe/london' }), 'unknown_time_zone /timeZone'],
  [
    'a catalogue that succeeds itself',
    withFields({ successor: 'clearswift-exchange-gateway-4.8' }),
    'successor_is_self /successor'
  ],
  ['an end of support on no day', withFields({ endOfSupport: '2018-02-30' }), 'invalid_instant /endOfSupport'],
  ['a title with a control character', withFields({ title: 'a\u202eb' }), 'invalid_text /title'],
  ['a title in two lines', withFields({ title: 'a\nb' }), 'invalid_text /title'],
  ['a blank title', withFields({ title: ' ' }), 'invalid_text /title'],
  ['a blank alias', withFields({ aliases: ['a', ' '] }), 'invalid_text /aliases/1'],
  ['a text that NFC makes too long', withFields({ title: '\u0958'.repeat(150) }), 'too_long /title'],
  ['a date that does not exist', withEdition({ date: '2018-13' }), 'invalid_date /edition/date'],
  ['the 29th of February', withEdition({ date: '2018-02-29' }), 'invalid_date /edition/date'],
  [
    'a local time of publication',
    withEdition({ publishedAt: '2018-10-01T09:00' }),
    'invalid_instant /edition/publishedAt'
  ],
  ['a summary with a bell', withEdition({ summary: 'a\x07b' }), 'invalid_text /edition/summary'],
  [
    'guidance with one key twice',
    withFields({ guidance: [1, 2].map((text) => ({ key: 'dns', topic: 'dns', text: `text ${text}` })) }),
    'duplicate_key /guidance/1/key'
  ],
  ['requirements with one key', twoRequirements({}, { key: 'one' }), 'duplicate_key /requirements/1/key'],
  [
    'a previous key that is a key',
    twoRequirements({ previousKeys: ['two'] }, {}),
    'previous_key_present /requirements/0/previousKeys/0'
  ],
  [
    'a previous key that is its own',
    twoRequirements({ previousKeys: ['one'] }, {}),
    'previous_key_present /requirements/0/previousKeys/0'
  ],
  [
    'a previous key that two claim',
    twoRequirements({ previousKeys: ['old'] }, { previousKeys: ['older', 'old'] }),
    'previous_key_claimed_twice /requirements/1/previousKeys/1'
  ],
  [
    'a condition of what is required',
    withRequirement({ condition: 'with Kaspersky' }),
    'condition_not_allowed /requirements/0/condition'
  ],
  [
    'what is conditional without a condition',
    withRequirement({ necessity: 'conditional' }),
    'required /requirements/0/condition'
  ],
  [
    'a condition of the wrong type, once',
    withRequirement({ necessity: 'conditional', condition: 7 }),
    'wrong_type /requirements/0/condition'
  ],
  [
    'a reference that is no URL',
    withRequirement({ references: [{ url: 'http://[' }] }),
    'invalid_url /requirements/0/references/0/url'
  ],
  ['port 0', ports(0), `invalid_port ${portPointer}/0`],
  ['port 65536', ports(443, 65536), `invalid_port ${portPointer}/1`],
  ['ports 80-70', ports('80-70'), `invalid_port ${portPointer}/0`],
  ['a port twice', ports(80, '80'), `duplicate_port ${portPointer}/1`],
  ['overlapping ports', ports('80-90', 85), `overlapping_ports ${portPointer}/1`],
  [
    'source ports that are none',
    withService({ transport: 'tcp', sourcePorts: ['x'] }),
    'invalid_port /requirements/0/services/0/sourcePorts/0'
  ],
  ['ports of ICMP', withService({ transport: 'icmp', ports: [80] }), `ports_not_allowed ${portPointer}`],
  [
    'ports of any',
    withService({ transport: 'any', sourcePorts: [80] }),
    'ports_not_allowed /requirements/0/services/0/sourcePorts'
  ],
  [
    'an ICMP type of TCP',
    withService({ transport: 'tcp', icmp: { type: 8 } }),
    'icmp_not_allowed /requirements/0/services/0/icmp'
  ],
  [
    'a service twice',
    withService(service, { transport: 'udp' }, { ...service, ports: ['80'] }),
    'duplicate_service /requirements/0/services/2'
  ],
  ['an address with a leading zero', withEndpoints(address('010.0.0.1')), `invalid_address ${endpoint}/value`],
  ['a CIDR with host bits', withEndpoints(address('10.0.0.1/8')), `invalid_address ${endpoint}/value`],
  ['a name as address', withEndpoints(address('a.example')), `invalid_address ${endpoint}/value`],
  ['an address as host', withEndpoints(host('10.0.0.1')), `invalid_host ${endpoint}/value`],
  ['a wildcard under a public suffix', withEndpoints(host('*.co.uk')), `invalid_host ${endpoint}/value`],
  ['a feed at no URL', feed({ url: 'https://exa mple' }), `wrong_format ${endpoint}/url`],
  ['a feed at a URL with an override', feed({ url: 'https://example.net/\u202e' }), `invalid_text ${endpoint}/url`],
  ['an empty selection', feed({ select: {} }), `empty ${endpoint}/select`],
  ['a selection of nothing', feed({ select: { service: [] } }), `too_few_items ${endpoint}/select/service`],
  ['a selection by several lines', feed({ select: { 'a\nb': 1 } }), `wrong_key ${endpoint}/select/a\nb`],
  [
    'an end before the beginning',
    withEndpoints(host('a.example', { from: '2018-11', until: '2018-10' })),
    `until_not_after_from ${endpoint}/until`
  ],
  [
    'an end at the beginning',
    withEndpoints(host('a.example', { from: '2018-11-01', until: '2018-11' })),
    `until_not_after_from ${endpoint}/until`
  ],
  ['an end on no day', withEndpoints(host('a.example', { until: '2018-11-31' })), `invalid_instant ${endpoint}/until`],
  [
    'an end finer than kept',
    withEndpoints(host('a.example', { until: '2018-11-22T00:00:00.0001Z' })),
    `invalid_instant ${endpoint}/until`
  ],
  [
    'an endpoint twice',
    withEndpoints(host('a.example'), host('A.example.')),
    'duplicate_endpoint /requirements/0/endpoints/1'
  ],
  ['any twice', withEndpoints({ kind: 'any' }, { kind: 'any' }), 'duplicate_endpoint /requirements/0/endpoints/1'],
  [
    'one lifetime twice',
    withEndpoints(host('a.example', { until: '2018-11' }), host('a.example', { until: '2018-11-01' })),
    'duplicate_endpoint /requirements/0/endpoints/1'
  ],
  [
    'lifetimes that overlap',
    withEndpoints(address('192.0.2.1', { from: '2018-10' }), address('192.0.2.1/32', { until: '2018-11' })),
    'overlapping_lifetimes /requirements/0/endpoints/1'
  ],
  [
    'lifetimes within one that has no end',
    withEndpoints(host('a.example', { from: '2020-01', until: '2021-01' }), host('a.example')),
    'overlapping_lifetimes /requirements/0/endpoints/1'
  ],
  [
    'two lifetimes within one',
    withEndpoints(
      host('a.example', { from: '2018-01', until: '2018-02' }),
      host('a.example'),
      host('a.example', { from: '2018-03', until: '2018-04' })
    ),
    'overlapping_lifetimes /requirements/0/endpoints/1',
    'overlapping_lifetimes /requirements/0/endpoints/2'
  ],
  [
    'an address that serves no endpoint',
    withEndpoints(address('192.0.2.1', { serves: ['a.example'] })),
    `unknown_serves ${endpoint}/serves/0`
  ],
  [
    'an address that serves no host',
    withEndpoints(address('192.0.2.1', { serves: ['dns-server'] }), {
      kind: 'role',
      value: 'dns-server',
      title: 'DNS'
    }),
    `unknown_serves ${endpoint}/serves/0`
  ],
  [
    'an address that serves no name',
    withEndpoints(address('192.0.2.1', { serves: ['a b'] })),
    `invalid_host ${endpoint}/serves/0`
  ],
  [
    'a successor that is no endpoint',
    withEndpoints(address('192.0.2.1', { replacedBy: ['192.0.2.1', '192.0.2.2'] })),
    `unknown_replaced_by ${endpoint}/replacedBy/1`
  ]
]

for (const [what, input, ...expected] of [...shapes, ...meanings])
  t.test(`a document with ${what} is refused at that very place`, async (t) => {
    t.same(summary(input), [...expected].sort())
  })

t.test('a document for another catalogue is refused', async (t) => {
  t.same(summary(authored(), { id: 'other' }), ['id_mismatch /id'])
  t.same(summary(authored(), { id: 'clearswift-exchange-gateway-4.8' }), [])
})

t.test('every fault is reported at once, shape and meaning alike', async (t) => {
  const endpoints = [
    { kind: 'ip', value: 'repo.example' },
    address('010.0.0.1', { colour: 'red', serves: ['repo.example', 'nowhere.example'], until: 'soon!!!' }),
    host('a b', { remarks: 5 })
  ]
  const first = authoredRequirement({
    title: 7,
    endpoints,
    services: [{ transport: 'tcp', ports: [0], icmp: { type: 1 } }]
  })
  const input = authored([first, authoredRequirement({ condition: 'x' }), 3], { version: '', edition: {} })
  t.same(summary(input), [
    'condition_not_allowed /requirements/1/condition',
    'duplicate_key /requirements/1/key',
    'empty /version',
    'icmp_not_allowed /requirements/0/services/0/icmp',
    'invalid_address /requirements/0/endpoints/1/value',
    'invalid_host /requirements/0/endpoints/2/value',
    'invalid_instant /requirements/0/endpoints/1/until',
    'invalid_port /requirements/0/services/0/ports/0',
    'not_one_of /requirements/0/endpoints/0/kind',
    'required /edition/label',
    'required /edition/summary',
    'unknown_field /requirements/0/endpoints/1/colour',
    'unknown_serves /requirements/0/endpoints/1/serves/1',
    'wrong_type /requirements/0/endpoints/2/remarks',
    'wrong_type /requirements/0/title',
    'wrong_type /requirements/2'
  ])
})

t.test('a value in an endpoint with another fault still counts as named', async (t) => {
  const repo = host('repo.example', { remarks: 5 })
  t.same(
    summary(withEndpoints(repo, address('192.0.2.1', { serves: ['repo.example'], replacedBy: ['repo.example'] }))),
    [`wrong_type ${endpoint}/remarks`]
  )
})

t.test('one unknown time zone is one fault, and dates are judged all the same', async (t) => {
  const endpoints = [host('a.example', { from: '2018-11', until: '2018-13' })]
  t.same(summary(authored([authoredRequirement({ endpoints })], { timeZone: 'Mars/Phobos' })), [
    `invalid_instant ${endpoint}/until`,
    'unknown_time_zone /timeZone'
  ])
})

t.test('of more than a thousand faults the last says how many more there are', async (t) => {
  const faults = faultsOf(withEndpoints(...Array.from({ length: 2500 }, () => ({ kind: 'host', value: 'a b' }))))
  t.equal(faults.length, 1000)
  t.same(faults.at(-1), { pointer: '', code: 'more_faults', detail: '1501 more faults were found' })
  t.equal(faultsOf(withEndpoints(...Array.from({ length: 1000 }, () => ({ kind: 'host', value: 'a b' })))).length, 1000)
})

t.test('a fault says what is wrong and what would be right', async (t) => {
  const detail = (input: unknown) => faultsOf(input)[0]?.detail
  const application = (text: string) =>
    authored([authoredRequirement({ services: [{ ...service, application: text }] })])
  t.equal(
    detail(application('ht|tp')),
    '"ht|tp" has the wrong form: write the protocol in lower-case letters, digits and + . / -, such as https or dns'
  )
  t.match(detail(application('HTTP')), /, such as https or dns: did you mean "http"\?$/)
  t.equal(
    detail({ ...authored(), edition: { label: '1', date: '22.11.2018' } }),
    '"22.11.2018" has the wrong form: write a day, a month or a year, such as 2018-11-22, 2018-11 or 2018'
  )
  t.match(detail(withEdition({ label: 2.3 })), 'is a number where a text is needed: put it in quotes, "2.3"')
  t.match(detail(withFields({ title: null })), /has no value where a text is needed/)
  t.match(
    detail(withEndpoints(address('10.0.0.1/8'))),
    /^"10\.0\.0\.1\/8" has host bits set: the network is 10\.0\.0\.0\/8/
  )
  t.match(detail(withFields({ id: 'A' })), /lower-case/)
  t.match(detail(withFields({ colour: 1 })), /there is no field "colour" here; there are id, title/)
  t.match(detail(withEndpoints(host('\u202ea'.repeat(100)))), /^"\\u202ea/)
})

t.test('a fault quotes what was written, and says what is probably meant', async (t) => {
  const detail = (input: unknown) => faultsOf(input)[0]?.detail
  t.match(detail(withFields({ requirments: [] })), /here: did you mean "requirements"\?$/)
  t.match(detail(withFields({ colour: 1 })), /requirements$/)
  t.match(detail(withRequirement({ direction: 'out' })), /^"out" is not known.*: did you mean "outbound"\?$/)
  t.match(detail(withRequirement({ direction: 'sideways' })), /^"sideways" is not known.*both$/)
  t.match(detail(withRequirement({ direction: 5 })), /^must be one of/)
  t.match(detail(withService({ transport: 'Udp' })), /^"Udp" .*: did you mean "udp"\?$/)
  t.match(detail(withService({ transport: 'udp', ports: 514 })), /: write \[514\]$/)
  t.match(detail(withService({ transport: 'udp', ports: '80-90' })), /: write \["80-90"\]$/)
  t.match(detail(withEndpoints(host('a.example', { kind: 'hots' }))), /^"hots" .*: did you mean "host"\?$/)
  t.match(detail(withEndpoints(host('a.example', { until: '22/11/18' }))), /^"22\/11\/18" .*2018-11-22, .*2018-11,/)
})

t.test('a component that is not declared is answered with the nearest one', async (t) => {
  const components = [
    { key: 'agent', title: 'Agent' },
    { key: 'server', title: 'Server' }
  ]
  const detail = (component: string) =>
    faultsOf(authored([authoredRequirement({ component })], { components })).map((fault) => fault.detail)
  t.strictSame(detail('sever'), ['there is no component "sever" among components: did you mean "server"?'])
  t.strictSame(detail('console'), ['there is no component "console" among components; there are agent, server'])
})

t.test('patterns and URLs: one fault, at the value', async (t) => {
  const variables = [{ key: 'tenant', title: 'Your tenant' }]
  const of = (kind: string, value: string) =>
    faultsOf(authored([authoredRequirement({ endpoints: [{ kind, value }] })], { variables }))
  for (const value of ['*.example.com', 'www.example.com', 'foo.*.com'])
    t.match(of('pattern', value), [{ code: 'invalid_pattern', pointer: `${endpoint}/value` }], value)
  for (const value of ['https://example.com/a', 'example.com/a?b', 'example.com:80/a', 'example.com'])
    t.match(of('url', value), [{ code: 'invalid_url', pointer: `${endpoint}/value` }], value)
  t.strictSame(of('pattern', '<tenant>.sharepoint.com'), [])
  t.match(of('pattern', '<tenat>.sharepoint.com'), [
    { code: 'unknown_variable', pointer: `${endpoint}/value`, detail: /did you mean "tenant"/ }
  ])
  t.match(of('host', '*cdn.onenote.net'), [{ detail: /kind pattern; \*\.onenote\.net would be wider/ }])
})
