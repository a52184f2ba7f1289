import type { ComparedSide, Comparison } from '../catalogue/compare.ts'
import { countChanges } from '../domain/change.ts'
import { formatInstant } from '../domain/instant.ts'
import { revisionRef } from '../domain/view.ts'

/** A comparison as it is answered. */
export function comparisonJson({ from, to, edition, changes }: Comparison) {
  return {
    from: sideJson(from),
    to: sideJson(to),
    counts: countChanges(changes),
    ...(edition && { edition }),
    changes
  }
}

function sideJson({ revision, effectiveAt }: ComparedSide) {
  return {
    revision: revisionRef(revision),
    ...(effectiveAt !== undefined && { effectiveAt: formatInstant(effectiveAt) })
  }
}
