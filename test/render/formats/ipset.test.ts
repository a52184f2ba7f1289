import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { ipsetFaults } from './grammar/packet-filters.ts'
import { fromIpset } from './support/kernel.ts'
import { loaded, mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { differences } from './support/packets.ts'
import { type Addressed, permissions } from './support/permission.ts'
import { clearswift, rendered, renderedText } from './support/rendered.ts'
import { folder, inNamespace, missing } from './support/tool.ts'

const skip = missing('unshare', 'ip', 'ipset')

/** Loads one file after the other and answers what the kernel then has. */
async function listings(t: Parameters<typeof folder>[0], texts: readonly string[]): Promise<readonly string[]> {
  const home = folder(t, Object.fromEntries(texts.map((text, index) => [`${index}.ipset`, text])))
  const outcome = await inNamespace(
    `for index in $(seq 0 ${texts.length - 1}); do
       ipset -exist restore <$index.ipset
       ipset save >$index.saved
     done`,
    { cwd: home }
  )
  t.comment(outcome.stderr)
  return texts.map((_, index) => readFileSync(`${home}/${index}.saved`, 'utf8'))
}

/** What the format says that it cannot: source ports, and ports of DCCP. */
function said(document: Document, at: string): readonly Addressed[] {
  return permissions(document, at)
    .filter(({ service: { transport, ports } }) => transport !== 'dccp' || !ports)
    .map(({ service: { sourcePorts: _, ...service }, ...rest }) => ({ ...rest, service }))
}

/** The kernel picks a seed for the hash of each set, whose text may be shorter or longer, and by it collisions that make the table grow. */
function withoutSeeds(saved: string): string {
  return saved.replaceAll(/ (?:initval 0x[0-9a-f]+|hashsize \d+)/g, '')
}

t.test('the kernel has what the view says, and nothing of what it said before', { skip }, async (t) => {
  for (const { name, document, at } of occasions) {
    const texts = [document, { ...document, requirements: [] }, document].map((each) =>
      renderedText('ipset', { document: each, at })
    )
    t.strictSame(texts.flatMap(ipsetFaults), [])
    const [first = '', empty = '', again = ''] = await listings(t, texts)
    t.strictSame(differences(said(document, at), fromIpset(first)), [], name)
    t.strictSame(fromIpset(empty), [], 'all of it is gone')
    t.equal(withoutSeeds(again).length, withoutSeeds(first).length, `${name}, again`)
    t.notMatch(again, /-new /, 'nothing of a load stays behind')
  }
})

t.test('a load that was cut short does not spoil the next', { skip }, async (t) => {
  const document = clearswift
  const at = '2018-11-22T00:00:00Z'
  const text = renderedText('ipset', { document, at })
  const cut = `${text.slice(0, text.indexOf('swap'))}add nowhere 192.0.2.1\n`.replace('213.106.99.208,', '192.0.2.99,')
  const home = folder(t, { 'cut.ipset': cut, 'whole.ipset': text })
  const outcome = await inNamespace(
    'ipset -exist restore <cut.ipset && exit 3; ipset save >after-cut; ipset -exist restore <whole.ipset; ipset save',
    { cwd: home }
  )
  t.equal(outcome.code, 0)
  const left = fromIpset(readFileSync(`${home}/after-cut`, 'utf8').replace(/^add \S+-new .*$/gm, ''))
  t.strictSame(left, [], 'nothing was swapped in')
  t.strictSame(differences(said(document, at), fromIpset(outcome.stdout)), [])
  t.notMatch(outcome.stdout, /192\.0\.2\.99/)
})

t.test('of any document the kernel has what the view says', { skip }, async (t) => {
  const batch = fc.array(fc.record({ document: arbitraryDocument, at: arbitraryInstant }), {
    minLength: 12,
    maxLength: 12
  })
  await fc.assert(
    fc.asyncProperty(batch, async (cases) => {
      const views = cases.map(({ document, at }) => ({ document: withPorts(document), at: new Date(at).toISOString() }))
      const texts = views.map((view) => renderedText('ipset', view))
      const found = await listings(t, texts)
      for (const [index, { document, at }] of views.entries()) {
        const faults = ipsetFaults(texts[index] ?? '')
        const wrong = differences(said(document, at), fromIpset(found[index] ?? ''))
        if (faults.length > 0 || wrong.length > 0) throw new Error(JSON.stringify({ faults, wrong: wrong.slice(0, 5) }))
      }
    }),
    { numRuns: runs(2), endOnFailure: true }
  )
  t.pass()
})

/** Every port of a transport is 65,536 lines to read back: once, in `everything`, is enough. */
function withPorts(document: Document): Document {
  return {
    ...document,
    id: 'any',
    requirements: document.requirements.map((each) => ({
      ...each,
      services: each.services.map((service) =>
        !['tcp', 'udp', 'sctp', 'dccp'].includes(service.transport)
          ? service
          : { ports: [{ from: 80, to: 90 }], ...service }
      )
    }))
  }
}

t.test('what would be too many elements is left out, and counted', async (t) => {
  const wide = (count: number) =>
    documentOf([
      requirement(
        'wide',
        Array.from({ length: count }, (_, index) => address(`9.0.0.${index}`)),
        { services: [{ transport: 'tcp', ports: ['1024-65535'] }] }
      )
    ])
  t.match(rendered('ipset', { document: wide(16) }).report, { entries: 16, omitted: 0 })
  const { report } = rendered('ipset', { document: wide(17) })
  t.match(report, { entries: 0, omitted: 17 })
  t.equal(report.omissions[0]?.reason, 'too_many_ports')
})

t.test('ipset or the grammar refuses what could not be meant', { skip }, async (t) => {
  const mutants = mutationsOf(renderedText('ipset'), {
    address: ['192.0.2.25,tcp', '192.0.2.256,tcp'],
    prefix: ['198.51.100.0/25,', '198.51.100.0/33,'],
    'all-addresses': ['192.0.2.25,tcp:25', '0.0.0.0/0,tcp:25'],
    port: ['tcp:25', 'tcp:65536'],
    'port-range': ['tcp:8000-8100', 'tcp:8100-8000'],
    protocol: ['sctp:2905', 'stcp:2905'],
    'icmp-type': ['icmp:8/0', 'icmp:8/256'],
    quote: ['comment "mail"', 'comment "ma"il"'],
    newline: ['comment "mail"', 'comment "mail\ncreate other hash:ip"'],
    'long-comment': ['comment "mail"', `comment "${'a'.repeat(256)}"`],
    'long-name': [/everything-1\.0/g, 'everything-of-1.0.0.0.0.0'],
    duplicate: ['192.0.2.29,sctp:2905', '192.0.2.25,tcp:25'],
    host: ['192.0.2.25,tcp', 'localhost,tcp'],
    family: ['192.0.2.25,tcp', '2001:db8::25,tcp'],
    'unknown-set': ['swap everything-1.0-in4-new', 'swap everything-1.0-in5-new']
  })
  const accepted = await loaded(t, mutants, 'ipset -exist restore <"$file"')
  t.comment(`ipset itself lets through: ${accepted.join(', ')}`)
  const refused = Object.entries(mutants).filter(
    ([name, text]) => !accepted.includes(name) || ipsetFaults(text).length > 0
  )
  t.strictSame(
    refused.map(([name]) => name),
    Object.keys(mutants)
  )
})
