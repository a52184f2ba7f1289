import type { Mark } from '../../domain/mirror/delta.ts'
import type { BaselinePosition } from '../../domain/mirror/delta-cursor.ts'
import { type MirrorObject, type MirrorType, mirrorOf, mirrorTypes } from '../../domain/mirror/mirror.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { type Filter, filterView, isPruning } from '../../domain/view/filter.ts'
import { type CatalogueView, viewAt } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import type { CatalogueAtMark } from './catalogue-at-mark.ts'
import { idsOf } from './mirror-ids.ts'

/** An object of a baseline. */
export interface Placed {
  readonly object: MirrorObject
  /** A baseline that begins at this place has the object first. */
  readonly place: BaselinePosition
  /** The newest event of its catalogue. */
  readonly seq: number
}

export interface BaselineQuery {
  readonly filter: Filter
  readonly types: readonly MirrorType[]
}

/**
 * All objects of a mirror at a mark, parents first: all catalogues, then all requirements, then all endpoints. Beside the document only the
 * objects of one requirement are in memory at a time.
 */
export async function* baseline(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  { filter, types }: BaselineQuery,
  standings: ReadonlyMap<string, CatalogueAtMark>,
  { instant }: Mark,
  start?: BaselinePosition
): AsyncGenerator<Placed> {
  const ids = [...standings.keys()].sort()
  for (const type of mirrorTypes.filter((each) => types.includes(each))) {
    if (start && mirrorTypes.indexOf(type) < mirrorTypes.indexOf(start.type)) continue
    for (const catalogue of ids) {
      const isResumed = start !== undefined && type === start.type
      if (isResumed && catalogue < start.catalogue) continue
      const from = isResumed && catalogue === start.catalogue ? start : { requirement: 0, offset: 0 }
      const standing = standings.get(catalogue)
      if (!standing) continue
      for await (const { object, requirement, offset } of objectsOf(catalogues, standing, type, filter, instant, from))
        yield { object, place: { type, catalogue, requirement, offset }, seq: standing.seq }
    }
  }
}

interface InCatalogue {
  readonly object: MirrorObject
  readonly requirement: number
  readonly offset: number
}

async function* objectsOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  { revision }: CatalogueAtMark,
  type: MirrorType,
  filter: Filter,
  instant: Instant,
  from: Pick<BaselinePosition, 'requirement' | 'offset'>
): AsyncGenerator<InCatalogue> {
  const document = await loadDocument(catalogues, revision)
  const ids = (await idsOf(catalogues, revision)).standing
  if (type === 'catalogue') {
    const view = viewAt({ ...document, requirements: [] }, revision, instant)
    if (from.offset === 0) yield* withPlaces(mirrorOf(view, ids, type), 0, 0)
    return
  }
  const needsEndpoints = type === 'endpoint' || isPruning(filter)
  for (const [index, requirement] of document.requirements.entries()) {
    if (index < from.requirement) continue
    const requirements = [needsEndpoints ? requirement : { ...requirement, endpoints: [] }]
    const view = filterView(viewAt({ ...document, requirements }, revision, instant), filter)
    const offset = index === from.requirement ? from.offset : 0
    yield* withPlaces(mirrorOf(withoutFirst(view, type, offset), ids, type), index, offset)
  }
}

/** A view without its first objects of a type, so that objects that came before are not made just to be passed over. */
function withoutFirst(view: CatalogueView, type: MirrorType, offset: number): CatalogueView {
  if (offset === 0) return view
  if (type === 'requirement') return { ...view, requirements: view.requirements.slice(offset) }
  return {
    ...view,
    requirements: view.requirements.map((each) => ({ ...each, endpoints: each.endpoints.slice(offset) }))
  }
}

function* withPlaces(objects: Iterable<MirrorObject>, requirement: number, offset: number): Generator<InCatalogue> {
  let next = offset
  for (const object of objects) {
    yield { object, requirement, offset: next }
    next += 1
  }
}
