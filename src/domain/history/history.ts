import type { RequirementFields } from '../document/document.ts'
import type { EndpointRow } from './rows.ts'

/** An endpoint row of history with the revisions that bound it: it stands in `since` up to, not including, `until`. */
export interface HistoryRow extends EndpointRow {
  readonly catalogue: string
  readonly since: number
  /** Absent while it stands in the head. */
  readonly until?: number
}

/** A requirement row of history. */
export interface HistoryRequirement {
  readonly catalogue: string
  readonly since: number
  readonly until?: number
  readonly fields: RequirementFields
}

export function standsIn(
  { since, until }: { readonly since: number; readonly until?: number },
  number: number
): boolean {
  return since <= number && (until === undefined || number < until)
}
