import { compareAddresses, type ParsedAddress, storedAddress } from '../network/address.ts'
import { readInstant } from '../time/instant.ts'
import { type Endpoint, endpointKinds, endpointValue } from './endpoint.ts'

/** Canonical order: by kind, then addresses by number and other values by code unit, then by `from`, absent first. */
export function compareEndpoints(a: Endpoint, b: Endpoint): number {
  if (a.kind !== b.kind) return endpointKinds.indexOf(a.kind) - endpointKinds.indexOf(b.kind)
  return compareValues(a, b) || startOf(a) - startOf(b)
}

/** The beginning of a lifetime in milliseconds since 1970; a number below all instants where it has no `from`. */
export function startOf({ from }: Endpoint): number {
  return from === undefined ? -Number.MAX_VALUE : readInstant(from)
}

function compareValues(a: Endpoint, b: Endpoint): number {
  const [left, right] = [endpointValue(a), endpointValue(b)]
  if (left === right) return 0
  return a.kind === 'address' ? compareAddresses(storedAddress(left), storedAddress(right)) : left < right ? -1 : 1
}

/**
 * A text that sorts as `compareEndpoints` does, except for `from`, and is faster where many endpoints are sorted. Two texts are equal only
 * for the same kind and value.
 */
export function orderText(endpoint: Endpoint, address?: ParsedAddress): string {
  const kind = endpointKinds.indexOf(endpoint.kind)
  if (endpoint.kind !== 'address') return `${kind}${endpointValue(endpoint)}`
  const { first, prefix } = address ?? storedAddress(endpoint.value)
  // The length stands for the family. One call makes a flat text, which compares fast.
  return String.fromCharCode(48 + kind, first.length, ...first, prefix)
}
