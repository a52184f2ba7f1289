import type { Mark } from '../../domain/mirror/delta.ts'
import type { MirrorQuery } from '../../domain/mirror/mirror-query.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { Snapshot } from '../../render/mirror/snapshot.ts'
import type { Catalogues } from '../catalogues.ts'
import { baseline } from './baseline.ts'
import { cataloguesAt, selectedHeads } from './catalogue-at-mark.ts'

/** All objects of a mirror at a mark, in a list for each type. */
export async function snapshotAt(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
  query: MirrorQuery,
  mark: Mark
): Promise<Snapshot> {
  const standings = await cataloguesAt(catalogues, selectedHeads(catalogues, query), mark)
  const all: { readonly [K in keyof Omit<Snapshot, 'recency'>]: Snapshot[K][number][] } = {
    catalogues: [],
    requirements: [],
    endpoints: []
  }
  for await (const { object } of baseline(catalogues, query, standings, mark)) {
    switch (object.type) {
      case 'catalogue':
        all.catalogues.push(object.data)
        break
      case 'requirement':
        all.requirements.push(object.data)
        break
      case 'endpoint':
        all.endpoints.push(object.data)
        break
      default:
        throw new Error(`unknown object ${object satisfies never}`)
    }
  }
  const recorded = [...standings.values()].map(({ revision }) => revision.recordedAt)
  return { ...all, recency: formatInstant(Math.max(mark.instant, ...recorded)) }
}
