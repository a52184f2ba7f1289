import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { type Configuration, commit, loadSet, readPrefixLists } from './grammar/junos.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { everything, rendered, renderedText } from './support/rendered.ts'
import { anyAsNetworks, nobody, type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'
const fresh: Configuration = new Map()

/** URLs are hosts here, and only TCP and UDP have ports. */
function blur(saying: Saying): Saying | undefined {
  const { kind, transport, ports, source } = saying
  if (['sctp', 'dccp'].includes(transport) && (ports !== '*' || source !== '*')) return undefined
  return ['wildcard', 'pattern', 'role', 'feed'].includes(kind) ? undefined : saying
}

const file = (document: Document, at: string) => renderedText('junos', { document, at })
const groupOf = ({ id }: Document) => `portolan-${id.replaceAll('.', '__')}`
const listsOf = ({ id }: Document) => `portolan-${id.replaceAll('.', '__')}--prefix-lists`

for (const { name, document, at } of occasions) {
  t.test(`policies permit what the view says of ${name}, and nothing else`, async (t) => {
    const configuration = loadSet(fresh, file(document, at))
    t.strictSame(texts(commit(configuration, groupOf(document))), texts(sayings(document, at), blur))
  })
}

t.test('policies permit what any document says, whatever had been loaded before', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryDocument, (before, document) => {
      const files = [file(before, at), renderedText('junos'), file(document, at), file(document, at)]
      const configuration = files.reduce(loadSet, fresh)
      t.strictSame(texts(commit(configuration, groupOf(document))), texts(sayings(document, at), blur))
      t.strictSame(
        texts(commit(configuration, groupOf(everything))),
        texts(commit(loadSet(fresh, renderedText('junos')), groupOf(everything)))
      )
    }),
    { numRuns: runs(100) }
  )
})

t.test('prefix lists hold the addresses of each slice, one family each', async (t) => {
  const { networks, count } = listsFrom(everything, '2026-11-24T00:00:00Z')
  t.strictSame(networks.get('portolan-everything-1__0-out-tcp-80_443-ipv4'), [
    '198.51.100.0/25',
    '198.51.100.7/32',
    '198.51.100.128/25'
  ])
  t.strictSame(networks.get('portolan-everything-1__0-out-tcp-80_443-ipv6'), ['2001:db8::1/128', '2001:db8:1::/48'])
  t.strictSame(networks.get('portolan-everything-1__0-out-tcp-8443-ipv4'), ['0.0.0.0/0'])
  t.strictSame(networks.get('portolan-everything-1__0-out-tcp-9-ipv4'), ['192.0.2.1/32'], 'a slice without anybody')
  t.equal(count, 2)
})

t.test('prefix lists hold what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const values = [...listsFrom(document, at).networks.values()].flat().filter((each) => each !== '192.0.2.1/32')
      const expected = anyAsNetworks(sayings(document, at))
        .filter((saying) => ['address', 'group'].includes(saying.kind) && !nobody(saying))
        .map(({ value }) => value)
      t.strictSame([...new Set(values)].sort(), [...new Set(expected)].sort())
    }),
    { numRuns: runs(100) }
  )
})

function listsFrom(document: Document, at: string) {
  const text = renderedText('junos-prefix-list', { document, at })
  return {
    networks: readPrefixLists(loadSet(fresh, text), listsOf(document)),
    count: rendered('junos-prefix-list', { document, at }).report.placeholder
  }
}

t.test('what Junos would refuse or read otherwise is refused', async (t) => {
  const text = renderedText('junos')
  const mutants = mutationsOf(text, {
    'an address': [' 192.0.2.45/32', ' 192.0.2.456/32'],
    'host bits': [' 198.51.100.128/25', ' 198.51.100.129/25'],
    'an IPv6 prefix': [' 2001:db8:1::/48', ' 2001:db8:1::/148'],
    'a wildcard': ['dns-name www.example.net', 'dns-name *.example.net'],
    'a question mark': ['dns-name www.example.net', 'dns-name www?.example.net'],
    'a command in a value': ['dns-name www.example.net', 'dns-name www.example.net\ndelete security'],
    'a port': ['destination-port 443', 'destination-port 80000'],
    'a range that runs backwards': ['destination-port 1024-65535', 'destination-port 65535-1024'],
    'ports of a protocol without ports': [
      'protocol 97\n',
      'protocol 97\nset groups portolan-everything-1__0 applications application portolan--ip-97 source-port 1\n'
    ],
    'a protocol': ['protocol 97', 'protocol 997'],
    'protocol 0': ['protocol 97', 'protocol 0'],
    'a type of ICMP': ['icmp-type 8', 'icmp-type 256'],
    'ICMPv6 in IPv4': ['portolan--icmp protocol icmp\n', 'portolan--icmp protocol icmp6\n'],
    'a set that is not there': [/match destination-address portolan-/, 'match destination-address x-portolan-'],
    'our own side': ['match source-address any\n', 'match source-address portolan-everything-1__0-out-tcp\n'],
    'an action': ['then permit', 'then accept'],
    'no action': [/set .* then permit\n/, ''],
    'two applications': [/(set .* match application portolan--tcp)\n/, '$1\n$1-80\n'],
    'a name that is too long': [/global policy \S+/, `global policy ${'x'.repeat(64)}`],
    'a name with a full stop': [/global policy \S+/, 'global policy everything-1.0'],
    'a statement outside of the group': [/set groups \S+ security policies/, 'set security policies']
  })
  for (const [name, mutant] of Object.entries(mutants))
    t.throws(() => commit(loadSet(fresh, mutant), groupOf(everything)), name)
  t.throws(() => commit(fresh, groupOf(everything)), 'a group that is applied and not there')
  const lists = renderedText('junos-prefix-list')
  for (const [name, mutant] of Object.entries(
    mutationsOf(lists, {
      'an address': [' 192.0.2.45/32', ' 192.0.2.456/32'],
      'no prefix': [' 192.0.2.45/32', ' 192.0.2.45'],
      'the other family': [
        ' 192.0.2.64/26',
        ' 2001:db8::/64\nset groups portolan-everything-1__0--prefix-lists policy-options prefix-list portolan-everything-1__0-in-tcp-22_8000-8100-ipv4 192.0.2.64/26'
      ],
      'a name with a full stop': ['prefix-list portolan-everything-1__0', 'prefix-list portolan-everything-1.0']
    })
  ))
    t.throws(() => readPrefixLists(loadSet(fresh, mutant), listsOf(everything)), name)
})

t.test('the reports count what Junos cannot say', async (t) => {
  const reasons = (format: string) => [...new Set(rendered(format).report.omissions.map(({ reason }) => reason))].sort()
  t.strictSame(reasons('junos'), ['feed', 'ports_of_transport', 'role', 'wildcard'])
  t.strictSame(rendered('junos').report.widenings, [])
  t.strictSame(reasons('junos-prefix-list'), ['feed', 'host', 'role', 'wildcard'])
  t.strictSame(
    [...new Set(rendered('junos-prefix-list').report.widenings.map(({ reason }) => reason))],
    ['source_ports']
  )
})
