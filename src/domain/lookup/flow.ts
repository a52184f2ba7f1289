import { icmpTypeNumber } from '../network/icmp-type.ts'
import { hasPorts, isIcmp, isTransport, type Transport } from '../network/protocol.ts'
import { type AuditPort, readAuditPort } from './audit-port.ts'

/** A port, or a transport as a whole, and the destination of its packets. */
interface Flow {
  /** Absent: every transport. */
  readonly port?: AuditPort
  /** An address, CIDR or name as it was written; absent where a port stands alone. */
  readonly target?: string
}

/**
 * Reads `tcp/443`, `tcp/203.0.113.7/443`, `esp`, `esp/203.0.113.7`, `ip/97/203.0.113.7`, `any/203.0.113.7`, `icmp/203.0.113.7`, `icmp/8`,
 * `icmp/echo-request` or `icmp/203.0.113.7/8`: undefined where the text does not begin with a transport. `fault` is a clause that says
 * what is wrong.
 */
export function readFlow(text: string): Flow | { readonly fault: string } | undefined {
  const [, head = '', rest] = /^(ip\/\d+|[a-z]+\d*)(?:\/(.*))?$/i.exec(text) ?? []
  const transport = head.toLowerCase()
  if (transport.startsWith('ip/') && !isTransport(transport))
    return { fault: `${transport} is not a protocol; the numbers of protocols are 0 to 255, as in ip/97` }
  if (!isTransport(transport)) return undefined
  if (rest === undefined) return portOf(transport)
  if (isIcmp(transport)) return readIcmpFlow(transport, rest)
  if (hasPorts(transport)) return readPortFlow(transport, rest)
  if (rest === '' || /^\d+(?:-\d+)?$/.test(rest))
    return { fault: `${transport} has no ports; write it alone, or with a destination, as in ${transport}/203.0.113.7` }
  return { ...portOf(transport), target: rest }
}

function readPortFlow(transport: Transport, rest: string): Flow | { readonly fault: string } {
  const [target, range] = splitLast(rest)
  const found = portOf(transport, range)
  return 'fault' in found || target === undefined ? found : { ...found, target }
}

/** The last part is a type. Where only one part is there, it may also be a destination. */
function readIcmpFlow(transport: 'icmp' | 'icmpv6', rest: string): Flow | { readonly fault: string } {
  const [target, type] = splitLast(rest)
  if (target === undefined) return /[.:]/.test(type) ? { ...portOf(transport), target: type } : portOf(transport, type)
  if (/^\d+$/.test(target) || icmpTypeNumber(transport, target) !== undefined)
    return { fault: `codes of ICMP are not looked at; write the type alone, as in ${transport}/${target}` }
  const found = portOf(transport, type)
  return 'fault' in found ? found : { ...found, target }
}

function splitLast(text: string): readonly [string | undefined, string] {
  const at = text.lastIndexOf('/')
  return at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)]
}

function portOf(transport: Transport, range?: string): Flow | { readonly fault: string } {
  const read = readAuditPort(range === undefined ? transport : `${transport}/${range}`)
  if ('port' in read && range !== '') return read.port ? { port: read.port } : {}
  return {
    fault: isIcmp(transport)
      ? `${transport} has no type ${JSON.stringify(range)}; there are types of ICMP 0 to 255, as in icmp/8, and names of types, as in icmp/echo-request`
      : `${range} is not a port; ports are 1 to 65535, as in tcp/443, tcp/8000-8100 or tcp/203.0.113.7/443`
  }
}
