import { pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { type Clocks, pointAt } from '../../catalogue/read/point.ts'
import type { FeedsAsOf, Resolve } from '../../domain/read/feeds-as-of.ts'
import type { Context, OperationSnapshot } from './context.ts'
import { type CatalogueRead, treeAt } from './tree.ts'

/** The clocks of a catalogue, and how the references in it are read. */
interface ReadClocks extends Clocks {
  /** Whether feeds are to be resolved; absent: the operation does not say. */
  readonly resolve?: Resolve
  /** The clock of the feeds, where they are to be resolved. */
  readonly feedsAsOf?: FeedsAsOf
}

/**
 * Reads a catalogue at its clocks. An operation that asks for it twice gets the same object.
 * @throws PortolanError `not_found`, `unknown_revision`, `time_out_of_range`
 */
export function readCatalogue({ snapshot }: Context, id: string, clocks: ReadClocks): Promise<CatalogueRead> {
  const { asOf, effectiveAt, resolve, feedsAsOf } = clocks
  const feeds = feedsAsOf && [feedsAsOf.instant ?? null, feedsAsOf.isComplete === true, [...feedsAsOf.pins]]
  const key = JSON.stringify([id, asOf, effectiveAt ?? null, resolve ?? null, feeds ?? null])
  const read = snapshot.reads.get(key) ?? loadCatalogue(snapshot, id, clocks)
  snapshot.reads.set(key, read)
  return read
}

async function loadCatalogue(
  snapshot: OperationSnapshot,
  id: string,
  { resolve, feedsAsOf, ...clocks }: ReadClocks
): Promise<CatalogueRead> {
  const { catalogues, dependencies, readsByTree } = snapshot
  const own = await pointAt(catalogues, id, clocks)
  const point = feedsAsOf ? await pointWithFeeds(catalogues, own, feedsAsOf) : own
  dependencies.addPoint(point)
  dependencies.addFeeds(point)
  const tree = await treeAt(catalogues, point)
  const { requirements: _, revision: __, ...profile } = tree.view
  const read: CatalogueRead = {
    ...profile,
    __typename: 'Catalogue',
    pin: tree.pin,
    point,
    asOf: clocks.asOf,
    ...(resolve && { resolve }),
    ...(feedsAsOf && { feedsAsOf }),
    tree
  }
  if (!readsByTree.has(tree)) readsByTree.set(tree, read)
  return read
}
