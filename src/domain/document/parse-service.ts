import type { Static } from 'typebox'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { suggestion } from '../nearest-name.ts'
import { icmpCodeNames, icmpCodeNumber } from '../network/icmp-code.ts'
import { icmpTypeNames, icmpTypeNumber } from '../network/icmp-type.ts'
import { type PortRange, type Service, ServiceInputSchema } from '../network/network-service.ts'
import { parsePorts } from '../network/port.ts'
import { hasPorts, isIcmp, isTransport, portTransports, readTransport, type Transport } from '../network/protocol.ts'
import type { DocumentReader } from './document-reader.ts'

const portLists = { open: ['ports', 'sourcePorts'], strictLists: ['ports', 'sourcePorts'] }

/** How `tcp/443` is written. */
function writtenService(text: string): string {
  const [, transport = '', ports] = /^(tcp|udp|sctp|dccp)[\s/:]+(\d[\d,\s-]*)$/i.exec(text.trim()) ?? []
  if (ports === undefined) return ': write {transport: tcp, ports: [443]}'
  const list = ports
    .trim()
    .split(/[\s,]+/)
    .map((port) => (port.includes('-') ? JSON.stringify(port) : port))
  return `: write {transport: ${transport.toLowerCase()}, ports: [${list.join(', ')}]}`
}

/** `tcp/udp` is two services. */
function isSeveralTransports(value: unknown, at: string, { faults }: DocumentReader): boolean {
  const written = typeof value === 'object' && value !== null && 'transport' in value ? value.transport : undefined
  if (typeof written !== 'string') return false
  const names = written.toLowerCase().split(/\s*(?:[/,+&]|\band\b)\s*/)
  if (names.length < 2 || !names.every((name) => isTransport(name))) return false
  const each = names.map((name) => `one service for ${name}`).join(' and ')
  const count = names.length === 2 ? 'two' : 'several'
  faults.add(`${at}/transport`, 'wrong_format', `${quote(written)} is ${count}: write ${each}`)
  return true
}

/** Reads one network service. Undefined where it has faults, which are then among those of `reading`. */
export function readService(value: unknown, at: string, reading: DocumentReader): Service | undefined {
  const { faults } = reading
  const before = faults.count
  if (typeof value === 'string') {
    faults.add(at, 'wrong_type', `${quote(value)} is a text where an object is needed${writtenService(value)}`)
    return undefined
  }
  if (isSeveralTransports(value, at, reading)) return undefined
  const fields = reading.fields(ServiceInputSchema, value, at, portLists)
  const { icmp, application } = fields
  const transport = fields.transport === undefined ? undefined : readTransport(fields.transport)
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
  const messages = icmp && transport && readIcmp(icmp, transport, `${at}/icmp`, reading)
  if (transport === undefined || faults.count > before) return undefined
  return withoutUndefined({
    transport,
    ports,
    sourcePorts,
    icmp: messages,
    application
  })
}

/** Names become numbers. Each family has a registry of its own, so a name may be a type of one and unknown in the other. */
function readIcmp(
  { type, code }: NonNullable<Static<typeof ServiceInputSchema>['icmp']>,
  transport: Transport,
  at: string,
  { faults }: DocumentReader
): Service['icmp'] {
  if (!isIcmp(transport)) {
    faults.add(at, 'icmp_not_allowed', `${transport} has no ICMP type: only icmp and icmpv6 have one`)
    return undefined
  }
  const number = typeof type === 'string' ? icmpTypeNumber(transport, type) : type
  if (number === undefined) {
    const written = String(type)
    faults.add(
      `${at}/type`,
      'unknown_icmp_type',
      `${transport} has no type ${quote(written)}${suggestion(written, icmpTypeNames(transport))}`
    )
    return undefined
  }
  if (typeof code !== 'string') return withoutUndefined({ type: number, code })
  const codeNumber = icmpCodeNumber(transport, number, code)
  if (codeNumber !== undefined) return { type: number, code: codeNumber }
  const names = icmpCodeNames(transport, number)
  const hint = names.length > 0 ? suggestion(code, names) : ': write its number'
  faults.add(`${at}/code`, 'unknown_icmp_code', `type ${number} of ${transport} has no code ${quote(code)}${hint}`)
  return undefined
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
