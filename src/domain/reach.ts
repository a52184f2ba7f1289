import type { PortRange, Service } from './document.ts'

const allPorts: readonly PortRange[] = [{ from: 1, to: 65535 }]

/** Whether `others` let through all that a service lets through, however they cut it into services and ranges. */
export function isWithin(service: Service, others: readonly Service[]): boolean {
  const wider = others.filter((other) => isWithinButPorts(service, other))
  return (
    wider.some(({ ports }) => ports === undefined) ||
    holdsPorts(
      wider.flatMap(({ ports = [] }) => ports),
      service.ports
    )
  )
}

/** Whether ranges, taken together, hold every one of some ports. Absent: all ports. */
export function holdsPorts(ranges: readonly PortRange[], ports: readonly PortRange[] = allPorts): boolean {
  const sorted = [...ranges].sort((a, b) => a.from - b.from)
  return ports.every(({ from, to }) => {
    let next = from
    for (const range of sorted) {
      if (range.from > next) break
      next = Math.max(next, range.to + 1)
    }
    return next > to
  })
}

function isWithinButPorts({ transport, sourcePorts, icmp }: Service, other: Service): boolean {
  if (other.transport === 'any') return true
  if (other.transport !== transport) return false
  if (other.sourcePorts && !holdsPorts(other.sourcePorts, sourcePorts)) return false
  if (!other.icmp) return true
  return other.icmp.type === icmp?.type && (other.icmp.code === undefined || other.icmp.code === icmp.code)
}
