import { type Clocks, pointAt } from '../../catalogue/read/point.ts'
import type { Context, OperationSnapshot } from './context.ts'
import { type CatalogueRead, treeAt } from './tree.ts'

/**
 * Reads a catalogue at both clocks. An operation that asks for it twice gets the same object.
 * @throws PortolanError `not_found`, `unknown_revision`, `time_out_of_range`
 */
export function readCatalogue({ snapshot }: Context, id: string, clocks: Clocks): Promise<CatalogueRead> {
  const key = JSON.stringify([id, clocks.asOf, clocks.effectiveAt ?? null])
  const read = snapshot.reads.get(key) ?? loadCatalogue(snapshot, id, clocks)
  snapshot.reads.set(key, read)
  return read
}

async function loadCatalogue(snapshot: OperationSnapshot, id: string, clocks: Clocks): Promise<CatalogueRead> {
  const { catalogues, dependencies, readsByTree } = snapshot
  const point = await pointAt(catalogues, id, clocks)
  dependencies.addPoint(point)
  const tree = await treeAt(catalogues, point)
  const { requirements: _, revision: __, ...profile } = tree.view
  const read: CatalogueRead = { ...profile, __typename: 'Catalogue', pin: tree.pin, point, asOf: clocks.asOf, tree }
  if (!readsByTree.has(tree)) readsByTree.set(tree, read)
  return read
}
