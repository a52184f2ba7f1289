import type { ExportEntry } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { type Family, families, type ParsedAddress } from '../../domain/network/address.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'

/** A network with its entry. */
export interface Cidr {
  readonly cidr: string
  readonly entry: ExportEntry
}

const whole: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' }

/** A network with the length of its prefix, which many tools require even for one address: `192.0.2.1/32`. */
export function cidrText({ value, prefix }: ParsedAddress): string {
  return value.includes('/') ? value : `${value}/${prefix}`
}

/** The mask of an IPv4 prefix, for tools that have no prefixes: `255.255.255.128` for 25. */
export function netmaskText(prefix: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - start)))).join('.')
}

/** The networks of one family, each once. `any` becomes the whole family, for tools that have no word for it. */
export function cidrsOf(entries: readonly ExportEntry[], family: Family): readonly Cidr[] {
  const found = new Map<string, Cidr>()
  for (const entry of entries) {
    const { target } = entry
    if (target.kind === 'any') add(whole[family], entry)
    if (target.kind === 'address' && target.address.family === family) add(cidrText(target.address), entry)
  }
  return [...found.values()]

  function add(cidr: string, entry: ExportEntry): void {
    if (!found.has(cidr)) found.set(cidr, { cidr, entry })
  }
}

/** The networks of a slice, IPv4 first. Any address is that of the families which its service can reach: messages of ICMP belong to one. */
export function sliceCidrs(slice: Slice, entries: readonly ExportEntry[]): readonly Cidr[] {
  return families.flatMap((family) =>
    cidrsOf(reachesFamily(slice, family) ? entries : entries.filter(({ target }) => target.kind !== 'any'), family)
  )
}

/** The networks of both families, IPv4 first. */
export function allCidrs(entries: readonly ExportEntry[]): readonly string[] {
  return [...cidrsOf(entries, 'ipv4'), ...cidrsOf(entries, 'ipv6')].map(({ cidr }) => cidr)
}
