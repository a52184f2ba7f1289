import type { Service } from '../../domain/network/network-service.ts'
import { portText } from '../../domain/network/port.ts'

/** Services in a line: `TCP 80, 443; UDP 53`. */
export function usedPorts(services: readonly Service[]): string {
  return [...new Set(services.map(serviceText))].join('; ')
}

function serviceText({ transport, ports, icmp }: Service): string {
  const name = transport.toUpperCase()
  if (icmp) return `${name} type ${icmp.type}`
  return ports ? `${name} ${ports.map(portText).join(', ')}` : name
}
