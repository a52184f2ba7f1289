import { type Compared, type ComparedSide, type Difference, diff } from '../../domain/change/diff.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { pointAt, requireHead } from '../read/point.ts'

export interface Comparison extends Compared {
  /** Both sides are fixed for good. */
  readonly isImmutable: boolean
  /** A side is read now. */
  readonly movesWithClock: boolean
}

export interface Comparand {
  readonly asOf?: AsOf
  readonly effectiveAt?: Instant
}

/**
 * Compares two revisions as documents, or, where an instant is given on either side, two views. An instant T alone means the view
 * at `asOf=T, effectiveAt=T`; a revision beside a view is read now. Without `to`: the newest; without `from`: the one before `to`.
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

/** Documents are compared by the rows that changed; views move at every transition, so they are compared whole. */
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
