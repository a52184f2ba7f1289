import type { RequirementFields } from '../document/document.ts'
import { sha256 } from '../json/sha256.ts'
import type { PortRange, Service } from '../network/network-service.ts'
import { compareServices } from '../network/network-service.ts'
import { portText } from '../network/port.ts'
import type { Transport } from '../network/protocol.ts'
import type { View } from '../view/view.ts'
import type { TimedSpan } from './timed-span.ts'

type Direction = RequirementFields['direction']

/**
 * A direction, a transport and ports, as one rule of a firewall has them. A list without ports is safe for one slice only, since the rule
 * that uses it names the ports.
 */
export interface Slice {
  readonly name: string
  readonly direction: Direction
  readonly transport: Transport
  /** Absent: all. */
  readonly ports?: readonly PortRange[]
  /** Type and code, which ICMP has in the place of ports. Absent: all. */
  readonly icmp?: NonNullable<Service['icmp']>
  /** When its rules hold, in an export of timed rules. Absent: as long as they are there. */
  readonly span?: TimedSpan
}

const short: Readonly<Record<Direction, string>> = { outbound: 'out', inbound: 'in', both: 'both' }
const directionOrder: readonly Direction[] = ['outbound', 'inbound', 'both']
const longestName = 63

export function sliceOf(direction: Direction, { transport, ports, icmp }: Service): Slice {
  return {
    name: nameOf(`${short[direction]}-${transport.replace('/', '-')}`, ports, icmp),
    direction,
    transport,
    ...(ports && { ports }),
    ...(icmp && { icmp })
  }
}

/** The name of a slice: `out-tcp-21_990`, `out-udp-8000-8100`, `out-icmp-8-0`, `out-ip-97`. In a name that would be too long a digest stands for the ports. */
function nameOf(base: string, ports: readonly PortRange[] | undefined, icmp: Service['icmp']): string {
  if (icmp) return [base, icmp.type, icmp.code].filter((part) => part !== undefined).join('-')
  if (!ports) return base
  const written = ports.map(portText).join('_')
  const name = `${base}-${written}`
  return name.length <= longestName ? name : `${base}-${ports.length}ranges-${sha256(written).slice(7, 19)}`
}

/** The slices of some requirements, each once, in total order. */
export function slicesOf(requirements: Iterable<Pick<RequirementFields, 'direction' | 'services'>>): readonly Slice[] {
  const found = new Map<string, Slice>()
  for (const { direction, services } of requirements) {
    for (const service of services) {
      const slice = sliceOf(direction, service)
      found.set(slice.name, slice)
    }
  }
  return [...found.values()].sort(compareSlices)
}

export function compareSlices(a: Slice, b: Slice): number {
  return directionOrder.indexOf(a.direction) - directionOrder.indexOf(b.direction) || compareServices(a, b)
}

/** The view with the services of one slice only. Requirements without such a service are left out. */
export function narrowTo<Kind extends View>(view: Kind, name: string): Kind {
  return {
    ...view,
    requirements: view.requirements.flatMap((requirement) => {
      const services = requirement.services.filter((service) => sliceOf(requirement.direction, service).name === name)
      return services.length > 0 ? [{ ...requirement, services }] : []
    })
  }
}
