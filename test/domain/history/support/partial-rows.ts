import { type EndpointRow, groupRows, type Rows } from '../../../../src/domain/history/rows.ts'
import { canonicalJson } from '../../../../src/domain/json/canonical-json.ts'

/**
 * The part of two documents that history answers a comparison from: endpoint rows that stand in one only, with all rows of the
 * same values, and requirement rows that stand in one only or are named by those.
 */
export function partialRows(before: Rows, after: Rows): { readonly before: Rows; readonly after: Rows } {
  const [left, right] = [texts(before), texts(after)]
  const changed = [...missing(before, right), ...missing(after, left)]
  const values = new Set(changed.map(valueName))
  const keys = new Set<string>()
  for (const { endpoints } of [before, after])
    for (const row of [...endpoints.values()].flat()) if (values.has(valueName(row))) keys.add(row.requirement)
  for (const key of new Set([...before.order, ...after.order]))
    if (canonicalJson(before.requirements.get(key) ?? null) !== canonicalJson(after.requirements.get(key) ?? null))
      keys.add(key)
  const part = (rows: Rows): Rows => ({
    ...rows,
    requirements: new Map([...rows.requirements].filter(([key]) => keys.has(key))),
    endpoints: groupRows([...rows.endpoints.values()].flat().filter((row) => values.has(valueName(row))))
  })
  return { before: part(before), after: part(after) }
}

function texts({ endpoints }: Rows): ReadonlySet<string> {
  return new Set([...endpoints.values()].flat().map(canonicalJson))
}

function missing({ endpoints }: Rows, others: ReadonlySet<string>): readonly EndpointRow[] {
  return [...endpoints.values()].flat().filter((row) => !others.has(canonicalJson(row)))
}

function valueName({ endpoint }: EndpointRow): string {
  return `${endpoint.kind} ${endpoint.kind === 'any' ? '' : endpoint.value}`
}
