import { countChanges } from '../domain/change.ts'
import type { Compared, ComparedSide } from '../domain/diff.ts'
import { formatInstant } from '../domain/instant.ts'
import { revisionRef } from '../domain/view.ts'

/** A comparison as it is answered. */
export function comparisonJson({ from, to, edition, changes }: Compared) {
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
