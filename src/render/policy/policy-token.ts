import type { SliceEntries } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import type { PortRange, Transport } from '../../domain/network/service.ts'

/** The ports of slices, whatever their direction: a service in the words of Aerleon and Capirca. */
export interface TokenPorts {
  readonly name: string
  readonly transport: Transport
  readonly ports: readonly PortRange[]
}

/** `EVERYTHING-1_0-OUT-TCP-80`: letters, digits, hyphens and underscores are all that a token may have. */
export function networkToken(id: string, { name }: Slice): string {
  return tokenOf(id, name)
}

export function serviceToken(id: string, { name }: TokenPorts): string {
  return tokenOf(id, name)
}

/** Only an id has a dot in it, so that no two names become one. */
function tokenOf(id: string, name: string): string {
  return `${id}-${name}`.replaceAll('.', '_').toUpperCase()
}

/** Each once. What has no ports needs no service: a term names its protocol. */
export function servicesOf(slices: readonly SliceEntries[]): readonly TokenPorts[] {
  const found = new Map<string, TokenPorts>()
  for (const { slice } of slices) {
    const { transport, ports } = slice
    const name = slice.name.replace(/^[a-z]+-/, '')
    if (ports) found.set(name, { name, transport, ports })
  }
  return [...found.values()]
}
