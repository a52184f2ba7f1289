import { endpointValue, type Status } from '../../domain/document/endpoint.ts'
import type { FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'
import { familyOf } from '../../domain/network/address.ts'
import type { Shaped, Snapshot } from './snapshot.ts'

/** NetBox knows no `retiring`; what is planned is reserved. */
const statuses: Readonly<Record<Status, string>> = {
  planned: 'reserved',
  active: 'active',
  retiring: 'active',
  retired: 'deprecated'
}

/** NetBox has lists of ports, not ranges: more than this is left to the description. */
const mostPorts = 1000
const protocols: readonly string[] = ['tcp', 'udp', 'sctp']

/**
 * Bodies for bulk creation in NetBox: `ipam/service-templates`, `ipam/ip-addresses`, `ipam/prefixes`. The custom field `portolan_id`
 * finds them again. What NetBox has no model for (hosts, roles, feeds) is left out.
 */
export function netboxShape({ requirements, endpoints }: Snapshot): Shaped {
  const addresses = endpoints.filter(({ kind }) => kind === 'address')
  const isPrefix = ({ kind, ...rest }: FlatEndpoint) => 'value' in rest && rest.value.includes('/')
  return {
    'service-templates': requirements.flatMap(serviceTemplates),
    'ip-addresses': addresses
      .filter((endpoint) => !isPrefix(endpoint))
      .map((endpoint) => ({ address: withLength(endpointValue(endpoint)), ...addressFields(endpoint) })),
    prefixes: addresses
      .filter(isPrefix)
      .map((endpoint) => ({ prefix: endpointValue(endpoint), ...addressFields(endpoint) }))
  }
}

export function netboxStatus({ status }: FlatEndpoint): string {
  return statuses[status]
}

/** NetBox keeps single addresses with their length. */
export function withLength(address: string): string {
  return `${address}/${familyOf(address) === 'ipv6' ? 128 : 32}`
}

/** At most 200 characters, as NetBox takes. */
export function describe({ requirement, catalogue, until }: FlatEndpoint): string {
  const end = until === undefined ? '' : `, until ${until}`
  return short(`${requirement.key} of ${catalogue.id}${end}`)
}

function addressFields(endpoint: FlatEndpoint): object {
  return {
    status: statuses[endpoint.status],
    description: describe(endpoint),
    ...(endpoint.remarks !== undefined && { comments: endpoint.remarks }),
    custom_fields: { portolan_id: endpoint.id }
  }
}

export interface NetBoxPorts {
  readonly protocol: string
  readonly ports: readonly number[]
}

/** The ports of a requirement by protocol, each one by itself; a service with all ports, or more than a list should have, has none. */
export function netBoxPorts({ services }: FlatRequirement): readonly NetBoxPorts[] {
  const byProtocol = new Map<string, Set<number>>()
  for (const { transport, ports = [] } of services) {
    const count = ports.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    if (!protocols.includes(transport) || count === 0 || count > mostPorts) continue
    const numbers = byProtocol.get(transport) ?? new Set()
    byProtocol.set(transport, numbers)
    for (const { from, to } of ports) for (let port = from; port <= to; port += 1) numbers.add(port)
  }
  return [...byProtocol].map(([protocol, ports]) => ({ protocol, ports: [...ports].sort((a, b) => a - b) }))
}

function serviceTemplates(requirement: FlatRequirement): readonly object[] {
  return netBoxPorts(requirement).map(({ protocol, ports }) => ({
    // Names of templates are unique and have at most 100 characters.
    name: templateName(requirement, protocol),
    protocol,
    ports,
    description: short(requirement.title),
    comments: [requirement.servicesText, requirement.remarks].filter((text) => text !== undefined).join('\n\n'),
    custom_fields: { portolan_id: requirement.id }
  }))
}

export function templateName({ key, id }: FlatRequirement, protocol: string): string {
  const end = ` ${protocol} ${id.slice(4, 12)}`
  return key.slice(0, 100 - end.length) + end
}

export function short(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}
