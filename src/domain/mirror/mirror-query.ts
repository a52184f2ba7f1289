import { canonicalJson } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import type { Narrowing } from '../narrowing.ts'
import type { Filter } from '../view/filter.ts'
import { type MirrorType, mirrorTypes } from './mirror.ts'

/** The part of all catalogues that a mirror holds. */
export interface MirrorQuery {
  readonly filter: Filter
  /** The ids of catalogues; absent: all, also those that are yet to come. */
  readonly catalogues?: readonly string[]
  /** Of these, only those that it names; absent: all. */
  readonly within?: Narrowing
  readonly types: readonly MirrorType[]
}

/** A short name of a query: the same for queries with the same sets of values, whatever their order and repetitions. */
export function queryName({ filter, catalogues, within, types }: MirrorQuery): string {
  const sets = Object.entries({ ...filter, ...(catalogues && { catalogues }), ...(within && { within }) }).map(
    ([name, values]) => [name, [...new Set([values].flat().map(canonicalJson))].sort()]
  )
  const asked = mirrorTypes.filter((type) => types.includes(type))
  return sha256(canonicalJson([Object.fromEntries(sets), asked])).slice(7, 19)
}
