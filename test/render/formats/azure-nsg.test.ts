import t from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
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
  return transport === 'icmp' && (icmp !== '*' || value.includes(':') || value.endsWith('ipv6')) ? undefined : saying
}

for (const { name, document, at } of occasions)
  t.test(`the rules say of ${name} what the view says`, async (t) => {
    t.strictSame(texts(readTemplate(template({ document, at }))), texts(sayings(document, at), blur))
    t.strictSame(texts(readSecurityRules(rules({ document, at }))), texts(sayings(document, at), blur))
  })

t.test('the rules say what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(texts(readTemplate(template({ document, at }))), texts(sayings(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
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

t.test('more than 4,000 prefixes are several rules, and more rules than priorities are refused', async (t) => {
  const many = documentOf([
    requirement(
      'a',
      Array.from({ length: 4001 }, (_, index) => address(`20.${index >> 8}.${index & 255}.1`))
    )
  ])
  const parsed: readonly { readonly name: string }[] = JSON.parse(rules({ document: many }))
  t.strictSame(
    parsed.map(({ name }) => name),
    ['out-tcp-443-ipv4', 'out-tcp-443-ipv4-2']
  )
  t.equal(readSecurityRules(rules({ document: many })).length, 4001)
  const ports = (count: number, first: number) =>
    Array.from({ length: count }, (_, index) => ({ from: first + 2 * index, to: first + 2 * index }))
  const crowded = (count: number) =>
    documentOf(
      [1, 2, 3, 4].map((group) =>
        requirement(`g${group}`, [address('9.9.9.9')], {
          services: [{ transport: 'tcp', ports: ports(group === 4 ? count : 1000, 2000 * group) }]
        })
      )
    )
  t.equal(readSecurityRules(rules({ document: crowded(996) })).length, 3996)
  t.throws(() => rendered('azure-nsg', { document: crowded(997) }), { code: 'limit_exceeded', message: /3996 .* 3997/ })
})

t.test('the reader refuses what the rules must not say', async (t) => {
  const changes = {
    'an address': ['198.51.100.7/32', '198.51.100.256/32'],
    'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
    'the other family': ['198.51.100.7/32', '2001:db8::7/128'],
    'a prefix twice': ['198.51.100.7/32', '198.51.100.128/25'],
    'a port': ['"destinationPortRange": "80"', '"destinationPortRange": "65536"'],
    'a range that runs backwards': ['"8000-8100"', '"8100-8000"'],
    'a protocol': ['"Udp"', '"Sctp"'],
    'a priority twice': ['"priority": 101', '"priority": 100'],
    'a priority that is too low': ['"priority": 100', '"priority": 99'],
    'a name twice': ['"out-tcp-ipv4"', '"out-tcp-80-ipv4"'],
    'a name with another character': ['"out-tcp-ipv4"', '"out/tcp-ipv4"'],
    'a key that nobody knows': ['"access"', '"acces"'],
    'a rule that denies': ['"Allow"', '"Deny"'],
    'ICMP of IPv6': ['192.0.2.10/32', '2001:db8::10/128']
  } as const
  for (const [name, text] of Object.entries(mutationsOf(template(), changes))) t.throws(() => readTemplate(text), name)
})
