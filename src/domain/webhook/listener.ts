import ipaddr from 'ipaddr.js'
import { reachedAddress } from '../network/special-address.ts'

/** An address and port at which this service takes connections. `0.0.0.0` and `::` stand for every address of the machine. */
export interface Listener {
  readonly address: string
  readonly port: number
}

/** Whether a connection to `address` reaches a listener at one of `bound`. `machine`: all addresses of this machine. */
export function isReached(address: string, bound: readonly string[], machine: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const range = reachedAddress(address).range()
  // The system takes the unspecified address for its own loopback.
  if (range === 'unspecified') return bound.length > 0
  const isSame = (known: string) => comparableText(known) === comparableText(address)
  return bound.some((one) => (isAny(one) ? range === 'loopback' || machine.some(isSame) : isSame(one)))
}

function isAny(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unspecified'
}

/** An address as a text that is the same however the address is written: without its zone, and IPv4 in IPv6 as IPv4. */
function comparableText(address: string): string | undefined {
  return ipaddr.isValid(address) ? reachedAddress(address).toByteArray().join('.') : undefined
}
