import { PortolanError } from '../../domain/errors.ts'
import {
  type ExportTargetKind,
  exportEntries,
  exportTargetKinds,
  type SliceEntries
} from '../../domain/export/export-entry.ts'
import { exportView } from '../../domain/export/export-view.ts'
import { type Slice, sliceOf, slicesOf } from '../../domain/export/slice.ts'
import type { Filter } from '../../domain/view/filter.ts'
import type { View } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { type Point, revisionsOf } from '../read/point.ts'
import { wholeView } from '../read/resolved.ts'

/** A slice with the number of requirements and of distinct values in it. */
export interface CountedSlice extends Slice {
  readonly counts: Readonly<Record<'requirements' | Exclude<ExportTargetKind, 'wildcard'>, number>>
}

/** The slices of the view from which exports at a point are made. */
export async function slicesAt(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: Point,
  filter: Filter
): Promise<readonly CountedSlice[]> {
  return countSlices(exportView(await wholeView(catalogues, point), filter))
}

function countSlices(view: View): readonly CountedSlice[] {
  return exportEntries(view).map(({ slice, entries }) => ({
    ...slice,
    counts: {
      requirements: view.requirements.filter(({ direction, services }) =>
        services.some((service) => sliceOf(direction, service).name === slice.name)
      ).length,
      ...countTargets(entries)
    }
  }))
}

function countTargets(entries: SliceEntries['entries']): Omit<CountedSlice['counts'], 'requirements'> {
  const values = new Map(exportTargetKinds.map((kind) => [kind, new Set<string>()]))
  for (const { target } of entries)
    values
      .get(target.kind)
      ?.add(target.kind === 'address' ? target.address.value : target.kind === 'any' ? '' : target.value)
  const count = (kind: ExportTargetKind) => values.get(kind)?.size ?? 0
  return {
    host: count('host') + count('wildcard'),
    address: count('address'),
    pattern: count('pattern'),
    url: count('url'),
    role: count('role'),
    feed: count('feed'),
    any: count('any')
  }
}

/**
 * Finds a slice by its name. A slice of an earlier revision is found too: a list that became empty must say so, and must not vanish.
 * @throws PortolanError `unknown_slice` where no revision up to this one had the slice
 */
export async function requireSlice(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: Point,
  name: string
): Promise<Slice> {
  const { requirements } = point.site ? point.merged.document : await loadDocument(catalogues, point.revision)
  const now = slicesOf(requirements)
  const found = now.find((slice) => slice.name === name)
  if (found) return found
  for (const { catalogue, number } of revisionsOf(point)) {
    const history = await catalogues.store.requirementsOf(catalogue)
    const before = slicesOf(history.filter(({ since }) => since <= number).map(({ fields }) => fields))
    const past = before.find((slice) => slice.name === name)
    if (past) return past
  }
  const { site } = point
  const of = site
    ? `Nothing that the site ${site.revision.site} takes, up to its revision ${site.revision.number},`
    : `No revision of ${point.revision.catalogue} up to ${point.revision.number}`
  throw new PortolanError('unknown_slice', `${of} has a slice ${name}. It has ${namesOf(now)}.`, {
    extra: { slices: now.map((slice) => slice.name) }
  })
}

function namesOf(slices: readonly Slice[]): string {
  return slices.map(({ name }) => name).join(', ')
}
