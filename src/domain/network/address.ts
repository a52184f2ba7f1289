import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { explainAddress } from './address-fault.ts'

/** The families of addresses, in the order in which exports have them. */
export const families = ['ipv4', 'ipv6'] as const
export type Family = (typeof families)[number]

/** An address or a CIDR without host bits. `value` is canonical: RFC 5952, `/32` and `/128` dropped. */
export interface ParsedAddress {
  readonly value: string
  readonly family: Family
  /** The 4 or 16 bytes of the address, or of the first address of the CIDR. */
  readonly first: Uint8Array
  readonly prefix: number
}

/**
 * Reads an IPv4 address (RFC 6943 strict: four decimal parts without leading zeros), an IPv6 address (RFC 4291) or a CIDR of either.
 * A text that two programs might read differently is a fault, and so are IPv4-mapped addresses, zones, ranges and host bits.
 */
export function parseAddress(text: string): ParsedAddress | { readonly fault: string } {
  return parseIpv4(text) ?? (text.includes(':') ? parseIpv6(text) : undefined) ?? { fault: explainAddress(text) }
}

/**
 * The address that a text of this service stands for: a value of a published document, or a constant.
 * @throws Error where the text is no address, since only documents that were parsed are published.
 */
export function storedAddress(text: string): ParsedAddress {
  const address = parseAddress(text)
  if ('fault' in address) throw new Error(`the stored address ${text} ${address.fault}`)
  return address
}

/** The family of an address or CIDR that was parsed before. */
export function familyOf(value: string): ParsedAddress['family'] {
  return value.includes(':') ? 'ipv6' : 'ipv4'
}

function parseIpv4(text: string): ParsedAddress | undefined {
  let word = 0
  let octet = -1
  let dots = 0
  let end = 0
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end)
    if (code >= 48 && code <= 57 && octet !== 0) {
      octet = octet < 0 ? code - 48 : octet * 10 + code - 48
      if (octet > 255) return undefined
    } else if (code === 46 && octet >= 0 && dots < 3) {
      word = word * 256 + octet
      octet = -1
      dots += 1
    } else if (code === 47) break
    else return undefined
  }
  if (dots !== 3 || octet < 0) return undefined
  word = word * 256 + octet
  const prefix = readPrefix(text, end, 32)
  if (prefix === undefined || word % 2 ** (32 - prefix) !== 0) return undefined
  const first = new Uint8Array(4)
  for (let index = 3, rest = word; index >= 0; index -= 1, rest = Math.floor(rest / 256)) first[index] = rest % 256
  return { value: prefix === 32 ? text.slice(0, end) : text, family: 'ipv4', first, prefix }
}

function parseIpv6(text: string): ParsedAddress | undefined {
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash
  const address = text.slice(0, end)
  const prefix = readPrefix(text, end, 128)
  // node:net decides, since ipaddr.js also reads embedded octal parts. Only zones must be refused beside it.
  if (prefix === undefined || address.includes('%') || !isIPv6(address)) return undefined
  const parsed = ipaddr.IPv6.parse(address)
  const first = Uint8Array.from(parsed.toByteArray())
  if (hasHostBits(first, prefix) || sameBits(mappedPrefix, first, 96)) return undefined
  const value = parsed.toRFC5952String()
  return { value: prefix === 128 ? value : `${value}/${prefix}`, family: 'ipv6', first, prefix }
}

function readPrefix(text: string, slash: number, whole: number): number | undefined {
  if (slash === text.length) return whole
  const digits = text.slice(slash + 1)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined
  const prefix = Number(digits)
  return prefix <= whole ? prefix : undefined
}

function hasHostBits(first: Uint8Array, prefix: number): boolean {
  for (let index = prefix >> 3; index < first.length; index += 1) {
    const network = index === prefix >> 3 ? 0xff00 >> (prefix & 7) : 0
    if (((first[index] ?? 0) & ~network) !== 0) return true
  }
  return false
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** The order of addresses: IPv4 before IPv6, then numerically, then the broader CIDR first. */
export function compareAddresses(a: ParsedAddress, b: ParsedAddress): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1
  for (const [index, byte] of a.first.entries()) {
    const difference = byte - (b.first[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.prefix - b.prefix
}

/** Whether every address of `b` is in `a`. */
export function covers(a: ParsedAddress, b: ParsedAddress): boolean {
  return a.family === b.family && a.prefix <= b.prefix && sameBits(a.first, b.first, a.prefix)
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>, bits: number): boolean {
  const whole = bits >> 3
  for (let index = 0; index < whole; index += 1) if (a[index] !== b[index]) return false
  const rest = bits & 7
  return rest === 0 || (((a[whole] ?? 0) ^ (b[whole] ?? 0)) & (0xff00 >> rest) & 0xff) === 0
}

/**
 * Whether an address, or any address of a CIDR, is not plain unicast: private, loopback, link-local, multicast, documentation,
 * carrier-grade NAT, or another range that ipaddr.js knows from the IANA registries.
 */
export function isReserved({ family, first, prefix }: ParsedAddress): boolean {
  return specialRanges[family].some((range) => sameBits(range.first, first, Math.min(range.prefix, prefix)))
}

interface SpecialRange {
  readonly first: readonly number[]
  readonly prefix: number
}
const specialRanges = { ipv4: readSpecial(ipaddr.IPv4.prototype), ipv6: readSpecial(ipaddr.IPv6.prototype) }

type Subnet = readonly [{ toByteArray(): number[] }, number]

function readSpecial(prototype: object): readonly SpecialRange[] {
  // ipaddr.js has its table in this property, but does not declare it.
  const { SpecialRanges } = prototype as {
    readonly SpecialRanges: Readonly<Record<string, Subnet | readonly Subnet[]>>
  }
  return Object.values(SpecialRanges)
    .flatMap((entry) => (isSubnet(entry) ? [entry] : entry))
    .map(([address, prefix]) => ({ first: address.toByteArray(), prefix }))
}

function isSubnet(entry: Subnet | readonly Subnet[]): entry is Subnet {
  return typeof entry[1] === 'number'
}

/** Whether an address or a whole network is of multicast groups: 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291). */
export function isMulticast({ family, first, prefix }: ParsedAddress): boolean {
  const byte = first[0] ?? 0
  return family === 'ipv4' ? prefix >= 4 && byte >> 4 === 0xe : prefix >= 8 && byte === 0xff
}
