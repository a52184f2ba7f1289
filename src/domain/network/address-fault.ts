import { isIP, isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { codePointName } from '../text.ts'
import type { ParsedAddress } from './address.ts'
import { blocksBetween } from './cidr-join.ts'

/** Why a text that `parseAddress` refused is no address, and what would be right: the end of a sentence that begins with the text. */
export function explainAddress(text: string): string {
  if (text === '') return 'is empty: write an address such as 192.0.2.1 or 2001:db8::1'
  return characterFault(text) ?? notationFault(text) ?? numberFault(text)
}

function characterFault(text: string): string | undefined {
  const odd = /[^\x21-\x7e]/u.exec(text)?.[0]
  if (odd === undefined) return undefined
  if (odd === ' ') return 'contains a space: write one address, without spaces'
  if (odd < ' ' || odd === '\x7f') return `contains the control character ${codePointName(odd)}: remove it`
  return `contains ${codePointName(odd)}, which is not ASCII: write it with the digits 0 to 9`
}

function notationFault(text: string): string | undefined {
  if (text.includes('%'))
    return 'has a zone, which means something on one machine only: leave out the % and what follows'
  const [from = '', to = ''] = text.split('-')
  if (isIP(from) && /^[0-9a-f.:]+$/i.test(to)) return rangeFault(from, to)
  if (/^\[.*\]/.test(text)) return 'is in brackets: write the address alone; ports belong to services'
  if (/^\d+(?:\.\d+){3}:\d+$/.test(text)) return 'has a port: write the address alone; ports belong to services'
  if (text.includes('://')) return 'is a URL: write the address alone'
  if (/^[0-9a-f.:]+(?:\/.*)?$/i.test(text)) return undefined
  return 'is not an IP address: write one such as 192.0.2.1 or 2001:db8::/32; a name is an endpoint of kind host'
}

/** How many blocks of a range are told. */
const mostBlocks = 4

function rangeFault(from: string, to: string): string {
  const blocks = isIP(from) === isIP(to) ? blocksBetween(singleOf(from), singleOf(to)) : []
  if (blocks.length === 0) return 'is a range: write it as CIDR blocks, such as 192.0.2.0/28'
  const told = blocks.slice(0, mostBlocks).map(({ value }) => value)
  const more = blocks.length > told.length ? `, and ${blocks.length - told.length} more` : ''
  return `is a range: write it as CIDR blocks, ${told.join(', ')}${more}`
}

function singleOf(text: string): ParsedAddress {
  const address = ipaddr.parse(text)
  const first = Uint8Array.from(address.toByteArray())
  return { value: text, family: address.kind(), first, prefix: first.length * 8 }
}

function numberFault(text: string): string {
  const [address = '', prefix, ...more] = text.split('/')
  const addressFault = address.includes(':') ? ipv6Fault(address, prefix) : ipv4Fault(address)
  if (addressFault !== undefined) return addressFault
  if (prefix === undefined) return 'is not an address'
  return prefixFault(address, more.length > 0 ? text.slice(address.length + 1) : prefix)
}

function ipv4Fault(address: string): string | undefined {
  const parts = address.split('.')
  if (!/^[\d.]+$/.test(address)) return 'is not an IP address: write one such as 192.0.2.1 or 2001:db8::/32'
  if (parts.length !== 4 || parts.includes(''))
    return 'does not have four numbers with dots between them, as an IPv4 address does: write one such as 192.0.2.1'
  const zero = parts.find((part) => /^0\d/.test(part))
  if (zero !== undefined)
    return `has a leading zero in ${zero}, which some programs read as octal: write ${parts.map(trimZeros).join('.')}`
  const large = parts.find((part) => Number(part) > 255)
  return large === undefined ? undefined : `has the number ${large}: each of the four is at most 255`
}

function trimZeros(part: string): string {
  return part.replace(/^0+(?=\d)/, '')
}

function ipv6Fault(address: string, prefix: string | undefined): string | undefined {
  if (!isIPv6(address)) return 'is not an IPv6 address: write one such as 2001:db8::1'
  const parsed = ipaddr.IPv6.parse(address)
  if (!parsed.isIPv4MappedAddress()) return undefined
  const narrower = Number(prefix) - 96
  const cidr = narrower >= 0 && narrower < 32 ? `/${narrower}` : ''
  return `is an IPv4 address mapped into IPv6: write ${parsed.toIPv4Address().toString()}${cidr}`
}

function prefixFault(address: string, prefix: string): string {
  const whole = isIPv4(address) ? 32 : 128
  if (isIPv4(prefix)) {
    const bits = ipaddr.IPv4.parse(prefix).prefixLengthFromSubnetMask()
    return `has a net mask: write a prefix length${bits === null ? '' : `, /${bits}`}`
  }
  if (!/^(?:0|[1-9]\d*)$/.test(prefix) || Number(prefix) > whole)
    return `has the prefix length ${JSON.stringify(prefix.slice(0, 20))}: write a number from 0 to ${whole}, without leading zeros`
  const bits = Number(prefix)
  const network = isIPv4(address)
    ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`).toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`).toRFC5952String()
  return `has host bits set: the network is ${network}/${bits}; the single address is ${address}`
}
