import { countChanges } from '../../domain/change/change.ts'
import type { Compared, ComparedSide } from '../../domain/change/diff.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { revisionRef } from '../../domain/view/view.ts'

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
