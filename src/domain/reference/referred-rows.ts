import type { RequirementFields } from '../document/document.ts'
import type { Endpoint } from '../document/endpoint.ts'
import { isSelected, keptValues, type SelectField } from '../feed/select.ts'
import { groupBy } from '../group.ts'
import type { HistoryRequirement, HistoryRow } from '../history/history.ts'
import { requirementNameKey } from '../history/requirement-name.ts'
import type { FeedRef, ViewableRequirement } from '../view/view.ts'
import { type FeedContent, resolveRequirement } from './resolution.ts'
import { normalSourceUrl } from './source-url.ts'

/** A catalogue that publishes a feed, at the revision at which it is read. */
export interface ReferredFeed extends FeedRef {
  /** In normal form. */
  readonly url: string
  /** What `select` knows of it. */
  readonly fields: readonly SelectField[]
}

/** Rows of a feed, and the requirements that they stand in, at the revision of the feed. */
export interface FoundInFeed {
  readonly feed: ReferredFeed
  readonly endpoints: readonly HistoryRow[]
  readonly requirements: readonly HistoryRequirement[]
}

/**
 * The rows that the found rows of feeds are in the requirements that refer to these feeds: each since the revision that wrote the reference,
 * marked with its feed. A reference without `select` takes every row, however many the feed has. `references`: rows of the kind `feed` that
 * stand, one catalogue at one revision. `own`: what was found of the requirements themselves, which goes before.
 */
export function referredRows(
  references: readonly HistoryRow[],
  own: readonly HistoryRow[],
  found: readonly FoundInFeed[]
): readonly HistoryRow[] {
  const contents = new Map(found.map((each) => [each.feed.url, contentOf(each)]))
  const named = groupBy(own, nameKey)
  return [...groupBy(references, nameKey).values()].flatMap((rows) => {
    const [first] = rows
    if (!first) return []
    const { catalogue, requirement } = first
    const endpoints = [...rows, ...(named.get(nameKey(first)) ?? [])].map(({ endpoint }) => endpoint)
    const resolved = resolveRequirement(
      { key: requirement, endpoints },
      (url) => contents.get(normalSourceUrl(url)),
      Number.POSITIVE_INFINITY
    )
    const since = Math.min(...rows.map((row) => row.since))
    return resolved.endpoints.flatMap((endpoint) =>
      endpoint.basis === 'feed' ? [{ catalogue, requirement, since, endpoint }] : []
    )
  })
}

/**
 * Whether it is known what stands in the place of a reference: its feed has a requirement with rows that `select` takes. `requirements`: those
 * of the feed.
 */
export function isAnswered(
  reference: Endpoint,
  { fields }: ReferredFeed,
  requirements: readonly RequirementFields[]
): boolean {
  if (reference.kind !== 'feed') return false
  const { select } = reference
  if (select === undefined) return requirements.length > 0
  return requirements.some((requirement) =>
    isSelected(select, (field) => keptValues(fields, field, requirement, { kind: 'any' }))
  )
}

function contentOf({ feed, endpoints, requirements }: FoundInFeed): FeedContent {
  const rows = groupBy(endpoints, ({ requirement }) => requirement)
  const { catalogue, revision, fields } = feed
  return {
    feed: { catalogue, revision },
    others: [],
    fields,
    requirements: requirements.flatMap((row): readonly ViewableRequirement[] => {
      const found = rows.get(row.fields.key)
      return found ? [{ ...row.fields, endpoints: found.map(({ endpoint }) => endpoint) }] : []
    })
  }
}

function nameKey({ catalogue, requirement }: HistoryRow): string {
  return requirementNameKey({ catalogue, key: requirement })
}
