import { BlockList, isIPv6 } from 'node:net'

/** Addresses and CIDRs as Node reads them: another opinion on what is in a list. */
export function blockList(values: readonly string[]): BlockList {
  const list = new BlockList()
  for (const value of values) {
    const [first = '', prefix] = value.split('/')
    const family = familyOf(first)
    list.addSubnet(first, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family)
  }
  return list
}

export function has(list: BlockList, address: string): boolean {
  return list.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
