import { sha256 } from '../json/sha256.ts'
import { type Family, families, type ParsedAddress, parseAddress } from '../network/address.ts'
import { aggregate } from '../network/cidr-join.ts'

/** The product's own end of a connection, where a site says which it is: the source of what goes out, the destination of what comes in. */
export type ExportSource =
  | { readonly kind: 'address'; readonly address: ParsedAddress }
  | { readonly kind: 'host'; readonly value: string }

/** The sources of a row from its texts, which are addresses, CIDRs or host names in canonical form: addresses joined, before names. */
export function readSources(texts: readonly string[]): readonly ExportSource[] {
  const addresses: ParsedAddress[] = []
  const hosts: ExportSource[] = []
  for (const text of texts) {
    const address = parseAddress(text)
    if ('fault' in address) hosts.push({ kind: 'host', value: text })
    else addresses.push(address)
  }
  return [...aggregate(addresses).map((address) => ({ kind: 'address' as const, address })), ...hosts]
}

/** The same text for the same sources; the empty text where there are none, which is any. */
export function sourcesText(sources: readonly ExportSource[] | undefined): string {
  return (sources ?? []).map((source) => (source.kind === 'address' ? source.address.value : source.value)).join(' ')
}

/** A short name for some sources, made from nothing but them: `self-3f2a9c1b`. */
export function sourcesName(sources: readonly ExportSource[]): string {
  return `self-${sha256(sourcesText(sources)).slice('sha256:'.length, 15)}`
}

/** The families of some sources that are all of one, but for names, which may be of both. */
export function sourceFamilies(sources: readonly ExportSource[]): readonly Family[] {
  const own = sources.flatMap((source) => (source.kind === 'address' ? [source.address.family] : []))
  return own.length === 0 ? families : families.filter((family) => own.includes(family))
}

/** Whether a source has, or may have, an address of a family. A name may have one of each. */
export function isSourceOf(source: ExportSource, family: Family): boolean {
  return source.kind === 'host' || source.address.family === family
}
