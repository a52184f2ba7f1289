import { type Endpoint, valueKey } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import { type HistoryRequirement, type HistoryRow, standsIn } from './history.ts'

/** A run of rows of one endpoint without a gap in time. A new row begins where the endpoint was edited or its requirement renamed. */
export type EndpointSpan = readonly [HistoryRow, ...HistoryRow[]]

/** The new keys of renamed requirements, by the `renameId` of the old key and the revision of the rename. */
export type Renames = ReadonlyMap<string, string>

export function renameId(catalogue: string, key: string, revision: number): string {
  return `${catalogue}\n${key}\n${revision}`
}

/** Finds the renames in requirement rows: the row of the former key ends in the revision in which the row of the new key begins. */
export function renamesIn(requirements: readonly HistoryRequirement[]): Renames {
  const ends = new Set<string>()
  for (const { catalogue, fields, until } of requirements)
    if (until !== undefined) ends.add(renameId(catalogue, fields.key, until))
  const renames = new Map<string, string>()
  for (const { catalogue, fields, since } of requirements) {
    const id = (key: string) => renameId(catalogue, key, since)
    if (ends.has(id(fields.key))) continue
    const old = fields.previousKeys?.find((key) => ends.has(id(key)))
    if (old !== undefined) renames.set(id(old), fields.key)
  }
  return renames
}

/** Joins endpoint rows into spans. Where a value has several lifetimes, `from` tells which row continues which. */
export function endpointSpans(rows: readonly HistoryRow[], renames: Renames): readonly EndpointSpan[] {
  const values = groupBy(rows, ({ catalogue, endpoint }) => `${catalogue}\n${valueKey(endpoint)}`)
  return [...values.values()].flatMap((list) => spansOfValue(list, renames))
}

function spansOfValue(rows: readonly HistoryRow[], renames: Renames): readonly EndpointSpan[] {
  const spans: [HistoryRow, ...HistoryRow[]][] = []
  const revisions = [...new Set(rows.map(({ since }) => since))].sort((a, b) => a - b)
  for (const revision of revisions) {
    const standing = spans.filter((span) => standsIn(lastOf(span), revision - 1))
    const before = groupBy(standing, (span) => keyIn(lastOf(span), revision, renames))
    const after = groupBy(
      rows.filter((row) => standsIn(row, revision)),
      ({ requirement }) => requirement
    )
    const ending = new Set(standing.filter((span) => lastOf(span).until === revision))
    for (const row of rows.filter(({ since }) => since === revision)) {
      const candidates = before.get(row.requirement) ?? []
      const isOnly = candidates.length === 1 && after.get(row.requirement)?.length === 1
      const span = candidates.find((each) => ending.has(each) && (isOnly || sameFrom(lastOf(each), row)))
      if (!span) spans.push([row])
      else span.push(row)
    }
  }
  return spans
}

/** The newest row of a span. */
function lastOf(span: EndpointSpan): HistoryRow {
  return span.at(-1) ?? span[0]
}

function keyIn({ catalogue, requirement, until }: HistoryRow, revision: number, renames: Renames): string {
  if (until !== revision) return requirement
  return renames.get(renameId(catalogue, requirement, revision)) ?? requirement
}

function sameFrom(a: { readonly endpoint: Endpoint }, b: { readonly endpoint: Endpoint }): boolean {
  return a.endpoint.from === b.endpoint.from
}
