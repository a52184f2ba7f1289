import type { Profile } from '../document/document.ts'
import { groupBy } from '../group.ts'
import { type HistoryRequirement, type HistoryRow, standsIn } from '../history/history.ts'
import type { Revision } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'
import { endpointMatches, type Filter, isPruning, requirementMatches } from '../view/filter.ts'
import { type CatalogueView, viewAt } from '../view/view.ts'

/** A revision read at an instant. */
export interface MirrorSide {
  readonly revision: Revision
  readonly instant: Instant
  readonly profile: Profile
}

/** Rows of the history of one catalogue: those in which two sides can differ. */
export interface MirrorPart {
  readonly requirements: readonly HistoryRequirement[]
  readonly endpoints: readonly HistoryRow[]
}

/** The rows of a part that stand on a side, as a view without a filter. */
export function viewOfPart(
  { requirements, endpoints }: MirrorPart,
  { profile, revision, instant }: MirrorSide
): CatalogueView {
  const { number } = revision
  const rows = groupBy(
    endpoints.filter((row) => standsIn(row, number)),
    ({ requirement }) => requirement
  )
  const standing = requirements.filter((row) => standsIn(row, number)).map(({ fields }) => fields)
  const whole = standing.map((fields) => ({
    ...fields,
    endpoints: (rows.get(fields.key) ?? []).map(({ endpoint }) => endpoint)
  }))
  return viewAt({ ...profile, requirements: whole }, revision, instant)
}

/** The rows of a part that stand in any revision from `from` to `to`. */
export function partWithin({ requirements, endpoints }: MirrorPart, from: number, to: number): MirrorPart {
  const stands = ({ since, until }: { readonly since: number; readonly until?: number }) =>
    since <= to && (until === undefined || from < until)
  return { requirements: requirements.filter(stands), endpoints: endpoints.filter(stands) }
}

/**
 * Keys of the requirements whose endpoints must all be loaded, not only those of this part. The filter keeps or drops a requirement as a
 * whole. The part alone cannot decide if the filter's result changes between `before` and `after`, or if no endpoint in the part matches
 * the filter.
 */
export function neededWhole(
  part: MirrorPart,
  before: MirrorSide,
  after: MirrorSide,
  filter: Filter
): ReadonlySet<string> {
  const needed = new Set<string>()
  const answers = new Map<string, boolean>()
  const within = partWithin(part, ...sortPair(before.revision.number, after.revision.number))
  for (const { fields } of within.requirements) {
    const matches = requirementMatches(fields, filter)
    if ((answers.get(fields.key) ?? matches) !== matches) needed.add(fields.key)
    answers.set(fields.key, matches)
  }
  if (!isPruning(filter)) return needed
  for (const side of [before, after]) {
    for (const { endpoints, ...fields } of viewOfPart(part, side).requirements) {
      const isEmpty = !endpoints.some((endpoint) => endpointMatches(endpoint, filter))
      if (isEmpty && requirementMatches(fields, filter)) needed.add(fields.key)
    }
  }
  return needed
}

/** Two numbers, the smaller one first. */
export function sortPair(a: number, b: number): readonly [number, number] {
  return a <= b ? [a, b] : [b, a]
}
