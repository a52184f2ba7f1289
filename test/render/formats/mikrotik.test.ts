import t from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { freshRouter, readFilter, runScript } from './grammar/mikrotik.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions, retiring } from './support/occasions.ts'
import { clearswift, everything, rendered, renderedText } from './support/rendered.ts'
import { type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'

/** URLs are hosts here. */
function blur(saying: Saying): Saying | undefined {
  return ['wildcard', 'pattern', 'role', 'feed'].includes(saying.kind) ? undefined : saying
}

for (const { name, document, at } of occasions) {
  t.test(`a router lets through what the view says of ${name}, and nothing else`, async (t) => {
    const router = runScript(freshRouter, renderedText('mikrotik', { document, at }))
    t.strictSame(texts(readFilter(router, document.id)), texts(sayings(document, at), blur))
  })
}

t.test('a router lets through what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const router = runScript(freshRouter, renderedText('mikrotik', { document, at }))
      t.strictSame(texts(readFilter(router, document.id)), texts(sayings(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('whatever a router had of a catalogue, a script leaves what is in it and nothing else', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryDocument, (before, after) => {
      const [first, second] = [before, after].map((document) => renderedText('mikrotik', { document, at }))
      const other = renderedText('mikrotik')
      const router = [other, first, second, second].reduce<typeof freshRouter>(
        (router, script = '') => runScript(router, script),
        freshRouter
      )
      t.strictSame(texts(readFilter(router, after.id)), texts(sayings(after, at), blur))
      t.strictSame(
        texts(readFilter(router, everything.id)),
        texts(readFilter(runScript(freshRouter, other), everything.id))
      )
    }),
    { numRuns: runs(50) }
  )
})

t.test('what stays is in force after every line, so that a new revision closes nothing in between', async (t) => {
  const [before, after] = ['2018-11-21T23:59:59Z', '2018-11-22T00:00:00Z'].map((at) =>
    renderedText('mikrotik', { document: clearswift, at })
  )
  const old = runScript(freshRouter, before ?? '')
  const lines = (after ?? '').split('\n')
  const valuesOf = (router: typeof freshRouter) =>
    new Set(
      router.lists
        .filter(({ values }) => !values.list?.startsWith('next '))
        .map(({ family, values }) => `${family} ${values.list} ${values.address}`)
    )
  const kept = [...valuesOf(runScript(old, after ?? ''))].filter((value) => valuesOf(old).has(value))
  t.ok(kept.length > 10)
  for (let end = 1; end < lines.length; end += 1) {
    const begun = `${lines.slice(0, end).join('\n')}\n`
    // A loop is one command.
    if ((begun.match(/do=\{$/gm)?.length ?? 0) > (begun.match(/^\}$/gm)?.length ?? 0)) continue
    const values = valuesOf(runScript(old, begun))
    t.strictSame(
      kept.filter((value) => !values.has(value)),
      []
    )
  }
  const left = valuesOf(runScript(old, after ?? ''))
  t.equal(retiring.filter((address) => [...left].some((value) => value.endsWith(` ${address}`))).length, 0)
})

t.test('what RouterOS would refuse or read otherwise is refused', async (t) => {
  const text = renderedText('mikrotik')
  const mutants = mutationsOf(text, {
    'an address': ['address=192.0.2.45 ', 'address=192.0.2.456 '],
    'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
    'an IPv6 address without a prefix': ['2001:db8::44/128', '2001:db8::44'],
    'a wildcard': ['"www.example.net"', '"*.example.net"'],
    'a variable': ['"www.example.net"', '"$www"'],
    'a command in a value': ['"www.example.net"', '"[/system reboot]"'],
    'a question mark': ['everything-1.0 out-tcp-80"', 'everything-1.0 out-tcp-80?"'],
    'a newline': ['"www.example.net"', '"www\n.example.net"'],
    'a port': ['dst-port=443', 'dst-port=80000'],
    'a range that runs backwards': ['dst-port=1024-65535', 'dst-port=65535-1024'],
    'ports of a protocol without ports': ['protocol=50 ', 'protocol=50 dst-port=1 '],
    'a protocol': ['protocol=97', 'protocol=997'],
    'ICMPv6 in IPv4': ['protocol=icmp ', 'protocol=icmpv6 '],
    'a type of ICMP': ['icmp-options=8:0', 'icmp-options=256:0'],
    'an action': ['action=accept', 'action=allow'],
    'a property': ['dst-address-list', 'dst-list'],
    'a quote that is not closed': ['comment="portolan next everything-1.0"]', 'comment="portolan next everything-1.0]'],
    'another loop': ['do={/ip firewall address-list remove $ptlEntry}', 'do={/system reset-configuration}'],
    'another command': ['/ip firewall filter remove', '/ip firewall nat remove']
  })
  for (const [name, mutant] of Object.entries(mutants))
    t.throws(() => readFilter(runScript(freshRouter, mutant), everything.id), name)
})

t.test('the report counts what a list cannot say', async (t) => {
  const { omissions, widenings } = rendered('mikrotik').report
  t.strictSame([...new Set(omissions.map(({ reason }) => reason))].sort(), ['feed', 'role', 'wildcard'])
  t.strictSame(widenings, [])
})

t.test('protocol 0 and type 255 of ICMP are left out, which a kernel of Linux reads as all', async (t) => {
  const services = [{ transport: 'ip/0' }, { transport: 'icmp', icmp: { type: 255 } }]
  const document = documentOf([requirement('all', [{ kind: 'address', value: '9.0.0.1' }], { services })])
  t.strictSame(
    rendered('mikrotik', { document }).report.omissions.map(({ reason }) => reason),
    ['icmp_type', 'transport']
  )
})
