import type { Endpoint } from '../document/endpoint.ts'
import { storedAddress } from '../network/address.ts'
import { reachesFamily, type Service } from '../network/network-service.ts'
import type { LookupTarget } from './lookup.ts'

/** The services that reach the addresses of each family. */
export interface Reach {
  readonly all: readonly Service[]
  readonly ipv4: readonly Service[]
  readonly ipv6: readonly Service[]
}

/**
 * Sorts services by the addresses that they reach: a type of ICMP belongs to one family. A family that all of them reach has the list
 * `all` itself.
 */
export function reachOf(all: readonly Service[]): Reach {
  const reaching = (family: 'ipv4' | 'ipv6') =>
    all.every((service) => reachesFamily(service, family))
      ? all
      : all.filter((service) => reachesFamily(service, family))
  return { all, ipv4: reaching('ipv4'), ipv6: reaching('ipv6') }
}

/** The services that reach an endpoint. A name may have addresses of both families; an address may be of the family that none reaches. */
export function servicesFor(endpoint: Endpoint, reach: Reach): readonly Service[] {
  const isOfBoth = endpoint.kind !== 'address' || reach.ipv4 === reach.ipv6
  return isOfBoth ? reach.all : reach[storedAddress(endpoint.value).family]
}

/** The services that reach the target of a flow; all where there is none, or where it is a name. */
export function servicesForTarget(target: LookupTarget | undefined, reach: Reach): readonly Service[] {
  return target && 'family' in target ? reach[target.family] : reach.all
}
