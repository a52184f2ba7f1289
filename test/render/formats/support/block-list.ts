import { BlockList, isIPv6 } from 'node:net'

/** One of each family: Node takes IPv4 for a part of `::/0`. */
type BlockLists = Readonly<Record<Family, BlockList>>
type Family = 'ipv4' | 'ipv6'

/** Addresses and CIDRs as Node reads them: another opinion on what is in a list. */
export function blockList(values: readonly string[]): BlockLists {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const value of values) {
    const [first = '', prefix] = value.split('/')
    const family = familyOf(first)
    lists[family].addSubnet(first, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family)
  }
  return lists
}

export function has(lists: BlockLists, address: string): boolean {
  const family = familyOf(address)
  return lists[family].check(address, family)
}

function familyOf(address: string): Family {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
