import { parseTar } from 'nanotar'
import t, { type Test } from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { prefixListFault, readPermissions } from './grammar/aws.ts'
import { occasions } from './support/occasions.ts'
import { everything, rendered, renderedText, today, type Wanted } from './support/rendered.ts'
import { anyAsNetworks, type Saying, sayings, texts } from './support/said.ts'
import { folder, missing, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'
const skip = missing('aws')
const environment = {
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_PAGER: ''
}

function filesOf(format: string, wanted: Wanted = {}): readonly (readonly [name: string, content: string])[] {
  return parseTar(rendered(format, wanted).body).map(({ name, data }) => [name, Buffer.from(data ?? []).toString()])
}

/** The parameters of a call, checked by the client of AWS without making it. */
async function check(t: Test, call: readonly string[], content: string): Promise<number> {
  const cwd = folder(t, { 'input.json': content })
  const input = ['--cli-input-json', 'file://input.json', '--generate-cli-skeleton', 'output']
  return (await run('aws', ['ec2', ...call, ...input], { cwd, env: environment })).code
}

const groupCalls = {
  'egress.json': ['authorize-security-group-egress', '--group-id', 'sg-0123456789abcdef0'],
  'ingress.json': ['authorize-security-group-ingress', '--group-id', 'sg-0123456789abcdef0']
} as const

/** Source ports are not said; ports of SCTP and DCCP, and groups that are the destination of what comes in, are left out. */
function blur(saying: Saying): Saying | undefined {
  const hasPorts = ['sctp', 'dccp'].includes(saying.transport) && saying.ports !== '*'
  return saying.kind === 'address' && !hasPorts ? { ...saying, source: '*' } : undefined
}

function saidByGroup(wanted: Wanted): readonly string[] {
  return texts([
    ...readPermissions(renderedText('aws-security-group', { ...wanted, part: 'egress.json' }), 'outbound'),
    ...readPermissions(renderedText('aws-security-group', { ...wanted, part: 'ingress.json' }), 'inbound')
  ])
}

for (const { name, document, at } of occasions)
  t.test(`a security group says of ${name} what the view says`, async (t) => {
    t.strictSame(saidByGroup({ document, at }), texts(anyAsNetworks(sayings(document, at)), blur))
  })

t.test('a security group says what any document says, and no rule twice', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(saidByGroup({ document, at }), texts(anyAsNetworks(sayings(document, at)), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('an address that ICMP and ICMPv6 both reach has one rule', async (t) => {
  const services = [{ transport: 'icmp' }, { transport: 'icmpv6' }]
  const document = documentOf([requirement('ping', [address('2001:db8::1'), { kind: 'any' }], { services })])
  t.strictSame(saidByGroup({ document, at }), texts(anyAsNetworks(sayings(document, at)), blur))
})

t.test('the client of AWS takes the rules, and refuses others', { skip }, async (t) => {
  for (const [part, call] of Object.entries(groupCalls)) {
    const content = renderedText('aws-security-group', { part })
    t.equal(await check(t, call, content), 0, part)
  }
  const content = renderedText('aws-security-group', { part: 'egress.json' })
  for (const [name, from, to] of [
    ['a port that is text', '"FromPort": 80', '"FromPort": "http"'],
    ['a key that nobody knows', '"CidrIp"', '"Cidr"'],
    ['broken text', '"web"', '"web']
  ] as const) {
    t.not(content.replace(from, to), content)
    t.not(await check(t, groupCalls['egress.json'], content.replace(from, to)), 0, name)
  }
})

t.test('what the client of AWS lets pass, the grammar of these tests refuses', async (t) => {
  const content = renderedText('aws-security-group', { part: 'egress.json' })
  for (const [name, from, to] of [
    ['an address', '198.51.100.7/32', '198.51.100.256/32'],
    ['no prefix', '198.51.100.7/32', '198.51.100.7'],
    ['a prefix', '198.51.100.7/32', '198.51.100.7/33'],
    ['host bits', '198.51.100.128/25', '198.51.100.129/25'],
    ['the other family', '198.51.100.7/32', '2001:db8::7/128'],
    ['a port', '"FromPort": 80', '"FromPort": 65536'],
    ['a range that runs backwards', '"FromPort": 80', '"FromPort": 81'],
    ['a protocol', '"IpProtocol": "udp"', '"IpProtocol": "upd"'],
    ['a type of ICMP', '"FromPort": 8,', '"FromPort": 256,'],
    ['a quote', '"Description": "web"', `"Description": "we'b"`],
    ['a newline', '"Description": "web"', '"Description": "we\\nb"'],
    ['a rule twice', '198.51.100.7/32', '198.51.100.128/25']
  ] as const) {
    const changed = content.replace(from, to)
    t.not(changed, content, name)
    t.throws(() => readPermissions(changed, 'outbound'), name)
  }
})

t.test('prefix lists: every slice has one of each family, with all of its addresses', async (t) => {
  for (const { name, document, at } of occasions) {
    const files = filesOf('aws-prefix-list', { document, at })
    for (const [file, content] of files) t.equal(prefixListFault(content), undefined, file)
    const found = files.flatMap(([, content]) => cidrsIn(content)).sort()
    const expected = anyAsNetworks(sayings(document, at))
      .filter(({ kind }) => kind === 'address' || kind === 'group')
      .map(({ value }) => value)
    t.strictSame([...new Set(found)], [...new Set(expected)].sort(), name)
    t.equal(files.length % 2, 0)
  }
  t.strictSame(
    cidrsIn(renderedText('aws-prefix-list', { document: everything, at: today, part: 'out-udp-123-ipv4.json' })),
    ['192.0.2.123/32']
  )
})

function cidrsIn(content: string): readonly string[] {
  const { Entries, AddEntries } = JSON.parse(content)
  return [...(Entries ?? []), ...(AddEntries ?? [])].map(({ Cidr }: { readonly Cidr: string }) => Cidr)
}

const many = documentOf([
  requirement(
    'many',
    Array.from({ length: 250 }, (_, index) => address(`192.0.2.${index}`))
  )
])

t.test('prefix lists: what does not go into one call goes into the next', async (t) => {
  const files = filesOf('aws-prefix-list', { document: many })
  t.strictSame(
    files.map(([name, content]) => [name, cidrsIn(content).length]),
    [
      ['out-tcp-443-ipv4.json', 100],
      ['out-tcp-443-ipv4-2.json', 100],
      ['out-tcp-443-ipv4-3.json', 50],
      ['out-tcp-443-ipv6.json', 0]
    ]
  )
  t.equal(JSON.parse(files[0]?.[1] ?? '').MaxEntries, 250)
})

const crowded = documentOf([
  requirement(
    'crowded',
    Array.from({ length: 1100 }, (_, index) => address(`20.${index >> 8}.${index & 255}.1`))
  )
])

t.test('prefix lists: more than AWS takes in one list are several lists, each with a name of its own', async (t) => {
  const files = filesOf('aws-prefix-list', { document: crowded, headroom: '50' })
  for (const [file, content] of files) t.equal(prefixListFault(content), undefined, file)
  t.equal(new Set(files.flatMap(([, content]) => cidrsIn(content))).size, 1100)
  const made = files.map(([name, content]) => ({ name, ...JSON.parse(content) })).filter((each) => each.PrefixListName)
  t.strictSame(
    made.map(({ name, PrefixListName, MaxEntries }) => [name, PrefixListName, MaxEntries]),
    [
      ['out-tcp-443-ipv4.json', 'portolan-gateway-out-tcp-443-ipv4', 1000],
      ['out-tcp-443-ipv4-list2.json', 'portolan-gateway-out-tcp-443-ipv4-list2', 150],
      ['out-tcp-443-ipv6.json', 'portolan-gateway-out-tcp-443-ipv6', 50]
    ]
  )
})

t.test('prefix lists: a list that was made with headroom takes more entries without another size', async (t) => {
  const size = (headroom?: string) =>
    JSON.parse(
      renderedText('aws-prefix-list', { document: many, part: 'out-tcp-443-ipv4.json', ...(headroom && { headroom }) })
    ).MaxEntries
  t.strictSame([size(), size('0'), size('50'), size('1000')], [250, 250, 300, 1000])
  for (const headroom of ['1001', '-1', '1.5', 'x', ''])
    t.throws(() => rendered('aws-prefix-list', { headroom }), { code: 'invalid_parameter' })
  for (const format of ['plain-ip', 'aws-security-group', 'csv'])
    t.throws(() => rendered(format, { headroom: '1', slice: 'all' }), { code: 'invalid_parameter' }, format)
})

t.test('limits: 1,000 in one family of a slice, and 60 rules in one direction and family of a group', async (t) => {
  const documentWith = (ipv4: number, ipv6: number, ports: readonly number[], direction: 'outbound' | 'both') =>
    documentOf([
      requirement(
        'a',
        [
          ...Array.from({ length: ipv4 }, (_, index) => address(`20.${index >> 8}.${index & 255}.1`)),
          ...Array.from({ length: ipv6 }, (_, index) => address(`2600:${(index + 1).toString(16)}::1`))
        ],
        { direction, services: [{ transport: 'tcp', ports: ports.map((port) => ({ from: port, to: port })) }] }
      )
    ])
  const fits = (limits: string, document: typeof many, formats: readonly string[]) => {
    for (const format of formats) rendered(format, { document, limits })
  }
  const refused = (limits: string, document: typeof many, formats: readonly string[], message: RegExp) => {
    for (const format of formats)
      t.throws(() => rendered(format, { document, limits }), { code: 'limit_exceeded', message }, format)
  }
  const lists = ['aws-prefix-list', 'plain-ip']
  fits('aws-prefix-list', documentWith(1000, 1000, [443], 'outbound'), lists)
  refused('aws-prefix-list', documentWith(1001, 0, [443], 'outbound'), lists, /at most 1000 .* has 1001/)
  refused('aws-prefix-list', documentWith(0, 1001, [443], 'outbound'), lists, /at most 1000 .* has 1001/)
  const groups = ['aws-security-group', 'plain-ip']
  fits('aws-security-group', documentWith(60, 60, [443], 'both'), groups)
  fits('aws-security-group', documentWith(30, 0, [80, 443], 'outbound'), groups)
  refused('aws-security-group', documentWith(61, 0, [443], 'both'), groups, /at most 60 rules .* has 61/)
  refused('aws-security-group', documentWith(31, 0, [80, 443], 'outbound'), groups, /at most 60 rules .* has 62/)
})

t.test('prefix lists: the client of AWS takes them, and refuses others', { skip }, async (t) => {
  const [first = '', second = ''] = filesOf('aws-prefix-list', { document: many }).map(([, content]) => content)
  const create = ['create-managed-prefix-list']
  t.equal(await check(t, create, first), 0)
  const modify = ['modify-managed-prefix-list', '--prefix-list-id', 'pl-0123456789abcdef0', '--current-version', '1']
  t.equal(await check(t, modify, second), 0)
  t.equal(await check(t, create, renderedText('aws-prefix-list', { part: 'out-tcp-9-ipv6.json' })), 0)
  t.not(await check(t, create, first.replace('"Cidr"', '"Prefix"')), 0)
  t.not(await check(t, create, first.replace('"AddressFamily"', '"Family"')), 0)
})

t.test('prefix lists: the grammar of these tests refuses what the client lets pass', async (t) => {
  const content = renderedText('aws-prefix-list', { part: 'out-tcp-80_443-ipv4.json' })
  for (const [name, from, to] of [
    ['an address', '198.51.100.7/32', '198.51.100.256/32'],
    ['host bits', '198.51.100.128/25', '198.51.100.129/25'],
    ['the other family', '198.51.100.7/32', '2001:db8::7/128'],
    ['an entry twice', '198.51.100.7/32', '198.51.100.128/25'],
    ['too few places', '"MaxEntries": 3', '"MaxEntries": 2'],
    ['a family', 'IPv4', 'ipv4'],
    ['a name that is kept for AWS', '"portolan-', '"com.amazonaws-']
  ] as const) {
    const changed = content.replace(from, to)
    t.not(changed, content, name)
    t.type(prefixListFault(changed), 'string', name)
  }
})
