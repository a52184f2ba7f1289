import type { Instant } from '../time/instant.ts'

export const guardRails = [
  'catalogue_emptied',
  'requirement_emptied',
  'mass_removal',
  'unannounced_removal',
  'short_notice',
  'address_too_broad',
  'reserved_address'
] as const
export type GuardRail = (typeof guardRails)[number]

/** Number of added, removed and changed rows of requirements and endpoints. */
export interface Counts {
  readonly added: number
  readonly removed: number
  readonly changed: number
}

/** One published document of a catalogue, without the document itself. Never changes once committed. */
export interface Revision {
  readonly catalogue: string
  /** 1, 2, 3… within the catalogue. */
  readonly number: number
  readonly label: string
  readonly publishedAt: Instant
  readonly recordedAt: Instant
  readonly author?: string
  readonly summary: string
  readonly reason?: string
  readonly reconstructed: boolean
  readonly overrides: readonly GuardRail[]
  readonly counts: Counts
  /** `sha256:` and the hash of the document's RFC 8785 form. */
  readonly digest: string
  /** `sha256:` and a hash over the predecessor's chain and this revision's own facts. */
  readonly chain: string
  /** The instants at which the clock alone changes the view of this document, ascending. */
  readonly transitions: readonly Instant[]
}

/** Names a revision among those of all catalogues as one text, a key for maps and caches. */
export function revisionKey({ catalogue, number }: Pick<Revision, 'catalogue' | 'number'>): string {
  return `${catalogue}\n${number}`
}
