import ipaddr from 'ipaddr.js'
import type { Family, ParsedAddress } from './address.ts'

/** A CIDR as numbers, so that neighbours can be compared and joined. */
export interface Block {
  readonly family: Family
  readonly first: bigint
  readonly prefix: number
}

export const bitsOf: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 }
/** The shortest prefix that joining may lead to: a guard rail refuses broader CIDRs when they are published. */
const broadest: Readonly<Record<Family, number>> = { ipv4: 8, ipv6: 32 }

/** The addresses as sorted, disjoint blocks, joined where two halves make a whole that is not broader than /8 (IPv6: /32). */
export function blocksOf(addresses: Iterable<ParsedAddress>): readonly Block[] {
  const sorted = [...addresses].map(blockOf).sort(compareBlocks)
  const kept: Block[] = []
  for (const block of sorted) {
    const last = kept.at(-1)
    if (last && contains(last, block)) continue
    kept.push(block)
    joinHalves(kept)
  }
  return kept
}

function joinHalves(kept: Block[]): void {
  for (;;) {
    const [a, b] = kept.slice(-2)
    if (!a || !b || a.family !== b.family || a.prefix !== b.prefix || a.prefix <= broadest[a.family]) return
    const size = sizeOf(a)
    if (a.first + size !== b.first || a.first % (size * 2n) !== 0n) return
    kept.splice(-2, 2, { family: a.family, first: a.first, prefix: a.prefix - 1 })
  }
}

/** The narrowest block that covers both; undefined where it would be broader than /8 (IPv6: /32). */
export function commonBlock(a: Block, b: Block): Block | undefined {
  if (a.family !== b.family) return undefined
  const bits = bitsOf[a.family]
  const differing = (a.first ^ b.first).toString(2).length
  const prefix = Math.min(a.prefix, b.prefix, bits - differing)
  if (prefix < broadest[a.family]) return undefined
  return { family: a.family, prefix, first: (a.first >> BigInt(bits - prefix)) << BigInt(bits - prefix) }
}

function contains(a: Block, b: Block): boolean {
  return a.family === b.family && b.first >= a.first && b.first < a.first + sizeOf(a)
}

function compareBlocks(a: Block, b: Block): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1
  return a.first < b.first ? -1 : a.first > b.first ? 1 : a.prefix - b.prefix
}

export function sizeOf({ family, prefix }: Block): bigint {
  return 1n << BigInt(bitsOf[family] - prefix)
}

export function blockOf({ family, first, prefix }: ParsedAddress): Block {
  return { family, prefix, first: BigInt(`0x${Buffer.from(first).toString('hex')}`) }
}

/** A block as the address or CIDR that it is. */
export function cidrOf({ family, first, prefix }: Block): ParsedAddress {
  const bytes = [...Buffer.from(first.toString(16).padStart(bitsOf[family] / 4, '0'), 'hex')]
  const text = family === 'ipv4' ? new ipaddr.IPv4(bytes).toString() : new ipaddr.IPv6(bytes).toRFC5952String()
  return {
    value: prefix === bitsOf[family] ? text : `${text}/${prefix}`,
    family,
    first: Uint8Array.from(bytes),
    prefix
  }
}
