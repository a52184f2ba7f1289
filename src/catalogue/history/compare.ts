import { type Compared, type ComparedSide, type Difference, diff } from '../../domain/change/diff.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { pointAt, requireHead } from '../read/point.ts'

export interface Comparison extends Compared {
  /** Neither a publish nor the clock can change the answer. */
  readonly isImmutable: boolean
  /** One side is read at the present instant. */
  readonly movesWithClock: boolean
}

/** One side of a comparison, as the client asks for it. */
export interface Comparand {
  readonly asOf?: AsOf
  readonly effectiveAt?: Instant
}

/**
 * Compares two revisions as documents, or two views if either side has an instant. An instant T as `asOf` alone means the view at `asOf=T,
 * effectiveAt=T`. A revision that is compared with a view is read at the present instant. Without `to` it is the newest revision, and
 * without `from` the one before `to`.
 */
export async function compare(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  catalogue: string,
  from: Comparand,
  to: Comparand
): Promise<Comparison> {
  const head = requireHead(catalogues, catalogue)
  const now = catalogues.now()
  const toPoint = await pointAt(catalogues, catalogue, { asOf: to.asOf ?? { kind: 'newest' } })
  const before = Math.max(1, toPoint.revision.number - 1)
  const fromPoint = await pointAt(catalogues, catalogue, { asOf: from.asOf ?? { kind: 'number', number: before } })
  const isTimed = ({ asOf, effectiveAt }: Comparand) => effectiveAt !== undefined || asOf?.kind === 'instant'
  const areViews = isTimed(from) || isTimed(to)
  const side = ({ asOf, effectiveAt }: Comparand, revision: StoredRevision): ComparedSide =>
    areViews ? { revision, effectiveAt: effectiveAt ?? (asOf?.kind === 'instant' ? asOf.instant : now) } : { revision }
  const sides = { from: side(from, fromPoint.revision), to: side(to, toPoint.revision) }
  const fixed = ({ asOf, effectiveAt }: Comparand) =>
    asOf?.kind === 'number'
      ? !areViews || effectiveAt !== undefined
      : asOf?.kind === 'instant' && asOf.instant < head.revision.publishedAt
  return {
    ...sides,
    ...(await difference(catalogues, sides.from, sides.to)),
    isImmutable: fixed(from) && fixed(to),
    movesWithClock: areViews && !(isTimed(from) && isTimed(to))
  }
}

/** Compares documents by the rows that changed. Views change at every transition, so they are compared as a whole. */
async function difference(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  from: ComparedSide,
  to: ComparedSide
): Promise<Difference> {
  const { catalogue } = to.revision
  if (from.effectiveAt === undefined || to.effectiveAt === undefined) {
    const { before, after } = await catalogues.store.rowsBetween(catalogue, from.revision.number, to.revision.number)
    return diff({ rows: before }, { rows: after }, to.revision.publishedAt)
  }
  const before = toRows(await loadDocument(catalogues, from.revision))
  const after = toRows(await loadDocument(catalogues, to.revision))
  return diff(
    { rows: before, effectiveAt: from.effectiveAt },
    { rows: after, effectiveAt: to.effectiveAt },
    to.effectiveAt
  )
}
