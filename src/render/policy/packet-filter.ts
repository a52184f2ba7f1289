import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { Expression } from '../../domain/export/expression.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { type ParsedAddress, storedAddress } from '../../domain/network/address.ts'
import { type PortRange, transports } from '../../domain/network/service.ts'
import type { Area } from './disjoint.ts'

/** The chain of a packet filter of Linux that judges a packet: one for each direction and address family. */
export type Chain = 'out4' | 'out6' | 'in4' | 'in6'
export const chains: readonly Chain[] = ['out4', 'out6', 'in4', 'in6']

/** One address that may be connected to (out), or from (in). */
export interface AllowedAddress {
  readonly chain: Chain
  readonly address: ParsedAddress
  readonly slice: Slice
  readonly entry: ExportEntry
}

/** All but names: a packet filter looks those up once, when it loads. */
export const packetFilterExpression: Expression = {
  targets: { address: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports,
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true
}

/** Any address is one of each family, and both directions are two allowed. The order of slices and entries is kept. */
export function allowedAddresses(slices: readonly SliceEntries[]): readonly AllowedAddress[] {
  return slices.flatMap(({ slice, entries }) =>
    entries.flatMap((entry) =>
      addressesOf(entry).flatMap((address) =>
        chainsOf(slice, address).map((chain) => ({ chain, address, slice, entry }))
      )
    )
  )
}

function addressesOf({ target }: ExportEntry): readonly ParsedAddress[] {
  if (target.kind === 'address') return [target.address]
  return target.kind === 'any' ? everyAddress : []
}

const everyAddress = [storedAddress('0.0.0.0/0'), storedAddress('::/0')]

function chainsOf({ direction }: Slice, { family }: ParsedAddress): readonly Chain[] {
  return chains.filter(
    (chain) => isIpv4(chain) === (family === 'ipv4') && direction !== (isOut(chain) ? 'inbound' : 'outbound')
  )
}

export function isOut(chain: Chain): boolean {
  return chain === 'out4' || chain === 'out6'
}

export function isIpv4(chain: Chain): boolean {
  return chain === 'out4' || chain === 'in4'
}

const everyPort: PortRange = { from: 0, to: 65535 }
const everyType: PortRange = { from: 0, to: 255 }

/** Source and destination ports, or types and codes of ICMP. */
export function areasOf({ slice, entry }: Pick<AllowedAddress, 'slice' | 'entry'>): readonly Area[] {
  const { transport, ports = [everyPort], icmp } = slice
  if (transport === 'icmp') return [{ x: only(icmp?.type), y: only(icmp?.code) }]
  return (entry.sourcePorts ?? [everyPort]).flatMap((x) => ports.map((y) => ({ x, y })))
}

function only(number: number | undefined): PortRange {
  return number === undefined ? everyType : { from: number, to: number }
}
