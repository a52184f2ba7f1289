import { exportView } from '../../domain/export/export-view.ts'
import { syncTokenAt } from '../../domain/shape/edition-mark.ts'
import type { SetChoice } from '../../domain/shape/endpoint-set.ts'
import { setChanges } from '../../domain/shape/set-change.ts'
import { setIdIn } from '../../domain/shape/set-id.ts'
import type { ShapeReport } from '../../domain/shape/shape-report.ts'
import { type Filter, filterView } from '../../domain/view/filter.ts'
import { type CatalogueView, viewAt } from '../../domain/view/view.ts'
import { awsRanges } from '../../render/shape/aws-ranges.ts'
import { type M365Change, m365Change } from '../../render/shape/m365-change.ts'
import { type M365Sets, m365Sets, m365SetsCsv } from '../../render/shape/m365-set.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import type { CataloguePoint } from '../read/point.ts'
import { editionMark, editionMarks } from './edition-marks.ts'
import { setNumbers } from './set-numbers.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads'>

/** An answer in the shape of another service. */
export interface Shaped {
  readonly body: string
  readonly report: ShapeReport
}

const slot: Slot<Shaped> = { name: 'shaped', bytes: ({ body }) => 2 * body.length + 200 }

/** The addresses of a view as AWS publishes its own. It is the same between two transitions, so it is rendered once and kept. */
export async function shapedAsAws(catalogues: Sources, point: CataloguePoint, filter: Filter): Promise<Shaped> {
  return kept(catalogues, ['aws', filter], point, async () => {
    const { revision, interval } = point
    const mark = await editionMark(catalogues, revision)
    const token = syncTokenAt(mark, revision.transitions, interval.validFrom)
    return awsRanges(exportView(await readView(catalogues, point), filter), token)
  })
}

/** What a client asks of the endpoint sets of a view. */
export interface SetQuery {
  readonly filter: Filter
  readonly choice: SetChoice
  readonly format: 'json' | 'csv'
}

/** The endpoint sets of a view as Microsoft 365 publishes its own. They too are rendered once and kept. */
export async function shapedAsM365(catalogues: Sources, point: CataloguePoint, query: SetQuery): Promise<Shaped> {
  return kept(catalogues, ['m365', query], point, async () => {
    const { sets, report } = await setsAt(catalogues, point, query)
    return { body: query.format === 'csv' ? m365SetsCsv(sets) : JSON.stringify(sets), report }
  })
}

async function setsAt(catalogues: Sources, point: CataloguePoint, { filter, choice }: SetQuery): Promise<M365Sets> {
  const { catalogue, number } = point.revision
  const ids = await setNumbers(catalogues, catalogue)
  const view = filterView(await readView(catalogues, point), filter)
  return m365Sets(view, (key) => setIdIn(ids, key, number), choice)
}

/**
 * The changes of the endpoint sets after a version, up to a revision, the oldest first. They are those of all versions up to then, so that
 * each keeps its number.
 */
export async function m365ChangesSince(
  catalogues: Sources,
  revision: StoredRevision,
  version: number,
  { filter, choice }: Pick<SetQuery, 'filter' | 'choice'>
): Promise<readonly M365Change[]> {
  const { catalogue } = revision
  const marks = await editionMarks(catalogues, revision)
  if (version >= (marks.at(-1)?.version ?? 0)) return []
  const requirements = (await catalogues.store.requirementsOf(catalogue)).filter(
    ({ since }) => since <= revision.number
  )
  const keys = new Set(requirements.map(({ fields }) => fields.key))
  const endpoints = await catalogues.store.findEndpointsOf([...keys].map((key) => ({ catalogue, key })))
  const ids = await setNumbers(catalogues, catalogue)
  return setChanges({ requirements, endpoints, marks, ids }, filter, choice).flatMap((change, index) =>
    change.version > version ? [m365Change(change, index + 1)] : []
  )
}

async function readView(catalogues: Sources, { revision, instant }: CataloguePoint): Promise<CatalogueView> {
  return viewAt(await loadDocument(catalogues, revision), revision, instant)
}

async function kept(
  { cache }: Sources,
  query: unknown,
  { revision, interval }: CataloguePoint,
  make: () => Promise<Shaped>
): Promise<Shaped> {
  const key = JSON.stringify([revision.catalogue, revision.number, interval.validFrom ?? 0, query])
  const found = cache.get(slot, key)
  if (found) return found
  const shaped = await make()
  cache.set(slot, key, shaped)
  return shaped
}
