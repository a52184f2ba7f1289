import { canonicalJson } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import type { Filter } from '../view/filter.ts'
import { type MirrorType, mirrorTypes } from './mirror.ts'

/** Which part of everything a mirror holds. */
export interface MirrorQuery {
  readonly filter: Filter
  /** Ids; absent: all, those to come too. */
  readonly catalogues?: readonly string[]
  readonly types: readonly MirrorType[]
}

/** The same for queries that ask for the same, however often and in which order they name it. */
export function queryName({ filter, catalogues, types }: MirrorQuery): string {
  const sets = Object.entries({ ...filter, ...(catalogues && { catalogues }) }).map(([name, values]) => [
    name,
    [...new Set([values].flat().map(canonicalJson))].sort()
  ])
  const asked = mirrorTypes.filter((type) => types.includes(type))
  return sha256(canonicalJson([Object.fromEntries(sets), asked])).slice(7, 19)
}
