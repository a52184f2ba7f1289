import t from 'tap'
import { parse } from 'yaml'
import { fc, runs } from '../../support/scale.ts'
import { readCapirca } from '../formats/grammar/definitions.ts'
import { everything, rendered, renderedText } from '../formats/support/rendered.ts'

const documentOf = (id: string) => ({ ...everything, id })
const yamlOf = (format: string, id: string) =>
  parse(renderedText(format, { document: documentOf(id) }), { version: '1.1' })
const partOf = (format: string, part: string, id: string) => renderedText(format, { document: documentOf(id), part })

/** What each format calls the things that it makes of a catalogue. */
const namesOf: Readonly<Record<string, (id: string) => readonly string[]>> = {
  ansible: (id) => Object.keys(yamlOf('ansible', id)),
  kubernetes: (id) => [yamlOf('kubernetes', id).metadata.name],
  cilium: (id) => [yamlOf('cilium', id).metadata.name],
  aerleon: (id) => ['networks', 'services'].flatMap((kind) => Object.keys(yamlOf('aerleon', id)[kind])),
  capirca: (id) => {
    const { networks, services } = readCapirca(partOf('capirca', 'net', id), partOf('capirca', 'svc', id))
    return [...networks.keys(), ...services.keys()]
  },
  nftables: (id) =>
    [...renderedText('nftables', { document: documentOf(id) }).matchAll(/^\tset (\S+)/gm)].map(([, name = '']) => name),
  ipset: (id) =>
    [...renderedText('ipset', { document: documentOf(id) }).matchAll(/^create (\S+)/gm)].map(([, name = '']) => name),
  iptables: (id) => [...partOf('iptables', 'v4', id).matchAll(/^:(\S+)/gm)].map(([, name = '']) => name),
  mikrotik: (id) =>
    [...renderedText('mikrotik', { document: documentOf(id) }).matchAll(/(?:chain|list|comment)=("[^"$]+")/g)].map(
      ([, name = '']) => name
    ),
  fortios: (id) =>
    [
      ...renderedText('fortios', { document: documentOf(id) }).matchAll(
        /(?:edit|set name) ("portolan-[^-"][^"]*"|\d+)/g
      )
    ].map(([, name = '']) => name),
  panos: (id) =>
    [
      ...renderedText('panos', { document: documentOf(id) }).matchAll(/(?:group|rules|category) (portolan-[^- ]\S*)/g)
    ].map(([, name = '']) => name),
  'cisco-asa': (id) =>
    [...renderedText('cisco-asa', { document: documentOf(id) }).matchAll(/(?:group network|access-list) (\S+)/g)].map(
      ([, name = '']) => name
    ),
  junos: (id) =>
    [...renderedText('junos', { document: documentOf(id) }).matchAll(/(?:groups|address-set|policy) (\S+)/g)].map(
      ([, name = '']) => name
    ),
  'junos-prefix-list': (id) =>
    [...renderedText('junos-prefix-list', { document: documentOf(id) }).matchAll(/(?:groups|prefix-list) (\S+)/g)].map(
      ([, name = '']) => name
    ),
  firewalld: (id) => filesOf('firewalld', id),
  dnsmasq: (id) =>
    [...renderedText('dnsmasq', { document: documentOf(id) }).matchAll(/#inet#portolan#([^,\s]+)/g)].map(
      ([, name = '']) => name
    ),
  'aws-prefix-list': (id) => [JSON.parse(partOf('aws-prefix-list', 'out-tcp-80_443-ipv4.json', id)).PrefixListName],
  'azure-nsg': (id) => [
    JSON.parse(renderedText('azure-nsg', { document: documentOf(id) })).parameters.name.defaultValue
  ],
  'gcp-firewall': (id) =>
    JSON.parse(renderedText('gcp-firewall', { document: documentOf(id) })).flatMap(
      ({ name, targetTags }: { readonly name: string; readonly targetTags: readonly string[] }) => [name, ...targetTags]
    ),
  'opnsense-alias': (id) =>
    Object.entries<{ readonly name: string }>(
      JSON.parse(renderedText('opnsense-alias', { document: documentOf(id) })).aliases.alias
    ).flatMap(([key, { name }]) => [key, name]),
  'checkpoint-gdc': (id) =>
    JSON.parse(renderedText('checkpoint-gdc', { document: documentOf(id) })).objects.map(
      ({ name }: { name: string }) => name
    ),
  acl: (id) =>
    [...renderedText('acl', { document: documentOf(id) }).matchAll(/"name": "([^"]+-(?:out|in)-ipv[46])"/g)].map(
      ([, name = '']) => name
    )
}

/** The names of the files of an archive. */
function filesOf(format: string, id: string): readonly string[] {
  const { body } = rendered(format, { document: documentOf(id) })
  return [
    ...Buffer.from(body)
      .toString('latin1')
      .matchAll(/((?:policies|ipsets)\/[^\0]+\.xml)\0/g)
  ].map(([, name = '']) => name)
}

const words = fc.array(fc.stringMatching(/^[a-z0-9]{1,4}$/), { minLength: 2, maxLength: 8 })
const marks = fc.array(fc.constantFrom('-', '.', '_'), { minLength: 7, maxLength: 7 })
const idOf = (parts: readonly string[], between: readonly string[]) =>
  parts.map((part, index) => (index === 0 ? part : `${between[index - 1]}${part}`)).join('')

for (const [format, read] of Object.entries(namesOf)) {
  t.test(`${format}: no two ids have a name in common, though only their punctuation differs`, async (t) => {
    t.ok(read('a').length > 0)
    fc.assert(
      fc.property(words, marks, marks, (parts, left, right) => {
        const [a, b] = [idOf(parts, left), idOf(parts, right)]
        if (a === b) return
        const others = new Set(read(b))
        t.strictSame(
          read(a).filter((name) => others.has(name)),
          [],
          `${a} ${b}`
        )
      }),
      { numRuns: runs(20) }
    )
  })
}

t.test('an id that needs no other characters is in the names as it is', async (t) => {
  t.strictSame(namesOf.ansible?.('prod_1'), ['portolan_prod_1'])
  t.strictSame(namesOf.kubernetes?.('prod-1.30'), ['portolan-prod-1.30'])
  t.ok(namesOf.capirca?.('prod-1_30').every((name) => name.startsWith('PROD-1_30-')))
  t.ok(namesOf.firewalld?.('prod-1').includes('policies/prod-1-out.xml'))
})
