import { PortolanError } from '../errors.ts'
import { groupBy } from '../group.ts'
import { covers, type ParsedAddress } from '../network/address.ts'
import { type ExtraAddresses, type Fitted, fitInto } from '../network/cidr-budget.ts'
import { aggregate } from '../network/cidr-join.ts'
import { portText } from '../network/port.ts'
import { type ExportEntry, joinEntries } from './export-entry.ts'
import type { Aggregation } from './export-request.ts'
import { sourcesText } from './export-source.ts'

export interface Aggregated {
  readonly entries: readonly ExportEntry[]
  readonly extra: ExtraAddresses
  /** The entries that contain such addresses. */
  readonly widened: readonly ExportEntry[]
}

export const noExtra: ExtraAddresses = { ipv4: 0, ipv6: 0 }

export function addExtra(a: ExtraAddresses, b: ExtraAddresses): ExtraAddresses {
  return { ipv4: a.ipv4 + b.ipv4, ipv6: a.ipv6 + b.ipv6 }
}

/**
 * Joins the addresses of a slice, or of a list. Entries of other kinds stay as they are. A budget holds for each set of source ports and of sources.
 * @throws PortolanError `budget_exceeded` where a budget would need a CIDR broader than /8 (IPv6: /32)
 */
export function aggregateEntries(entries: readonly ExportEntry[], aggregation: Aggregation): Aggregated {
  if (aggregation.kind === 'none') return { entries, extra: noExtra, widened: [] }
  const others = entries.filter(({ target }) => target.kind !== 'address')
  const result: ExportEntry[] = []
  const widened: ExportEntry[] = []
  let extra = noExtra
  for (const group of groupBy(entries.filter(isAddress), originText).values()) {
    const addresses = group.map(({ target }) => target.address)
    const exact = aggregate(addresses)
    const fitted: Fitted =
      aggregation.kind === 'exact' ? { addresses: exact, extra: noExtra } : fit(addresses, aggregation.most)
    extra = addExtra(extra, fitted.extra)
    const known = new Set(exact.map(({ value }) => value))
    for (const entry of spread(fitted.addresses, group)) {
      result.push(entry)
      if (!known.has(entry.target.address.value)) widened.push(entry)
    }
  }
  return { entries: [...result, ...others], extra, widened }
}

type AddressEntry = ExportEntry & { readonly target: { readonly kind: 'address' } }

function isAddress(entry: ExportEntry): entry is AddressEntry {
  return entry.target.kind === 'address'
}

/** The same text for entries from the same sources and source ports. */
function originText({ sourcePorts = [], sources }: ExportEntry): string {
  return `${sourcePorts.map(portText).join(',')} ${sourcesText(sources)}`
}

function fit(addresses: readonly ParsedAddress[], most: number): Fitted {
  const fitted = fitInto(addresses, most)
  if (fitted) return fitted
  throw new PortolanError(
    'budget_exceeded',
    `The ${addresses.length} addresses do not go into ${most} entries without one broader than /8 (IPv6: /32), which no export opens.`
  )
}

/** One entry for each block, joined from the entries under the block. Both lists ascend, and the blocks are disjoint. */
function spread(blocks: readonly ParsedAddress[], entries: readonly AddressEntry[]): readonly AddressEntry[] {
  const found: AddressEntry[] = []
  let index = 0
  for (const address of blocks) {
    let whole: ExportEntry | undefined
    for (let entry = entries[index]; entry && covers(address, entry.target.address); entry = entries[index]) {
      whole = whole ? joinEntries(whole, entry) : entry
      index += 1
    }
    // Each block was made from at least one entry.
    if (whole) found.push({ ...whole, target: { kind: 'address', address } })
  }
  return found
}
