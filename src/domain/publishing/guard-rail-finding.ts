import type { GuardRail } from '../history/revision.ts'

/** One reason to refuse a document unless its rule is overridden. `pointer` reads lists by key, as in a change. */
export interface GuardRailFinding {
  readonly rule: GuardRail
  readonly pointer: string
  readonly detail: string
}
