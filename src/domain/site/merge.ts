import { type FeedContent, resolveFeeds } from '../reference/resolution.ts'
import { inRowOrder } from '../reference/row-stretch.ts'
import type { Origin, Viewable, ViewableRequirement, ViewFeed } from '../view/view.ts'
import { type Bindings, bindingsByTarget, boundRows } from './bound-rows.ts'
import { isKeyOf, type PlacedRequirement } from './bound-values.ts'
import { overlaidReferences, overlaidRows, overlaysFor } from './overlaid-rows.ts'
import type { SiteDocument, TakenCatalogue } from './site-document.ts'
import { sourcedRows } from './sourced-rows.ts'
import { unitedRows } from './united-rows.ts'

/** A catalogue of a site at the revision at which it is read. */
export interface SitePart {
  /** Number of the revision. */
  readonly revision: number
  readonly document: Viewable
}

export interface MergeInput {
  readonly site: SiteDocument
  /** Number of the revision of the site. */
  readonly revision: number
  /** By id. A catalogue that has no revision there is left out. */
  readonly parts: ReadonlyMap<string, SitePart>
  /** The feed of a URL, if a catalogue publishes it. Absent: references to feeds stay as they are. */
  readonly contentOf?: (url: string) => FeedContent | undefined
}

/** What a site needs from the network: the requirements of all its catalogues. It is the same whenever it is asked for. */
export interface MergedDocument extends Pick<Viewable, 'id' | 'title' | 'timeZone'> {
  readonly requirements: readonly MergedRequirement[]
}
export type MergedRequirement = ViewableRequirement & PlacedRequirement

export interface Merged {
  readonly document: MergedDocument
  /** What became of the references to feeds; none where they stay. */
  readonly feeds: readonly ViewFeed[]
}

/**
 * Merges a site with its catalogues, on rows with lifetimes, without a clock: takes the rows, binds roles and variables, resolves feeds,
 * suppresses, extends, adds, and names the product's own end. A value stands once in a requirement at each instant.
 */
export function mergeSite({ site, revision, parts, contentOf }: MergeInput): Merged {
  const bindings = bindingsByTarget(site.bindings)
  const bound = site.catalogues.flatMap((taken) => {
    const part = parts.get(taken.id)
    return part ? boundRequirements(site, revision, taken, part, bindings) : []
  })
  const { document, feeds } = contentOf
    ? resolveFeeds({ requirements: bound }, contentOf)
    : { document: { requirements: bound }, feeds: [] }
  const requirements = document.requirements.map((requirement): MergedRequirement => {
    const overlays = overlaysFor(site.overlays, requirement)
    const rows = contentOf ? requirement.endpoints.map(ofFeed) : requirement.endpoints
    // Only what changed is put in order: the rows of a catalogue are, and most of them stay.
    const overlaid = overlays.length === 0 ? rows : inRowOrder(overlaidRows(rows, overlays, revision))
    return { ...requirement, endpoints: sourcedRows(overlaid, requirement, bindings) }
  })
  const { id, title, timeZone } = site
  return { document: { id, title, timeZone, requirements }, feeds }
}

/** Whether a site takes a requirement: it names it, or does not leave it out, and its condition is not said to be false. */
export function takesRequirement(
  { requirements, without = [], conditions = {} }: TakenCatalogue,
  requirement: Pick<ViewableRequirement, 'key' | 'previousKeys'>
): boolean {
  const isNamed = (key: string) => isKeyOf(requirement, key)
  return (
    (requirements === undefined || requirements.some(isNamed)) &&
    !without.some(isNamed) &&
    !Object.entries(conditions).some(([key, holds]) => !holds && isNamed(key))
  )
}

/** The requirements that the site takes of a catalogue, with what is bound in the place of roles and variables. */
function boundRequirements(
  site: SiteDocument,
  revision: number,
  taken: TakenCatalogue,
  { document, revision: number }: SitePart,
  bindings: Bindings
): readonly MergedRequirement[] {
  const origin: Origin = { kind: 'catalogue', ref: taken.id, revision: number }
  return document.requirements.flatMap((requirement): readonly MergedRequirement[] => {
    if (!takesRequirement(taken, requirement)) return []
    const placed = { catalogue: taken.id, ...requirement }
    const overlays = overlaysFor(site.overlays, placed)
    const rows = requirement.endpoints.map((endpoint) => ({ ...endpoint, origin }))
    const references = overlaidReferences(rows, overlays, revision)
    const isNamed = references.some(({ kind }) => kind === 'role' || kind === 'pattern')
    const endpoints = isNamed ? inRowOrder(unitedRows(boundRows(references, placed, bindings, revision))) : references
    return [{ ...placed, catalogue: taken.id, endpoints }]
  })
}

/** A row of a feed comes from there. */
function ofFeed(row: ViewableRequirement['endpoints'][number]): ViewableRequirement['endpoints'][number] {
  const { feed } = row
  return feed ? { ...row, origin: { kind: 'feed', ref: feed.catalogue, revision: feed.revision } } : row
}
