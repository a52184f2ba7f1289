import { pointerTo } from '../json/pointer.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { parsePorts } from '../network/port.ts'
import { canonicalTransport, hasPorts, isIcmp, portTransports } from '../network/protocol.ts'
import { type PortRange, type Service, ServiceInputSchema } from '../network/service.ts'
import type { DocumentReader } from './document-reader.ts'

const portLists = { open: ['ports', 'sourcePorts'], strictLists: ['ports', 'sourcePorts'] }

/** Reads one network service. Undefined where it has faults, which are then among those of `reading`. */
export function readService(value: unknown, at: string, reading: DocumentReader): Service | undefined {
  const { faults } = reading
  const before = faults.count
  const fields = reading.fields(ServiceInputSchema, value, at, portLists)
  const { icmp, application } = fields
  const transport = fields.transport && canonicalTransport(fields.transport)
  const ports = readPorts(fields.ports, `${at}/ports`, reading)
  const sourcePorts = readPorts(fields.sourcePorts, `${at}/sourcePorts`, reading)
  if (transport !== undefined && !hasPorts(transport))
    for (const field of ['ports', 'sourcePorts'] as const)
      if (fields[field] !== undefined)
        faults.add(
          `${at}/${field}`,
          'ports_not_allowed',
          `${transport} has no ports: only ${portTransports.join(', ')} have them`
        )
  if (icmp !== undefined && transport !== undefined && !isIcmp(transport))
    faults.add(`${at}/icmp`, 'icmp_not_allowed', `${transport} has no ICMP type: only icmp and icmpv6 have one`)
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
