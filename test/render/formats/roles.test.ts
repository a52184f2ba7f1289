import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { repository } from '../../support/repository.ts'
import { renderedText } from './support/rendered.ts'
import { sited } from './support/sited.ts'

const schemaPlace = join(repository, '../shared/aerleon/aerleon-definitions.schema.json')
const skip = !existsSync(schemaPlace) && 'the schema of Aerleon is not beside this project'

const syslog = { scope: 'internal', services: [{ transport: 'udp', ports: [514] }] }
/** The logs go to two servers, and one requirement has only one of them. */
const document = sited(
  documentOf([
    requirement('logs', [address('10.20.1.5'), address('10.20.9.0/28')], syslog),
    requirement('more', [address('10.20.1.5'), address('192.0.2.9')]),
    requirement('outside', [address('192.0.2.1')], syslog)
  ]),
  (_, endpoint) => ({
    source: ['10.30.0.8'],
    ...(endpoint.kind === 'address' && endpoint.value.startsWith('10.') && { role: 'syslog-server' })
  }),
  'leeds'
)

t.test('a role that is bound is a token of its own, to which slices refer that have all of it', async (t) => {
  t.match(parse(renderedText('aerleon', { document })).networks, {
    'LEEDS_SYSLOG-SERVER': { values: [{ address: '10.20.1.5/32' }, { address: '10.20.9.0/28' }] },
    LEEDS_SELF: { values: [{ address: '10.30.0.8/32' }] },
    'LEEDS-OUT-UDP-514': { values: [{ name: 'LEEDS_SYSLOG-SERVER' }, { address: '192.0.2.1/32' }] },
    'LEEDS-OUT-TCP-443': { values: [{ address: '10.20.1.5/32' }, { address: '192.0.2.9/32' }] }
  })
  const net = renderedText('capirca', { document, part: 'net' })
  t.match(net, /^LEEDS_SYSLOG-SERVER = 10\.20\.1\.5\/32\n +10\.20\.9\.0\/28$/m)
  t.match(net, /^LEEDS_SELF = 10\.30\.0\.8\/32$/m)
  t.match(net, /^LEEDS-OUT-UDP-514 = LEEDS_SYSLOG-SERVER\n +192\.0\.2\.1\/32 #/m)
})

t.test('the schema of Aerleon takes tokens that refer to others', { skip }, async (t) => {
  const check = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaPlace, 'utf8')))
  t.ok(check(parse(renderedText('aerleon', { document }))), JSON.stringify(check.errors))
})

t.test('no two sites share a token, whatever their ids and roles have between their words', async (t) => {
  const tokens = [
    ['leeds', 'a_b'],
    ['leeds_a', 'b'],
    ['leeds.a', 'b'],
    ['leeds', 'a.b']
  ].map(([id = '', role = '']) => {
    const bound = sited(documentOf([requirement('a', [address('10.0.0.1')])]), () => ({ role }), id)
    return Object.keys(parse(renderedText('aerleon', { document: bound })).networks)[0]
  })
  t.equal(new Set(tokens).size, 4, tokens.join(' '))
})

t.test('Check Point has an object and Ansible a list for each role', async (t) => {
  const { objects } = JSON.parse(renderedText('checkpoint-gdc', { document }))
  t.match(
    objects.map(({ name, ranges }: { name: string; ranges: readonly string[] }) => [name, ...ranges]),
    [
      ['leeds out-tcp-443', '10.20.1.5', '192.0.2.9'],
      ['leeds out-udp-514', '10.20.1.5', '10.20.9.0/28', '192.0.2.1'],
      ['leeds role syslog-server', '10.20.1.5', '10.20.9.0/28'],
      ['leeds role self', '10.30.0.8']
    ]
  )
  t.match(parse(renderedText('ansible', { document })).portolan_leeds.roles, {
    'syslog-server': { ipv4_cidrs: ['10.20.1.5/32', '10.20.9.0/28'] },
    self: { ipv4_cidrs: ['10.30.0.8/32'], ipv6_cidrs: [], hostnames: [] }
  })
})
