import type { Filter } from '../../domain/view/filter.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { MirrorFilter } from '../schema-types.ts'

/** The filter of the REST interface that an input says. */
export function mirrorFilter(input: MirrorFilter | null | undefined): Filter {
  return withoutNulls(input ?? {})
}
