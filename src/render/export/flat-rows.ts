import type { EndpointKind, Status } from '../../domain/document/endpoint.ts'
import type { Transport } from '../../domain/network/protocol.ts'
import type { PortRange, Service } from '../../domain/network/service.ts'
import type { View, ViewEndpoint, ViewRequirement } from '../../domain/view/view.ts'

/** One requirement × service × port range × endpoint. Without `portFrom` and `portTo`: all ports. */
export interface FlatRow {
  readonly requirement: string
  readonly title: string
  readonly scope: ViewRequirement['scope']
  readonly direction: ViewRequirement['direction']
  readonly necessity: ViewRequirement['necessity']
  readonly transport: Transport
  readonly portFrom?: number
  readonly portTo?: number
  readonly sourcePorts?: readonly PortRange[]
  readonly icmp?: Service['icmp']
  readonly application?: string
  readonly kind: EndpointKind
  readonly value?: string
  readonly endpointTitle?: string
  readonly url?: string
  readonly status: Status
  readonly from?: string
  readonly until?: string
  readonly serves?: readonly string[]
  readonly replacedBy?: readonly string[]
  readonly remarks?: string
}

/** The rows of a view, in the order of its requirements, services, port ranges and endpoints. */
export function* flatRows({ requirements }: View): Generator<FlatRow> {
  for (const requirement of requirements) {
    for (const service of requirement.services) {
      for (const range of service.ports ?? [undefined]) {
        for (const endpoint of requirement.endpoints) yield flatRow(requirement, service, range, endpoint)
      }
    }
  }
}

/** The number of rows that `flatRows` yields. */
export function countRows({ requirements }: View): number {
  return requirements.reduce(
    (sum, { services, endpoints }) =>
      sum + endpoints.length * services.reduce((ranges, { ports }) => ranges + (ports?.length ?? 1), 0),
    0
  )
}

function flatRow(
  requirement: ViewRequirement,
  service: Service,
  range: PortRange | undefined,
  endpoint: ViewEndpoint
): FlatRow {
  const { key, title, scope, direction, necessity } = requirement
  const { transport, sourcePorts, icmp, application } = service
  return {
    requirement: key,
    title,
    scope,
    direction,
    necessity,
    transport,
    ...(range && { portFrom: range.from, portTo: range.to }),
    ...(sourcePorts && { sourcePorts }),
    ...(icmp && { icmp }),
    ...(application !== undefined && { application }),
    kind: endpoint.kind,
    ...(endpoint.kind !== 'any' && { value: endpoint.value }),
    ...(endpoint.kind === 'role' && { endpointTitle: endpoint.title }),
    ...(endpoint.kind === 'feed' && { url: endpoint.url }),
    status: endpoint.status,
    ...(endpoint.from !== undefined && { from: endpoint.from }),
    ...(endpoint.until !== undefined && { until: endpoint.until }),
    ...(endpoint.kind === 'address' && endpoint.serves && { serves: endpoint.serves }),
    ...(endpoint.replacedBy && { replacedBy: endpoint.replacedBy }),
    ...(endpoint.remarks !== undefined && { remarks: endpoint.remarks })
  }
}
