import { uniqueBy } from '../../domain/group.ts'
import { covers, type ParsedAddress } from '../../domain/network/address.ts'
import { halves } from '../../domain/network/cidr-join.ts'

/** CIDRs that do not overlap and cover the same addresses as some that may: each is wholly inside or outside each of those. */
export function addressAtoms(addresses: readonly ParsedAddress[]): readonly ParsedAddress[] {
  const distinct = uniqueBy(addresses, ({ value }) => value)
  return distinct.flatMap((address) =>
    without(
      address,
      distinct.filter((inner) => inner !== address && covers(address, inner))
    )
  )
}

/** What is left of an address without some that lie in it, as CIDRs. */
function without(address: ParsedAddress, inner: readonly ParsedAddress[]): readonly ParsedAddress[] {
  if (inner.length === 0) return [address]
  if (inner.some((each) => covers(each, address))) return []
  return halves(address).flatMap((half) =>
    without(
      half,
      inner.filter((each) => covers(half, each) || covers(each, half))
    )
  )
}
