import { nearestName } from '../../domain/nearest-name.ts'
import type { Catalogues } from '../catalogues.ts'
import { productName } from '../heads.ts'
import { requirementRows } from '../read/requirement-rows.ts'

/** A search that found nothing, with each word as the catalogues write it; undefined where no word is close to one of theirs. */
export async function nearWords(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
  text: string
): Promise<string | undefined> {
  const known = new Set<string>()
  for (const head of catalogues.heads.all()) {
    const rows = await requirementRows(catalogues, head.revision)
    const names = rows.flatMap(({ fields: { key, title, tags = [] } }) => [key, title, ...tags])
    for (const name of [productName(head), head.title, ...names])
      for (const word of name.toLowerCase().split(/\s+/)) if (word.length > 2) known.add(word)
  }
  const written = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const near = written.map((word) => (known.has(word) ? word : (nearestName(word, known) ?? word))).join(' ')
  return near === written.join(' ') ? undefined : near
}
