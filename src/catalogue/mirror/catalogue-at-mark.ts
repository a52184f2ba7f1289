import type { Mark } from '../../domain/mirror/delta.ts'
import type { MirrorQuery } from '../../domain/mirror/mirror-query.ts'
import { namesCatalogue } from '../../domain/narrowing.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import type { Head, StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { noCatalogue, requireHead } from '../read/point.ts'

/** A catalogue at a mark: its newest revision, and the seq of its newest event. */
export interface CatalogueAtMark {
  readonly revision: StoredRevision
  readonly seq: number
}

export interface MarkNow extends Mark {
  /** The next transition of any of the catalogues. */
  readonly until?: Instant
}

/** The heads of the catalogues that a mirror holds, ordered by id. @throws PortolanError `not_found` */
export function selectedHeads(
  catalogues: Pick<Catalogues, 'heads'>,
  { catalogues: ids, within }: Pick<MirrorQuery, 'catalogues' | 'within'>
): readonly Head[] {
  if (ids === undefined)
    return catalogues.heads.all().filter(({ revision }) => namesCatalogue(within, revision.catalogue))
  const outside = ids.find((id) => !namesCatalogue(within, id))
  if (outside !== undefined) throw noCatalogue(outside)
  return [...new Set(ids)].sort().map((id) => requireHead(catalogues, id))
}

/**
 * The mark of a mirror of some catalogues that is up to date. Its instant is that of the last transition: a mirror is the same at all
 * instants up to the next transition, so marks differ only if something happened.
 */
export function markNow(heads: readonly Head[], now: Instant): MarkNow {
  let [seq, instant, until]: [number, Instant, Instant | undefined] = [0, 0, undefined]
  let isTurned = false
  for (const head of heads) {
    seq = Math.max(seq, head.seq)
    const { validFrom, validUntil } = intervalAt(head.revision.transitions, now)
    if (validFrom !== undefined) {
      instant = isTurned ? Math.max(instant, validFrom) : validFrom
      isTurned = true
    }
    if (validUntil !== undefined) until = Math.min(until ?? validUntil, validUntil)
  }
  return { seq, instant: isTurned ? instant : Math.min(0, now), ...(until !== undefined && { until }) }
}

/** The catalogues as they stood at a mark, by id. Catalogues that were created later are left out. */
export async function cataloguesAt(
  catalogues: Pick<Catalogues, 'store'>,
  heads: readonly Head[],
  { seq }: Mark
): Promise<ReadonlyMap<string, CatalogueAtMark>> {
  const standings = new Map<string, CatalogueAtMark>()
  for (const head of heads) {
    const standing = head.seq <= seq ? head : await pastStanding(catalogues, head, seq)
    if (standing) standings.set(head.revision.catalogue, { revision: standing.revision, seq: standing.seq })
  }
  return standings
}

async function pastStanding(
  { store }: Pick<Catalogues, 'store'>,
  head: Head,
  seq: number
): Promise<CatalogueAtMark | undefined> {
  const { catalogue } = head.revision
  const revision = head.revision.seq <= seq ? head.revision : await store.revisionAtSeq(catalogue, seq)
  return revision && { revision, seq: await store.previousSeq(seq + 1, { catalogues: [catalogue] }) }
}
