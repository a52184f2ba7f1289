import { type PortRange, type Service, ServiceInputSchema, transports } from './document.ts'
import { pointerTo } from './pointer.ts'
import { parsePorts } from './port.ts'
import { withoutUndefined } from './present.ts'
import type { DocumentReader } from './reading.ts'

const withPorts = ['tcp', 'udp', 'sctp']
const portLists = { open: ['ports', 'sourcePorts'], strictLists: ['ports', 'sourcePorts'] }

/** Reads one service; undefined where it has faults. */
export function readService(value: unknown, at: string, reading: DocumentReader): Service | undefined {
  const { faults } = reading
  const before = faults.count
  const fields = reading.fields(ServiceInputSchema, value, at, portLists)
  const { transport, icmp, application } = fields
  const ports = readPorts(fields.ports, `${at}/ports`, reading)
  const sourcePorts = readPorts(fields.sourcePorts, `${at}/sourcePorts`, reading)
  if (transport !== undefined && !withPorts.includes(transport))
    for (const field of ['ports', 'sourcePorts'] as const)
      if (fields[field] !== undefined)
        faults.add(`${at}/${field}`, 'ports_not_allowed', `${transport} has no ports: only tcp, udp and sctp have them`)
  if (icmp !== undefined && transport !== undefined && transport !== 'icmp')
    faults.add(`${at}/icmp`, 'icmp_not_allowed', `${transport} has no ICMP type: only the transport icmp has one`)
  if (transport === undefined || faults.count > before) return undefined
  return withoutUndefined({
    transport,
    ports,
    sourcePorts,
    icmp: icmp && withoutUndefined({ type: icmp.type, code: icmp.code }),
    application
  })
}

function readPorts(
  list: readonly unknown[] | undefined,
  at: string,
  reading: DocumentReader
): readonly PortRange[] | undefined {
  if (list === undefined) return undefined
  const parsed = parsePorts(list)
  if ('ranges' in parsed) return parsed.ranges
  for (const { index, code, detail } of parsed.faults) reading.faults.add(at + pointerTo(index), code, detail)
  return undefined
}

/** Canonical order: by transport, then ports, source ports, ICMP and application; what is absent, and so means all, first. */
export function compareServices(a: Service, b: Service): number {
  return (
    transports.indexOf(a.transport) - transports.indexOf(b.transport) ||
    comparePorts(a.ports, b.ports) ||
    comparePorts(a.sourcePorts, b.sourcePorts) ||
    (a.icmp?.type ?? -1) - (b.icmp?.type ?? -1) ||
    (a.icmp?.code ?? -1) - (b.icmp?.code ?? -1) ||
    compareTexts(a.application ?? '', b.application ?? '')
  )
}

function comparePorts(a: readonly PortRange[] = [], b: readonly PortRange[] = []): number {
  for (const [index, range] of a.entries()) {
    const other = b[index]
    if (!other) return 1
    const difference = range.from - other.from || range.to - other.to
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
