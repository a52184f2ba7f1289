import type { Instant } from '../time/instant.ts'
import type { PackSide, SubjectPack } from './subject-pack.ts'

/** A revision as it holds at an instant. */
export interface PackState {
  readonly side: PackSide
  readonly instant: Instant
}

type Work = Pick<SubjectPack, 'from' | 'to' | 'since' | 'steps'>

/** The state in which the work of a change pack begins, and that in which its last step is done. */
export function packStates({ from, to, since, steps }: Work): {
  readonly before: PackState
  readonly after: PackState
} {
  const last = Math.max(since, ...steps.map((step) => ('notBefore' in step ? step.notBefore : step.by)))
  return { before: { side: from, instant: since }, after: { side: to, instant: last } }
}
