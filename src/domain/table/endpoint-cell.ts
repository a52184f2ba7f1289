import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { EndpointKind } from '../document/endpoint.ts'
import { parseAddress } from '../network/address.ts'
import { blocksBetween } from '../network/cidr-join.ts'
import { parseHost } from '../network/host.ts'
import { isPattern, parsePattern } from '../network/pattern.ts'
import { parseUrlPrefix } from '../network/url-prefix.ts'
import { slugOf } from '../slug.ts'
import { withoutMarks } from './footnote.ts'
import { saysNothing } from './table.ts'

/** An endpoint as a cell names it. */
export interface CellEndpoint {
  readonly kind: Exclude<EndpointKind, 'feed'>
  readonly value?: string
  /** Of a role. */
  readonly title?: string
  /** The port that stands behind the name: `www.example.net:8443`. */
  readonly port?: number
}

export interface EndpointCell {
  readonly endpoints: readonly CellEndpoint[]
  /** The marks of footnotes. */
  readonly marks: readonly string[]
  readonly faults: readonly { readonly text: string; readonly detail: string }[]
}

const anyWords = /^(?:any|any (?:ip )?address|all|everywhere|anywhere|internet|the internet|0\.0\.0\.0\/0|::\/0|\*)$/i

/**
 * Reads a cell of destinations: several stand apart by commas, semicolons, lines or blanks. Words that are no name of a host are a role,
 * such as `Your DNS servers`.
 */
export function readEndpointCell(text: string): EndpointCell {
  const endpoints: CellEndpoint[] = []
  const marks: string[] = []
  const faults: { readonly text: string; readonly detail: string }[] = []
  for (const part of text.split(/[,;\n]/)) {
    const { text: item, marks: found } = withoutMarks(part.trim())
    marks.push(...found)
    if (saysNothing(item)) continue
    const words = wordsOf(item)
    for (const word of words) {
      const read = readEndpointWord(word)
      if ('detail' in read) faults.push({ text: word, detail: read.detail })
      else endpoints.push(...read)
    }
  }
  return { endpoints, marks, faults }
}

/** Words that are a name together stay together; addresses and names of hosts may stand apart by blanks. */
function wordsOf(item: string): readonly string[] {
  if (anyWords.test(item) || isRole(item)) return [item]
  const range = /^(\S+)\s*[-–]\s*(\S+)$/.exec(item)
  if (range && isIP(range[1] ?? '') && isIP(range[2] ?? '')) return [`${range[1]}-${range[2]}`]
  const [first = '', second = '', ...more] = item.split(/\s+/)
  if (more.length === 0 && isIPv4(first) && isMask(second)) return [`${first}/${second}`]
  return item.split(/\s+/).filter((word) => !/^(?:and|or|&|\+|\/)$/i.test(word))
}

/** Whether a text is a name for people, and no name of a host, address or URL: nothing in it is made of labels or digits alone. */
function isRole(text: string): boolean {
  return /^[\p{L}\d]/u.test(text) && /\p{L}/u.test(text) && !/[.:/*<>@]/.test(text.replace(/\.(?=\s|$)/g, ''))
}

/** Reads one destination. @returns the endpoints that it is, several for a range of addresses; or what is wrong with it */
export function readEndpointWord(written: string): readonly CellEndpoint[] | { readonly detail: string } {
  const word = written.replace(/^(["'])(.*)\1$|^\((.*)\)$/, '$2$3')
  if (anyWords.test(word)) return [{ kind: 'any' }]
  const url = /^https?:\/\/(?:[^/?#@]*@)?([^/?#]+)(\/[^?#]*)?/i.exec(word)
  if (url) return withPort(url[1] ?? '', url[2] ?? '')
  if (isRole(word)) return roleOf(word)
  const ends = /^([^-–]+)[-–]([^-–]+)$/.exec(word)
  if (ends && isIP(ends[1] ?? '') && isIP(ends[2] ?? '')) return rangeOf(ends[1] ?? '', ends[2] ?? '')
  const [host = '', prefix] = word.split('/')
  if (isIP(host)) return addressOf(prefix !== undefined && isMask(prefix) ? `${host}/${prefixOf(prefix)}` : word)
  const slash = word.indexOf('/')
  return slash > 0 && !/^[\d.]+$/.test(host) ? withPort(host, word.slice(slash)) : withPort(word, '')
}

function roleOf(text: string): readonly CellEndpoint[] | { readonly detail: string } {
  const host = parseHost(text)
  const value = slugOf(text)
  if (value === '') return { detail: 'is no name: write a host, an address, or a role in Latin letters' }
  // A single label is more often a word, such as Administrators, than a host.
  return 'value' in host && /[-\d_]/.test(text) && text === text.toLowerCase()
    ? [{ kind: 'host', value: host.value }]
    : [{ kind: 'role', value, title: text }]
}

function withPort(authority: string, path: string): readonly CellEndpoint[] | { readonly detail: string } {
  const [, host = authority, digits] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(authority) ?? []
  const read = plainOf(host.replace(/^\[|\]$/g, ''), path)
  if ('detail' in read || digits === undefined) return read
  return read.map((endpoint) => ({ ...endpoint, port: Number(digits) }))
}

function plainOf(host: string, path: string): readonly CellEndpoint[] | { readonly detail: string } {
  if (isIP(host) || /^[\d.]+$/.test(host)) return addressOf(host)
  const name = host.startsWith('.') ? `*${host}` : host
  if (isPattern(name)) {
    const pattern = parsePattern(name)
    return 'fault' in pattern ? { detail: pattern.fault } : [{ kind: 'pattern', value: pattern.value }]
  }
  if (!/^\/?\*?$/.test(path)) {
    const url = parseUrlPrefix(name + path.replace(/\*$/, ''))
    return 'fault' in url ? { detail: url.fault } : [{ kind: 'url', value: url.value }]
  }
  const read = parseHost(name)
  return 'fault' in read ? { detail: read.fault } : [{ kind: 'host', value: read.value }]
}

function addressOf(text: string): readonly CellEndpoint[] | { readonly detail: string } {
  const address = parseAddress(text)
  return 'fault' in address ? { detail: address.fault } : [{ kind: 'address', value: address.value }]
}

function rangeOf(from: string, to: string): readonly CellEndpoint[] | { readonly detail: string } {
  const [first, last] = [parseAddress(from), parseAddress(to)]
  if ('fault' in first) return { detail: first.fault }
  if ('fault' in last) return { detail: last.fault }
  const blocks = blocksBetween(first, last)
  if (blocks.length === 0) return { detail: `runs backwards, or from one family to the other: write ${to}-${from}` }
  return blocks.map(({ value }) => ({ kind: 'address', value }))
}

function isMask(text: string): boolean {
  return isIPv4(text) && ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() !== null
}

function prefixOf(mask: string): number {
  return ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() ?? 32
}
