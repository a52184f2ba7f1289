import { protocolName } from '../support/protocol-names.ts'
import { type InFamily, ofBothFamilies, type Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/*
 * As much of Junos as our files need, as its CLI reference has it: lines of `load set`, each of which adds a statement to a configuration
 * group or deletes one, and a commit that checks what refers to what. Everything else is a fault.
 */

/** The statements of each configuration group. */
export type Configuration = ReadonlyMap<string, ReadonlySet<string>>

const name = '[a-zA-Z0-9][a-zA-Z0-9_-]*'
/** Names in an address book may have full stops, as addresses and hosts have. */
const address = '[a-zA-Z0-9][a-zA-Z0-9._-]*'

/** @throws Error where a line is none that `load set` takes here */
export function loadSet(configuration: Configuration, file: string): Configuration {
  if (!file.endsWith('\n') || /[^\n -~]/.test(file) || file.includes('?')) throw new Error('not lines of ASCII')
  const found = new Map([...configuration].map(([group, statements]) => [group, new Set(statements)]))
  for (const line of file.slice(0, -1).split('\n')) {
    if (line.startsWith('#')) continue
    const [, verb, group = '', , statement] = new RegExp(`^(set|delete) groups (${name})( (.+))?$`).exec(line) ?? []
    if (verb === undefined || (verb === 'set') !== (statement !== undefined)) throw new Error(`no command: ${line}`)
    if (verb === 'delete') found.delete(group)
    else if (statement !== undefined) {
      checkStatement(statement)
      found.set(group, (found.get(group) ?? new Set()).add(statement))
    }
  }
  return found
}

const forms: readonly RegExp[] = [
  new RegExp(`^security address-book global address (${address}) (?:dns-name )?\\S+$`),
  new RegExp(`^security address-book global address-set (${name}) address ${address}$`),
  new RegExp(
    `^applications application (${name}) (?:protocol|icmp6?-type|icmp6?-code|source-port|destination-port) [a-z0-9-]+$`
  ),
  new RegExp(
    `^security policies global policy (${name}) (?:match (?:source-address|destination-address|application) ${name}|then permit)$`
  )
]
const list = new RegExp(`^policy-options prefix-list (${name}) (\\S+)$`)

function checkStatement(statement: string): void {
  const [, prefixList, prefix = ''] = list.exec(statement) ?? []
  if (prefixList !== undefined) {
    if (prefixList.length > 255) throw new Error(`too long: ${prefixList}`)
    checkedNetwork(prefix)
    return
  }
  const own = forms.map((form) => form.exec(statement)?.[1]).find((found) => found !== undefined)
  if (own === undefined || own.length > 63) throw new Error(`no statement: ${statement}`)
}

/** The prefixes of each list of a group. */
export function readPrefixLists(configuration: Configuration, group: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const statement of configuration.get(group) ?? []) {
    const [, prefixList = '', prefix = ''] = list.exec(statement) ?? []
    const prefixes = found.get(prefixList) ?? []
    if (prefixes.some((other) => other.includes(':') !== prefix.includes(':'))) throw new Error(`mixed: ${prefixList}`)
    found.set(prefixList, [...prefixes, prefix])
  }
  return found
}

/** What the global policies of a group permit, as it is committed with `apply-groups`. */
export function commit(configuration: Configuration, group: string): readonly Saying[] {
  const statements = [...(configuration.get(group) ?? [])]
  if (statements.length === 0) throw new Error(`the group is not defined: ${group}`)
  const valuesOf = (path: string) =>
    statements.flatMap((each) => (each.startsWith(`${path} `) ? [each.slice(path.length + 1)] : []))
  const policies = new Set(
    statements.flatMap((each) => /^security policies global policy (\S+)/.exec(each)?.slice(1, 2) ?? [])
  )
  return ofBothFamilies([...policies].flatMap((policy) => readPolicy(policy, valuesOf)))
}

type ValuesOf = (path: string) => readonly string[]
type Peer = Pick<Saying, 'kind' | 'value'> & { readonly families: readonly string[] }
const both = ['ipv4', 'ipv6']

function readPolicy(policy: string, valuesOf: ValuesOf): readonly InFamily[] {
  const path = `security policies global policy ${policy}`
  const [source = '', destination = '', application = ''] = [
    'source-address',
    'destination-address',
    'application'
  ].map((field) => one(valuesOf(`${path} match ${field}`), `${policy} ${field}`))
  if (one(valuesOf(`${path} then`), policy) !== 'permit') throw new Error(`${policy} does not permit`)
  const { families, ...said } = readApplication(application, valuesOf)
  const [from, to] = [peersOf(source, valuesOf), peersOf(destination, valuesOf)]
  const isAny = (peers: readonly Peer[]) => peers.every(({ kind }) => kind === 'any')
  if (!isAny(from) && !isAny(to)) throw new Error(`it says who we are: ${policy}`)
  // Any to any has one form for both directions: the name of the policy says which it is.
  const direction = !isAny(from) || /-in-/.test(policy) ? 'inbound' : 'outbound'
  const own = direction === 'inbound' && isAny(from) ? from : direction === 'inbound' ? to : from
  const peers = isAny(from) ? to : from
  return peers.flatMap(({ families: theirs, kind, value }) => {
    const shared = theirs.filter((family) => families.includes(family) && own[0]?.families.includes(family))
    if (shared.length === 0 || (kind === 'any' && shared.length < theirs.length))
      throw new Error(`the other family: ${policy}`)
    const isGroup = direction === 'inbound' && /^(?:22[4-9]|23\d)\.|^ff/.test(value)
    if (direction === 'inbound' && kind === 'address' && isGroup !== isAny(from))
      throw new Error(`${value} at the wrong end`)
    return shared.map(
      (family) => ({ family, saying: { direction, ...said, kind: isGroup ? 'group' : kind, value } }) as const
    )
  })
}

function one(values: readonly string[], what: string): string {
  if (values.length !== 1) throw new Error(`not one ${what}: ${values}`)
  return values[0] ?? ''
}

function peersOf(word: string, valuesOf: ValuesOf): readonly Peer[] {
  const any = { any: both, 'any-ipv4': ['ipv4'], 'any-ipv6': ['ipv6'] }[word]
  if (any) return [{ kind: 'any', value: '*', families: any }]
  const members = valuesOf(`security address-book global address-set ${word} address`)
  if (members.length === 0) throw new Error(`not defined: ${word}`)
  return members.map((member) => {
    const value = one(valuesOf(`security address-book global address ${member}`), member)
    const [, host] = /^dns-name ([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/.exec(value) ?? []
    if (host !== undefined) return { kind: 'host', value: host, families: both }
    return { kind: 'address', value: checkedNetwork(value), families: [value.includes(':') ? 'ipv6' : 'ipv4'] }
  })
}

type Said = Pick<Saying, 'transport' | 'ports' | 'source' | 'icmp'> & { readonly families: readonly string[] }

function readApplication(application: string, valuesOf: ValuesOf): Said {
  if (application === 'any') return { transport: 'any', ports: '*', source: '*', icmp: '*', families: both }
  const path = `applications application ${application}`
  const field = (word: string) => {
    const values = valuesOf(`${path} ${word}`)
    return values.length === 0 ? undefined : one(values, word)
  }
  const protocol = field('protocol') ?? ''
  const version = protocol === 'icmp' || protocol === 'icmp6' ? protocol : undefined
  const [ports, source] = [field('destination-port'), field('source-port')].map(portsText)
  const numbers = ['icmp', 'icmp6'].flatMap((word) =>
    [`${word}-type`, `${word}-code`].flatMap((each) =>
      field(each) === undefined ? [] : [{ word, text: field(each) ?? '' }]
    )
  )
  if (numbers.some(({ word, text }) => word !== version || !/^\d{1,3}$/.test(text) || Number(text) > 255))
    throw new Error(`no type of ICMP: ${application}`)
  if ((ports !== '*' || source !== '*') && protocol !== 'tcp' && protocol !== 'udp')
    throw new Error(`ports of ${protocol}`)
  return {
    transport: version ? 'icmp' : transportOf(protocol),
    ports: ports ?? '*',
    source: source ?? '*',
    icmp: numbers.map(({ text }) => text).join('/') || '*',
    families: version ? [version === 'icmp' ? 'ipv4' : 'ipv6'] : both
  }
}

function transportOf(protocol: string): string {
  if (protocol === 'tcp' || protocol === 'udp') return protocol
  const number = Number(protocol)
  if (!/^\d{1,3}$/.test(protocol) || number < 1 || number > 255) throw new Error(`no protocol: ${protocol}`)
  return protocolName(number)
}

function portsText(text: string | undefined): string {
  if (text === undefined) return '*'
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined) throw new Error(`no ports: ${text}`)
  return checkedPorts(Number(from), to === undefined ? undefined : Number(to))
}
