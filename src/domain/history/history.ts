import type { RequirementFields } from '../document/document.ts'
import type { EndpointRow } from './rows.ts'

/** An endpoint row of history. It stands in the revisions from `since` up to, but not including, `until`. */
export interface HistoryRow extends EndpointRow {
  readonly catalogue: string
  readonly since: number
  /** Absent while the row stands in the head. */
  readonly until?: number
}

/** A requirement row of history, bounded in the same way. */
export interface HistoryRequirement {
  readonly catalogue: string
  readonly since: number
  readonly until?: number
  readonly fields: RequirementFields
}

/** Whether a row of history stands in a revision. */
export function standsIn(
  { since, until }: { readonly since: number; readonly until?: number },
  number: number
): boolean {
  return since <= number && (until === undefined || number < until)
}
