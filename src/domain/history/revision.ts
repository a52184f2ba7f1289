import type { EditionSource } from '../document/edition.ts'
import type { Instant } from '../time/instant.ts'

export const guardRails = [
  'catalogue_emptied',
  'requirement_emptied',
  'mass_removal',
  'unannounced_removal',
  'short_notice',
  'address_too_broad',
  'wildcard_too_broad',
  'reserved_address'
] as const
export type GuardRail = (typeof guardRails)[number]

/** Number of added, removed and changed rows of requirements and endpoints. */
export interface Counts {
  readonly added: number
  readonly removed: number
  readonly changed: number
}

/** One published document of a catalogue, without the document itself. A revision never changes once it is committed. */
export interface Revision {
  readonly catalogue: string
  /** Counts the revisions of the catalogue, from 1. */
  readonly number: number
  readonly label: string
  readonly publishedAt: Instant
  readonly recordedAt: Instant
  /** The name of the key that published it, or whoever a shell named. Names need not be unique. */
  readonly author?: string
  /** The id of the key that published it. Absent: it came from a shell, or before keys were told apart. */
  readonly authorKey?: string
  readonly summary: string
  readonly reason?: string
  readonly reconstructed: boolean
  /** Where an importer had it from. */
  readonly source?: EditionSource
  readonly overrides: readonly GuardRail[]
  readonly counts: Counts
  /** The SHA-256 of the RFC 8785 form of the document, as `sha256:` and lower-case hex. */
  readonly digest: string
  /** The SHA-256 over the `chain` of the predecessor and the facts of this revision, written alike. */
  readonly chain: string
  /** The instants at which the clock alone changes the view of this document, ascending. */
  readonly transitions: readonly Instant[]
}

/** Names a revision among those of all catalogues as one text, a key for maps and caches. */
export function revisionKey({ catalogue, number }: Pick<Revision, 'catalogue' | 'number'>): string {
  return `${catalogue}\n${number}`
}
