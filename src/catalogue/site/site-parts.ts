import type { JudgedPart } from '../../domain/site/finding/site-finding.ts'
import type { SitePart } from '../../domain/site/merge.ts'
import type { SiteDocument, TakenCatalogue } from '../../domain/site/site-document.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads'>

/** The catalogues of a site as it reads them now, by id, without those that do not exist. */
export async function partsOf(sources: Sources, site: SiteDocument): Promise<ReadonlyMap<string, JudgedPart>> {
  const parts = new Map<string, JudgedPart>()
  for (const taken of site.catalogues) {
    const part = await judgedPart(sources, taken)
    if (part) parts.set(taken.id, part)
  }
  return parts
}

async function judgedPart(sources: Sources, { id, asOf }: TakenCatalogue): Promise<JudgedPart | undefined> {
  const head = sources.heads.get(id)
  if (!head) return undefined
  const { number } = head.revision
  const newest = await partOf(sources, id, number)
  return asOf === undefined || asOf >= number ? newest : { ...(await partOf(sources, id, asOf)), newest }
}

async function partOf(sources: Sources, catalogue: string, number: number): Promise<SitePart> {
  return { revision: number, document: await loadDocument(sources, { catalogue, number }) }
}
