import type { Endpoint } from '../document/endpoint.ts'
import { type ParsedAddress, storedAddress } from '../network/address.ts'
import type { ParsedHost } from '../network/host.ts'

/** Half-open: `from` is in it, `to` is not. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Where to look for a value in the history. Keys and ranges share no key. */
export interface IndexQuery {
  /** The key of the value itself, and of everything that may cover it. */
  readonly keys: readonly Uint8Array[]
  /** Everything that lies inside the value, and nothing else. */
  readonly ranges: readonly KeyRange[]
}

const familyByte = { ipv4: 0x04, ipv6: 0x06 } as const
const hostByte = 0x10

/**
 * The key by which a history row is found; keys compare bytewise. Addresses: family, address, prefix length, so that a CIDR stands
 * before all that lies in it. Hosts: the labels from the right, `net.example.*`, so that a domain is one range. Role, feed and any have
 * none: they match no address and no name.
 */
export function lookupKey(endpoint: Endpoint): Uint8Array | undefined {
  if (endpoint.kind === 'host') return hostKey(endpoint.value)
  return endpoint.kind === 'address' ? addressKey(storedAddress(endpoint.value)) : undefined
}

/** The keys and ranges under which everything stands that is, covers or lies in the value. */
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
    keys.push(addressKey({ ...address, first: masked(address.first, prefix), prefix }))
  if (address.prefix === address.first.length * 8) return { keys, ranges: [] }
  // No host bits: whatever starts later within it is narrower, so the range holds no stranger.
  return { keys, ranges: [{ from: after(exact), to: endOf(address) }] }
}

function masked(first: Uint8Array, prefix: number): Uint8Array {
  return first.map((byte, index) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix - index * 8))))
}

/** Family and first address behind the CIDR, or the next family byte behind the last address. */
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

/** Canonical names are ASCII, so a character is a byte. */
function textKey(text: string): Uint8Array {
  const key = new Uint8Array(text.length + 1)
  key[0] = hostByte
  for (let index = 0; index < text.length; index += 1) key[index + 1] = text.charCodeAt(index)
  return key
}

function hostQuery(value: string): IndexQuery {
  const labels = value.split('.').reverse()
  const exact = textKey(labels.join('.'))
  const above = labels.slice(0, labels.at(-1) === '*' ? -2 : -1)
  const keys = [exact, ...above.map((_, index) => textKey(`${labels.slice(0, index + 1).join('.')}.*`))]
  if (labels.at(-1) !== '*') return { keys, ranges: [] }
  // `/` is the character after `.`, and no label starts below `*`.
  return { keys, ranges: [{ from: after(exact), to: textKey(`${labels.slice(0, -1).join('.')}/`) }] }
}

/** The first key behind this one. */
function after(key: Uint8Array): Uint8Array {
  return Uint8Array.of(...key, 0)
}
