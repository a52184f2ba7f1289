import { pointerTo } from '../json/pointer.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { parsePorts } from '../network/port.ts'
import { type PortRange, type Service, ServiceInputSchema } from '../network/service.ts'
import type { DocumentReader } from './document-reader.ts'

const withPorts = ['tcp', 'udp', 'sctp']
const portLists = { open: ['ports', 'sourcePorts'], strictLists: ['ports', 'sourcePorts'] }

/** Reads one network service. Undefined where it has faults, which are then among those of `reading`. */
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
