import type { JudgedPart, SiteFinding } from '../../domain/site/finding/site-finding.ts'
import { siteFindings } from '../../domain/site/finding/site-findings.ts'
import type { SitePart } from '../../domain/site/merge.ts'
import type { SiteDocument, TakenCatalogue } from '../../domain/site/site-document.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

/** What the owner of a site should look at now. Findings are about what the documents say: references to feeds stay as they are. */
export async function findingsOf(
  sources: Sources,
  { site, revision }: { readonly site: SiteDocument; readonly revision: number }
): Promise<readonly SiteFinding[]> {
  const parts = new Map<string, JudgedPart>()
  for (const taken of site.catalogues) {
    const part = await judgedPart(sources, taken)
    if (part) parts.set(taken.id, part)
  }
  return siteFindings({ site, revision, parts, now: sources.now() })
}

/** A catalogue as a site reads it; undefined where there is none. */
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
