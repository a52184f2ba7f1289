import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { type Device, readPolicies, runScript } from './grammar/fortios.ts'
import { goneLines } from './support/gone-lines.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { everything, rendered, renderedText, today } from './support/rendered.ts'
import { nobody, type Saying, sayings, texts } from './support/said.ts'

const at = '2020-01-15T00:00:00Z'
const fresh: Device = new Map()

/** Names of the whole of the view but patterns; multicast has policies of another kind, and only three transports have ports. */
function blur(saying: Saying): Saying | undefined {
  const { kind, value, transport, ports, source } = saying
  if (['pattern', 'role', 'feed', 'group'].includes(kind) || /^(?:22[4-9]|23\d)\.|^ff/.test(value)) return undefined
  if (transport === 'dccp' && (ports !== '*' || source !== '*')) return undefined
  return nobody(saying) ? undefined : saying
}

const read = (device: Device) => texts(readPolicies(device), (saying) => (nobody(saying) ? undefined : saying))
const script = (document: Document, at: string, mode = 'rules') => renderedText('fortios', { document, at, mode })

for (const { name, document, at } of occasions) {
  t.test(`a device lets through what the view says of ${name}, and nothing else`, async (t) => {
    t.strictSame(read(runScript(fresh, script(document, at))), texts(sayings(document, at), blur))
  })
}

t.test('a device lets through what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(read(runScript(fresh, script(document, at))), texts(sayings(document, at), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('a script and the lines of what has gone leave what a new device would have', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryDocument, (before, after) => {
      const gone = goneLines(script(before, at, 'remove'), script(after, at, 'remove'))
      const device = [script(before, at), script(after, at), script(after, at), gone].reduce(runScript, fresh)
      t.strictSame(read(device), texts(sayings(after, at), blur))
    }),
    { numRuns: runs(50) }
  )
})

t.test('mode=remove deletes all that the others make', async (t) => {
  const device = runScript(runScript(fresh, script(everything, today)), script(everything, today, 'remove'))
  t.strictSame(
    [...device.values()].map(({ size }) => size),
    [0, 0, 0, 0, 0, 0]
  )
})

t.test('mode=objects has the same objects and no policy', async (t) => {
  const objects = script(everything, today, 'objects')
  t.ok(script(everything, today).startsWith(objects))
  t.notMatch(objects, /firewall policy/)
})

t.test('a slice whose endpoints have all gone keeps its policy, for an address that nobody has', async (t) => {
  const device = runScript(fresh, renderedText('fortios'))
  t.ok(readPolicies(device).some((saying) => nobody(saying) && saying.ports === '9'))
  t.equal(rendered('fortios').report.placeholder, 3)
})

t.test('a group of more members than small models take is made of groups', async (t) => {
  const endpoints = Array.from({ length: 1200 }, (_, index) => ({
    kind: 'address',
    value: `10.0.${Math.floor(index / 250)}.${index % 250}`
  }))
  const document = documentOf([requirement('a', endpoints)])
  const device = runScript(fresh, script(document, at))
  t.equal(device.get('firewall addrgrp')?.size, 4)
  t.equal(readPolicies(device).length, 1200)
})

t.test('what FortiOS would refuse or read otherwise is refused', async (t) => {
  const text = renderedText('fortios')
  const mutants = mutationsOf(text, {
    'an address': ['set subnet 192.0.2.45 ', 'set subnet 192.0.2.456 '],
    'a mask': ['255.255.255.128', '255.255.128.255'],
    'host bits': ['198.51.100.128 255.255.255.128', '198.51.100.129 255.255.255.128'],
    'an IPv6 prefix': ['2001:db8:1::/48', '2001:db8:1::/148'],
    'a name': ['set fqdn "www.example.net"', 'set fqdn "www..example.net"'],
    'a command in a value': ['set fqdn "www.example.net"', 'set fqdn "www.example.net"\nnext\nend\nexecute reboot'],
    'a question mark': ['set fqdn "www.example.net"', 'set fqdn "www?example.net"'],
    'a quote': ['set fqdn "www.example.net"', 'set fqdn "www.example.net'],
    'a port': ['tcp-portrange 443', 'tcp-portrange 80000'],
    'a range that runs backwards': ['udp-portrange 1024-65535:', 'udp-portrange 65535-1024:'],
    'protocol 0, which is all': ['protocol-number 97', 'protocol-number 0'],
    'a type of ICMP': ['icmptype 8', 'icmptype 256'],
    'ICMPv6 in IPv4': ['set protocol ICMP\n', 'set protocol ICMP6\n'],
    'a member that is not there': ['set member "portolan--', 'set member "portolan-x-'],
    'an action': ['set action accept', 'set action allow'],
    'an interface': ['set srcintf "any"', 'set srcintf "port1"'],
    'our own side': ['set srcaddr "all"', 'set srcaddr "portolan--net-192.0.2.45"'],
    'a service': ['set service "ALL"', 'set service "all"'],
    'a number': [/edit \d{10}/, 'edit 5000000000'],
    'a field': ['set schedule', 'set status'],
    'an end that is missing': [/end\n$/, '']
  })
  for (const [name, mutant] of Object.entries(mutants)) t.throws(() => readPolicies(runScript(fresh, mutant)), name)
})

t.test('the report counts what FortiOS cannot say', async (t) => {
  const { omissions, widenings } = rendered('fortios').report
  t.strictSame([...new Set(omissions.map(({ reason }) => reason))].sort(), [
    'feed',
    'multicast_policy',
    'ports_of_transport',
    'role'
  ])
  t.strictSame(widenings, [])
  const document = documentOf([
    requirement('a', [{ kind: 'address', value: '192.0.2.9' }], { services: [{ transport: 'ip/0' }] })
  ])
  t.strictSame(
    rendered('fortios', { document }).report.omissions.map(({ reason }) => reason),
    ['transport']
  )
})
