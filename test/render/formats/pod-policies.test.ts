import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import t from 'tap'
import { parse } from 'yaml'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readCiliumPolicy } from './grammar/cilium.ts'
import { readNetworkPolicy } from './grammar/kubernetes.ts'
import { occasions } from './support/occasions.ts'
import { renderedText, type Wanted } from './support/rendered.ts'
import { anyAsNetworks, type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'

/** What their protocols are. */
function canSay({ transport }: Saying): boolean {
  return ['tcp', 'udp', 'sctp', 'any'].includes(transport)
}

/** In Cilium an asterisk is a whole label. */
function isCiliumName({ kind, value }: Saying): boolean {
  if (kind === 'pattern') return value.split('.').every((label) => label === '*' || !/[*<]/.test(label))
  return kind === 'host' || kind === 'wildcard'
}

/** Neither has ICMP, other protocols and source ports; only Cilium has names, of those who are connected to. */
const blurs = {
  kubernetes: (saying: Saying) =>
    saying.kind === 'address' && canSay(saying) ? { ...saying, source: '*' } : undefined,
  cilium: (saying: Saying) =>
    (saying.kind === 'address' || saying.kind === 'any' || (isCiliumName(saying) && saying.direction === 'outbound')) &&
    canSay(saying)
      ? { ...saying, source: '*' }
      : undefined
} as const
/** Cilium has a word for any address, which includes nodes and pods. */
function networksFor(format: 'kubernetes' | 'cilium', all: readonly Saying[]): readonly Saying[] {
  return format === 'cilium' ? all : anyAsNetworks(all)
}

const readers = { kubernetes: readNetworkPolicy, cilium: readCiliumPolicy } as const

function read(format: keyof typeof readers, wanted: Wanted): readonly string[] {
  return texts(readers[format](parse(renderedText(format, wanted), { version: '1.1' })))
}

for (const format of ['kubernetes', 'cilium'] as const) {
  t.test(`${format} says what the view says`, async (t) => {
    for (const { name, document, at } of occasions)
      t.strictSame(
        read(format, { document, at }),
        texts(networksFor(format, sayings(document, at)), blurs[format]),
        name
      )
  })

  t.test(`${format} says what any document says`, async (t) => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        t.strictSame(read(format, { document, at }), texts(networksFor(format, sayings(document, at)), blurs[format]))
      }),
      { numRuns: runs(100) }
    )
  })

  const faults: readonly (readonly [name: string, from: string, to: string])[] = [
    ['an address', '198.51.100.7/32', '198.51.100.256/32'],
    ['no prefix', '198.51.100.7/32', '198.51.100.7'],
    ['a prefix', '2001:db8:1::/48', '2001:db8:1::/148'],
    ['host bits', '198.51.100.128/25', '198.51.100.129/25'],
    ['a port', /port: "?443"?/.exec(renderedText(format))?.[0] ?? '', 'port: "65536"'],
    ['a range that runs backwards', 'endPort: 8100', 'endPort: 7999'],
    ['a protocol', 'protocol: UDP', 'protocol: UPD'],
    ['a key that nobody knows', 'endPort', 'portEnd'],
    ['a version of the API', 'apiVersion: ', 'apiVersion: x'],
    ['a name', 'name: portolan-', 'name: Portolan_']
  ]
  t.test(`${format}: what is wrong is refused`, async (t) => {
    const text = renderedText(format)
    for (const [name, from, to] of faults) {
      const changed = text.replace(from, to)
      t.not(changed, text, name)
      t.throws(() => readers[format](parse(changed, { version: '1.1' })), name)
    }
    t.throws(() => parse(text.replace('kind: ', 'kind: "')), 'a quote')
    t.throws(() => parse(text.replace('kind: ', 'kind: x\nkind: ')), 'a key twice')
  })
}

t.test('cilium: wildcards that would be wider, and names in the wrong place, are refused', async (t) => {
  const text = renderedText('cilium')
  for (const [from, to] of [
    ['"**.cdn.example.net"', '"*"'],
    ['"**.cdn.example.net"', '"**cdn.example.net"'],
    ['matchName: cdn.example.net', 'matchName: "*.example.net"'],
    ['fromCIDRSet', 'fromFQDNs']
  ] as const) {
    t.not(text.replace(from, to), text)
    t.throws(() => readCiliumPolicy(parse(text.replace(from, to))), to)
  }
})

t.test('kubernetes: the models of its API take every policy, and refuse others', async (t) => {
  const validate = (text: string) => new NetworkPolicy(parse(text)).validate()
  for (const { document, at } of occasions) t.doesNotThrow(() => validate(renderedText('kubernetes', { document, at })))
  for (const document of fc.sample(arbitraryDocument, { numRuns: runs(50), seed: 1 }))
    t.doesNotThrow(() => validate(renderedText('kubernetes', { document, at })))
  const text = renderedText('kubernetes')
  for (const [from, to] of [
    ['protocol: UDP', 'protocol: UPD'],
    ['- Egress', '- Outbound'],
    ['podSelector', 'pods'],
    ['endPort: 65535', 'endPort: "65535"'],
    ['cidr: 192.0.2.45/32', 'range: 192.0.2.45/32']
  ] as const) {
    t.not(text.replace(from, to), text)
    t.throws(() => validate(text.replace(from, to)), to)
  }
})

t.test('what has retired is closed, also where nothing else is left', async (t) => {
  const document = documentOf([requirement('a', [address('192.0.2.1', { until: '2020-01-01' })])])
  const kubernetes = parse(renderedText('kubernetes', { document, at }))
  t.match(kubernetes.spec, { policyTypes: ['Egress'], egress: [] })
  const cilium = parse(renderedText('cilium', { document, at }))
  t.strictSame(cilium.spec.egress, [{}], 'an empty list would leave everything open')
})

t.test('cilium: DNS is opened only where a name is, and no list of ports has more than 40', async (t) => {
  const isDns = (rule: object) => 'toEndpoints' in rule
  const ports = Array.from({ length: 90 }, (_, index) => 2 * index + 1)
  const services = [{ transport: 'tcp', ports }]
  const rules = (endpoints: Parameters<typeof requirement>[1]) =>
    parse(renderedText('cilium', { document: documentOf([requirement('a', endpoints, { services })]), at })).spec.egress
  t.notOk(rules([address('192.0.2.1')]).some(isDns))
  t.ok(rules([host('www.example.net')]).some(isDns))
  t.strictSame(
    rules([address('192.0.2.1')])[0].toPorts.map((list: { readonly ports: readonly object[] }) => list.ports.length),
    [40, 40, 10]
  )
})
