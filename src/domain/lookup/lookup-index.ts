import type { Endpoint } from '../document/endpoint.ts'
import { type ParsedAddress, storedAddress } from '../network/address.ts'
import type { ParsedHost } from '../network/host.ts'
import { isPattern, patternSuffix } from '../network/pattern.ts'
import { urlHost } from '../network/url-prefix.ts'

/** A half-open range of keys: `from` belongs to it, `to` does not. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** The keys and ranges in which a value is looked up. No key is in a range too. */
export interface IndexQuery {
  /** The key of the value itself, and of all values that may cover it. */
  readonly keys: readonly Uint8Array[]
  /** The keys of all values that lie inside the value, and no others. */
  readonly ranges: readonly KeyRange[]
  /** The keys of all patterns that may cover the value. */
  readonly covering: readonly KeyRange[]
}

const familyByte = { ipv4: 0x04, ipv6: 0x06 } as const
const hostByte = 0x10

/**
 * The key by which a history row is found. Keys are compared by bytes. The key of an address is its family, its bytes and its prefix
 * length, so that a CIDR comes before all addresses in it. The key of a host has its labels from the right, `net.example.*`, so that a
 * domain is one range. A pattern stands behind the wildcard of its plain labels, and a URL behind its host. Role, feed and any have no key, since they match no address and no name.
 */
export function lookupKey(endpoint: Endpoint): Uint8Array | undefined {
  if (endpoint.kind === 'host') return hostKey(endpoint.value)
  if (endpoint.kind === 'pattern') return patternKey(endpoint.value)
  if (endpoint.kind === 'url') return urlKey(endpoint.value)
  return endpoint.kind === 'address' ? addressKey(storedAddress(endpoint.value)) : undefined
}

/** The key of a value itself, and the range of the keys of all values inside it, where it has any. */
export function lookupSpan(value: ParsedAddress | ParsedHost): { readonly key: Uint8Array; readonly range?: KeyRange } {
  if (!('family' in value)) {
    if (isPattern(value.value)) return { key: patternKey(value.value) }
    const key = hostKey(value.value)
    return value.value.startsWith('*.') ? { key, range: wildcardRange(key) } : { key, range: behind(key, urlByte) }
  }
  const key = addressKey(value)
  return value.prefix === value.first.length * 8 ? { key } : { key, range: { from: keyAfter(key), to: endOf(value) } }
}

/** The range of the keys of all addresses and hosts. */
export const everyValue: KeyRange = { from: Uint8Array.of(familyByte.ipv4), to: Uint8Array.of(hostByte + 1) }

/** `/` is the character after `.`, and no label starts with a character below `*`. */
function wildcardRange(key: Uint8Array): KeyRange {
  const to = key.slice(0, -1)
  to[to.length - 1] = '/'.charCodeAt(0)
  return { from: keyAfter(key), to }
}

/** The keys and ranges of everything that equals a value, covers it or lies in it. */
export function indexQuery(value: ParsedAddress | ParsedHost): IndexQuery {
  return 'family' in value ? addressQuery(value) : hostQuery(value.value)
}

function addressKey({ family, first, prefix }: ParsedAddress): Uint8Array {
  const key = new Uint8Array(first.length + 2)
  key[0] = familyByte[family]
  key.set(first, 1)
  key[first.length + 1] = prefix
  return key
}

function addressQuery(address: ParsedAddress): IndexQuery {
  const exact = addressKey(address)
  const keys = [exact]
  for (let prefix = address.prefix - 1; prefix >= 0; prefix -= 1)
    keys.push(addressKey({ ...address, first: networkOf(address.first, prefix), prefix }))
  // CIDRs have no host bits, so one that starts within this one is narrower, and the range has nothing else.
  const { range } = lookupSpan(address)
  return { keys, ranges: range ? [range] : [], covering: [] }
}

function networkOf(first: Uint8Array, prefix: number): Uint8Array {
  return first.map((byte, index) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix - index * 8))))
}

/** The first key behind all addresses of a CIDR: the family and the next address, or behind the last address the next family. */
function endOf({ family, first, prefix }: ParsedAddress): Uint8Array {
  const end = Uint8Array.of(familyByte[family], ...first)
  let step = prefix % 8 === 0 ? 1 : 1 << (8 - (prefix % 8))
  for (let index = Math.ceil(prefix / 8); index >= 0 && step > 0; index -= 1) {
    const sum = (end[index] ?? 0) + step
    end[index] = sum & 0xff
    step = sum >> 8
  }
  return end
}

function hostKey(value: string): Uint8Array {
  return textKey(value.split('.').reverse().join('.'))
}

/** The key of labels. Canonical names are ASCII, so a character is a byte. */
function textKey(text: string): Uint8Array {
  const key = new Uint8Array(text.length + 1)
  key[0] = hostByte
  for (let index = 0; index < text.length; index += 1) key[index + 1] = text.charCodeAt(index)
  return key
}

function hostQuery(value: string): IndexQuery {
  if (isPattern(value)) return { keys: [patternKey(value)], ranges: [], covering: [] }
  const labels = value.split('.').reverse()
  const exact = textKey(labels.join('.'))
  const above = labels.slice(0, labels.at(-1) === '*' ? -2 : -1)
  const keys = [exact, ...above.map((_, index) => textKey(`${labels.slice(0, index + 1).join('.')}.*`))]
  if (labels.at(-1) === '*') return { keys, ranges: [wildcardRange(exact)], covering: [] }
  return { keys, ranges: [behind(exact, urlByte)], covering: patternRanges(value) }
}

/** The keys of the patterns that may cover a name: those with its last two labels, or more of them. */
export function patternRanges(host: string): readonly KeyRange[] {
  const labels = host.split('.').reverse()
  return labels.slice(2).map((_, index) => behind(textKey(`${labels.slice(0, index + 2).join('.')}.*`), patternByte))
}

/** What follows a key before anything that sorts behind it: no label has such characters. */
const urlByte = 0x00
const patternByte = 0x01

function patternKey(value: string): Uint8Array {
  const [suffix, own] = [patternSuffix(value), Buffer.from(value)]
  return Uint8Array.of(...hostKey(`*.${suffix}`), patternByte, ...own)
}

function urlKey(value: string): Uint8Array {
  const host = urlHost(value)
  return Uint8Array.of(...hostKey(host), urlByte, ...Buffer.from(value.slice(host.length)))
}

function behind(key: Uint8Array, byte: number): KeyRange {
  return { from: Uint8Array.of(...key, byte), to: Uint8Array.of(...key, byte + 1) }
}

/** The next key in the order of bytes. */
function keyAfter(key: Uint8Array): Uint8Array {
  return Uint8Array.of(...key, 0)
}
