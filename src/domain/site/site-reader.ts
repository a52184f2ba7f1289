import { DocumentReader } from '../document/document-reader.ts'
import { quote } from '../json/source-text.ts'
import { nearestNames } from '../nearest-name.ts'
import { parseAddress } from '../network/address.ts'
import { parseHost } from '../network/host.ts'
import type { Instant } from '../time/instant.ts'
import type { CatalogueNames, KnownCatalogue, RequirementNames } from './known-names.ts'

/** For so many unknown names the nearest ones are looked for: comparing takes time, and nobody writes more of them. */
const mostCompared = 50

/** The catalogues that a site takes, by id, as far as they exist. */
export type KnownCatalogues = ReadonlyMap<string, KnownCatalogue>

/** Reads the parts of one document of a site, and knows what they may name. */
export class SiteReader extends DocumentReader {
  readonly publishedAt: Instant
  /** The catalogues that the document takes, those too that do not exist. */
  taken: ReadonlyMap<string, KnownCatalogue | undefined> = new Map()
  private compared = 0

  constructor(timeZone: string, wellShaped: boolean, publishedAt: Instant) {
    super(timeZone, wellShaped)
    this.publishedAt = publishedAt
  }

  /** Notes that a name is unknown, with the nearest ones. `what`: role, requirement… */
  unknown(at: string, what: string, written: string, names: Iterable<string>): void {
    this.compared += 1
    const nearest = this.compared > mostCompared ? [] : nearestNames(written, names)
    const hint = nearest.length === 0 ? '' : `; nearest: ${nearest.map((name) => `\`${name}\``).join(', ')}`
    this.faults.add(at, `unknown_${what}`, `no ${what.replaceAll('_', ' ')} \`${written}\` here${hint}`)
  }

  /** The catalogues that something of the site is about: the one that it names, or all. None where one of them does not exist. */
  about(catalogue: string | undefined): readonly KnownCatalogue[] {
    const ids = catalogue === undefined ? [...this.taken.keys()] : [catalogue]
    const known = ids.flatMap((id) => this.taken.get(id) ?? [])
    return known.length === ids.length ? known : []
  }

  /** Whether one of some catalogues has a name, or had it. Without a catalogue that exists nothing is judged. */
  has(catalogues: readonly KnownCatalogue[], isNamed: (names: CatalogueNames) => boolean): boolean {
    return (
      catalogues.length === 0 ||
      catalogues.some(({ current, ever }) => isNamed(current) || (ever !== undefined && isNamed(ever)))
    )
  }

  /** What is known of a requirement, now and in former revisions. */
  requirementNames(catalogues: readonly KnownCatalogue[], key: string): readonly RequirementNames[] {
    return catalogues.flatMap(({ current, ever }) =>
      [current, ever].flatMap((names) => names?.requirements.get(key) ?? [])
    )
  }

  /** Notes a catalogue that the site does not take. */
  catalogueOf(catalogue: string | undefined, at: string): string | undefined {
    if (catalogue !== undefined && !this.taken.has(catalogue))
      this.unknown(`${at}/catalogue`, 'catalogue', catalogue, this.taken.keys())
    return catalogue
  }

  /** Notes a key that no requirement of some catalogues has or had. */
  requirementOf(key: string, catalogues: readonly KnownCatalogue[], at: string): void {
    if (!this.has(catalogues, ({ requirements }) => requirements.has(key)))
      this.unknown(
        at,
        'requirement',
        key,
        catalogues.flatMap(({ current }) => [...current.requirements.keys()])
      )
  }

  /** An address, a CIDR or a host name in canonical form, by the rules of endpoints. */
  peer(text: string, at: string): string | undefined {
    const address = parseAddress(text)
    if ('value' in address) return address.value
    const looksLikeAddress = /^[\d.]+(?:\/\d*)?$|:|\/\d+$/.test(text)
    const host = looksLikeAddress ? address : parseHost(text)
    if ('value' in host) return host.value
    this.faults.add(at, looksLikeAddress ? 'invalid_address' : 'invalid_host', `${quote(text)} ${host.fault}`)
    return undefined
  }
}
