import ipaddr from 'ipaddr.js'

type Bytes = ArrayLike<number>

/** The services of clouds that give out credentials and settings to whoever asks from inside. */
const metadata = [
  // EC2, and most others; ECS; EKS Pod Identity.
  ...['169.254.169.254', 'fd00:ec2::254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::23'],
  // Azure's host, Alibaba Cloud, Oracle Cloud's first one, Google Cloud, Scaleway.
  ...['168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd20:ce::254', 'fd00:42::42']
].map((text) => ipaddr.parse(text).toByteArray())

/** Loopback and link-local addresses. */
const local = ['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10'].map((text) => {
  const [address, prefix] = ipaddr.parseCIDR(text)
  return { first: address.toByteArray(), prefix }
})

/** Where IPv6 addresses carry an IPv4 address: after these bytes, at that byte. */
const dresses: readonly { readonly before: readonly number[]; readonly at: number }[] = [
  // RFC 4291: mapped, compatible. RFC 2765: translated.
  { before: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], at: 12 },
  { before: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 },
  { before: [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], at: 12 },
  // NAT64: RFC 6052, and RFC 8215 as far as prefixes of 96 bits go.
  { before: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 },
  { before: [0, 0x64, 0xff, 0x9b, 0, 1], at: 12 },
  // 6to4: RFC 3056.
  { before: [0x20, 0x02], at: 2 }
]
/** Teredo (RFC 4380) ends in the address of the client, inverted. */
const teredo = [0x20, 0x01, 0, 0]

/** The IPv4 address, as four bytes, that the 16 bytes of an IPv6 address stand for; undefined where they stand for none. */
function innerIpv4(bytes: Bytes): readonly number[] | undefined {
  if (bytes.length !== 16) return undefined
  const all = Array.from(bytes)
  if (startsWith(all, teredo)) return all.slice(12).map((byte) => byte ^ 0xff)
  const dress = dresses.find(({ before }) => startsWith(all, before))
  const inner = dress && all.slice(dress.at, dress.at + 4)
  // `::` and `::1` are addresses of their own.
  return inner?.slice(0, 3).every((byte) => byte === 0) && all.slice(0, 12).every((byte) => byte === 0)
    ? undefined
    : inner
}

/** The address that a valid text leads to: an IPv6 address that carries an IPv4 address leads there. */
export function reachedAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const parsed = ipaddr.parse(text)
  const inner = innerIpv4(parsed.toByteArray())
  return inner ? new ipaddr.IPv4([...inner]) : parsed
}

/** Whether an address is the metadata service of a cloud, also where an IPv6 address carries it. */
export function isMetadata(bytes: Bytes): boolean {
  const inner = innerIpv4(bytes)
  return metadata.some((known) => isSame(known, bytes) || (inner !== undefined && isSame(known, inner)))
}

/**
 * Whether a CIDR has loopback or link-local addresses, is the metadata service of a cloud, or is an IPv6 address that carries one of these.
 * A network that has a metadata service among many addresses is not.
 */
export function isLocal({ first, prefix }: { readonly first: Bytes; readonly prefix: number }): boolean {
  if (local.some((range) => overlaps(range, { first, prefix }))) return true
  const whole = first.length * 8
  if (prefix === whole && isMetadata(first)) return true
  const inner = innerIpv4(first)
  // A 6to4 network of 48 bits has one IPv4 address.
  return (
    inner !== undefined &&
    prefix >= (first[0] === 0x20 && first[1] === 2 ? 48 : whole) &&
    isLocal({ first: inner, prefix: 32 })
  )
}

function overlaps(
  a: { readonly first: Bytes; readonly prefix: number },
  b: { readonly first: Bytes; readonly prefix: number }
): boolean {
  if (a.first.length !== b.first.length) return false
  const bits = Math.min(a.prefix, b.prefix)
  for (let index = 0; index * 8 < bits; index += 1) {
    const mask = 0xff & ~(0xff >> Math.min(8, bits - index * 8))
    if ((((a.first[index] ?? 0) ^ (b.first[index] ?? 0)) & mask) !== 0) return false
  }
  return true
}

function startsWith(bytes: readonly number[], before: readonly number[]): boolean {
  return before.every((byte, index) => bytes[index] === byte)
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && Array.from(a).every((byte, index) => byte === b[index])
}
