import { isIPv4, isIPv6 } from 'node:net'

/*
 * What the manuals of nft(8), ipset(8), iptables(8) and iptables-extensions(8) take, and no more than is safe: they look host names up
 * while they load, so a name is a fault here. Each answers the lines that are at fault.
 */

const number = (text: string, most: number) => /^(?:0|[1-9]\d*)$/.test(text) && Number(text) <= most
const range = (text: string, most: number, mark: string) => {
  const [from = '', to = from, ...rest] = text.split(mark)
  return rest.length === 0 && number(from, most) && number(to, most) && Number(from) <= Number(to)
}
const address = (text: string, family: '4' | '6', least = 0) => {
  const [host = '', prefix, ...rest] = text.split('/')
  const isRight = family === '4' ? isIPv4(host) : isIPv6(host) && !host.includes('%')
  const isPrefix = prefix === undefined || (number(prefix, family === '4' ? 32 : 128) && Number(prefix) >= least)
  return rest.length === 0 && isRight && isPrefix
}
const note = (text: string, most: number) => text.length <= most && /^[ -!#-[\]-~]*$/.test(text)

/** Of the lines that are not comments, those that none of the rules takes. */
function faulty(text: string, isRight: (line: string) => boolean): readonly string[] {
  if (!text.endsWith('\n')) return ['no last newline']
  return text
    .slice(0, -1)
    .split('\n')
    .filter((line) => !/^#[^\r]*$/.test(line) && !isRight(line))
}

const nftName = '[a-z][a-z0-9._-]{0,200}'
const keyPart: Readonly<Record<string, (text: string) => boolean>> = {
  ipv4_addr: (text) => address(text, '4'),
  ipv6_addr: (text) => address(text, '6'),
  inet_proto: (text) => ['tcp', 'udp', 'sctp', 'dccp', 'esp', 'ah'].includes(text) || number(text, 255),
  inet_service: (text) => range(text, 65535, '-'),
  icmp_type: (text) => range(text, 255, '-'),
  icmp_code: (text) => range(text, 255, '-'),
  icmpv6_type: (text) => range(text, 255, '-'),
  icmpv6_code: (text) => range(text, 255, '-')
}

export function nftablesFaults(text: string): readonly string[] {
  const types = new Map<string, readonly string[]>()
  const seen = new Set<string>()
  let current: readonly string[] = []
  let name = ''
  const enter = (set: string, type: string | undefined) => {
    if (type !== undefined) types.set(set, type.split(' . '))
    name = set
    current = types.get(set) ?? []
    return current.length > 0 && current.every((part) => keyPart[part] !== undefined)
  }
  const isElement = (line: string) => {
    const match = /^\t+(\S+(?: \. \S+)*) comment "([^"]*)",?$/.exec(line)
    if (!match) return false
    const [, key = '', comment = ''] = match
    const parts = key.split(' . ')
    const isNew = !seen.has(`${name} ${key}`)
    seen.add(`${name} ${key}`)
    return (
      isNew &&
      note(comment, 128) &&
      parts.length === current.length &&
      parts.every((part, index) => keyPart[current[index] ?? '']?.(part))
    )
  }
  const fixed =
    /^(?:(?:delete )?table inet NAME(?: \{\}?)?|\}|\t\}|\t\t\}|\t\tflags interval|\t\telements = \{|\tchain (?:input|output) \{|flush set inet portolan NAME|\t\t(?:type filter hook (?:input|output) priority filter; policy drop;|ct state established,related accept|[io]ifname "lo" accept|icmpv6 type \{ [a-z0-9, -]+ \} accept|ip6? [sd]addr[a-z0-9. ]* @NAME accept))$/
      .source
  const plain = new RegExp(fixed.replaceAll('NAME', nftName))
  return faulty(text, (line) => {
    const set = new RegExp(`^\\tset (${nftName}) \\{(?: type ([a-z0-9_ .]+); flags interval; \\})?$`).exec(line)
    if (set?.[1] !== undefined) {
      name = set[1]
      return set[2] === undefined || enter(name, set[2])
    }
    const type = /^\t\ttype ([a-z0-9_]+(?: \. [a-z0-9_]+)*)$/.exec(line)
    if (type) return enter(name, type[1])
    const added = new RegExp(`^add element inet portolan (${nftName}) \\{$`).exec(line)
    if (added?.[1] !== undefined) return enter(added[1], undefined)
    return plain.test(line) || isElement(line)
  })
}

export function ipsetFaults(text: string): readonly string[] {
  const name = '[a-z0-9][a-z0-9._-]{0,30}'
  const created = new Map<string, { readonly family: '4' | '6'; readonly hasPorts: boolean }>()
  const seen = new Set<string>()
  return faulty(text, (line) => {
    const made = new RegExp(`^create (${name}) hash:net(,port)? family inet(6)? maxelem \\d+ comment$`).exec(line)
    if (made?.[1] !== undefined) {
      created.set(made[1], { family: made[3] === undefined ? '4' : '6', hasPorts: made[2] !== undefined })
      return true
    }
    if (new RegExp(`^(?:flush|destroy) ${name}$|^swap ${name} ${name}$`).test(line)) return true
    const added = new RegExp(
      `^add (${name}) ([^ ,]+)(?:,(tcp|udp|sctp|icmp|icmpv6|\\d{1,3}):(\\S+))?(?: comment "([^"]*)")?$`
    ).exec(line)
    const set = created.get(added?.[1] ?? '')
    if (!added || !set) return false
    const [, , value = '', protocol, ports = '', comment = ''] = added
    const key = line.replace(/ comment .*/, '')
    const isNew = !seen.has(key)
    seen.add(key)
    const isPort = protocol?.startsWith('icmp')
      ? ports.split('/').length === 2 && ports.split('/').every((part) => number(part, 255))
      : range(ports, 65535, '-')
    return (
      isNew && address(value, set.family, 1) && note(comment, 255) && (protocol === undefined ? !set.hasPorts : isPort)
    )
  })
}

export function iptablesFaults(text: string, family: '4' | '6'): readonly string[] {
  const chain = 'PORTOLAN-(?:OUT|IN)-[a-z0-9._-]+'
  const ports = '(?: (--sport [\\d:]+))?(?: (--dport [\\d:]+|-m multiport --dports [\\d:,]+))?'
  const icmp = family === '4' ? '-p icmp(?: --icmp-type (\\S+))?' : '-p ipv6-icmp(?: --icmpv6-type (\\S+))?'
  const rule = new RegExp(
    `^-A (${chain}) -[sd] (\\S+)(?: (?:-p (?:tcp|udp|sctp|dccp)${ports}|-p \\d{1,3}|${icmp}))? -m comment --comment "([^"]*)" -j ACCEPT$`
  )
  const seen = new Set<string>()
  return faulty(text, (line) => {
    if (line === '*filter' || line === 'COMMIT') return true
    const declared = new RegExp(`^:(${chain}) - \\[0:0\\]$`).exec(line)
    if (declared) return (declared[1]?.length ?? 0) <= 28
    const match = rule.exec(line)
    if (!match || seen.has(line)) return false
    seen.add(line)
    const [, , value = '', source, destination, type, comment = ''] = match
    const lists = [source, destination].flatMap((each) =>
      each === undefined ? [] : [each.replace(/.* /, '').split(',')]
    )
    return (
      address(value, family) &&
      note(comment, 255) &&
      (type === undefined || type.split('/').every((part) => number(part, 255))) &&
      lists.every((list) => list.join(':').split(':').length <= 15 && list.every((each) => range(each, 65535, ':')))
    )
  })
}
