import { protocolName } from '../support/protocol-names.ts'
import { type InFamily, ofBothFamilies, type Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/*
 * As much of RouterOS as a script of ours needs, as its manual (Scripting; Firewall: Filter, Address-lists) has it: a router that takes the
 * commands one after another, and refuses the same entry of a list twice. Everything else is a fault.
 */

interface Item {
  readonly family: 'ipv4' | 'ipv6'
  readonly values: Readonly<Record<string, string>>
}
export interface Router {
  readonly lists: readonly Item[]
  readonly filter: readonly Item[]
}
export const freshRouter: Router = { lists: [], filter: [] }

const menu = String.raw`\/ip(v6)? firewall (address-list|filter)`
const bare = '[^\\s"\\\\$;{}\\[\\]()?]+'
const word = `(?:"[^"\\\\$?]*"|${bare})`
const add = new RegExp(`^${menu} add((?: [a-z-]+=${word})+)$`)
const guarded = /^:do \{(.*)\} on-error=\{(?::log warning "[^"\\$?]*")?\}$/
const remove = new RegExp(`^${menu} remove \\[find where comment=(${word})\\]$`)
const set = new RegExp(`^${menu} set \\[find where comment=(${word})\\] comment=(${word})$`)
const each = new RegExp(`^:foreach ptlEntry in=\\[${menu} find where comment=(${word})\\] do=\\{$`)

/** What the router has after it ran a script. */
export function runScript(router: Router, script: string): Router {
  if (!script.endsWith('\n') || /[^\n -~]/.test(script)) throw new Error('not lines of ASCII')
  let [lists, filter] = [router.lists, router.filter]
  const lines = script.slice(0, -1).split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (line.startsWith('#')) {
      if (line.includes('?')) throw new Error('a question mark asks for help')
      continue
    }
    const loop = each.exec(line)
    if (loop) {
      const end = lines.indexOf('}', index)
      lists = runLoop(lists, familyOf(loop[1]), unquoted(loop[3]), lines.slice(index + 1, end))
      index = end
      continue
    }
    const inner = guarded.exec(line)?.[1]
    const step = runLine(inner ?? line, inner !== undefined, { lists, filter })
    lists = step.lists
    filter = step.filter
  }
  return { lists, filter }
}

function runLine(line: string, isGuarded: boolean, { lists, filter }: Router): Router {
  const added = add.exec(line)
  const removed = remove.exec(line)
  const changed = set.exec(line)
  const [, v6, kind = '', argument] = added ?? removed ?? changed ?? []
  if (kind === '') throw new Error(`no command: ${line}`)
  const family = familyOf(v6)
  const items = kind === 'filter' ? filter : lists
  const isMeant = (item: Item) => item.family === family && item.values.comment === unquoted(argument)
  const next = added
    ? [...items, checkedItem(kind, { family, values: argumentsOf(argument ?? '') }, items, isGuarded)].flat()
    : removed
      ? items.filter((item) => !isMeant(item))
      : items.map((item) =>
          isMeant(item) ? { family, values: { ...item.values, comment: unquoted(changed?.[4]) } } : item
        )
  return kind === 'filter' ? { lists, filter: next } : { lists: next, filter }
}

/** Both loops of a script, word for word. */
function runLoop(
  lists: readonly Item[],
  family: Item['family'],
  comment: string,
  body: readonly string[]
): readonly Item[] {
  const list = `/ip${family === 'ipv6' ? 'v6' : ''} firewall address-list`
  const chosen = lists.filter((item) => item.family === family && item.values.comment === comment)
  const isIn = (name: string, { values }: Item) =>
    lists.some(
      (other) => other.family === family && other.values.list === name && other.values.address === values.address
    )
  const purge = [
    `  :local ptlList [${list} get $ptlEntry list]`,
    `  :local ptlAddress [${list} get $ptlEntry address]`,
    `  :if ([:len [${list} find where list="next $ptlList" and address=$ptlAddress]] = 0) do={${list} remove $ptlEntry}`
  ]
  if (body.join('\n') === purge.join('\n'))
    return lists.filter((item) => !chosen.includes(item) || isIn(`next ${item.values.list}`, item))
  const added = /^ {2}:do \{.* add list=\$ptlList address=\$ptlAddress comment=(".*")\} on-error=\{\}$/.exec(
    body[2] ?? ''
  )
  const copy = [
    `  :local ptlList [:pick [${list} get $ptlEntry list] 5 255]`,
    `  :local ptlAddress [${list} get $ptlEntry address]`,
    `  :do {${list} add list=$ptlList address=$ptlAddress comment=${added?.[1]}} on-error={}`
  ]
  if (body.join('\n') !== copy.join('\n')) throw new Error(`no loop: ${body.join('\n')}`)
  return [
    ...lists,
    ...chosen.flatMap((item) => {
      const name = (item.values.list ?? '').slice(5, 255)
      return isIn(name, item) ? [] : [{ family, values: { ...item.values, list: name, comment: unquoted(added?.[1]) } }]
    })
  ]
}

function familyOf(v6: string | undefined): Item['family'] {
  return v6 === undefined ? 'ipv4' : 'ipv6'
}

function unquoted(text = ''): string {
  return text.replace(/^"(.*)"$/, '$1')
}

function argumentsOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(new RegExp(` ([a-z-]+)=(${word})`, 'g'))].map(
    ([, name = '', value]) => [name, unquoted(value)] as const
  )
  if (new Set(found.map(([name]) => name)).size < found.length) throw new Error(`twice: ${text}`)
  return Object.fromEntries(found)
}

const propertiesOf: Readonly<Record<string, readonly string[]>> = {
  'address-list': ['list', 'address', 'comment'],
  filter: [
    'chain',
    'action',
    'protocol',
    'icmp-options',
    'src-port',
    'dst-port',
    'src-address-list',
    'dst-address-list',
    'comment'
  ]
}
const hostName = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/

/** @throws Error where the router would refuse it; of a list it refuses the same entry twice, unless that is caught. */
function checkedItem(kind: string, item: Item, items: readonly Item[], isGuarded: boolean): readonly Item[] {
  const { family, values } = item
  const odd = Object.keys(values).find((name) => !propertiesOf[kind]?.includes(name))
  if (odd !== undefined) throw new Error(`${kind} has no ${odd}`)
  if (kind === 'filter') {
    readRule(item, () => [])
    return [item]
  }
  const { list = '', address = '' } = values
  if (list === '' || address === '') throw new Error('no list, or no address')
  if (!hostName.test(address) || /^[\d.]+$/.test(address)) {
    checkedNetwork(networkText(address))
    if (family === 'ipv6' ? !address.includes('/') : address.includes(':')) throw new Error(`${address} in ${family}`)
  }
  const isThere = items.some(
    (other) => other.family === family && other.values.list === list && other.values.address === address
  )
  if (isThere && !isGuarded) throw new Error(`failure: already have such entry: ${list} ${address}`)
  return isThere ? [] : [item]
}

function networkText(address: string): string {
  return address.includes('/') ? address : `${address}/32`
}

/** What the filter of a router accepts in the two chains of a catalogue. */
export function readFilter({ lists, filter }: Router, id: string): readonly Saying[] {
  const left = [...lists, ...filter].find(({ values }) => values.comment?.startsWith('portolan next'))
  if (left) throw new Error(`left behind: ${JSON.stringify(left)}`)
  const found = filter.flatMap((item): InFamily[] =>
    item.values.chain?.replace(/^portolan-(?:out|in)-/, '') === id
      ? readRule(item, (name) =>
          lists
            .filter(({ family, values }) => family === item.family && values.list === name)
            .map((each) => each.values)
        ).map((saying) => ({ family: item.family, saying }))
      : []
  )
  return ofBothFamilies(found)
}

function readRule({ family, values }: Item, entriesOf: (list: string) => readonly Item['values'][]): readonly Saying[] {
  const [, side] = /^portolan-(out|in)-/.exec(values.chain ?? '') ?? []
  if (side === undefined || values.action !== 'accept')
    throw new Error(`neither chain nor action: ${JSON.stringify(values)}`)
  const { protocol } = values
  const transport = protocol === undefined ? 'any' : transportOf(protocol, family)
  if ((values['src-port'] ?? values['dst-port']) !== undefined && !['tcp', 'udp', 'dccp', 'sctp'].includes(transport))
    throw new Error('ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp')
  if (values['icmp-options'] !== undefined && transport !== 'icmp') throw new Error(`options of ${transport}`)
  const common = {
    direction: side === 'out' ? ('outbound' as const) : ('inbound' as const),
    transport,
    ports: portsText(values['dst-port']),
    source: portsText(values['src-port']),
    icmp: icmpText(values['icmp-options'])
  }
  const [from, to] = [values['src-address-list'], values['dst-address-list']]
  if (from !== undefined && (to !== undefined || side === 'out')) throw new Error('it says who we are')
  const name = from ?? to
  if (name === undefined) return [{ ...common, kind: 'any', value: '*' }]
  return entriesOf(name).map(({ address = '' }) => {
    if (hostName.test(address) && !/^[\d.]+$/.test(address)) return { ...common, kind: 'host', value: address }
    const isGroup = /^(?:22[4-9]|23\d)\.|^ff/.test(address)
    if (side === 'in' && isGroup !== (to !== undefined)) throw new Error(`${address} at the wrong end`)
    return { ...common, kind: side === 'in' && isGroup ? 'group' : 'address', value: networkText(address) }
  })
}

function transportOf(protocol: string, family: Item['family']): string {
  if (protocol === (family === 'ipv4' ? 'icmp' : 'icmpv6')) return 'icmp'
  if (['tcp', 'udp', 'dccp', 'sctp'].includes(protocol)) return protocol
  const number = Number(protocol)
  if (!/^\d{1,3}$/.test(protocol) || number > 255) throw new Error(`no protocol of ${family}: ${protocol}`)
  return protocolName(number)
}

function portsText(text: string | undefined): string {
  if (text === undefined) return '*'
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined) throw new Error(`no ports: ${text}`)
  return checkedPorts(Number(from), to === undefined ? undefined : Number(to))
}

function icmpText(text: string | undefined): string {
  if (text === undefined) return '*'
  const [, type, code] = /^(\d{1,3}):(0-255|\d{1,3})$/.exec(text) ?? []
  if (Number(type) > 255 || (code !== '0-255' && Number(code) > 255) || code === undefined)
    throw new Error(`no type of ICMP: ${text}`)
  return code === '0-255' ? `${type}` : `${type}/${code}`
}
