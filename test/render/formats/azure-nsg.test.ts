import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { groupBy } from '../../../src/domain/group.ts'
import { covers, storedAddress } from '../../../src/domain/network/address.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, any, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readSecurityRules, readTemplate } from './grammar/azure.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText, type Wanted } from './support/rendered.ts'
import { type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'
const template = (wanted: Wanted = {}) => renderedText('azure-nsg', wanted)
const rules = (wanted: Wanted = {}) => renderedText('azure-nsg', { ...wanted, mode: 'rules' })

/** No names, no types of ICMP, no ICMPv6, and no other protocols. */
function blur(saying: Saying): Saying | undefined {
  const { kind, transport, icmp, value } = saying
  if (!['address', 'group', 'any'].includes(kind) || !['tcp', 'udp', 'icmp', 'esp', 'ah', 'any'].includes(transport))
    return undefined
  if (transport !== 'icmp') return saying
  if (icmp !== '*' || value.includes(':') || value.endsWith('ipv6')) return undefined
  return kind === 'any' ? { ...saying, value: '* ipv4' } : saying
}

/** What a document says, without what lies in a wider network of which it says the same. */
function widest(document: Document, at: string): readonly Saying[] {
  const restOf = ({ value: _, ...rest }: Saying) => JSON.stringify(rest)
  return [...groupBy(sayings(document, at), restOf).values()].flatMap((same) =>
    same.filter(({ kind, value }) => {
      if (kind !== 'address' && kind !== 'group') return true
      const own = storedAddress(plain(value))
      return !same.some((other) => other.value !== value && covers(storedAddress(plain(other.value)), own))
    })
  )
}

/** An address as documents have it, without a prefix that is whole. */
const plain = (network: string) => network.replace(network.includes(':') ? /\/128$/ : /\/32$/, '')

for (const { name, document, at } of occasions)
  t.test(`the rules say of ${name} what the view says`, async (t) => {
    const wanted = { document, at, aggregate: 'none' }
    t.strictSame(texts(readTemplate(template(wanted))), texts(widest(document, at), blur))
    t.strictSame(texts(readSecurityRules(rules(wanted))), texts(widest(document, at), blur))
  })

t.test('the rules say what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const wanted = { document, at, aggregate: 'none' }
      t.strictSame(texts(readTemplate(template(wanted))), texts(widest(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('ICMP of IPv6 is counted as left out, of any address too', async (t) => {
  const services = [{ transport: 'icmp' }]
  for (const direction of ['outbound', 'both'] as const) {
    const document = documentOf([requirement('a', [any(), address('2001:db8::1')], { services, direction })])
    const { omissions, entries } = rendered('azure-nsg', { document }).report
    t.strictSame(
      omissions.map(({ kind, reason }) => `${kind} ${reason}`),
      ['address transport', 'any icmpv6_half']
    )
    t.equal(entries, 1)
    t.strictSame([...new Set(readTemplate(template({ document })).map(({ value }) => value))], ['* ipv4'])
  }
})

t.test('the addresses of a rule never overlap, whichever requirements name them', async (t) => {
  const within = requirement('a', [address('20.0.0.0/24'), address('20.0.0.1'), address('20.0.1.0/24')])
  const other = requirement('b', [address('20.0.0.2')], {
    services: [{ transport: 'tcp', ports: [80, 443] }],
    direction: 'both'
  })
  const peers = (aggregate?: string) =>
    readSecurityRules(rules({ document: documentOf([within, other]), ...(aggregate !== undefined && { aggregate }) }))
      .filter(({ direction, ports }) => direction === 'outbound' && ports === '443')
      .map(({ value }) => value)
  t.strictSame(peers(), ['20.0.0.0/23'])
  t.strictSame(peers('none'), ['20.0.0.0/24', '20.0.1.0/24'])
})

interface WrittenRule {
  readonly name: string
  readonly properties: Readonly<Record<string, unknown>>
}
const written = (wanted: Wanted): readonly WrittenRule[] => JSON.parse(rules(wanted))

t.test('the ports of the same peers are one rule', async (t) => {
  const services = [
    { transport: 'tcp', ports: [80, '8000-8100'] },
    { transport: 'tcp', ports: [443] },
    { transport: 'tcp' },
    { transport: 'udp', ports: [123, 124], sourcePorts: [123, 124] }
  ]
  const peers = [address('20.0.0.1'), address('2001:db8::1')]
  const document = documentOf([
    requirement('a', peers, { services }),
    requirement('b', [address('20.0.0.2')], { services: [{ transport: 'tcp', ports: [22] }] })
  ])
  t.strictSame(
    written({ document }).map(({ name }) => name),
    [
      'out-tcp-ipv4',
      'out-tcp-ipv6',
      'out-tcp-22-ipv4',
      'out-tcp-80_8000-8100_443-ipv4',
      'out-tcp-80_8000-8100_443-ipv6',
      'out-udp-123_124-from-123_124-ipv4',
      'out-udp-123_124-from-123_124-ipv6'
    ]
  )
  t.strictSame(texts(readSecurityRules(rules({ document }))), texts(sayings(document, at), blur))
  const ports = Array.from({ length: 999 }, (_, index) => 2 * index + 1)
  const [crowded, ...others] = written({
    document: documentOf([requirement('a', [any()], { services: [{ transport: 'tcp', ports }] })])
  })
  t.equal(others.length, 0)
  t.equal(crowded?.name.length, 80)
})

t.test('more addresses than a whole group takes are refused', async (t) => {
  const addresses = (count: number, net: number) =>
    Array.from({ length: count }, (_, index) => address(`${net}.${index >> 7}.${(2 * index) & 255}.1`))
  const services = [{ transport: 'tcp', ports: [22] }]
  const group = (count: number, rest = {}) =>
    documentOf([requirement('a', addresses(2000, 20)), requirement('b', addresses(count, 30), { services, ...rest })])
  t.equal(readSecurityRules(rules({ document: group(2000) })).length, 4000)
  t.throws(() => rendered('azure-nsg', { document: group(2001) }), {
    code: 'limit_exceeded',
    message: /4000 destination addresses .* 4001/
  })
  t.equal(readSecurityRules(rules({ document: group(4000, { direction: 'inbound' }) })).length, 6000)
  t.throws(() => rendered('azure-nsg', { document: group(4001, { direction: 'inbound' }) }), {
    code: 'limit_exceeded',
    message: /4000 source addresses .* 4001/
  })
})

t.test('more rules than a whole group takes are refused', async (t) => {
  const crowded = (count: number) =>
    documentOf(
      Array.from({ length: count }, (_, index) =>
        requirement(`r${index}`, [address(`20.${index >> 8}.${index & 255}.1`)], {
          services: [{ transport: 'tcp', ports: [index + 1] }],
          direction: index % 2 === 0 ? 'inbound' : 'outbound'
        })
      )
    )
  t.equal(written({ document: crowded(1000) }).length, 1000)
  t.throws(() => rendered('azure-nsg', { document: crowded(1001) }), {
    code: 'limit_exceeded',
    message: /1000 rules; .* 1001/
  })
})

t.test('no text of a document becomes an expression of the template', async (t) => {
  const hostile = documentOf([requirement('a', [address('9.9.9.9')])], { title: "[resourceGroup().id] ['x']" })
  const texts: string[] = []
  JSON.parse(template({ document: hostile }), (_, value: unknown) => {
    if (typeof value === 'string' && value.startsWith('[')) texts.push(value)
    return value
  })
  t.strictSame([...new Set(texts)].sort(), [
    "[parameters('location')]",
    "[parameters('name')]",
    '[resourceGroup().location]'
  ])
})

t.test('the reader refuses what the rules must not say', async (t) => {
  const changes = {
    'an address': ['192.0.2.45/32', '192.0.2.256/32'],
    'host bits': ['192.0.2.64/26', '192.0.2.65/26'],
    'the other family': ['224.1.1.1/32', '2001:db8::7/128'],
    'a prefix twice': ['2001:db8:1::/48', '2001:db8::1/128'],
    'prefixes that overlap': ['2001:db8:1::/48', '2001:db8::/32'],
    'a port': ['"destinationPortRange": "8443"', '"destinationPortRange": "65536"'],
    'all ports among several': ['"80"', '"*"'],
    'a range that runs backwards': ['"8000-8100"', '"8100-8000"'],
    'a protocol': ['"Udp"', '"Sctp"'],
    'a priority twice': ['"priority": 101', '"priority": 100'],
    'a priority that is too low': ['"priority": 100', '"priority": 99'],
    'a name twice': ['"out-tcp-ipv4"', '"out-tcp-25-ipv4"'],
    'a name with another character': ['"out-tcp-ipv4"', '"out/tcp-ipv4"'],
    'a key that nobody knows': ['"access"', '"acces"'],
    'a rule that denies': ['"Allow"', '"Deny"'],
    'ICMP of IPv6': ['192.0.2.10/32', '2001:db8::10/128']
  } as const
  for (const [name, text] of Object.entries(mutationsOf(template(), changes))) t.throws(() => readTemplate(text), name)
})
