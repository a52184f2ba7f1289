import { protocolName } from '../support/protocol-names.ts'
import type { Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

const shape =
  /^pass (tcp|udp|sctp|icmp|icmpv4|icmpv6|ip|tls|http) (\S+) (\S+) -> (\S+) (\S+) \(msg:"((?:[^"\\;:]|\\[;:])*)"; (.*)sid:(\d+); rev:1;\)$/

/**
 * What rules of Suricata say. Only the rules that this service writes are read: anything else on a line is a fault, and so is a sid that is
 * there twice. A name is said once by two rules, for TLS and for HTTP.
 */
export function readSuricata(text: string): readonly Saying[] {
  const sids = new Set<string>()
  const names = new Map<string, Set<string>>()
  const found = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line): Saying[] => {
      const [, protocol = '', from = '', fromPort = '', to = '', toPort = '', , options = '', sid = ''] =
        shape.exec(line) ?? []
      if (protocol === '') throw new Error(`not a rule: ${line}`)
      if (sids.size === sids.add(sid).size) throw new Error(`sid ${sid} is there twice`)
      if (Number(sid) < 1e9 || Number(sid) >= 2e9) throw new Error(`sid ${sid} is not in the range`)
      const direction = from === '$HOME_NET' ? 'outbound' : 'inbound'
      const isForGroup = direction === 'inbound' && from === 'any' && to !== '$HOME_NET'
      if (direction === 'inbound' && !isForGroup && to !== '$HOME_NET') throw new Error('between strangers')
      const peer = direction === 'outbound' || isForGroup ? to : from
      const common = { direction, ports: readPorts(toPort), source: readPorts(fromPort), icmp: '*' } as const
      if (protocol === 'tls' || protocol === 'http') {
        if (peer !== 'any' || direction !== 'outbound') throw new Error('a name with an address')
        const saying = { ...common, transport: 'tcp', ...readName(protocol, options) }
        const key = JSON.stringify(saying)
        const seen = names.get(key) ?? new Set()
        names.set(key, seen.add(protocol))
        return seen.size === 2 ? [saying] : []
      }
      const said = readOptions(protocol, options)
      const value = peer === 'any' ? `*${said.family ? ` ${said.family}` : ''}` : readAddress(peer, said.family)
      const kind = peer === 'any' ? 'any' : isForGroup ? 'group' : 'address'
      return [{ ...common, transport: said.transport, icmp: said.icmp, kind, value }]
    })
  for (const [key, seen] of names) if (seen.size !== 2) throw new Error(`only one of TLS and HTTP: ${key}`)
  return found
}

function readPorts(text: string): string {
  if (text === 'any') return '*'
  const [, single, first, last] = /^(?:(\d+)|\[(\d+):(\d+)\])$/.exec(text) ?? []
  if (single !== undefined) return checkedPorts(Number(single))
  return checkedPorts(Number(first), Number(last))
}

function readAddress(text: string, family: 'ipv4' | 'ipv6' | undefined): string {
  const [, inner = ''] = /^\[([0-9a-f.:/]+)\]$/.exec(text) ?? []
  const own = inner.includes(':') ? 'ipv6' : 'ipv4'
  if (family !== undefined && family !== own) throw new Error(`${text} is of the other family`)
  return checkedNetwork(inner.includes('/') ? inner : `${inner}/${own === 'ipv6' ? 128 : 32}`)
}

interface Read {
  readonly transport: string
  readonly icmp: string
  readonly family?: 'ipv4' | 'ipv6'
}

function readOptions(protocol: string, options: string): Read {
  const [, type, code] = /^(?:itype:(\d{1,3}); )?(?:icode:(\d{1,3}); )?$/.exec(options) ?? []
  const [, number] = /^ip_proto:(\d{1,3}); $/.exec(options) ?? []
  if (protocol === 'ip') {
    if (options !== '' && number === undefined) throw new Error(`not options: ${options}`)
    return { transport: number === undefined ? 'any' : protocolName(Number(number)), icmp: '*' }
  }
  if (!protocol.startsWith('icmp')) {
    if (options !== '') throw new Error(`not options: ${options}`)
    return { transport: protocol, icmp: '*' }
  }
  if (options !== '' && type === undefined) throw new Error(`not options: ${options}`)
  if (Number(type ?? 0) > 255 || Number(code ?? 0) > 255) throw new Error(`not a type: ${options}`)
  if (type !== undefined && protocol === 'icmp') throw new Error('a type of both families')
  return {
    transport: 'icmp',
    icmp: type === undefined ? '*' : [type, code].filter((each) => each !== undefined).join('/'),
    ...(protocol !== 'icmp' && { family: protocol === 'icmpv6' ? 'ipv6' : 'ipv4' })
  }
}

function readName(protocol: 'tls' | 'http', options: string): Pick<Saying, 'kind' | 'value'> {
  const buffer = protocol === 'tls' ? 'tls.sni' : 'http.host'
  const start = `flow:to_server,established; ${buffer}; `
  if (!options.startsWith(start)) throw new Error(`not the options of a name: ${options}`)
  const match = options.slice(start.length)
  const end = protocol === 'tls' ? ' nocase;' : ''
  const [, dot, name = ''] = /^content:"(\.?)([a-z0-9_][a-z0-9._-]*)"; (?:startswith; )?endswith;/.exec(match) ?? []
  if (name !== '') {
    const expected = `content:"${dot}${name}"; ${dot === '.' ? '' : 'startswith; '}endswith;${end} `
    if (match !== expected) throw new Error(`not a match: ${match}`)
    return { kind: dot === '.' ? 'wildcard' : 'host', value: name }
  }
  const [, expression, flags] = /^pcre:"\/\^([a-z0-9_\\.[\]^+-]+)\$\/(i?)"; $/.exec(match) ?? []
  if (expression === undefined || (flags === 'i') !== (protocol === 'tls')) throw new Error(`not a match: ${match}`)
  return { kind: 'pattern', value: expression.replaceAll('[^.]+', '*').replaceAll('\\.', '.') }
}
