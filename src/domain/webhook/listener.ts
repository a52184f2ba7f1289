import ipaddr from 'ipaddr.js'

/** Where this service takes connections. `0.0.0.0` and `::` stand for every address of the machine. */
export interface Listener {
  readonly address: string
  readonly port: number
}

/** Whether a connection to an address reaches one that is bound to any of `bound`. `machine`: all addresses of this machine. */
export function isReached(address: string, bound: readonly string[], machine: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const range = ipaddr.process(address).range()
  // The system takes the unspecified address as its own loopback.
  if (range === 'unspecified') return bound.length > 0
  const isOf = (known: string) => plain(known) === plain(address)
  return bound.some((one) => (isAny(one) ? range === 'loopback' || machine.some(isOf) : isOf(one)))
}

function isAny(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unspecified'
}

/** One text for each address, IPv4 in IPv6 and zones aside. */
function plain(address: string): string | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address).toByteArray().join('.') : undefined
}
