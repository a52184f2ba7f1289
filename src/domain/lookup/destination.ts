import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { parseAddress } from '../network/address.ts'
import { blocksBetween } from '../network/cidr-join.ts'
import { parseHost } from '../network/host.ts'
import { parsePattern } from '../network/pattern.ts'
import { type AuditPort, portName, readAuditPort } from './audit-port.ts'
import { readFlow } from './flow.ts'
import type { LookupTarget } from './lookup.ts'

/** A destination that a firewall lets through, as it was read. */
export interface Destination {
  /** The canonical text: equal destinations have equal texts. */
  readonly value: string
  /** What it stands for; `everything` where a rule names a port alone. */
  readonly targets: readonly LookupTarget[] | 'everything'
  /** Absent: it is open on all ports. */
  readonly port?: AuditPort
  /** What was left out or changed, in sentences without a full stop. */
  readonly notes: readonly string[]
}

type Fault = { readonly fault: string }
type Read = Destination | Fault

/**
 * Reads a destination as people and devices write it: an address, a CIDR (host bits are cut), `a-b`, an address and a net mask, `host:port`,
 * `[v6]:port`, a URL, `*.x`, `.x`, `host/`, a port or protocol alone, a flow, and each of these followed by a port. `port`: that of the
 * entry, if it has one.
 */
export function readDestination(text: string, port?: string): Read {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  if (first === '') return { fault: 'The entry is empty.' }
  const mask = rest[0] !== undefined && isIPv4(first) && isIPv4(rest[0]) ? rest.shift() : undefined
  const read = mask === undefined ? readWord(first) : readMasked(first, mask)
  if ('fault' in read) return read
  const [written, ...more] = [...rest, ...(port === undefined ? [] : [port])]
  if (written === undefined) return read
  if (more.length > 0 || read.port)
    return {
      fault: `${quoted(text)} is not one destination: write an address or a name, and at most one port such as tcp/443.`
    }
  const found = readAuditPort(written)
  if ('fault' in found) return found
  return { ...read, ...(found.port && { port: found.port }) }
}

function readWord(word: string): Read {
  const url = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)(.*)$/i.exec(word)
  if (url) return withoutPath(url[1] ?? '', url[2] ?? '')
  const flow = readFlow(word)
  if (flow && 'fault' in flow) return { fault: `${quoted(word)} is not a port or flow: ${flow.fault}.` }
  if (flow?.target !== undefined) return onPort(readPlain(flow.target), flow.port)
  if (flow) return { value: 'any', targets: 'everything', ...(flow.port && { port: flow.port }), notes: [] }
  const slash = word.indexOf('/')
  if (slash > 0 && isIP(word.slice(0, slash)) === 0) return withoutPath(word.slice(0, slash), word.slice(slash))
  return readAuthority(word)
}

function withoutPath(authority: string, path: string): Read {
  const read = readAuthority(authority)
  if ('fault' in read || /^\/?$/.test(path)) return read
  return { ...read, notes: [...read.notes, `the path ${path.slice(0, 100)} was left out`] }
}

/** A host or an address, with or without a port. */
function readAuthority(text: string): Read {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  const [, host, digits] = bracketed ?? /^([^:]+):(\d+)$/.exec(text) ?? []
  if (host === undefined) return readPlain(text)
  if (digits === undefined) return readPlain(host)
  const port = readAuditPort(`tcp/${digits}`)
  if ('fault' in port) return { fault: `${quoted(text)} ends in ${digits}, which is not a port.` }
  return onPort(readPlain(host), port.port)
}

function onPort(read: Read, port: AuditPort | undefined): Read {
  return 'fault' in read || !port ? read : { ...read, port }
}

function readPlain(text: string): Read {
  const [from = '', to = '', ...more] = text.split('-')
  if (more.length === 0 && isIP(from) !== 0 && isIP(from) === isIP(to)) return readRange(text, from, to)
  const [address = '', prefix] = text.split('/')
  if (prefix !== undefined && isIP(address) !== 0) return readNetwork(text, address, prefix)
  if (text.startsWith('.') && text.length > 1) return readDomain(text)
  // In lists of PAN-OS a caret stands for one label.
  const pattern = parsePattern(text.replaceAll('^', '*'))
  if ('value' in pattern) return { value: pattern.value, targets: [pattern], notes: [] }
  const host = /^[\d.]+$/.test(text) || text.includes(':') ? undefined : parseHost(text)
  const read = host && !('fault' in host && isIP(text) !== 0) ? host : parseAddress(text)
  return 'fault' in read
    ? { fault: `${quoted(text)} ${read.fault}.` }
    : { value: read.value, targets: [read], notes: [] }
}

/** `.x` stands for a name and all names below it, as in lists for Squid. */
function readDomain(text: string): Read {
  const [name, below] = [parseHost(text.slice(1)), parseHost(`*${text}`)]
  if ('fault' in name) return { fault: `${quoted(text)} ${name.fault}.` }
  if ('fault' in below) return { fault: `${quoted(text)} ${below.fault}.` }
  return { value: `.${name.value}`, targets: [name, below], notes: [] }
}

function readRange(text: string, from: string, to: string): Read {
  const [first, last] = [parseAddress(from), parseAddress(to)]
  if ('fault' in first) return { fault: `${quoted(from)} ${first.fault}.` }
  if ('fault' in last) return { fault: `${quoted(to)} ${last.fault}.` }
  const blocks = blocksBetween(first, last)
  if (blocks.length === 0) return { fault: `${quoted(text)} runs backwards: write ${to}-${from}.` }
  const [only, ...others] = blocks
  const value = only && others.length === 0 ? only.value : `${first.value}-${last.value}`
  return { value, targets: blocks, notes: [] }
}

function readMasked(address: string, mask: string): Read {
  const prefix = prefixOfMask(mask)
  return prefix === undefined
    ? { fault: `${quoted(mask)} is no net mask.` }
    : readNetwork(`${address} ${mask}`, address, String(prefix))
}

/** The length of a net mask, or of a wildcard mask such as 0.0.0.255. */
function prefixOfMask(mask: string): number | undefined {
  const parsed = ipaddr.IPv4.parse(mask)
  const inverted = new ipaddr.IPv4(parsed.octets.map((octet) => octet ^ 0xff))
  return parsed.prefixLengthFromSubnetMask() ?? inverted.prefixLengthFromSubnetMask() ?? undefined
}

/** Reads a CIDR, and cuts its host bits. */
function readNetwork(text: string, address: string, prefix: string): Read {
  if (isIPv4(prefix) && isIPv4(address)) return readMasked(address, prefix)
  const exact = parseAddress(`${address}/${prefix}`)
  if (!('fault' in exact)) return { value: exact.value, targets: [exact], notes: [] }
  const single = parseAddress(address)
  if ('fault' in single || !/^\d{1,3}$/.test(prefix) || Number(prefix) > single.first.length * 8)
    return { fault: `${quoted(text)} ${exact.fault}.` }
  const network = parseAddress(
    single.family === 'ipv4'
      ? `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`)}/${Number(prefix)}`
      : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${prefix}`)}/${Number(prefix)}`
  )
  if ('fault' in network) return { fault: `${quoted(text)} ${network.fault}.` }
  return {
    value: network.value,
    targets: [network],
    notes: [`the host bits were cut: the network is ${network.value}`]
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

/** What tells two destinations apart. */
export function destinationKey({ value, port }: Pick<Destination, 'value' | 'port'>): string {
  return `${value}\n${port ? portName(port) : ''}`
}
