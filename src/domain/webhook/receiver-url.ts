import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { isMetadata, reachedAddress } from '../network/special-address.ts'

/** Which receivers webhooks may be sent to. */
export interface EgressPolicy {
  /** CIDRs that are allowed beside public addresses. */
  readonly allow: readonly string[]
  /** The ports that are allowed; absent: any. */
  readonly ports?: readonly number[]
  readonly allowsHttp: boolean
}

export type CheckedUrl = { readonly url: URL } | { readonly reason: string }

/**
 * Checks the URL of a receiver by itself. The addresses that its host has, or that its name resolves to, are judged by `addressFault`.
 */
export function checkUrl(text: string, policy: EgressPolicy): CheckedUrl {
  // The URL parser drops control characters and turns backslashes around, so the request would go elsewhere than the text says.
  if (/[\0-\x20\x7f\\]/.test(text)) return { reason: 'has a space, a backslash or a control character' }
  if (!/^https?:\/\/[^/]/i.test(text)) return { reason: 'must begin with https:// and a host' }
  if (!URL.canParse(text)) return { reason: 'is not a URL' }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return { reason: 'names a user: send secrets in a header' }
  if (url.hash !== '') return { reason: 'has a fragment, which is never sent' }
  const reason = originFault(url, policy)
  return reason === undefined ? { url } : { reason }
}

/** Why nothing may be sent by this protocol to this port, or undefined where it may. */
export function originFault(origin: Pick<URL, 'port' | 'protocol'>, policy: EgressPolicy): string | undefined {
  if (origin.protocol !== 'https:' && !policy.allowsHttp)
    return 'is not https, and this service does not send without TLS'
  const port = portOf(origin)
  if (policy.ports && !policy.ports.includes(port))
    return `names the port ${port}, and this service sends to ${policy.ports.join(', ')} only`
  return undefined
}

/** The port of a URL, or of its parts. */
export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return Number(port || (protocol === 'https:' ? 443 : 80))
}

/** The host of a URL as an address, or undefined where it is a name. */
export function addressOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? undefined : bare
}

/** Ranges that an entry of the allow-list opens only if it lies in the same range: `0.0.0.0/0` never opens them. */
const special = ['loopback', 'linkLocal', 'multicast', 'unspecified', 'broadcast']

/**
 * Why nothing may be sent to an address, or undefined where it may. IPv4 inside IPv6 is judged as IPv4. Metadata services of clouds give
 * out credentials, so no list allows them.
 */
export function addressFault(address: string, { allow }: EgressPolicy): string | undefined {
  if (!ipaddr.isValid(address)) return 'is not an address'
  if (isMetadata(ipaddr.parse(address).toByteArray())) return 'is a metadata service, which is never allowed'
  const written = ipaddr.process(address)
  const reached = reachedAddress(address)
  if (!isAllowed(reached, allow) || (isOddForm(written, reached) && !isAllowed(written, allow))) {
    const range = written.range()
    return `is not a public address${range === 'unicast' ? '' : ` (${range})`}; PORTOLAN_EGRESS_ALLOW can allow it`
  }
  return undefined
}

function isAllowed(address: ipaddr.IPv4 | ipaddr.IPv6, allow: readonly string[]): boolean {
  return isGlobal(address) || allow.some((cidr) => isWithin(address, cidr, address.range()))
}

/** Whether an IPv6 address carries an IPv4 address in a form that is out of use: it must be allowed itself. */
function isOddForm(written: ipaddr.IPv4 | ipaddr.IPv6, reached: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return written.kind() !== reached.kind() && !['rfc6052', '6to4'].includes(written.range())
}

/** Whether an address is public. Of IPv6 only 2000::/3 is: the rest is not assigned yet. */
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(globalUnicast)
}

const globalUnicast = ipaddr.parseCIDR('2000::/3')

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, cidr: string, range: string): boolean {
  const [network, prefix] = ipaddr.parseCIDR(cidr)
  if (network.kind() !== address.kind() || !address.match([network, prefix])) return false
  return !special.includes(range) || (prefix > 0 && network.range() === range)
}

/** Reads a CIDR, or a single address as one; undefined where the text is neither. */
export function readCidr(text: string): string | undefined {
  if (isIP(text) !== 0) return `${text}/${text.includes(':') ? 128 : 32}`
  return ipaddr.isValidCIDR(text) ? text : undefined
}
