import { groupBy } from '../../domain/group.ts'
import type { Service } from '../../domain/network/network-service.ts'
import { portText } from '../../domain/network/port.ts'
import type { ViewRequirement } from '../../domain/view/view.ts'
import { type Marked, marked } from '../template/marked.ts'

/** The protocol and the ports of some services of a requirement, as one line of two cells. */
export interface ServiceLine {
  readonly protocol: Marked
  readonly ports: Marked
}

/** Services that differ in their transport alone are one line: `TCP, UDP`, 53. Several applications stand by their ports: `FTPS 21 or 990`. */
export function serviceLines(requirement: ViewRequirement): readonly ServiceLine[] {
  const { services } = requirement
  const lines = groupBy(services, ({ transport: _, ...rest }) => JSON.stringify(rest))
  const hasSeveral = new Set(services.map(({ application }) => application)).size > 1
  return [...lines.values()].flatMap((same) => {
    const [service] = same
    if (!service) return []
    const transports = same.map(({ transport }) => transport.toUpperCase()).join(', ')
    const name = applicationName(service)
    const ports = portsText(service)
    return [
      hasSeveral && name !== undefined
        ? {
            protocol: marked(requirement, transports, 'transport'),
            ports: marked(requirement, `${name} ${ports}`, 'ports', 'application')
          }
        : {
            protocol: marked(
              requirement,
              name === undefined ? transports : `${transports} (${name})`,
              'transport',
              'application'
            ),
            ports: marked(requirement, ports, 'ports')
          }
    ]
  })
}

/** Short names of protocols are written in capitals, as papers do. */
function applicationName({ application }: Service): string | undefined {
  return application !== undefined && application.length <= 5 ? application.toUpperCase() : application
}

function portsText({ ports, sourcePorts, icmp, transport }: Service): string {
  const source = sourcePorts ? ` from port ${sourcePorts.map(portText).join(' or ')}` : ''
  if (icmp) return `type ${icmp.type}${icmp.code === undefined ? '' : ` code ${icmp.code}`}`
  if (ports) return ports.map(portText).join(' or ') + source
  return ['tcp', 'udp', 'sctp', 'dccp'].includes(transport) ? `all${source}` : '–'
}
