import ipaddr from 'ipaddr.js'
import type { ParsedAddress } from './address.ts'

const bitsOf = { ipv4: 32, ipv6: 128 } as const

/** The two CIDRs that together are this one; a single address stays as it is. For tools that read a broad CIDR as something else. */
export function halves(whole: ParsedAddress): readonly ParsedAddress[] {
  const { family, first, prefix } = whole
  if (prefix === bitsOf[family]) return [whole]
  const upper = Uint8Array.from(first)
  upper[prefix >> 3] = (upper[prefix >> 3] ?? 0) | (0x80 >> (prefix & 7))
  return [first, upper].map((bytes) => addressOf(family, bytes, prefix + 1))
}

function addressOf(family: ParsedAddress['family'], first: Uint8Array, prefix: number): ParsedAddress {
  const text =
    family === 'ipv4' ? new ipaddr.IPv4([...first]).toString() : new ipaddr.IPv6([...first]).toRFC5952String()
  return { value: prefix === bitsOf[family] ? text : `${text}/${prefix}`, family, first, prefix }
}
