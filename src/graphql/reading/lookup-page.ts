import type { LookedUp } from '../../catalogue/lookup/places.ts'
import { type ListIdentity, Page } from './connection.ts'

/** A page of what a look-up finds. To count all of it is to find all of it, so that is done only where it is asked for. */
export class LookupPage extends Page<LookedUp> {
  readonly countAll: () => number | Promise<number>

  /** `count` counts what is found in all. It is asked for at most where there is more than this page. */
  constructor(
    list: ListIdentity,
    offset: number,
    { found, hasMore }: { readonly found: readonly LookedUp[]; readonly hasMore: boolean },
    count: () => Promise<number>
  ) {
    super(list, offset, found, hasMore)
    this.countAll = () => (hasMore ? count() : offset + found.length)
  }
}
