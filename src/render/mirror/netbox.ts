import type { Status } from '../../domain/document/endpoint.ts'
import type { FlatRequirement } from '../../domain/mirror/mirror.ts'
import { type IpamAddress, ipamAddresses, shortText } from './ipam-address.ts'
import { requirementComments } from './requirement-comments.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

/** The statuses of NetBox, which has none for `retiring`. */
const statuses: Readonly<Record<Status, string>> = {
  planned: 'reserved',
  active: 'active',
  retiring: 'active',
  retired: 'deprecated'
}

/** The most ports of a service. NetBox has lists of ports and no ranges; the comments of a template name all of them. */
const mostPorts = 1000
const protocols: readonly string[] = ['tcp', 'udp', 'sctp']

/**
 * Bodies for bulk creation in NetBox: `ipam/service-templates`, `ipam/ip-addresses`, `ipam/prefixes`. The custom field `portolan_id`
 * identifies the records. Hosts, patterns, URLs, roles and feeds are left out, since NetBox has no model for them, and so are services without
 * TCP, UDP and SCTP. Tags stand in the comments: NetBox takes only tags that exist.
 */
export function netboxShape({ requirements, endpoints }: Snapshot): ShapedLists {
  const addresses = ipamAddresses(endpoints)
  return {
    'service-templates': requirements.flatMap(serviceTemplates),
    'ip-addresses': addresses
      .filter(({ isSingle }) => isSingle)
      .map((address) => ({ address: address.prefix, ...addressFields(address) })),
    prefixes: addresses
      .filter(({ isSingle }) => !isSingle)
      .map((address) => ({ prefix: address.prefix, ...addressFields(address) }))
  }
}

/** The status of an address in NetBox. */
export function netboxStatus({ status }: IpamAddress): string {
  return statuses[status]
}

function addressFields(address: IpamAddress): object {
  const { description, comments, id } = address
  return { status: netboxStatus(address), description, comments, custom_fields: { portolan_id: id } }
}

export interface NetBoxPorts {
  readonly protocol: string
  readonly ports: readonly number[]
}

/** The single ports of a requirement by protocol, ascending. A service with all ports, or with more than `mostPorts`, is left out. */
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
    name: templateName(requirement, protocol),
    protocol,
    ports,
    description: shortText(requirement.title),
    comments: requirementComments(requirement),
    custom_fields: { portolan_id: requirement.id }
  }))
}

/** The name of a service template: unique, and at most 100 characters long, the limit of NetBox. */
export function templateName({ key, id }: FlatRequirement, protocol: string): string {
  const end = ` ${protocol} ${id.slice(4, 12)}`
  return key.slice(0, 100 - end.length) + end
}
