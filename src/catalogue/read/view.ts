import { standsIn } from '../../domain/history/history.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { toldView } from '../../domain/reference/told-view.ts'
import { type Filter, filterView, requirementMatches } from '../../domain/view/filter.ts'
import { type CatalogueView, type View, type Viewable, viewAt } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { isKept, isTooLarge, loadDocument } from './document.ts'
import type { CataloguePoint, Point } from './point.ts'
import { requirementRows } from './requirement-rows.ts'
import { catalogueView, wholeView } from './resolved.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads'>

/** A filter that leaves one requirement of so many, or fewer, reads these alone. Of what is larger than the cache any part is read alone. */
const narrow = 10

/** The view at a point, with the requirements and endpoints that the filter takes. */
export async function viewOf(catalogues: Sources, point: Point, filter: Filter): Promise<View> {
  return point.site
    ? toldView(filterView(await wholeView(catalogues, point), filter))
    : catalogueViewOf(catalogues, point, filter)
}

/** The same of a catalogue. */
export async function catalogueViewOf(
  catalogues: Sources,
  point: CataloguePoint,
  filter: Filter
): Promise<CatalogueView> {
  const { revision, instant, feeds } = point
  if (feeds) return toldView(filterView(await catalogueView(catalogues, point), filter))
  return filterView(viewAt(await documentFor(catalogues, revision, filter), revision, instant), filter)
}

/**
 * The document of a revision, or of a document that is not in memory the part that a filter leaves, where that is small: a catalogue that is
 * larger than the cache would else be read from the store as a whole for each answer.
 */
async function documentFor(catalogues: Sources, revision: Revision, filter: Filter): Promise<Viewable> {
  const isNarrow = Object.keys(filter).some((field) => !['kind', 'family', 'status'].includes(field))
  if (!isNarrow || isKept(catalogues, revision)) return loadDocument(catalogues, revision)
  const { catalogue, number } = revision
  const newest = catalogues.heads.get(catalogue)?.revision ?? revision
  const standing = (await requirementRows(catalogues, newest)).filter((row) => standsIn(row, number))
  const wanted = standing.filter(({ fields }) => requirementMatches(fields, filter)).map(({ fields }) => fields.key)
  const isPart = isTooLarge(catalogues, revision)
    ? wanted.length < standing.length
    : wanted.length * narrow <= standing.length
  if (!isPart) return loadDocument(catalogues, revision)
  return catalogues.store.documentPart(catalogue, number, wanted)
}
