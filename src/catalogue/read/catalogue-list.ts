import type { Instant } from '../../domain/time/instant.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import { type RevisionRef, revisionRef } from '../../domain/view/view.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { outOfRange } from './point.ts'

export interface ListedCatalogue {
  readonly id: string
  readonly title: string
  readonly vendor: string
  readonly product: string
  readonly version: string
  readonly revision: RevisionRef
  /** RFC 3339; absent where no transition lies ahead. */
  readonly nextTransition?: string
}

export interface CatalogueList {
  readonly items: readonly ListedCatalogue[]
  readonly total: number
  /** The next transition of any listed catalogue, after which the list differs. */
  readonly validUntil?: Instant
}

/**
 * The newest revision of each catalogue among those with events up to a seq, and published by an instant, if one is given.
 * @throws PortolanError `time_out_of_range` where the instant lies ahead
 */
export async function listedHeadsAt(
  { store, heads, now }: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  point: { readonly seq: number; readonly asOf?: Instant }
): Promise<readonly Head[]> {
  if (point.asOf !== undefined && point.asOf > now())
    throw outOfRange('asOf lies after now: what will be published is not known.')
  if (point.seq === heads.seq && point.asOf === undefined) return heads.all()
  return store.headsAt({ seq: point.seq, instant: point.asOf ?? Number.MAX_SAFE_INTEGER })
}

/** A page of the catalogues, in the order of the heads. */
export function listCatalogues(
  heads: readonly Head[],
  instant: Instant,
  { offset, limit }: { readonly offset: number; readonly limit: number }
): CatalogueList {
  let validUntil: Instant | undefined
  const items = heads
    .slice(offset, offset + limit)
    .map(({ revision, title, vendor, product, version }): ListedCatalogue => {
      const next = intervalAt(revision.transitions, instant).validUntil
      if (next !== undefined) validUntil = Math.min(validUntil ?? next, next)
      return {
        id: revision.catalogue,
        title,
        vendor,
        product,
        version,
        revision: revisionRef(revision),
        ...(next !== undefined && { nextTransition: formatInstant(next) })
      }
    })
  return { items, total: heads.length, ...(validUntil !== undefined && { validUntil }) }
}
