import { protocolName } from '../support/protocol-names.ts'
import { type InFamily, ofBothFamilies, type Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/*
 * As much of PAN-OS as a script of ours needs, as its CLI reference has it: `set` adds to lists and replaces single values, `delete` removes
 * what nothing refers to, and a commit checks what refers to what. Everything else is a fault.
 */

interface Entry {
  readonly values: ReadonlyMap<string, string>
  readonly list: ReadonlySet<string>
}
/** Objects by their kind and name, such as `address portolan--net-192.0.2.1`. */
export type Candidate = ReadonlyMap<string, Entry>

const name = '[a-zA-Z0-9][a-zA-Z0-9._-]*'
const kinds: readonly { readonly kind: string; readonly most: number; readonly rest: RegExp }[] = [
  { kind: 'address', most: 63, rest: /^(ip-netmask|fqdn) (\S+)$/ },
  { kind: 'address-group', most: 63, rest: new RegExp(`^static (${name})$`) },
  { kind: 'service', most: 63, rest: /^protocol (tcp|udp) port (\S+)(?: source-port (\S+))?$/ },
  {
    kind: 'application',
    most: 31,
    rest: /^category networking subcategory ip-protocol technology network-protocol risk 1 default (ident-by-(?:ip-protocol|icmp-type type|icmp6-type type) \d{1,3}(?: code \d{1,3})?)$/
  },
  { kind: 'profiles custom-url-category', most: 31, rest: /^(?:type "URL List"|list "([^"\\?\s]+)")$/ },
  {
    kind: 'rulebase security rules',
    most: 63,
    rest: new RegExp(
      `^(?:description "[^"\\\\?]*"|from any to any (source|destination) any (source|destination) (${name}) category (${name}) application (${name}) service (${name}) action allow)$`
    )
  }
]

/** The candidate configuration after some commands. */
export function runCommands(candidate: Candidate, script: string): Candidate {
  if (/[^\n -~]/.test(script) || (script !== '' && !script.endsWith('\n'))) throw new Error('not lines of ASCII')
  const found = new Map(candidate)
  for (const line of script.split('\n').slice(0, -1)) {
    const [, verb, kind = '', object = '', , rest] =
      new RegExp(`^(set|delete) (${kinds.map((each) => each.kind).join('|')}) (${name})( (.*))?$`).exec(line) ?? []
    const rule = kinds.find((each) => each.kind === kind)
    if (!rule || object.length > rule.most) throw new Error(`no command: ${line}`)
    const key = `${kind} ${object}`
    if (verb === 'delete') remove(found, key, rest)
    else found.set(key, changed(found.get(key), rule.rest, rest ?? '', line))
  }
  return found
}

function changed(old: Entry | undefined, form: RegExp, rest: string, line: string): Entry {
  if (!form.test(rest)) throw new Error(`no command: ${line}`)
  const { values = new Map<string, string>(), list = new Set<string>() } = old ?? {}
  if (/^(?:static|list) /.test(rest)) return { values, list: new Set([...list, memberOf(rest)]) }
  const field = /^(?:type|description)/.exec(rest)?.[0] ?? 'value'
  return { values: new Map(values).set(field, rest), list }
}

function memberOf(rest: string): string {
  return rest.replace(/^(?:static|list) "?|"$/g, '')
}

function remove(found: Map<string, Entry>, key: string, rest: string | undefined): void {
  const old = found.get(key)
  if (!old) return
  if (rest !== undefined) {
    if (!/^(?:static|list) /.test(rest)) throw new Error(`nothing of a list: ${rest}`)
    found.set(key, { ...old, list: new Set([...old.list].filter((member) => member !== memberOf(rest))) })
    return
  }
  const [kind, own] = [key.slice(0, key.lastIndexOf(' ')), key.slice(key.lastIndexOf(' ') + 1)]
  const isAddress = kind.startsWith('address')
  const isUsed = [...found].some(
    ([other, { values, list }]) =>
      other !== key &&
      ((isAddress && other.startsWith('address-group') && list.has(own)) ||
        (other.startsWith('rulebase') && usedIn(values.get('value') ?? '', kind).includes(own)))
  )
  if (!isUsed) found.delete(key)
}

/** The names in a rule that are of objects of a kind. Kinds have names of their own; addresses and their groups share theirs. */
function usedIn(rule: string, kind: string): readonly string[] {
  const words = kind.startsWith('address')
    ? ['source', 'destination']
    : [kind.split(' ').at(-1)?.replace('custom-url-', '')]
  return words.flatMap((word) => new RegExp(` ${word} (\\S+)`).exec(rule)?.[1] ?? [])
}

/** What the rules of a configuration allow, as it is committed. */
export function commit(candidate: Candidate): readonly Saying[] {
  for (const [key, { list }] of candidate)
    if (/^(?:address-group|profiles)/.test(key) && (list.size === 0 || list.size > 2500))
      throw new Error(`members: ${key}`)
  const found = [...candidate].flatMap(([key, { values }]) =>
    key.startsWith('rulebase') ? readRule(candidate, key, values.get('value') ?? '') : []
  )
  return ofBothFamilies(found)
}

type Peer = Pick<Saying, 'kind' | 'value'> & { readonly family?: string }

function readRule(candidate: Candidate, key: string, value: string): readonly InFamily[] {
  const [, own, peer, who = '', category = '', application = '', service = ''] =
    kinds.find(({ kind }) => kind.startsWith('rulebase'))?.rest.exec(value) ?? []
  if (own === undefined || own === peer) throw new Error(`no rule: ${key}`)
  const direction = peer === 'destination' ? 'outbound' : 'inbound'
  const said = application === 'any' ? readService(candidate, service) : readApplication(candidate, application)
  if (application !== 'any' && service !== 'any') throw new Error('an application of ours has no ports')
  const peers = category === 'any' ? peersOf(candidate, who) : urlsOf(candidate, category)
  if (category !== 'any' && (who !== 'any' || direction === 'inbound')) throw new Error('a category is a destination')
  const { families, ...common } = said
  return peers.flatMap(({ family, ...each }) => {
    if (family !== undefined && !families.includes(family)) throw new Error(`${key} has the other family`)
    return families
      .filter((one) => family === undefined || one === family)
      .map((one) => ({ family: one, saying: { direction, ...common, ...each } }) as const)
  })
}

function peersOf(candidate: Candidate, who: string): readonly Peer[] {
  if (who === 'any') return [{ kind: 'any', value: '*' }]
  const group = candidate.get(`address-group ${who}`)
  if (group) return [...group.list].flatMap((member) => peersOf(candidate, member))
  const [, kind, value = ''] = /^(ip-netmask|fqdn) (\S+)$/.exec(fieldText(candidate, 'address', who)) ?? []
  if (kind === 'fqdn') {
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(value) || value.length > 255) throw new Error(`no name: ${value}`)
    return [{ kind: 'host', value }]
  }
  return [{ kind: 'address', value: checkedNetwork(value), family: value.includes(':') ? 'ipv6' : 'ipv4' }]
}

function urlsOf(candidate: Candidate, category: string): readonly Peer[] {
  if (fieldText(candidate, 'profiles custom-url-category', category, 'type') !== 'type "URL List"')
    throw new Error('no type')
  return [...(candidate.get(`profiles custom-url-category ${category}`)?.list ?? [])].map((url) => {
    const [, host = '', path = ''] = /^([^/]+)\/(.*)$/.exec(url) ?? []
    const labels = host.split('.')
    // Without a final slash a name would match what begins like it; an asterisk is any number of labels, a caret one.
    if (host === '' || url.length > 255 || labels.some((label) => !/^(?:\*|\^|[a-z0-9_-]+)$/.test(label)))
      throw new Error(`no URL: ${url}`)
    if (path !== '') return { kind: 'url', value: url }
    if (labels.includes('^')) return { kind: 'pattern', value: host.replaceAll('^', '*') }
    return labels[0] === '*' ? { kind: 'wildcard', value: host.slice(2) } : { kind: 'host', value: host }
  })
}

function fieldText(candidate: Candidate, kind: string, object: string, field = 'value'): string {
  const value = candidate.get(`${kind} ${object}`)?.values.get(field)
  if (value === undefined) throw new Error(`${object} is not a valid reference`)
  return value
}

type Said = Pick<Saying, 'transport' | 'ports' | 'source' | 'icmp'> & { readonly families: readonly string[] }
const every = { ports: '*', source: '*', icmp: '*', families: ['ipv4', 'ipv6'] }

function readService(candidate: Candidate, service: string): Said {
  if (service === 'any') return { transport: 'any', ...every }
  const [, transport = '', ports, source] =
    /^protocol (tcp|udp) port (\S+)(?: source-port (\S+))?$/.exec(fieldText(candidate, 'service', service)) ?? []
  return { transport, ...every, ports: portsText(ports), source: portsText(source) }
}

function portsText(text: string | undefined): string {
  if (text === undefined || text === '0-65535') return '*'
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined) throw new Error(`no ports: ${text}`)
  return checkedPorts(Number(from), to === undefined ? undefined : Number(to))
}

function readApplication(candidate: Candidate, application: string): Said {
  const value = fieldText(candidate, 'application', application)
  const [, kind, first, code] =
    / ident-by-(ip-protocol|icmp-type|icmp6-type)(?: type)? (\d+)(?: code (\d+))?$/.exec(value) ?? []
  for (const number of [first, code]) if (Number(number ?? 0) > 255) throw new Error(`no number: ${number}`)
  if (kind === 'ip-protocol') {
    const number = Number(first)
    const families = number === 1 ? ['ipv4'] : number === 58 ? ['ipv6'] : every.families
    if (number === 0 || code !== undefined) throw new Error(`no protocol: ${value}`)
    return { transport: protocolName(number), ...every, families }
  }
  const icmp = [first, code].filter((part) => part !== undefined).join('/')
  return { transport: 'icmp', ...every, icmp, families: [kind === 'icmp-type' ? 'ipv4' : 'ipv6'] }
}
