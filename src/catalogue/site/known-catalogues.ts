import { type CatalogueNames, type KnownCatalogue, namesIn } from '../../domain/site/known-names.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads'>

/** How many revisions of a catalogue are looked through for a name that the newest one has no more. */
const mostRevisions = 200

/** What the named catalogues name, by id, without those that do not exist. `isWhole`: also what earlier revisions named. */
export async function knownCatalogues(
  sources: Sources,
  taken: readonly { readonly id: string; readonly asOf?: number }[],
  isWhole: boolean
): Promise<ReadonlyMap<string, KnownCatalogue>> {
  const known = new Map<string, KnownCatalogue>()
  for (const { id, asOf } of taken) {
    const head = sources.heads.get(id)
    if (!head) continue
    const { number } = head.revision
    const pinned = asOf !== undefined && asOf >= 1 && asOf < number ? [asOf] : []
    const current = await namesOf(sources, id, [number, ...pinned])
    const first = Math.max(1, number - mostRevisions + 1)
    const all = Array.from({ length: number - first + 1 }, (_, index) => first + index)
    known.set(id, { current, ...(isWhole && { ever: await namesOf(sources, id, all) }) })
  }
  return known
}

async function namesOf(sources: Sources, catalogue: string, numbers: readonly number[]): Promise<CatalogueNames> {
  const documents = []
  for (const number of numbers) documents.push(await loadDocument(sources, { catalogue, number }))
  return namesIn(documents)
}
