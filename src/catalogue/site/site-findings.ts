import type { SiteFinding } from '../../domain/site/finding/site-finding.ts'
import { siteFindings } from '../../domain/site/finding/site-findings.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import type { Catalogues } from '../catalogues.ts'
import { partsOf } from './site-parts.ts'

/** What the owner of a site should look at now. Findings are about what the documents say: references to feeds stay as they are. */
export async function findingsOf(
  sources: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  { site, revision }: { readonly site: SiteDocument; readonly revision: number }
): Promise<readonly SiteFinding[]> {
  return siteFindings({ site, revision, parts: await partsOf(sources, site), now: sources.now() })
}
