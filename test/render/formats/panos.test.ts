import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { type Candidate, commit, runCommands } from './grammar/panos.ts'
import { goneLines } from './support/gone-lines.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { everything, rendered, renderedText, today } from './support/rendered.ts'
import { nobody, type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'
const fresh: Candidate = new Map()

/** Only TCP and UDP have ports; what is found by its URL is outbound and over TCP; multicast has rules of another kind. */
function blur(saying: Saying): Saying | undefined {
  const { kind, value, transport, direction, ports, source } = saying
  if (['role', 'feed', 'group'].includes(kind) || /^(?:22[4-9]|23\d)\.|^ff/.test(value)) return undefined
  if (['sctp', 'dccp'].includes(transport) && (ports !== '*' || source !== '*')) return undefined
  if (['wildcard', 'pattern', 'url'].includes(kind)) {
    if (direction === 'inbound' || !['tcp', 'any'].includes(transport)) return undefined
    if (kind === 'pattern' && /<|[^.*]\*|\*[^.]/.test(value)) return undefined
  }
  return nobody(saying) ? undefined : saying
}

const read = (candidate: Candidate) => texts(commit(candidate), (saying) => (nobody(saying) ? undefined : saying))
const script = (document: Document, at: string, mode = 'rules') => renderedText('panos', { document, at, mode })
const expected = (document: Document, at: string) => texts(sayings(document, at, 'urls'), blur)

for (const { name, document, at } of occasions) {
  t.test(`a firewall allows what the view says of ${name}, and nothing else`, async (t) => {
    t.strictSame(read(runCommands(fresh, script(document, at))), expected(document, at))
  })
}

t.test('a firewall allows what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(read(runCommands(fresh, script(document, at))), expected(document, at))
    }),
    { numRuns: runs(100) }
  )
})

t.test('the commands, and those for what has gone, leave what a new firewall would have', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryDocument, (before, after) => {
      const gone = goneLines(script(before, at, 'remove'), script(after, at, 'remove'))
      const candidate = [script(before, at), script(after, at), script(after, at), gone].reduce(runCommands, fresh)
      t.strictSame(read(candidate), expected(after, at))
    }),
    { numRuns: runs(50) }
  )
})

t.test('mode=remove deletes all that the others make', async (t) => {
  const candidate = runCommands(fresh, script(everything, today))
  t.ok(candidate.size > 30)
  t.strictSame([...runCommands(candidate, script(everything, today, 'remove')).keys()], [])
})

t.test('mode=objects has the same objects and no rule', async (t) => {
  const objects = script(everything, today, 'objects')
  t.ok(script(everything, today).startsWith(objects))
  t.notMatch(objects, /rulebase/)
})

t.test('a group of more members than a group takes is made of groups', async (t) => {
  const endpoints = Array.from({ length: 4500 }, (_, index) => ({
    kind: 'address',
    value: `10.${Math.floor(index / 40_000)}.${Math.floor(index / 200)}.${index % 200}`
  }))
  const candidate = runCommands(fresh, script(documentOf([requirement('a', endpoints)]), at))
  t.equal([...candidate.keys()].filter((key) => key.startsWith('address-group')).length, 4)
  t.equal(commit(candidate).length, 4500)
})

t.test('URLs, wildcards and patterns of whole labels are a category, in quotes', async (t) => {
  const services = [{ transport: 'tcp', ports: [443] }]
  const endpoints = [
    { kind: 'url', value: "a.example.net/b;c&d='e'$(f)" },
    { kind: 'host', value: '*.example.net' },
    { kind: 'pattern', value: 'a.*.example.net' },
    { kind: 'pattern', value: '*cdn.example.net' }
  ]
  const document = documentOf([requirement('a', endpoints, { services })])
  t.match(
    script(document, at),
    /list "\*\.example\.net\/"\n.* list "a\.\^\.example\.net\/"\n.* list "a\.example\.net\/b;c&d='e'\$\(f\)"\n/
  )
  t.strictSame(
    rendered('panos', { document }).report.omissions.map(({ reason }) => reason),
    ['pattern']
  )
})

t.test('what PAN-OS would refuse or read otherwise is refused', async (t) => {
  const text = renderedText('panos')
  const mutants = mutationsOf(text, {
    'an address': ['ip-netmask 192.0.2.45/32', 'ip-netmask 192.0.2.456/32'],
    'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
    'an IPv6 prefix': ['2001:db8:1::/48', '2001:db8:1::/148'],
    'a wildcard as an address': ['fqdn www.example.net', 'fqdn *.example.net'],
    'a question mark': ['fqdn www.example.net', 'fqdn www?example.net'],
    'a command in a value': ['fqdn www.example.net', 'fqdn www.example.net\ndelete rulebase'],
    'a URL without its slash': ['"*.cdn.example.net/"', '"*.cdn.example.net"'],
    'a quote': ['"*.cdn.example.net/"', '"*.cdn.example.net/'],
    'a port': ['port 443\n', 'port 80000\n'],
    'a range that runs backwards': ['port 1024-65535', 'port 65535-1024'],
    'a protocol': ['ident-by-ip-protocol 97', 'ident-by-ip-protocol 997'],
    'protocol 0': ['ident-by-ip-protocol 97', 'ident-by-ip-protocol 0'],
    'a type of ICMP': ['type 8 code 0', 'type 256 code 0'],
    'ICMPv6 in IPv4': ['ident-by-icmp-type type 8', 'ident-by-icmp6-type type 8'],
    'a member that is not there': [/static portolan--net-192\.0\.2\.45/, 'static portolan--net-192.0.2.46'],
    'an action': ['action allow', 'action accept'],
    'a zone': ['from any to any', 'from trust to any'],
    'our own side': ['source any destination', 'source portolan--net-192.0.2.45 destination'],
    'a name that is too long': [/security rules \S+/, `security rules ${'x'.repeat(64)}`],
    'a name with a character that PAN-OS refuses': [/security rules \S+/, 'security rules a:b'],
    'a comment, which PAN-OS does not have': [/^/, '# comment\n']
  })
  for (const [name, mutant] of Object.entries(mutants)) t.throws(() => commit(runCommands(fresh, mutant)), name)
})

t.test('the report counts what PAN-OS cannot say', async (t) => {
  const { omissions, widenings } = rendered('panos').report
  t.strictSame([...new Set(omissions.map(({ reason }) => reason))].sort(), [
    'feed',
    'multicast_policy',
    'ports_of_transport',
    'role'
  ])
  t.strictSame(widenings, [])
})
