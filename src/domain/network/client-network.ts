import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * The network that counts as one client: an IPv4 address, also one in the clothes of IPv6 (RFC 4291 section 2.5.5.2), or the /64 of an IPv6
 * address, since whoever has one address of it has all (RFC 6177). A text that is no address is a client of its own.
 */
export function clientNetwork(address: string): string {
  if (isIPv4(address) || !ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`
}
