import type { SliceEntries } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import type { PortRange } from '../../domain/network/network-service.ts'
import type { Transport } from '../../domain/network/protocol.ts'
import { idName } from '../export/id-name.ts'

/** The ports of slices, whatever their direction: Aerleon and Capirca call them a service. */
export interface TokenPorts {
  readonly name: string
  readonly transport: Transport
  readonly ports: readonly PortRange[]
}

/** The token of a slice, such as `EVERYTHING-1__0-OUT-TCP-80`. A token has only letters, digits, hyphens and underscores. */
export function networkToken(id: string, { name }: Slice): string {
  return tokenOf(id, name)
}

export function serviceToken(id: string, { name }: TokenPorts): string {
  return tokenOf(id, name)
}

/** The token of who plays a role at a site: `LEEDS_SYSLOG-SERVER`. */
export function roleToken(id: string, role: string): string {
  return `${idName(id, 'part')}_${idName(role, 'part')}`.toUpperCase()
}

function tokenOf(id: string, name: string): string {
  return `${idName(id, 'token')}-${name}`.toUpperCase()
}

/** The services of slices, each once. A slice without ports needs no service: a term names its protocol. */
export function servicesOf(slices: readonly SliceEntries[]): readonly TokenPorts[] {
  const found = new Map<string, TokenPorts>()
  for (const { slice } of slices) {
    const { transport, ports } = slice
    const name = slice.name.replace(/^[a-z]+-/, '')
    if (ports) found.set(name, { name, transport, ports })
  }
  return [...found.values()]
}
