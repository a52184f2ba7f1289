import type { Place } from '../errors.ts'
import type { GuardRail } from '../history/revision.ts'

/**
 * One reason to refuse a document unless its rule is overridden. `pointer` reads lists by key, as in a change. The place is there where the
 * document was sent as a text.
 */
export interface GuardRailFinding extends Partial<Place> {
  readonly rule: GuardRail
  readonly pointer: string
  readonly detail: string
}
