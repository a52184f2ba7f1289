import type { Profile } from './document.ts'
import { endpointMatches, type Filter, isPruning, requirementMatches } from './filter.ts'
import { groupBy } from './group.ts'
import { type HistoryRequirement, type HistoryRow, standsIn } from './history.ts'
import type { Instant } from './instant.ts'
import type { Revision } from './revision.ts'
import { type View, viewAt } from './view.ts'

/** A revision read at an instant. */
export interface Side {
  readonly revision: Revision
  readonly instant: Instant
  readonly profile: Profile
}

/** Rows of the history of one catalogue: those in which two sides of it can differ. */
export interface MirrorPart {
  readonly requirements: readonly HistoryRequirement[]
  readonly endpoints: readonly HistoryRow[]
}

/** What of the part stands on a side, as a view without a filter. */
export function viewOfPart({ requirements, endpoints }: MirrorPart, { profile, revision, instant }: Side): View {
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

/**
 * The keys of the requirements of which a part needs all endpoints, since a filter takes or leaves them together: the filter answers
 * otherwise on the other side, or drops a requirement without a matching endpoint and the part shows none.
 */
export function neededWhole(part: MirrorPart, before: Side, after: Side, filter: Filter): ReadonlySet<string> {
  const views = [viewOfPart(part, before), viewOfPart(part, after)]
  const needed = new Set<string>()
  const answers = new Map<string, boolean>()
  for (const { requirements } of views) {
    for (const { endpoints, ...fields } of requirements) {
      const matches = requirementMatches(fields, filter)
      if ((answers.get(fields.key) ?? matches) !== matches) needed.add(fields.key)
      answers.set(fields.key, matches)
      if (matches && isPruning(filter) && !endpoints.some((endpoint) => endpointMatches(endpoint, filter)))
        needed.add(fields.key)
    }
  }
  return needed
}
