import type { Family, ParsedAddress } from './address.ts'
import { type Block, bitsOf, blockOf, blocksOf, cidrOf, sizeOf } from './cidr-block.ts'

/**
 * The fewest CIDRs that cover exactly the same addresses, none joined beyond /8 (IPv6: /32); IPv4 before IPv6, ascending. RFC 4632
 * section 3.1.
 */
export function aggregate(addresses: Iterable<ParsedAddress>): readonly ParsedAddress[] {
  return blocksOf(addresses).map(cidrOf)
}

/** The two halves of a CIDR; a single address stays as it is. For tools that refuse a prefix of length 0. */
export function halves(whole: ParsedAddress): readonly ParsedAddress[] {
  const { family, first, prefix } = blockOf(whole)
  if (prefix === bitsOf[family]) return [whole]
  const lower = { family, first, prefix: prefix + 1 }
  return [lower, { ...lower, first: first + sizeOf(lower) }].map(cidrOf)
}

/** The fewest CIDRs that cover exactly the addresses from one to another, both included; none where the second comes before the first. */
export function blocksBetween(from: ParsedAddress, to: ParsedAddress): readonly ParsedAddress[] {
  const { family } = from
  const bits = bitsOf[family]
  const blocks: ParsedAddress[] = []
  let { first } = blockOf(from)
  const last = blockOf(to).first
  while (first <= last) {
    let size = 1n
    let prefix = bits
    while (prefix > 0 && first % (size * 2n) === 0n && first + size * 2n - 1n <= last) {
      size *= 2n
      prefix -= 1
    }
    blocks.push(cidrOf({ family, first, prefix }))
    first += size
  }
  return blocks
}

/** How many addresses of `after` are not in `before`, however either is cut into CIDRs. */
export function newlyCovered(
  before: Iterable<ParsedAddress>,
  after: Iterable<ParsedAddress>
): Readonly<Record<Family, bigint>> {
  const old = [...before]
  const [had, has] = [blocksOf(old), blocksOf([...old, ...after])]
  const widthOf = (family: Family) => sizeOfAll(has.filter(isOf(family))) - sizeOfAll(had.filter(isOf(family)))
  return { ipv4: widthOf('ipv4'), ipv6: widthOf('ipv6') }
}

function isOf(family: Family): (block: Block) => boolean {
  return (block) => block.family === family
}

function sizeOfAll(blocks: readonly Block[]): bigint {
  return blocks.reduce((sum, block) => sum + sizeOf(block), 0n)
}
