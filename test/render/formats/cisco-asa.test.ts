import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { configure, freshAppliance, readLists } from './grammar/cisco-asa.ts'
import { goneLines } from './support/gone-lines.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { everything, rendered, renderedText, today } from './support/rendered.ts'
import { type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'

/** URLs are hosts here, and DCCP has no ports. */
function blur(saying: Saying): Saying | undefined {
  if (saying.transport === 'dccp' && (saying.ports !== '*' || saying.source !== '*')) return undefined
  return ['wildcard', 'pattern', 'role', 'feed'].includes(saying.kind) ? undefined : saying
}

const script = (document: Document, at: string, mode = 'rules') => renderedText('cisco-asa', { document, at, mode })

for (const { name, document, at } of occasions) {
  t.test(`an appliance permits what the view says of ${name}, and nothing else`, async (t) => {
    const appliance = configure(freshAppliance, script(document, at))
    t.strictSame(texts(readLists(appliance, document.id)), texts(sayings(document, at), blur))
  })
}

t.test('an appliance permits what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const appliance = configure(freshAppliance, script(document, at))
      t.strictSame(texts(readLists(appliance, document.id)), texts(sayings(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test(
  'a script and the lines of what has gone leave what a new appliance would have, and bind nothing loose',
  async (t) => {
    fc.assert(
      fc.property(arbitraryDocument, arbitraryDocument, (before, after) => {
        const gone = goneLines(script(before, at, 'remove'), script(after, at, 'remove'))
        const steps = [script(before, at), script(after, at), script(after, at), gone]
        const states = steps.map((_, index) => steps.slice(0, index + 1).reduce(configure, freshAppliance))
        for (const { lists } of states) t.equal(lists.size, 2)
        const last = states.at(-1) ?? freshAppliance
        t.strictSame(texts(readLists(last, after.id)), texts(sayings(after, at), blur))
        const fresh = configure(freshAppliance, script(after, at))
        t.strictSame([...last.objects.keys()].sort(), [...fresh.objects.keys()].sort())
      }),
      { numRuns: runs(50) }
    )
  }
)

t.test('mode=remove takes away all that the other makes', async (t) => {
  const appliance = configure(freshAppliance, script(everything, today))
  t.strictSame(configure(appliance, script(everything, today, 'remove')), freshAppliance)
})

t.test('what an ASA would refuse or read otherwise is refused', async (t) => {
  const text = renderedText('cisco-asa')
  const mutants = mutationsOf(text, {
    'an address': ['host 192.0.2.45', 'host 192.0.2.456'],
    'a mask': ['255.255.255.128', '0.0.0.127'],
    'host bits': ['198.51.100.128 255', '198.51.100.129 255'],
    'an IPv6 prefix': ['2001:db8:1::/48', '2001:db8:1::/148'],
    'a wildcard': ['fqdn v4 www.example.net', 'fqdn v4 *.example.net'],
    'a question mark': ['fqdn v4 www.example.net', 'fqdn v4 www?.example.net'],
    'a command in a value': ['fqdn v4 www.example.net', 'fqdn v4 www.example.net\nreload'],
    'a port': ['eq 443', 'eq 80000'],
    'a range that runs backwards': ['range 8000 8100', 'range 8100 8000'],
    'a protocol': ['permit 97', 'permit 997'],
    'protocol 0, which is all': ['permit 97', 'permit 0'],
    'ports of a protocol without ports': [/permit 97 (.*)/, 'permit 97 $1 eq 80'],
    'a type of ICMP': [/(permit icmp .*) 8 0$/m, '$1 256 0'],
    'ICMPv6 in IPv4': ['permit icmp any4', 'permit icmp6 any4'],
    'a group that is not there': [/object-group (portolan\S+) eq 443/, 'object-group x$1 eq 443'],
    'our own side': ['permit tcp any object-group', 'permit tcp host 192.0.2.45 object-group'],
    'an action': ['extended permit', 'extended allow'],
    'a name that is too long': [/object-group network \S+/, `object-group network ${'x'.repeat(65)}`],
    'a list without its inert entry': [/^access-list \S+-in .*\n/gm, ''],
    'a blank line': ['\naccess-list', '\n\naccess-list']
  })
  for (const [name, mutant] of Object.entries(mutants))
    t.throws(() => readLists(configure(freshAppliance, mutant), everything.id), name)
})

t.test('the report counts what an ASA cannot say', async (t) => {
  const { omissions, widenings } = rendered('cisco-asa').report
  t.strictSame([...new Set(omissions.map(({ reason }) => reason))].sort(), [
    'feed',
    'ports_of_transport',
    'role',
    'wildcard'
  ])
  t.strictSame(widenings, [])
})
