import type { Profile, RequirementFields } from '../document/document.ts'
import type { Edition } from '../document/edition.ts'
import { identicalJson } from '../json/equal-json.ts'
import type { EndpointRow, Rows } from './rows.ts'

/** The rows that a new revision closes and opens. It writes nothing else, so what is written is proportional to what changed. */
export interface Step {
  /** Absent where the profile is the same as in the revision before. The order of requirements likewise. */
  readonly profile?: Profile
  readonly edition: Edition
  readonly order?: readonly string[]
  readonly requirements: { readonly closed: readonly string[]; readonly opened: readonly RequirementFields[] }
  readonly endpoints: { readonly closed: readonly EndpointRow[]; readonly opened: readonly EndpointRow[] }
}

/** The step from one whole document to the next. Without a document before, everything is opened. */
export function stepBetween(before: Rows | undefined, after: Rows): Step {
  return {
    ...(!identicalJson(before?.profile, after.profile) && { profile: after.profile }),
    edition: after.edition,
    ...(!identicalJson(before?.order, after.order) && { order: after.order }),
    requirements: requirementStep(before?.requirements ?? new Map(), after.requirements),
    endpoints: endpointStep(before?.endpoints ?? new Map(), after.endpoints)
  }
}

function requirementStep(before: Rows['requirements'], after: Rows['requirements']): Step['requirements'] {
  return {
    closed: [...before].filter(([key, fields]) => !identicalJson(fields, after.get(key))).map(([key]) => key),
    opened: [...after].filter(([key, fields]) => !identicalJson(before.get(key), fields)).map(([, fields]) => fields)
  }
}

function endpointStep(before: Rows['endpoints'], after: Rows['endpoints']): Step['endpoints'] {
  const closed: EndpointRow[] = []
  const opened: EndpointRow[] = []
  for (const [id, rows] of after) {
    const old = before.get(id) ?? []
    if (identicalJson(old, rows)) continue
    closed.push(...rowsNotIn(rows, old))
    opened.push(...rowsNotIn(old, rows))
  }
  for (const [id, rows] of before) if (!after.has(id)) closed.push(...rows)
  return { closed, opened }
}

/** The rows that are not among the others, identical in every field. */
function rowsNotIn(others: readonly EndpointRow[], rows: readonly EndpointRow[]): readonly EndpointRow[] {
  return rows.filter((row) => !others.some((other) => identicalJson(row, other)))
}
