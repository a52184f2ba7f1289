import TinyQueue from 'tinyqueue'
import type { ParsedAddress } from './address.ts'
import { type Block, blocksOf, cidrOf, commonBlock } from './cidr-block.ts'

/** Addresses that get through beyond those that are named: in IPv4 their number, in IPv6 the number of /64 networks. */
export interface ExtraAddresses {
  readonly ipv4: number
  readonly ipv6: number
}

export interface Fitted {
  readonly addresses: readonly ParsedAddress[]
  readonly extra: ExtraAddresses
}

/** Of more blocks than these the cheapest neighbours are joined first, since the best choice takes as many steps as the square of them. */
const mostCompared = 4096

/**
 * At most `most` CIDRs that cover the given ones and open the fewest others. IPv6 is counted in /64 networks, as its subnets are: what is
 * opened inside a /64 that is named in part costs nothing. Undefined where a CIDR broader than /8 (IPv6: /32) would be needed.
 */
export function fitInto(addresses: Iterable<ParsedAddress>, most: number): Fitted | undefined {
  const trees = treesOf(blocksOf(addresses))
  if (trees.length > most) return undefined
  const count = joinCheapest(trees, Math.max(most, mostCompared))
  const chosen = count <= most ? leavesOf(trees) : cheapest(trees, most)
  return {
    addresses: blocksOf(chosen.map(({ block }) => cidrOf(block))).map(cidrOf),
    extra: { ipv4: extraOf(chosen, 'ipv4'), ipv6: extraOf(chosen, 'ipv6') }
  }
}

function extraOf(chosen: readonly Tree[], family: Block['family']): number {
  return chosen.reduce((sum, { block, named }) => (block.family === family ? sum + unitsOf(block) - named : sum), 0)
}

/** A node of the binary trie over sorted, disjoint blocks: a block, or two neighbours under their narrowest common one. */
interface Tree {
  readonly block: Block
  /** The size of what is named below, in the unit of its family. */
  readonly named: number
  parent?: Tree
  /** Absent: one entry. */
  children?: readonly [Tree, Tree]
}

/** IPv4 addresses, or the /64 networks that a block touches. */
function unitsOf({ family, prefix }: Block): number {
  return family === 'ipv4' ? 2 ** (32 - prefix) : 2 ** Math.max(0, 64 - prefix)
}

function treesOf(blocks: readonly Block[]): readonly Tree[] {
  // The trees on the stack are those to the left, each waiting for what its parent has on the right.
  const stack: Tree[] = []
  for (const [index, block] of blocks.entries()) {
    stack.push({ block, named: unitsOf(block) })
    const next = blocks[index + 1]
    const prefix = (next && commonBlock(block, next)?.prefix) ?? -1
    for (;;) {
      const [left, right] = stack.slice(-2)
      const common = left && right && commonBlock(left.block, right.block)
      if (!common || common.prefix <= prefix) break
      stack.splice(-2, 2, join(common, left, right))
    }
  }
  return stack
}

function join(block: Block, left: Tree, right: Tree): Tree {
  // Inside a /64 both sides name the same network.
  const isOneNetwork = block.family === 'ipv6' && block.prefix >= 64
  const tree: Tree = { block, named: isOneNetwork ? 1 : left.named + right.named, children: [left, right] }
  left.parent = tree
  right.parent = tree
  return tree
}

function leavesOf(trees: readonly Tree[]): readonly Tree[] {
  return trees.flatMap((tree) => (tree.children ? leavesOf(tree.children) : [tree]))
}

/** What it costs to open a whole block. Inside a /64 the narrower block is better, but all of them weigh less than one network. */
function costOf({ block, named }: Tree): number {
  const inside = block.family === 'ipv6' ? 2 ** (-24 - Math.max(0, block.prefix - 64)) : 0
  return unitsOf(block) - named + inside
}

/** Joins the two neighbours that add the fewest others, again and again, until `most` blocks are left; how many are left. */
function joinCheapest(trees: readonly Tree[], most: number): number {
  // Among equals the order of the addresses decides, so that the result is always the same.
  const leaves = leavesOf(trees)
  const queue = new TinyQueue<{ readonly tree: Tree; readonly cost: number; readonly index: number }>(
    [],
    (a, b) => a.cost - b.cost || a.index - b.index
  )
  for (const [index, { parent }] of leaves.entries()) if (parent?.children?.[0] === leaves[index]) offer(parent, index)
  let count = leaves.length
  while (count > most) {
    const next = queue.pop()
    if (!next) return count
    delete next.tree.children
    count -= 1
    offer(next.tree.parent, next.index)
  }
  return count

  function offer(tree: Tree | undefined, index: number): void {
    if (!tree?.children) return
    const [left, right] = tree.children
    if (left.children || right.children) return
    queue.push({ tree, index, cost: costOf(tree) - costOf(left) - costOf(right) })
  }
}

/** The least costs of a tree, or of several, for each number of blocks; and how many of these blocks are then in the left one of two. */
interface Choice {
  readonly costs: Float64Array
  readonly lefts: Uint16Array
  readonly tree?: Tree
  readonly sides?: readonly [Choice, Choice]
}

/** The blocks, at most `most`, that cost least. There are no more trees than that. */
function cheapest(trees: readonly Tree[], most: number): readonly Tree[] {
  const whole = inPairs(
    trees.map((tree) => choiceOf(tree, most)),
    most
  )
  // Of equal costs more blocks are better: what need not be joined is left alone.
  let best = whole.costs.length - 1
  for (let count = best; count > 0; count -= 1) if (cost(whole, count) < cost(whole, best)) best = count
  return blocksOfChoice(whole, best)
}

function cost({ costs }: Choice, count: number): number {
  return costs[count] ?? Number.POSITIVE_INFINITY
}

function choiceOf(tree: Tree, most: number): Choice {
  const [left, right] = tree.children ?? []
  if (left && right) return bothOf(choiceOf(left, most), choiceOf(right, most), most, tree)
  return { tree, costs: Float64Array.of(Number.POSITIVE_INFINITY, costOf(tree)), lefts: new Uint16Array(2) }
}

/** All choices as one, halved again and again so that none is far down. */
function inPairs(choices: readonly Choice[], most: number): Choice {
  const [only, another] = choices
  if (only && !another) return only
  const middle = choices.length >> 1
  return bothOf(inPairs(choices.slice(0, middle), most), inPairs(choices.slice(middle), most), most)
}

/** `tree`: what both are together, if that can be one block. */
function bothOf(left: Choice, right: Choice, most: number, tree?: Tree): Choice {
  const largest = Math.min(most, left.costs.length + right.costs.length - 2)
  const costs = new Float64Array(largest + 1).fill(Number.POSITIVE_INFINITY)
  const lefts = new Uint16Array(largest + 1)
  if (tree) costs[1] = costOf(tree)
  for (let a = 1; a < left.costs.length; a += 1) {
    const end = Math.min(right.costs.length, largest - a + 1)
    for (let b = 1; b < end; b += 1) {
      const sum = cost(left, a) + cost(right, b)
      if (sum >= (costs[a + b] ?? 0)) continue
      costs[a + b] = sum
      lefts[a + b] = a
    }
  }
  return { costs, lefts, sides: [left, right], ...(tree && { tree }) }
}

function blocksOfChoice({ tree, sides, lefts }: Choice, count: number): readonly Tree[] {
  const left = lefts[count] ?? 0
  if (sides && left > 0) return [...blocksOfChoice(sides[0], left), ...blocksOfChoice(sides[1], count - left)]
  return tree ? [tree] : []
}
