import { type Family, families } from '../network/address.ts'
import { reachesFamily } from '../network/network-service.ts'
import { portText } from '../network/port.ts'
import type { SliceEntries } from './export-entry.ts'
import type { Slice } from './slice.ts'

/** How much an export asks a device to hold. */
export interface ExportSize {
  /** All addresses, or the largest number of them in one family of one slice, or of rules in one family and direction. */
  readonly addresses: Readonly<Record<AddressUnit, number>>
  readonly names: number
  readonly bytes: number
}
export type AddressUnit = 'export' | 'list' | 'group'

export function exportSize(slices: readonly SliceEntries[], bytes: number): ExportSize {
  let [addresses, names, largestList] = [0, 0, 0]
  const groups = new Map<string, Set<string>>()
  for (const { slice, entries } of slices) {
    const lists: Record<Family, Set<string>> = { ipv4: new Set(), ipv6: new Set() }
    for (const { target } of entries) {
      if (target.kind === 'host' || target.kind === 'wildcard') names += 1
      else addresses += 1
      if (target.kind === 'address') lists[target.address.family].add(target.address.value)
      if (target.kind === 'any')
        for (const family of families) if (reachesFamily(slice, family)) lists[family].add('any')
    }
    for (const family of families) {
      largestList = Math.max(largestList, lists[family].size)
      for (const rule of rulesOf(slice, lists[family])) addRule(`${rule.direction} ${family}`, rule.text)
    }
  }
  const group = Math.max(0, ...[...groups.values()].map(({ size }) => size))
  return { addresses: { export: addresses, list: largestList, group }, names, bytes }

  function addRule(group: string, text: string): void {
    const rules = groups.get(group) ?? new Set()
    groups.set(group, rules.add(text))
  }
}

/** A rule for each address and range of ports, as groups of clouds count them. The same rule of two slices is one. */
function* rulesOf(
  { direction, transport, ports, icmp }: Slice,
  addresses: ReadonlySet<string>
): Generator<{ readonly direction: string; readonly text: string }> {
  const ranges = ports?.map(portText) ?? [icmp ? `${icmp.type} ${icmp.code}` : '']
  for (const half of ['inbound', 'outbound'] as const) {
    if (direction !== half && direction !== 'both') continue
    for (const address of addresses)
      for (const range of ranges) yield { direction: half, text: `${transport} ${range} ${address}` }
  }
}
