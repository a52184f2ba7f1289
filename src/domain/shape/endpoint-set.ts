import type { RequirementFields } from '../document/document.ts'
import type { Endpoint } from '../document/endpoint.ts'
import { familyOf } from '../network/address.ts'
import type { PortRange, Service } from '../network/network-service.ts'
import { portText } from '../network/port.ts'

/** What a client asks of endpoint sets beside the filters of other reads. */
export interface SetChoice {
  /** In lower case. Absent: all. */
  readonly areas?: readonly string[]
  readonly isWithoutIpv6: boolean
  /** What stands in place of the variable `tenant`. Absent: an asterisk. */
  readonly tenant?: string
}

/** The fields of a set that the list of changes tells. */
export interface SetFacts {
  readonly expressRoute: boolean
  readonly serviceArea: string
  readonly category: string
  readonly required: boolean
  readonly tcpPorts?: string
  readonly udpPorts?: string
  readonly notes?: string
}
export const setFactNames = [
  'expressRoute',
  'serviceArea',
  'category',
  'required',
  'tcpPorts',
  'udpPorts',
  'notes'
] as const satisfies readonly (keyof SetFacts)[]

/** One value of a set: a name or a URL, or an address as the catalogue writes it. */
export interface SetValue {
  readonly kind: 'url' | 'ip'
  readonly value: string
}

/** The area to which everybody belongs. It is part of every selection, and of what no source gave an area. */
const common = 'Common'
const allPorts: readonly PortRange[] = [{ from: 1, to: 65_535 }]

/** Whether a selection of service areas takes a requirement. */
export function isInAreas(requirement: RequirementFields, { areas }: SetChoice): boolean {
  const area = areaOf(requirement).toLowerCase()
  return areas === undefined || area === common.toLowerCase() || areas.includes(area)
}

/** The fields of the set of a requirement. `hasAddresses`: whether the set has addresses, which decides where the source gave no category. */
export function setFacts(requirement: RequirementFields, hasAddresses: boolean): SetFacts {
  const { externalIds, services, necessity, tags, remarks } = requirement
  const tcpPorts = portsOf(services, 'tcp')
  const udpPorts = portsOf(services, 'udp')
  return {
    expressRoute: tags?.includes('express-route') ?? false,
    serviceArea: areaOf(requirement),
    category: externalIds?.['m365-category'] ?? (hasAddresses ? 'Allow' : 'Default'),
    required: necessity === 'required',
    ...(tcpPorts !== '' && { tcpPorts }),
    ...(udpPorts !== '' && { udpPorts }),
    ...(remarks !== undefined && { notes: remarks })
  }
}

/** The name of the service area of a requirement for people. */
export function areaTitle(requirement: RequirementFields): string {
  return requirement.externalIds?.['m365-service-area-display-name'] ?? areaOf(requirement)
}

/** The services that a set cannot say, since it has ports of TCP and UDP alone. `any` is said in part. */
export function unsaidServices(services: readonly Service[]): number {
  return services.filter(({ transport }) => transport !== 'tcp' && transport !== 'udp').length
}

/** Whether a set can say any of these services. */
export function hasSaidService(services: readonly Service[]): boolean {
  return services.some(({ transport }) => transport === 'tcp' || transport === 'udp' || transport === 'any')
}

/** The value of an endpoint in a set. `unsaid`: a set has no place for its kind; `unwanted`: the client wants no IPv6. */
export function setValue(endpoint: Endpoint, { isWithoutIpv6, tenant }: SetChoice): SetValue | 'unsaid' | 'unwanted' {
  switch (endpoint.kind) {
    case 'address':
      if (isWithoutIpv6 && familyOf(endpoint.value) === 'ipv6') return 'unwanted'
      return { kind: 'ip', value: endpoint.value }
    case 'host':
    case 'url':
      return { kind: 'url', value: endpoint.value }
    case 'pattern':
      return { kind: 'url', value: filledPattern(endpoint.value, tenant) }
    case 'role':
    case 'feed':
    case 'any':
      return 'unsaid'
    default:
      throw new Error(`unknown kind: ${endpoint satisfies never}`)
  }
}

/** A pattern with its tenant filled in, where it is known. Every other variable becomes an asterisk. */
function filledPattern(value: string, tenant = '*'): string {
  return value.replaceAll('<tenant>', tenant).replace(/<[^<>]*>/g, '*')
}

function areaOf({ externalIds }: RequirementFields): string {
  return externalIds?.['m365-service-area'] ?? common
}

/** The ports of one transport, as `80,443,1024-1030`; empty where no service has it. */
function portsOf(services: readonly Service[], wanted: 'tcp' | 'udp'): string {
  const ranges = services
    .filter(({ transport }) => transport === wanted || transport === 'any')
    .flatMap(({ ports = allPorts }) => ports)
    .sort((a, b) => a.from - b.from || a.to - b.to)
  return [...new Set(ranges.map(portText))].join(',')
}
