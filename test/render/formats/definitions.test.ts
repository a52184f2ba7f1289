import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { repository } from '../../support/repository.ts'
import { fc, runs } from '../../support/scale.ts'
import { checkedAerleon, readCapirca } from './grammar/definitions.ts'
import { checkedNetwork } from './grammar/network.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText, type Wanted } from './support/rendered.ts'
import { anyAsNetworks, type Saying, sayings } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'
/** Of Aerleon, which no package of npm has: it lies beside the project. */
const schemaPlace = join(repository, '../shared/aerleon/aerleon-definitions.schema.json')
const skip = !existsSync(schemaPlace) && 'the schema of Aerleon is not beside this project'
const nobody = '192.0.2.1/32'

/** What the networks hold, taken together, without the address that nobody has; sorted. */
function values(found: Iterable<readonly string[]>): readonly string[] {
  return [...new Set([...found].flat())].filter((value) => value !== nobody).sort()
}

function expected({ document, at = '' }: Wanted, kinds: readonly Saying['kind'][]): readonly string[] {
  const said = document ? anyAsNetworks(sayings(document, at)) : []
  return values([
    said.filter(({ kind }) => kinds.includes(kind === 'group' ? 'address' : kind)).map(({ value }) => value)
  ])
}

function capircaOf(wanted: Wanted): ReturnType<typeof readCapirca> {
  return readCapirca(
    renderedText('capirca', { ...wanted, part: 'net' }),
    renderedText('capirca', { ...wanted, part: 'svc' })
  )
}

t.test('aerleon and capirca hold what the view says', async (t) => {
  for (const { name, document, at } of occasions) {
    const aerleon = checkedAerleon(parse(renderedText('aerleon', { document, at }), { version: '1.1' }))
    t.strictSame(values(aerleon.networks.values()), expected({ document, at }, ['address', 'host']), name)
    const capirca = capircaOf({ document, at })
    t.strictSame(values(capirca.networks.values()), expected({ document, at }, ['address']), name)
    t.strictSame([...capirca.services.keys()], [...aerleon.services.keys()], name)
    t.strictSame([...capirca.services.values()], [...aerleon.services.values()], name)
  }
})

t.test('each slice is a network, and its ports a service', async (t) => {
  const { networks, services } = capircaOf({})
  t.strictSame(networks.get('EVERYTHING-1__0-OUT-TCP-80_443'), [
    '198.51.100.0/25',
    '198.51.100.7/32',
    '198.51.100.128/25',
    '2001:db8::1/128',
    '2001:db8:1::/48'
  ])
  t.strictSame(services.get('EVERYTHING-1__0-TCP-80_443'), ['80/tcp', '443/tcp'])
  t.strictSame(services.get('EVERYTHING-1__0-UDP-1024-65535'), ['1024-65535/udp'])
  t.strictSame(networks.get('EVERYTHING-1__0-OUT-TCP-9'), [nobody], 'a slice without anybody')
  t.equal(rendered('capirca').report.placeholder, 2)
})

t.test('aerleon and capirca hold what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const aerleon = checkedAerleon(parse(renderedText('aerleon', { document, at }), { version: '1.1' }))
      t.strictSame(values(aerleon.networks.values()), expected({ document, at }, ['address', 'host']))
      t.strictSame(values(capircaOf({ document, at }).networks.values()), expected({ document, at }, ['address']))
    }),
    { numRuns: runs(100) }
  )
})

t.test('the schema of Aerleon takes every export, and refuses others', { skip }, async (t) => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaPlace, 'utf8')))
  for (const { name, document, at } of occasions)
    t.ok(validate(parse(renderedText('aerleon', { document, at }))), `${name} ${JSON.stringify(validate.errors)}`)
  for (const document of fc.sample(arbitraryDocument, { numRuns: runs(50), seed: 1 }))
    t.ok(validate(parse(renderedText('aerleon', { document, at }))), JSON.stringify(validate.errors))
  const text = renderedText('aerleon')
  for (const [from, to] of [
    ['- address: 198.51.100.7/32', '- ip: 198.51.100.7/32'],
    ['fqdn: www.example.net', 'fqdn: "*://www"'],
    ['EVERYTHING-1__0-OUT-TCP:', 'EVERYTHING-1.0-OUT-TCP:'],
    ['port: 443', 'port: [443]'],
    ['protocol: tcp', 'proto: tcp'],
    ['networks:', 'network:']
  ] as const) {
    t.not(text.replace(from, to), text)
    t.notOk(validate(parse(text.replace(from, to))), to)
  }
})

t.test('what the schema of Aerleon lets pass, the grammar of these tests refuses', async (t) => {
  const text = renderedText('aerleon')
  for (const [from, to] of [
    ['198.51.100.7/32', '198.51.100.256/32'],
    ['198.51.100.7/32', '198.51.100.7/33'],
    ['198.51.100.128/25', '198.51.100.129/25'],
    ['198.51.100.7/32', '198.51.100.128/25'],
    ['port: 443', 'port: 65536'],
    ['port: 1024-65535', 'port: 65535-1024'],
    ['fqdn: www.example.net', 'fqdn: "*.example.net"'],
    ['protocol: tcp', 'protocol: tpc']
  ] as const) {
    t.not(text.replace(from, to), text)
    t.throws(() => checkedAerleon(parse(text.replace(from, to))), to)
  }
})

t.test('capirca: what is wrong is refused', async (t) => {
  const net = renderedText('capirca', { part: 'net' })
  const svc = renderedText('capirca', { part: 'svc' })
  for (const [from, to] of [
    ['198.51.100.7/32', '198.51.100.256/32'],
    ['198.51.100.7/32', '198.51.100.7'],
    ['2001:db8:1::/48', '2001:db8:1::/148'],
    ['198.51.100.128/25', '198.51.100.129/25'],
    ['198.51.100.7/32', '198.51.100.128/25'],
    ['198.51.100.7/32', 'www.example.net'],
    ['OUT-TCP-80_443 =', 'OUT-TCP-80.443 ='],
    ['OUT-TCP-9 =', 'OUT-TCP ='],
    ['# web', 'web'],
    ['# web, until', '#\nuntil']
  ] as const) {
    t.not(net.replace(from, to), net)
    t.throws(() => readCapirca(net.replace(from, to), svc), to)
  }
  for (const [from, to] of [
    ['443/tcp', '65536/tcp'],
    ['1024-65535/udp', '65535-1024/udp'],
    ['443/tcp', '443'],
    ['443/tcp', '443/tpc'],
    ['TCP-9 =', 'TCP-443 =']
  ] as const) {
    t.not(svc.replace(from, to), svc)
    t.throws(() => readCapirca(net, svc.replace(from, to)), to)
  }
})

t.test('a network is read as strictly as tools do', async (t) => {
  for (const wrong of ['10.0.0.1', '010.0.0.0/8', '10.1/16', '1.2.3.4/33', '10.0.0.1/8', '::1', '::1/129', 'x/8', ''])
    t.throws(() => checkedNetwork(wrong), wrong)
})
