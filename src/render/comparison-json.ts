import { countChanges } from '../domain/change.ts'
import type { Difference } from '../domain/diff.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { Revision } from '../domain/revision.ts'
import { revisionRef } from '../domain/view.ts'

interface ComparedSide {
  readonly revision: Revision
  /** Of a view. */
  readonly effectiveAt?: Instant
}

interface Comparison extends Difference {
  readonly from: ComparedSide
  readonly to: ComparedSide
}

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
