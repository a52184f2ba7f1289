import type { Status } from '../../domain/document/endpoint.ts'
import type { PortRange, Service } from '../../domain/network/network-service.ts'
import { portText } from '../../domain/network/port.ts'
import type { ViewEndpoint } from '../../domain/view/view.ts'
import type { Shell } from './shell.ts'
import type { Cell } from './table.ts'

/** A service, such as `tcp/80,8000-8100 http`, `udp/53 dns from 53`, `icmp/8`, `any`. */
function serviceText({ transport, ports, sourcePorts, icmp, application }: Service): string {
  const message = icmp && `${icmp.type}${icmp.code === undefined ? '' : `.${icmp.code}`}`
  const destination = ports ? rangesText(ports) : message
  return [
    destination === undefined ? transport : `${transport}/${destination}`,
    application,
    sourcePorts && `from ${rangesText(sourcePorts)}`
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

export function servicesText(services: readonly Service[]): string {
  return services.map(serviceText).join(', ')
}

function rangesText(ranges: readonly PortRange[]): string {
  return ranges.map(portText).join(',')
}

/** Kind and value of an endpoint, such as `address 192.0.2.1` or `any`. */
export function endpointName({ kind, value }: { readonly kind: string; readonly value?: string }): string {
  return value === undefined ? kind : `${kind} ${value}`
}

/** The fields of an endpoint other than kind, value and status, in one line. */
export function endpointRemarks(endpoint: ViewEndpoint): string {
  const { from, until, replacedBy, remarks, tags } = endpoint
  return [
    endpoint.kind === 'role' && endpoint.title,
    endpoint.kind === 'feed' && endpoint.url,
    from !== undefined && `from ${from}`,
    until !== undefined && `until ${until}`,
    endpoint.kind === 'address' && endpoint.serves && `serves ${endpoint.serves.join(' ')}`,
    replacedBy && `replaced by ${replacedBy.join(' ')}`,
    tags && `tags ${tags.join(' ')}`,
    remarks
  ]
    .filter((part) => typeof part === 'string')
    .join(', ')
}

export function statusCell({ colours }: Shell, status: Status): Cell {
  const paints = { planned: colours.cyan, active: colours.green, retiring: colours.yellow, retired: colours.red }
  return { text: status, paint: paints[status] }
}
