import { type Clocks, pointAt } from '../../catalogue/read/point.ts'
import type { Context } from './context.ts'
import { type CatalogueRead, treeAt } from './tree.ts'

/**
 * One catalogue at both clocks; the same again where the operation asks twice.
 * @throws PortolanError `not_found`, `unknown_revision`, `time_out_of_range`
 */
export function readCatalogue(context: Context, id: string, clocks: Clocks): Promise<CatalogueRead> {
  const asked = JSON.stringify([id, clocks.asOf, clocks.effectiveAt ?? null])
  const read = context.reads.get(asked) ?? loadCatalogue(context, id, clocks)
  context.reads.set(asked, read)
  return read
}

async function loadCatalogue(context: Context, id: string, clocks: Clocks): Promise<CatalogueRead> {
  const point = await pointAt(context.moment, id, clocks)
  context.dependencies.read(point)
  const tree = await treeAt(context.moment, point)
  const { requirements: _, revision: __, ...profile } = tree.view
  const read: CatalogueRead = { ...profile, __typename: 'Catalogue', pin: tree.pin, point, tree }
  if (!context.byTree.has(tree)) context.byTree.set(tree, read)
  return read
}
