import type { Counts } from '../history/revision.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'
import type { SiteDocument } from './site-document.ts'

/** The rules that a publish of a site has to override, each with a reason. */
export const siteGuardRails = ['binding_emptied', 'binding_mass_change', 'address_too_broad'] as const
export type SiteGuardRail = (typeof siteGuardRails)[number]

/** One published document of a site, without the document itself. A revision never changes once it is committed. */
export interface SiteRevision {
  readonly site: string
  /** Counts the revisions of the site, from 1. */
  readonly number: number
  readonly publishedAt: Instant
  readonly recordedAt: Instant
  /** The name of the key that published it, or whoever a shell named. */
  readonly author?: string
  /** The id of the key that published it. Absent: it came from a shell. */
  readonly authorKey?: string
  readonly reason?: string
  readonly overrides: readonly SiteGuardRail[]
  readonly counts: Counts
  /** The SHA-256 of the RFC 8785 form of the document, as `sha256:` and lower-case hex. */
  readonly digest: string
  /** The SHA-256 over the `chain` of the predecessor and the facts of this revision, written alike. */
  readonly chain: string
  /** The instants at which the document itself changes what holds, ascending. */
  readonly transitions: readonly Instant[]
}

/** The digest of the document of a site: the SHA-256 over its RFC 8785 form. */
export function siteDigest(document: SiteDocument): string {
  return sha256(canonicalJson(document))
}

/** The link of a revision in the chain of its site, made as that of a catalogue. */
export function siteChainLink(
  previous: string | undefined,
  { publishedAt, recordedAt, ...facts }: Omit<SiteRevision, 'chain' | 'counts' | 'transitions'>
): string {
  const instants = { publishedAt: formatInstant(publishedAt), recordedAt: formatInstant(recordedAt) }
  return sha256(canonicalJson({ previous, ...facts, ...instants }))
}

/** The instants at which a bound value begins or ends, or an overlay ends, ascending. */
export function siteTransitions({ bindings, overlays }: SiteDocument): readonly Instant[] {
  const bounds = [
    ...bindings.flatMap(({ values }) => values.flatMap(({ from, until }) => [from, until])),
    ...overlays.map(({ until }) => until)
  ]
  const instants = bounds.flatMap((bound) => (bound === undefined ? [] : readInstant(bound)))
  return [...new Set(instants)].sort((a, b) => a - b)
}
