import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readDomainList } from './grammar/aws.ts'
import { readSuricata } from './grammar/suricata.ts'
import { mutationsOf } from './support/mutation.ts'
import { liveValues, occasions } from './support/occasions.ts'
import { packetsAround } from './support/packets.ts'
import { clientHello, conversation, type Datagram, httpRequest, pcapFile, tcpSegment } from './support/pcap.ts'
import { judge, type Packet, permissions } from './support/permission.ts'
import { rendered, renderedText, today, type Wanted } from './support/rendered.ts'
import { type Saying, sayings, texts } from './support/said.ts'
import { folder, missing, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'
const format = 'aws-network-firewall'
const rulesText = (wanted: Wanted = {}) => renderedText(format, { ...wanted, part: 'suricata.rules' })

/** Names are compared in TLS and HTTP of what goes out, and ports of DCCP cannot be said. */
function blur(saying: Saying): Saying | undefined {
  const { kind, transport, direction, ports, source, value } = saying
  if (kind === 'role' || kind === 'feed' || value.includes('<')) return undefined
  if (transport === 'dccp' && (ports !== '*' || source !== '*')) return undefined
  if (kind === 'address' || kind === 'group' || kind === 'any') return saying
  return direction === 'outbound' && ['tcp', 'any'].includes(transport) ? { ...saying, transport: 'tcp' } : undefined
}

for (const { name, document, at } of occasions)
  t.test(`the rules say of ${name} what the view says`, async (t) => {
    t.strictSame(texts(readSuricata(rulesText({ document, at }))), texts(sayings(document, at), blur))
  })

t.test('the rules say what any document says, and no sid is there twice', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(texts(readSuricata(rulesText({ document, at }))), texts(sayings(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('a sid stays with its rule, whatever else the catalogue has', async (t) => {
  const sidsOf = (values: readonly string[]) => {
    const document = documentOf([requirement('a', [...values.map((each) => address(each)), host('www.example.net')])])
    const lines = rulesText({ document }).split('\n')
    return new Map(lines.filter((line) => line.startsWith('pass')).map((line) => [line, /sid:\d+/.exec(line)?.[0]]))
  }
  const [few, many] = [sidsOf(['9.9.9.9', '8.8.8.8']), sidsOf(['1.1.1.1', '8.8.8.8', '9.9.9.9', '9.9.9.10'])]
  t.equal(few.size, 4)
  for (const [line, sid] of few) t.equal(many.get(line), sid, line)
  const later = documentOf([
    requirement('b', [address('8.8.8.8', { until: '2030-01-01' }), host('www.example.net')], { title: 'Another' })
  ])
  const kept = new Set(few.values())
  for (const [, sid = ''] of rulesText({ document: later }).matchAll(/(sid:\d+)/g)) t.ok(kept.has(sid), sid)
})

t.test('the rule group is the same rules as one text, in strict order', async (t) => {
  t.strictSame(JSON.parse(renderedText(format, { part: 'rule-group.json' })), {
    RulesSource: { RulesString: rulesText() },
    StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' }
  })
})

const changes = {
  'an address': ['198.51.100.7', '198.51.100.256'],
  'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
  'a port': ['] 80 (', '] 65536 ('],
  'a protocol': ['pass udp', 'pass upd'],
  'an option': ['itype:8;', 'itipe:8;'],
  'a quote in a text': ['web"', 'w"eb"'],
  'an option in a text': ['web"', 'web"; sid:1; msg:"'],
  'a sid twice': [/sid:\d+(?=[\s\S]*sid:(\d+))/, 'sid:$1'],
  'no sid': [/ sid:\d+;/, ''],
  'another rule on the line': ['rev:1;)', 'rev:1;) pass ip any any -> any any (sid:1;)']
} as const

t.test('the reader refuses what the rules must not say', async (t) => {
  for (const [name, text] of Object.entries(mutationsOf(rulesText(), changes))) t.throws(() => readSuricata(text), name)
  const more = mutationsOf(rulesText(), {
    'a type of the other family': [
      'pass icmpv4 $HOME_NET any -> [192.0.2.9]',
      'pass icmpv4 $HOME_NET any -> [2001:db8::9]'
    ],
    'a name that is only a part': ['startswith; endswith', 'startswith'],
    'a name in TLS only': [/pass http.*\n/, ''],
    'a drop': ['pass', 'drop']
  })
  for (const [name, text] of Object.entries(more)) t.throws(() => readSuricata(text), name)
})

const skip = missing('suricata')
const home = '[10.77.0.0/16,fd77::/16]'

/** Suricata with these rules over a capture; `-T` only reads the rules. */
function suricata(cwd: string, options: readonly string[]): ReturnType<typeof run> {
  return run(
    'suricata',
    [
      '-S',
      'rules',
      '-l',
      '.',
      '-k',
      'none',
      '--init-errors-fatal',
      '--set',
      'unix-command.enabled=no',
      '--set',
      `vars.address-groups.HOME_NET=${home}`,
      ...options
    ],
    { cwd }
  )
}

t.test('Suricata loads the rules, and refuses others', { skip }, async (t) => {
  for (const { name, document, at } of occasions)
    t.equal((await suricata(folder(t, { rules: rulesText({ document, at }) }), ['-T'])).code, 0, name)
  const {
    'a quote in a text': _,
    'another rule on the line': __,
    'host bits': ___,
    'no sid': ____,
    ...refused
  } = changes
  for (const [name, rules] of Object.entries(mutationsOf(rulesText(), refused)))
    t.not((await suricata(folder(t, { rules }), ['-T'])).code, 0, name)
})

interface Alert {
  /** Of the packet, from 1; absent where Suricata tells at the end of a connection. */
  readonly pcap_cnt?: number
  readonly src_port?: number
}

/** What Suricata matches of a capture. A rule that passes says nothing, so each is made to tell. */
async function matched(t: Test, rules: string, datagrams: readonly Datagram[]): Promise<readonly Alert[]> {
  const cwd = folder(t, { rules: rules.replace(/^pass /gm, 'alert '), 'in.pcap': pcapFile(datagrams) })
  const { code, stderr } = await suricata(cwd, ['-r', 'in.pcap', '--runmode', 'single'])
  if (code !== 0) throw new Error(stderr)
  const lines = readFileSync(join(cwd, 'eve.json'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line)).filter((each) => each.event_type === 'alert')
}

const numbers = { tcp: 6, udp: 17, sctp: 132, icmp: 1, gre: 47, esp: 50, dccp: 33, 'ip/97': 97 } as const

/** Each packet is of an address of its own: of the packets of one flow Suricata matches only the first. */
function datagramOf(packet: Packet, index: number): Datagram {
  const { direction, family, address, group, transport } = packet
  const home = family === 'ipv4' ? `10.77.${index >> 8}.${index & 255}` : `fd77::${index.toString(16)}`
  const isOut = direction === 'outbound'
  return {
    from: isOut ? home : address,
    to: isOut ? address : (group ?? home),
    protocol: transport === 'icmp' && family === 'ipv6' ? 58 : numbers[transport],
    payload: payloadOf(packet)
  }
}

function payloadOf({ transport, sourcePort, port, type, code }: Packet): Uint8Array {
  const bytes = Buffer.alloc(24)
  if (transport === 'tcp') return tcpSegment([sourcePort, port], 'S', { seq: 1 })
  if (transport === 'icmp') {
    bytes.writeUInt8(type, 0)
    bytes.writeUInt8(code, 1)
  } else if (transport === 'gre') bytes.writeUInt16BE(0x88be, 2)
  else if (transport !== 'esp' && transport !== 'ip/97') {
    bytes.writeUInt16BE(sourcePort, 0)
    bytes.writeUInt16BE(port, 2)
    bytes.writeUInt16BE(24, 4)
  }
  return bytes
}

t.test('by packets: Suricata matches what the document lets through, and nothing next to it', { skip }, async (t) => {
  for (const { name, document, at } of occasions) {
    const allowed = permissions(document, at).filter(({ service }) => service.transport !== 'dccp')
    const packets = packetsAround(allowed)
    const alerts = await matched(t, rulesText({ document, at }), packets.map(datagramOf))
    const found = new Set(alerts.map((alert) => alert.pcap_cnt))
    const passes = judge(allowed)
    t.strictSame(
      packets.filter((_, index) => found.has(index + 1)).map((packet) => JSON.stringify(packet)),
      packets.filter(passes).map((packet) => JSON.stringify(packet)),
      name
    )
  }
})

t.test('by connections: names of TLS and HTTP as a whole, in any case, on their ports alone', { skip }, async (t) => {
  const document = documentOf([
    requirement('a', [
      host('www.example.net'),
      host('*.cdn.example.net'),
      { kind: 'pattern', value: '*cdn.onenote.net' },
      { kind: 'pattern', value: 'monitoring.*.amazonaws.com' }
    ])
  ])
  const yes = [
    'www.example.net',
    'WWW.Example.NET',
    'a.cdn.example.net',
    'b.a.cdn.example.net',
    'xcdn.onenote.net',
    'XCDN.onenote.net',
    'monitoring.eu-west-1.amazonaws.com'
  ]
  const no = [
    'example.net',
    'xwww.example.net',
    'www.example.net.evil.example',
    'cdn.example.net',
    'xcdn.example.net',
    'cdn.onenote.net',
    'a.xcdn.onenote.net',
    'xcdn.onenote.net.evil.com',
    'monitoring.a.b.amazonaws.com'
  ]
  const said = { tls: clientHello, http: httpRequest }
  const tried = (['tls', 'http'] as const).flatMap((kind) =>
    [443, 8443].flatMap((port) => [...yes, ...no].map((name) => ({ kind, port, name })))
  )
  const flows = tried.map(({ kind, port, name }, index) =>
    conversation({ client: '10.77.0.1', server: '203.0.113.9', ports: [20_000 + index, port] }, said[kind](name))
  )
  const alerts = await matched(t, rulesText({ document }), flows.flat())
  const found = new Set(alerts.map((alert) => alert.src_port))
  const text = ({ kind, port, name }: (typeof tried)[number]) => `${kind} ${port} ${name}`
  t.strictSame(
    tried.filter((_, index) => found.has(20_000 + index)).map(text),
    tried.filter(({ port, name }) => port === 443 && yes.includes(name)).map(text)
  )
})

t.test(
  'a domain list has the names of a slice, and the client of AWS takes both',
  { skip: missing('aws') },
  async (t) => {
    const check = async (content: string) =>
      (
        await run(
          'aws',
          [
            'network-firewall',
            'create-rule-group',
            '--rule-group-name',
            'x',
            '--type',
            'STATEFUL',
            '--capacity',
            '100',
            '--rule-group',
            'file://group.json',
            '--endpoint-url',
            'http://127.0.0.1:9',
            '--cli-connect-timeout',
            '1'
          ],
          {
            cwd: folder(t, { 'group.json': content }),
            env: {
              AWS_DEFAULT_REGION: 'eu-west-1',
              AWS_ACCESS_KEY_ID: 'none',
              AWS_SECRET_ACCESS_KEY: 'none',
              AWS_MAX_ATTEMPTS: '1',
              AWS_PAGER: ''
            }
          }
        )
      ).code
    // 255: nobody answers, after the parameters were found right. 252: they are wrong.
    const group = renderedText(format, { part: 'rule-group.json' })
    const list = renderedText('aws-domain-list', { slice: 'out-tcp-80_443' })
    t.equal(await check(group), 255)
    t.equal(await check(list), 255)
    t.equal(await check(group.replace('RulesString', 'Rules')), 252)
    t.equal(await check(list.replace('"Targets"', '"Names"')), 252)
  }
)

t.test('domain lists: the names of a view, a full stop for what is under one, and never none', async (t) => {
  for (const { name, document, at, slice } of occasions) {
    const { names } = liveValues({ document, at, slice, directions: ['outbound', 'both'], transports: ['tcp', 'any'] })
    const expected = names.map((value) => value.replace('*.', '.')).sort()
    const found = readDomainList(renderedText('aws-domain-list', { document, at, slice }))
    t.strictSame([...found].sort(), expected.length > 0 ? expected : ['placeholder.invalid'], name)
  }
  const { widenings } = rendered('aws-domain-list', { slice: 'out-tcp-80_443', at: today }).report
  t.strictSame([...new Set(widenings.map(({ value, reason }) => `${value} ${reason}`))].sort(), [
    '*.cdn.example.net apex',
    'cdn.example.net every_port',
    'www.example.net every_port'
  ])
  const list = renderedText('aws-domain-list', { slice: 'out-tcp-80_443' })
  for (const [name, text] of Object.entries(
    mutationsOf(list, {
      'a wildcard': ['".cdn', '"*.cdn'],
      'a scheme': ['"www', '"https://www'],
      'a name twice': ['www.example', 'cdn.example'],
      'a list that denies': ['ALLOWLIST', 'DENYLIST'],
      'no name at all': [/"Targets": \[[^\]]*\]/, '"Targets": []']
    })
  ))
    t.throws(() => readDomainList(text), name)
})
