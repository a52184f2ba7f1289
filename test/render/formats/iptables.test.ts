import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { address, any, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { iptablesFaults } from './grammar/packet-filters.ts'
import { fromIptables } from './support/kernel.ts'
import { loaded, mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { differences } from './support/packets.ts'
import { type Addressed, permissions } from './support/permission.ts'
import { rendered, renderedText, today } from './support/rendered.ts'
import { folder, inNamespace, missing } from './support/tool.ts'

const backEnds = ['nft', 'legacy'] as const
const families = ['4', '6'] as const
const skip = missing('unshare', 'ip', 'iptables-nft', 'iptables-legacy', 'ip6tables-nft', 'ip6tables-legacy')
const v4 = (document?: Document, at = today) =>
  renderedText('iptables', { ...(document && { document }), at, part: 'v4' })
const v6 = (document?: Document, at = today) =>
  renderedText('iptables', { ...(document && { document }), at, part: 'v6' })

interface Case {
  readonly document: Document
  readonly at: string
}

/** Loads one file after the other and answers whom the kernel then lets through. */
async function listings(
  t: Parameters<typeof folder>[0],
  cases: readonly Case[],
  backEnd: (typeof backEnds)[number]
): Promise<readonly (readonly Addressed[])[]> {
  const files = cases.flatMap(({ document, at }, index) => [
    [`${index}.v4`, v4(document, at)],
    [`${index}.v6`, v6(document, at)]
  ])
  const home = folder(t, Object.fromEntries(files))
  const outcome = await inNamespace(
    `for index in $(seq 0 ${cases.length - 1}); do
       iptables-${backEnd}-restore --noflush <$index.v4
       ip6tables-${backEnd}-restore --noflush <$index.v6
       iptables-${backEnd}-save >$index.saved4
       ip6tables-${backEnd}-save >$index.saved6
     done`,
    { cwd: home }
  )
  t.comment(outcome.stderr)
  return cases.map((_, index) =>
    families.flatMap((family) => fromIptables(readFileSync(`${home}/${index}.saved${family}`, 'utf8'), family))
  )
}

t.test('the kernel has what the view says, and nothing of what it said before', { skip }, async (t) => {
  for (const backEnd of backEnds)
    for (const { name, document, at } of occasions) {
      t.strictSame([...iptablesFaults(v4(document, at), '4'), ...iptablesFaults(v6(document, at), '6')], [])
      const nothing = { document: { ...document, requirements: [] }, at }
      const [first = [], empty, again = []] = await listings(t, [{ document, at }, nothing, { document, at }], backEnd)
      t.strictSame(differences(permissions(document, at), first), [], `${name}, ${backEnd}`)
      t.strictSame(empty, [], 'all of it is gone')
      t.strictSame(again, first, 'no rule is there twice')
    }
})

t.test('of any document the kernel has what the view says', { skip }, async (t) => {
  const batch = fc.array(fc.record({ document: arbitraryDocument, at: arbitraryInstant }), {
    minLength: 12,
    maxLength: 12
  })
  await fc.assert(
    fc.asyncProperty(batch, fc.constantFrom(...backEnds), async (cases, backEnd) => {
      const views = cases.map(({ document, at }) => ({
        document: { ...document, id: 'any' },
        at: new Date(at).toISOString()
      }))
      const found = await listings(t, views, backEnd)
      for (const [index, { document, at }] of views.entries()) {
        const faults = [...iptablesFaults(v4(document, at), '4'), ...iptablesFaults(v6(document, at), '6')]
        const wrong = differences(permissions(document, at), found[index] ?? [])
        if (faults.length > 0 || wrong.length > 0) throw new Error(JSON.stringify({ faults, wrong: wrong.slice(0, 5) }))
      }
    }),
    { numRuns: runs(2), endOnFailure: true }
  )
  t.pass()
})

t.test('more than fifteen ports are several rules', { skip }, async (t) => {
  const ports = Array.from({ length: 20 }, (_, index) => `${1000 + 10 * index}-${1005 + 10 * index}`)
  const document = documentOf([
    requirement('many', [address('9.0.0.1')], {
      services: [{ transport: 'tcp', ports: ['7', ...ports], sourcePorts: ports }]
    })
  ])
  t.strictSame(iptablesFaults(v4(document), '4'), [])
  const [found = []] = await listings(t, [{ document, at: today }], 'legacy')
  t.equal(found.length, 60)
  t.strictSame(differences(permissions(document, today), found), [])
})

t.test('any, and an address that is every address, are one rule', async (t) => {
  const services = [
    { transport: 'tcp', ports: [443] },
    { transport: 'icmp', icmp: { type: 0 } }
  ]
  const document = documentOf([requirement('all', [address('0.0.0.0/0'), address('::/0'), any()], { services })])
  t.strictSame(iptablesFaults(v4(document), '4'), [])
  t.strictSame(iptablesFaults(v6(document), '6'), [])
  t.equal(v4(document).match(/^-A .*$/gm)?.length, 2)
})

t.test('type 255 of ICMP is left out, since iptables reads it as any', async (t) => {
  const services = [{ transport: 'icmp', icmp: { type: 255, code: 0 } }]
  const document = documentOf([requirement('last', [address('9.0.0.1'), address('2001:db8::1'), any()], { services })])
  const { report } = rendered('iptables', { document, part: 'v4' })
  t.strictSame(
    report.omissions.map(({ value, reason }) => [value, reason]),
    [
      ['9.0.0.1', 'icmp_type'],
      ['2001:db8::1', 'family'],
      [undefined, 'icmp_type']
    ]
  )
  const ofIpv6 = { services: [{ transport: 'icmpv6', icmp: { type: 255, code: 0 } }] }
  t.match(v6(documentOf([requirement('last', [address('2001:db8::1')], ofIpv6)])), /--icmpv6-type 255\/0/)
})

t.test('protocol 0 is left out, since iptables reads it as every protocol', async (t) => {
  const document = documentOf([requirement('zero', [address('9.0.0.1'), any()], { services: [{ transport: 'ip/0' }] })])
  for (const format of ['iptables', 'ipset', 'firewalld'])
    t.strictSame(
      rendered(format, { document }).report.omissions.map(({ value, reason }) => [value, reason]),
      [
        ['9.0.0.1', 'transport'],
        [undefined, 'transport']
      ],
      format
    )
  t.notMatch(v4(document), /-p 0/)
})

t.test('iptables or the grammar refuses what could not be meant', { skip }, async (t) => {
  const mutants = mutationsOf(v4(), {
    address: ['-d 192.0.2.25 ', '-d 192.0.2.256 '],
    prefix: ['198.51.100.0/25', '198.51.100.0/33'],
    port: ['--dport 25 ', '--dport 65536 '],
    'port-range': ['8000:8100', '8100:8000'],
    'many-ports': ['--dports 80,443', `--dports ${Array.from({ length: 16 }, (_, index) => index + 1).join(',')}`],
    protocol: ['-p sctp', '-p stcp'],
    'icmp-type': ['--icmp-type 8/0', '--icmp-type 8/256'],
    quote: ['--comment "mail"', '--comment "ma"il"'],
    newline: ['--comment "mail"', '--comment "mail\n-P OUTPUT ACCEPT"'],
    'long-comment': ['--comment "mail"', `--comment "${'a'.repeat(256)}"`],
    'long-chain': [/OUT-everything/g, 'OUT-everything-of-it'],
    duplicate: [/(-A .* "all-of-tcp" .*\n)/, '$1$1'],
    host: ['-d 192.0.2.25 ', '-d localhost '],
    family: ['-d 192.0.2.25 ', '-d 2001:db8::25 '],
    'unknown-chain': ['-A PORTOLAN-IN', '-A PORTOLAN-INTO'],
    'no-commit': ['COMMIT', '']
  })
  for (const backEnd of backEnds) {
    const accepted = await loaded(t, mutants, `iptables-${backEnd}-restore --noflush <"$file"`)
    t.comment(`iptables-${backEnd} itself lets through: ${accepted.join(', ')}`)
    const refused = Object.entries(mutants).filter(
      ([name, text]) => !accepted.includes(name) || iptablesFaults(text, '4').length > 0
    )
    t.strictSame(
      refused.map(([name]) => name),
      Object.keys(mutants)
    )
  }
})
