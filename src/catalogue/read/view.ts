import { type Filter, filterView } from '../../domain/view/filter.ts'
import { type View, viewAt } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from './document.ts'
import type { Point } from './point.ts'

/** The view at a point, with the requirements and endpoints that the filter takes. */
export async function viewOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  { revision, instant }: Point,
  filter: Filter
): Promise<View> {
  return filterView(viewAt(await loadDocument(catalogues, revision), revision, instant), filter)
}
