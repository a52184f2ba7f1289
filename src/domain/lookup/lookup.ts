import type { Endpoint } from '../document/endpoint.ts'
import { PortolanError } from '../errors.ts'
import { covers as addressCovers, type ParsedAddress, parseAddress, storedAddress } from '../network/address.ts'
import { hostCovers, type ParsedHost, parseHost } from '../network/host.ts'
import type { Service } from '../network/network-service.ts'
import { isPattern, parsePattern, patternCovers, patternSuffix } from '../network/pattern.ts'
import type { Transport } from '../network/protocol.ts'
import { urlHost } from '../network/url-prefix.ts'
import { type AuditPort, usesPort } from './audit-port.ts'
import type { Destination } from './destination.ts'
import { readFlow } from './flow.ts'

/** An address, CIDR or host name in canonical form. */
export type LookupTarget = ParsedAddress | ParsedHost

/** A port, or ports, that are looked up: `tcp/443`, `tcp/8000-8100`. Of ICMP it is the type. */
interface PortQuery {
  readonly transport: Transport
  readonly port: number
  /** The last port of a range. */
  readonly to?: number
}

/** What is looked up: a target, a port, or a flow, which has both. */
export interface LookupQuery {
  readonly target?: LookupTarget
  readonly port?: PortQuery
  /** Of a flow: whether what lies in the target is found too, as a rule lets it through. */
  readonly isRule?: boolean
}

/** How an endpoint matches a target: it is the same, wider (`covers`), narrower (`within`), or of a kind that cannot be compared. */
export type Match = 'exact' | 'covers' | 'within' | 'any' | 'role' | 'feed'

/**
 * Reads `203.0.113.7`, `203.0.113.0/24`, `repo.example.net`, `*.example.net`, `tcp/443`, `tcp/8000-8100`, `icmp/8`, `icmp/echo-request`,
 * `esp`, `ip/97`, `tcp/203.0.113.7/443`, `esp/203.0.113.7`, `icmp/203.0.113.7` or `icmp/203.0.113.7/8`.
 * @throws PortolanError `invalid_parameter`
 */
export function parseLookup(text: string): LookupQuery {
  const flow = readFlow(text)
  if (flow === undefined) return { target: parseTarget(text) }
  if ('fault' in flow) throw notRead(text, flow.fault)
  const { port, target } = flow
  if (!port) throw notRead(text, `any is no one protocol; look ${target ?? 'an address, a name or a port'} up alone`)
  return { ...(target !== undefined && { target: parseTarget(target) }), port: portQuery(port) }
}

/** What a rule for a destination lets through. A range of addresses is several targets. */
export function ruleQueries({ targets, port }: Pick<Destination, 'targets' | 'port'>): readonly LookupQuery[] {
  const asked = port && { port: portQuery(port) }
  return targets === 'everything' ? [{ ...asked }] : targets.map((target) => ({ target, ...asked, isRule: true }))
}

function portQuery({ transport, from, to }: AuditPort): PortQuery {
  return { transport, port: from, ...(to !== from && { to }) }
}

function notRead(text: string, fault: string): PortolanError {
  return new PortolanError(
    'invalid_parameter',
    `${JSON.stringify(text)} is not an address, CIDR, host name, port or flow: ${fault}.`
  )
}

/** Whether a service uses the port that is looked up, or one of the ports. */
export function usesAskedPort(service: Service, { transport, port, to = port }: PortQuery): boolean {
  return usesPort(service, { transport, from: port, to })
}

/**
 * Reads an address, CIDR or host name into canonical form.
 * @throws PortolanError `invalid_parameter`
 */
export function parseTarget(text: string): LookupTarget {
  if (/^\d{1,5}$/.test(text)) {
    throw new PortolanError('invalid_parameter', `A port is looked up with its transport, such as tcp/${text}.`)
  }
  const address = parseAddress(text)
  if ('value' in address) return address
  const pattern = parsePattern(text)
  if ('value' in pattern) return pattern
  // A text of digits and dots, or with a colon, was meant as an address, so its fault as an address helps.
  const host = /^[\d.]+(?:\/.*|-\d+\.[\d.]+)?$/.test(text) || text.includes(':') ? address : parseHost(text)
  if ('value' in host) return host
  throw notRead(text, `it ${host.fault}`)
}

/** How an endpoint matches a target, or undefined where it does not. */
export function matchEndpoint(endpoint: Endpoint, target: LookupTarget): Match | undefined {
  if (endpoint.kind === 'role' || endpoint.kind === 'feed' || endpoint.kind === 'any') return endpoint.kind
  if (endpoint.value === target.value) return 'exact'
  if ('family' in target) return endpoint.kind === 'address' ? matchAddress(endpoint.value, target) : undefined
  if (endpoint.kind === 'address') return undefined
  if (endpoint.kind === 'pattern') return matchPattern(endpoint.value, target.value)
  if (endpoint.kind === 'url') return hostCovers(target.value, urlHost(endpoint.value)) ? 'within' : undefined
  return hostCovers(endpoint.value, target.value)
    ? 'covers'
    : hostCovers(target.value, endpoint.value)
      ? 'within'
      : undefined
}

function matchPattern(pattern: string, name: string): Match | undefined {
  if (isPattern(name)) return undefined
  if (patternCovers(pattern, name)) return 'covers'
  return name.startsWith('*.') && isNamedBy(patternSuffix(pattern), name.slice(2)) ? 'within' : undefined
}

/** Whether a name is another one, or lies under it. */
function isNamedBy(name: string, other: string): boolean {
  return name === other || hostCovers(other.startsWith('*.') ? other : `*.${other}`, name)
}

function matchAddress(value: string, target: ParsedAddress): Match | undefined {
  const address = storedAddress(value)
  return addressCovers(address, target) ? 'covers' : addressCovers(target, address) ? 'within' : undefined
}
