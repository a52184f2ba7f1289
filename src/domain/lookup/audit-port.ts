import { icmpTypeNumber } from '../network/icmp-type.ts'
import { holdsPorts, type PortRange, type Service } from '../network/network-service.ts'
import { parsePorts, portText } from '../network/port.ts'
import { canonicalTransport, hasPorts, isIcmp, isTransport, type Transport } from '../network/protocol.ts'

/** The ports of one transport that an entry is open on; of ICMP the types. A protocol without either is open as a whole. */
export interface AuditPort extends PortRange {
  readonly transport: Transport
}

const allTypes: PortRange = { from: 0, to: 255 }
const allPorts: PortRange = { from: 1, to: 65535 }

/** Reads `tcp/443`, `tcp/8000-8100`, `udp`, `icmp/8`, `icmp/echo-request`, `esp`, `ip/97` or `any`, which is undefined: every transport and port. */
export function readAuditPort(text: string): { readonly port: AuditPort | undefined } | { readonly fault: string } {
  const written = text.trim().toLowerCase()
  if (['any', 'any/any', 'ip', 'all'].includes(written)) return { port: undefined }
  if (isTransport(written)) {
    const transport = canonicalTransport(written)
    return { port: { transport, ...(isIcmp(transport) ? allTypes : allPorts) } }
  }
  const [name = '', range, ...more] = written.split('/')
  const transport = isTransport(name) && (hasPorts(name) || isIcmp(name)) ? name : undefined
  const wrong = {
    fault: `${JSON.stringify(text.slice(0, 100))} is not a port: write it as tcp/443, tcp/8000-8100, icmp/8, esp or ip/97.`
  }
  if (transport === undefined || more.length > 0) return wrong
  const whole = isIcmp(transport) ? allTypes : allPorts
  if (range === undefined || range === 'any' || range === '*') return { port: { transport, ...whole } }
  if (isIcmp(transport)) {
    const type = /^(?:0|[1-9]\d{0,2})$/.test(range) ? Number(range) : icmpTypeNumber(transport, range)
    return type === undefined || type > 255 ? wrong : { port: { transport, from: type, to: type } }
  }
  const parsed = parsePorts([range])
  const ports = 'ranges' in parsed ? parsed.ranges[0] : undefined
  return ports ? { port: { transport, ...ports } } : wrong
}

/** A port as people write it: `tcp/443`, `tcp/8000-8100`, `icmp/8`. */
export function portName({ transport, ...range }: AuditPort): string {
  const isWhole = isIcmp(transport) ? range.from === allTypes.from && range.to === allTypes.to : !hasPorts(transport)
  if (isWhole) return transport
  return `${transport}/${portText(range)}`
}

/** Whether a service uses the port of an entry, or one of its ports. */
export function usesPort(service: Service, port: AuditPort | undefined): boolean {
  if (!port || service.transport === 'any') return true
  if (service.transport !== port.transport) return false
  return rangesOf(service)?.some(({ from, to }) => from <= port.to && port.from <= to) ?? true
}

/** Whether all that a service needs is let through by entries on these ports together. */
export function isOpenOn(service: Service, ports: readonly AuditPort[]): boolean {
  const same = ports.filter(({ transport }) => transport === service.transport)
  return same.length > 0 && holdsPorts(same, rangesOf(service) ?? (isIcmp(service.transport) ? [allTypes] : undefined))
}

function rangesOf({ transport, icmp, ports }: Service): readonly PortRange[] | undefined {
  if (!isIcmp(transport)) return ports
  return icmp && [{ from: icmp.type, to: icmp.type }]
}
