import { protocolName } from '../support/protocol-names.ts'
import { type InFamily, ofBothFamilies, type Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/*
 * As much of FortiOS as a script of ours needs, as its CLI reference has it: tables of objects, where `edit` makes an object or changes it,
 * `set` replaces a field, and what another object refers to is not deleted. Everything else is a fault.
 */

type Fields = ReadonlyMap<string, readonly string[]>
/** Objects by table and name. */
export type Device = ReadonlyMap<string, ReadonlyMap<string, Fields>>

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  'firewall address': ['type', 'subnet', 'fqdn'],
  'firewall address6': ['type', 'ip6', 'fqdn'],
  'firewall addrgrp': ['member'],
  'firewall addrgrp6': ['member'],
  'firewall service custom': [
    'protocol',
    'protocol-number',
    'icmptype',
    'icmpcode',
    'tcp-portrange',
    'udp-portrange',
    'sctp-portrange'
  ],
  'firewall policy': [
    ...['name', 'srcintf', 'dstintf', 'action', 'srcaddr', 'dstaddr', 'srcaddr6', 'dstaddr6', 'schedule', 'service']
  ]
}
const forbidden = /["'<>()#\\?$]/

/** What the device has after it ran a script. */
export function runScript(device: Device, script: string): Device {
  if (!script.endsWith('\n') || /[^\n -~]/.test(script)) throw new Error('not lines of ASCII')
  const tables = new Map([...device].map(([name, objects]) => [name, new Map(objects)]))
  let table: string | undefined
  let name: string | undefined
  let fields = new Map<string, readonly string[]>()
  for (const line of script.slice(0, -1).split('\n')) {
    if (line.startsWith('#')) {
      if (line.includes('?')) throw new Error('a question mark asks for help')
      continue
    }
    const [word, ...rest] = words(line)
    const objects = tables.get(table ?? '') ?? new Map<string, Fields>()
    if (table === undefined) {
      table = rest.join(' ')
      if (word !== 'config' || fieldsOf[table] === undefined) throw new Error(`no table: ${line}`)
      tables.set(table, tables.get(table) ?? new Map())
    } else if (name === undefined && word === 'end' && rest.length === 0) table = undefined
    else if (name === undefined && word === 'delete' && rest.length === 1) {
      if (!isUsed(tables, table, rest[0] ?? '')) objects.delete(rest[0] ?? '')
    } else if (name === undefined && word === 'edit' && rest.length === 1) {
      name = checkedName(table, rest[0] ?? '')
      fields = new Map(objects.get(name) ?? [])
    } else if (name !== undefined && word === 'next' && rest.length === 0) {
      checkObject(tables, table, fields)
      tables.set(table, objects.set(name, fields))
      name = undefined
    } else if (name !== undefined && word === 'unset' && rest.length === 1) fields.delete(rest[0] ?? '')
    else if (name !== undefined && word === 'set' && rest.length > 1) {
      const [field = '', ...values] = rest
      if (!fieldsOf[table]?.includes(field)) throw new Error(`${table} has no ${field}`)
      fields.set(field, values)
    } else throw new Error(`no command: ${line}`)
  }
  if (table !== undefined) throw new Error(`${table} is not ended`)
  return tables
}

function words(line: string): readonly string[] {
  if (!/^ *(?:"[^"]*"|[^\s"]+)(?: (?:"[^"]*"|[^\s"]+))*$/.test(line)) throw new Error(`quotes: ${line}`)
  return [...line.matchAll(/"([^"]*)"|[^\s"]+/g)].map(([word, inner]) => {
    if (forbidden.test(inner ?? word)) throw new Error(`a character that FortiOS refuses: ${line}`)
    return inner ?? word
  })
}

function checkedName(table: string, name: string): string {
  if (table === 'firewall policy') {
    if (!/^\d+$/.test(name) || Number(name) < 1 || Number(name) > 4_294_967_294) throw new Error(`no number: ${name}`)
  } else if (name.length > 63) throw new Error(`too long: ${name}`)
  return name
}

function isUsed(tables: Device, table: string, name: string): boolean {
  const users: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
    'firewall address': [['firewall addrgrp', ['member']]],
    'firewall address6': [['firewall addrgrp6', ['member']]],
    'firewall addrgrp': [
      ['firewall addrgrp', ['member']],
      ['firewall policy', ['srcaddr', 'dstaddr']]
    ],
    'firewall addrgrp6': [
      ['firewall addrgrp6', ['member']],
      ['firewall policy', ['srcaddr6', 'dstaddr6']]
    ],
    'firewall service custom': [['firewall policy', ['service']]]
  }
  return (users[table] ?? []).some(([user, fields]) =>
    [...(tables.get(user)?.values() ?? [])].some((object) =>
      fields.some((field) => object.get(field)?.includes(name) === true)
    )
  )
}

/** @throws Error where FortiOS would not take `next` */
function checkObject(tables: Device, table: string, fields: Fields): void {
  const family = table.endsWith('6') ? '6' : ''
  if (table.startsWith('firewall addrgrp')) {
    const members = fields.get('member') ?? []
    if (members.length === 0 || members.length > 600 || new Set(members).size < members.length)
      throw new Error(`members: ${members}`)
    for (const member of members)
      if (!has(tables, `firewall address${family}`, member) && !has(tables, table, member))
        throw new Error(`entry not found: ${member}`)
  } else if (table.startsWith('firewall address')) readAddress(fields, family === '6')
  else if (table === 'firewall service custom') readService(fields)
  else readPolicy(tables, fields)
}

function has(tables: Device, table: string, name: string): boolean {
  return tables.get(table)?.has(name) === true
}

function one(fields: Fields, field: string): string | undefined {
  const values = fields.get(field)
  if (values && values.length !== 1) throw new Error(`not one ${field}: ${values}`)
  return values?.[0]
}

type Peer = Pick<Saying, 'kind' | 'value'>

function readAddress(fields: Fields, isIpv6: boolean): Peer {
  if (fields.has('type')) {
    const fqdn = one(fields, 'fqdn') ?? ''
    const [, star, name = ''] = /^(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/.exec(fqdn) ?? []
    if (one(fields, 'type') !== 'fqdn' || name === '' || fqdn.length > 255) throw new Error(`no name: ${fqdn}`)
    return { kind: star ? 'wildcard' : 'host', value: name }
  }
  if (isIpv6) {
    const network = checkedNetwork(one(fields, 'ip6') ?? '')
    if (!network.includes(':')) throw new Error(`${network} in IPv6`)
    return { kind: 'address', value: network }
  }
  const [first = '', mask = '', ...rest] = fields.get('subnet') ?? []
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')
  if (!/^1*0*$/.test(bits) || bits.length !== 32 || rest.length > 0) throw new Error(`no mask: ${mask}`)
  return { kind: 'address', value: checkedNetwork(`${first}/${bits.replaceAll('0', '').length}`) }
}

type Service = Pick<Saying, 'transport' | 'ports' | 'source' | 'icmp'> & { readonly family?: 'ipv4' | 'ipv6' }

function readService(fields: Fields): Service {
  const protocol = one(fields, 'protocol')
  const none = { ports: '*', source: '*', icmp: '*' }
  if (protocol === 'ICMP' || protocol === 'ICMP6') {
    const [type, code] = ['icmptype', 'icmpcode'].map((field) => one(fields, field))
    for (const number of [type, code])
      if (number !== undefined && (!/^\d+$/.test(number) || Number(number) > 255)) throw new Error(`no type: ${number}`)
    const icmp = [type, code].filter((part) => part !== undefined).join('/')
    return { transport: 'icmp', ...none, icmp: icmp || '*', family: protocol === 'ICMP' ? 'ipv4' : 'ipv6' }
  }
  if (protocol === 'IP') {
    const number = Number(one(fields, 'protocol-number'))
    if (!(number >= 1 && number <= 254)) throw new Error(`no protocol: ${number}`)
    return { transport: protocolName(number), ...none }
  }
  const [transport, ...others] = ['tcp', 'udp', 'sctp'].filter((name) => fields.has(`${name}-portrange`))
  if (protocol !== 'TCP/UDP/SCTP' || transport === undefined || others.length > 0)
    throw new Error(`no service: ${protocol}`)
  const [ports, source] = (one(fields, `${transport}-portrange`) ?? '').split(':').map(portsText)
  return { transport, ...none, ports: ports ?? '*', source: source ?? '*' }
}

function portsText(text: string): string {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined) throw new Error(`no ports: ${text}`)
  const ports = checkedPorts(Number(from), to === undefined ? undefined : Number(to))
  return ports === '1-65535' ? '*' : ports
}

/** What the policies of a device accept. */
export function readPolicies(device: Device): readonly Saying[] {
  const found = [...(device.get('firewall policy')?.values() ?? [])].flatMap((fields) => readPolicy(device, fields))
  return ofBothFamilies(found)
}

const fixed = { srcintf: 'any', dstintf: 'any', action: 'accept', schedule: 'always' }

function readPolicy(device: Device, fields: Fields): readonly InFamily[] {
  if (fieldsOf['firewall policy']?.some((field) => one(fields, field) === undefined))
    throw new Error('a field is not set')
  for (const [field, value] of Object.entries(fixed))
    if (one(fields, field) !== value) throw new Error(`${field} is not ${value}`)
  if ((one(fields, 'name') ?? '').length > 35) throw new Error('a name of more than 35 characters')
  const isOut = one(fields, 'srcaddr') === 'all' && one(fields, 'srcaddr6') === 'all'
  const isIn = one(fields, 'dstaddr') === 'all' && one(fields, 'dstaddr6') === 'all'
  // Any to any has one name for both sides: the name of the policy says which it is.
  const direction = isOut && isIn ? sideOf(fields) : isOut ? 'outbound' : 'inbound'
  if (!isOut && !isIn) throw new Error('it says who we are')
  const peer = direction === 'outbound' ? 'dst' : 'src'
  const name = one(fields, 'service') ?? ''
  const service = device.get('firewall service custom')?.get(name)
  if (name !== 'ALL' && !service) throw new Error(`entry not found: ${name}`)
  const { family, ...said } = service ? readService(service) : { transport: 'any', ports: '*', source: '*', icmp: '*' }
  return (['ipv4', 'ipv6'] as const).flatMap((own) => {
    const peers = peersOf(
      device,
      own === 'ipv6' ? '6' : '',
      one(fields, `${peer}addr${own === 'ipv6' ? '6' : ''}`) ?? ''
    )
    if (family !== undefined && family !== own && peers.length > 0)
      throw new Error(`${said.transport} of the other family`)
    return peers.map((each) => ({ family: own, saying: { direction, ...said, ...each } }) as const)
  })
}

function sideOf(fields: Fields): Saying['direction'] {
  return /-in-|^in-/.test(one(fields, 'name') ?? '') ? 'inbound' : 'outbound'
}

function peersOf(device: Device, family: string, name: string): readonly Peer[] {
  if (name === 'none') return []
  if (name === 'all') return [{ kind: 'any', value: '*' }]
  const address = device.get(`firewall address${family}`)?.get(name)
  if (address) return [readAddress(address, family === '6')]
  const members = device.get(`firewall addrgrp${family}`)?.get(name)?.get('member')
  if (!members) throw new Error(`entry not found: ${name}`)
  return members.flatMap((member) => peersOf(device, family, member))
}
