import { isIPv4, isIPv6 } from 'node:net'
import { protocolName } from '../support/protocol-names.ts'
import { type InFamily, ofBothFamilies, type Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/*
 * As much of an ASA as a script of ours needs, as its command reference has it: objects and object groups share their names, an entry that
 * is there already is not added again, and what an access list uses is not removed. Everything else is a fault.
 */

export interface Appliance {
  /** The lines of objects and groups by their name, such as `object-group network x`. */
  readonly objects: ReadonlyMap<string, readonly string[]>
  /** Access lists with their entries. A list without entries is not there. */
  readonly lists: ReadonlyMap<string, readonly string[]>
}
export const freshAppliance: Appliance = { objects: new Map(), lists: new Map() }

const name = '[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}'
const heading = new RegExp(`^(no )?(object|object-group) network (${name})$`)
const entry = /^(no )?access-list ([a-zA-Z0-9][a-zA-Z0-9._-]{0,240}) extended (.+)$/

/** What the appliance has after it read some lines in its configuration mode. */
export function configure({ objects, lists }: Appliance, script: string): Appliance {
  if (!script.endsWith('\n') || /[^\n -~]/.test(script) || script.includes('?')) throw new Error('not lines of ASCII')
  const found = new Map(objects)
  const acls = new Map(lists)
  let current: string | undefined
  for (const line of script.slice(0, -1).split('\n')) {
    if (line.length > 511) throw new Error('a line of more than 511 characters')
    if (line.startsWith('!')) continue
    const [, isGone, kind, object = ''] = heading.exec(line) ?? []
    const [, isLeft, list = '', body = ''] = entry.exec(line) ?? []
    if (kind !== undefined) {
      const key = `${kind} ${object}`
      const isTaken = found.has(`${kind === 'object' ? 'object-group' : 'object'} ${object}`)
      if (isTaken) throw new Error(`the name is taken: ${object}`)
      if (isGone) {
        if (![...acls.values()].flat().some((each) => each.split(' ').includes(object))) found.delete(key)
      } else found.set(key, found.get(key) ?? [])
      current = isGone ? undefined : key
    } else if (line.startsWith(' ') && current !== undefined) {
      checkMember(current, line.slice(1))
      found.set(current, [...new Set([...(found.get(current) ?? []), line.slice(1)])])
    } else if (list !== '') {
      current = undefined
      const old = acls.get(list) ?? []
      if (!isLeft) readEntry(found, list, body)
      const now = isLeft ? old.filter((each) => each !== body) : [...new Set([...old, body])]
      if (now.length > 0) acls.set(list, now)
      else acls.delete(list)
    } else throw new Error(`no command: ${line}`)
  }
  return { objects: found, lists: acls }
}

function checkMember(key: string, line: string): void {
  if (key.startsWith('object ')) {
    if (!/^fqdn v[46] [a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(line)) throw new Error(`no name: ${line}`)
  } else networkOf(line)
}

function networkOf(line: string): string {
  const [, host, first, mask, cidr] =
    /^network-object (?:host (\S+)|([\d.]+) ([\d.]+)|([\da-f:]+\/\d+))$/.exec(line) ?? []
  if (host !== undefined) {
    if (!isIPv4(host) && !isIPv6(host)) throw new Error(`no address: ${host}`)
    return isIPv4(host) ? `${host}/32` : `${host}/128`
  }
  if (cidr !== undefined) return checkedNetwork(cidr)
  const bits = (mask ?? '')
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')
  if (!/^1*0*$/.test(bits) || bits.length !== 32) throw new Error(`no mask: ${line}`)
  return checkedNetwork(`${first}/${bits.replaceAll('0', '').length}`)
}

/** What both lists of a catalogue permit. Each has an entry that denies nobody, so that it is never empty. */
export function readLists({ objects, lists }: Appliance, id: string): readonly Saying[] {
  return ofBothFamilies(
    ['out', 'in'].flatMap((side) => {
      const entries = lists.get(`portolan-${id}-${side}`)
      if (!entries) throw new Error(`no list: the interface would be open`)
      return entries.flatMap((body) => readEntry(objects, `portolan-${id}-${side}`, body))
    })
  )
}

interface End {
  /** Absent: any. */
  readonly peers?: readonly (Pick<Saying, 'kind' | 'value'> & { readonly family: string })[]
  readonly families: readonly string[]
  readonly ports: string
}

function readEntry(objects: Appliance['objects'], list: string, body: string): readonly InFamily[] {
  if (body === 'deny ip host 192.0.2.1 host 192.0.2.1') return []
  const words = body.split(' ')
  const [action, protocol = ''] = words.splice(0, 2)
  if (action !== 'permit') throw new Error(`neither permitted nor inert: ${body}`)
  const hasPorts = ['tcp', 'udp', 'sctp'].includes(protocol)
  const [source, destination] = [readEnd(objects, words, hasPorts), readEnd(objects, words, hasPorts)]
  const isIcmp = protocol === 'icmp' || protocol === 'icmp6'
  const numbers = isIcmp ? words.splice(0, 2) : []
  if (words.length > 0 || numbers.some((text) => !/^\d{1,3}$/.test(text) || Number(text) > 255))
    throw new Error(`no entry: ${body}`)
  const isOut = list.endsWith('-out')
  const families = source.families.filter((family) => destination.families.includes(family))
  if (isIcmp && families.join() !== (protocol === 'icmp' ? 'ipv4' : 'ipv6'))
    throw new Error(`the other family: ${body}`)
  const group = !isOut && destination.peers
  if ((isOut && source.peers) || (group && source.peers)) throw new Error(`it says who we are: ${body}`)
  const peer = isOut || group ? destination : source
  const saying = {
    direction: isOut ? ('outbound' as const) : ('inbound' as const),
    transport: transportOf(protocol),
    ports: destination.ports,
    source: source.ports,
    icmp: numbers.join('/') || '*'
  }
  const peers = peer.peers ?? families.map((family) => ({ kind: 'any' as const, value: '*', family }))
  return peers.map(({ family, kind, value }) => {
    if (!families.includes(family)) throw new Error(`the other family: ${body}`)
    const isGroup = !isOut && /^(?:22[4-9]|23\d)\.|^ff/.test(value)
    if (isGroup !== Boolean(group)) throw new Error(`${value} at the wrong end`)
    return { family, saying: { ...saying, kind: isGroup ? 'group' : kind, value } }
  })
}

function readEnd(objects: Appliance['objects'], words: string[], hasPorts: boolean): End {
  const both = ['ipv4', 'ipv6']
  const [kind = ''] = words.splice(0, 1)
  const end = kind.startsWith('object') ? peersOf(objects, `${kind} ${words.splice(0, 1)}`) : undefined
  const families = { any: both, any4: ['ipv4'], any6: ['ipv6'] }[kind] ?? [...new Set(end?.map(({ family }) => family))]
  if (families.length === 0) throw new Error(`no end: ${kind}`)
  return { ...(end && { peers: end }), families, ports: hasPorts ? readPorts(words) : '*' }
}

function peersOf(objects: Appliance['objects'], key: string): NonNullable<End['peers']> {
  const lines = objects.get(key)
  if (!lines || lines.length === 0) throw new Error(`does not exist, or is empty: ${key}`)
  return lines.map((line) => {
    const [, version, host] = /^fqdn v([46]) (\S+)$/.exec(line) ?? []
    if (host !== undefined) return { kind: 'host', value: host, family: `ipv${version}` }
    const value = networkOf(line)
    return { kind: 'address', value, family: value.includes(':') ? 'ipv6' : 'ipv4' }
  })
}

function readPorts(words: string[]): string {
  if (words[0] === 'eq') return checkedPorts(Number(words.splice(0, 2)[1]))
  if (words[0] !== 'range') return '*'
  const [, from, to] = words.splice(0, 3)
  if (from === to) throw new Error('a range of one port')
  return checkedPorts(Number(from), Number(to))
}

function transportOf(protocol: string): string {
  if (protocol === 'ip') return 'any'
  if (protocol === 'icmp6') return 'icmp'
  if (['icmp', 'tcp', 'udp', 'sctp'].includes(protocol)) return protocol
  const number = Number(protocol)
  // Protocol 0 is `ip`, which is all of them.
  if (!/^\d{1,3}$/.test(protocol) || number < 1 || number > 255) throw new Error(`no protocol: ${protocol}`)
  return protocolName(number)
}
