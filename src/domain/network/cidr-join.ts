import ipaddr from 'ipaddr.js'
import TinyQueue from 'tinyqueue'
import type { ParsedAddress } from './address.ts'

type Family = ParsedAddress['family']

/** A CIDR as numbers, so that neighbours can be compared and joined. */
interface Block {
  readonly family: Family
  readonly first: bigint
  readonly prefix: number
}

const bitsOf: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 }
/** The shortest prefix that joining may lead to: a guard rail refuses broader CIDRs when they are published. */
const broadest: Readonly<Record<Family, number>> = { ipv4: 8, ipv6: 32 }

/** The fewest CIDRs that cover exactly the same addresses, IPv4 before IPv6, ascending. RFC 4632 section 3.1. */
export function aggregate(addresses: Iterable<ParsedAddress>): readonly ParsedAddress[] {
  return blocksOf(addresses).map(addressOf)
}

/** The two halves of a CIDR; a single address stays as it is. For tools that refuse a prefix of length 0. */
export function halves(whole: ParsedAddress): readonly ParsedAddress[] {
  const { family, first, prefix } = blockOf(whole)
  if (prefix === bitsOf[family]) return [whole]
  const lower = { family, first, prefix: prefix + 1 }
  return [lower, { ...lower, first: first + sizeOf(lower) }].map(addressOf)
}

export interface Fitted {
  readonly addresses: readonly ParsedAddress[]
  /** How many addresses the result covers that the given CIDRs do not. */
  readonly extra: bigint
}

/**
 * At most `most` CIDRs that cover the given ones. CIDRs whose join adds the fewest addresses are joined first. Undefined where a CIDR
 * broader than /8 (IPv6: /32) would be needed.
 */
export function fitInto(addresses: Iterable<ParsedAddress>, most: number): Fitted | undefined {
  const blocks = blocksOf(addresses)
  const joins = joinsOf(blocks)
  // The cheapest join comes first, and among equals the order of the addresses decides, so that the result is always the same.
  const ready = new TinyQueue(
    joins.filter((join) => join.open === 0),
    (a, b) => (a.extra < b.extra ? -1 : a.extra > b.extra ? 1 : a.index - b.index)
  )
  let count = blocks.length
  while (count > most) {
    const next = ready.pop()
    if (!next) return undefined
    next.isDone = true
    count -= 1
    const parent = next.parent
    if (!parent) continue
    parent.open -= 1
    if (parent.open === 0) ready.push(parent)
  }
  const fitted = blocksOf([...outermostBlocks(joins, blocks)].map(addressOf))
  return { addresses: fitted.map(addressOf), extra: sizeOfAll(fitted) - sizeOfAll(blocks) }
}

/** Two neighbours under their narrowest common CIDR: a node of the binary trie. */
interface Join {
  /** The index of the neighbour on the left. */
  readonly index: number
  readonly block: Block
  parent?: Join
  left?: Join
  right?: Join
  /** How many of the two sides are still to be joined themselves. */
  open: number
  /** How many addresses the join adds to those of its two sides. */
  extra: bigint
  isDone: boolean
}

/** The trie over sorted, disjoint blocks: each pair of neighbours is a node, and the parent of a node is the next broader one. */
function joinsOf(blocks: readonly Block[]): readonly Join[] {
  const joins: Join[] = []
  const stack: Join[] = []
  for (const [index, left] of blocks.entries()) {
    const right = blocks[index + 1]
    const block = right && commonBlock(left, right)
    if (!block) {
      stack.length = 0
      continue
    }
    const join: Join = { index, block, open: 0, extra: 0n, isDone: false }
    let child: Join | undefined
    for (let last = stack.at(-1); last && last.block.prefix > block.prefix; last = stack.at(-1)) child = stack.pop()
    if (child) {
      join.left = child
      child.parent = join
    }
    const parent = stack.at(-1)
    if (parent) {
      parent.right = join
      join.parent = parent
    }
    stack.push(join)
    joins.push(join)
  }
  for (const join of joins) {
    join.open = (join.left ? 1 : 0) + (join.right ? 1 : 0)
    join.extra =
      sizeOf(join.block) - sideSize(join.left, blocks[join.index]) - sideSize(join.right, blocks[join.index + 1])
  }
  return joins
}

function sideSize(join: Join | undefined, leaf: Block | undefined): bigint {
  if (join) return sizeOf(join.block)
  return leaf ? sizeOf(leaf) : 0n
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
    blocks.push(addressOf({ family, first, prefix }))
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

/** The narrowest block that covers both; undefined where it would be too broad. */
function commonBlock(a: Block, b: Block): Block | undefined {
  if (a.family !== b.family) return undefined
  const bits = bitsOf[a.family]
  const differing = (a.first ^ b.first).toString(2).length
  const prefix = Math.min(a.prefix, b.prefix, bits - differing)
  if (prefix < broadest[a.family]) return undefined
  return { family: a.family, prefix, first: (a.first >> BigInt(bits - prefix)) << BigInt(bits - prefix) }
}

/** The outermost joins that were done, and all blocks. */
function* outermostBlocks(joins: readonly Join[], blocks: readonly Block[]): Generator<Block> {
  for (const { isDone, parent, block } of joins) if (isDone && !parent?.isDone) yield block
  yield* blocks
}

/** The addresses as sorted, disjoint blocks, joined where two halves make a whole. */
function blocksOf(addresses: Iterable<ParsedAddress>): readonly Block[] {
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
    if (!a || !b || a.family !== b.family || a.prefix !== b.prefix) return
    const size = sizeOf(a)
    if (a.first + size !== b.first || a.first % (size * 2n) !== 0n) return
    kept.splice(-2, 2, { family: a.family, first: a.first, prefix: a.prefix - 1 })
  }
}

function contains(a: Block, b: Block): boolean {
  return a.family === b.family && b.first >= a.first && b.first < a.first + sizeOf(a)
}

function compareBlocks(a: Block, b: Block): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1
  return a.first < b.first ? -1 : a.first > b.first ? 1 : a.prefix - b.prefix
}

function sizeOf({ family, prefix }: Block): bigint {
  return 1n << BigInt(bitsOf[family] - prefix)
}

function sizeOfAll(blocks: readonly Block[]): bigint {
  return blocks.reduce((sum, block) => sum + sizeOf(block), 0n)
}

function blockOf({ family, first, prefix }: ParsedAddress): Block {
  return { family, prefix, first: BigInt(`0x${Buffer.from(first).toString('hex')}`) }
}

function addressOf({ family, first, prefix }: Block): ParsedAddress {
  const bytes = [...Buffer.from(first.toString(16).padStart(bitsOf[family] / 4, '0'), 'hex')]
  const text = family === 'ipv4' ? new ipaddr.IPv4(bytes).toString() : new ipaddr.IPv6(bytes).toRFC5952String()
  return {
    value: prefix === bitsOf[family] ? text : `${text}/${prefix}`,
    family,
    first: Uint8Array.from(bytes),
    prefix
  }
}
