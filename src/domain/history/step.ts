import type { Edition, Profile, RequirementFields } from '../document/document.ts'
import type { EndpointRow, Rows } from './rows.ts'

/** The rows that a new revision closes and opens: all that it writes, proportional to what changed. */
export interface Step {
  /** Present where it differs from the revision before. */
  readonly profile?: Profile
  readonly edition: Edition
  readonly order?: readonly string[]
  readonly requirements: { readonly closed: readonly string[]; readonly opened: readonly RequirementFields[] }
  readonly endpoints: { readonly closed: readonly EndpointRow[]; readonly opened: readonly EndpointRow[] }
}

/** From one whole document to the next; from nothing, everything is opened. */
export function stepBetween(before: Rows | undefined, after: Rows): Step {
  return {
    ...(!identical(before?.profile, after.profile) && { profile: after.profile }),
    edition: after.edition,
    ...(!identical(before?.order, after.order) && { order: after.order }),
    requirements: requirementStep(before?.requirements ?? new Map(), after.requirements),
    endpoints: endpointStep(before?.endpoints ?? new Map(), after.endpoints)
  }
}

function requirementStep(before: Rows['requirements'], after: Rows['requirements']): Step['requirements'] {
  return {
    closed: [...before].filter(([key, fields]) => !identical(fields, after.get(key))).map(([key]) => key),
    opened: [...after].filter(([key, fields]) => !identical(before.get(key), fields)).map(([, fields]) => fields)
  }
}

function endpointStep(before: Rows['endpoints'], after: Rows['endpoints']): Step['endpoints'] {
  const closed: EndpointRow[] = []
  const opened: EndpointRow[] = []
  for (const [id, rows] of after) {
    const old = before.get(id) ?? []
    if (identical(old, rows)) continue
    closed.push(...missing(old, rows))
    opened.push(...missing(rows, old))
  }
  for (const [id, rows] of before) if (!after.has(id)) closed.push(...rows)
  return { closed, opened }
}

/** The rows that do not stand among the others just as they are. */
function missing(rows: readonly EndpointRow[], others: readonly EndpointRow[]): readonly EndpointRow[] {
  return rows.filter((row) => !others.some((other) => identical(row, other)))
}

/** Of equal JSON text, so stricter than `same`: history gives back each document byte for byte, the order of members too. */
function identical(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => identical(item, b[index]))
  }
  const [names, others] = [Object.keys(a), Object.keys(b)]
  // Any object may be read by the names that it has.
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && identical(left[name], right[name]))
  )
}
