import type { SiteDocument } from '../../../../src/domain/site/site-document.ts'
import { siteChainLink, siteDigest, siteTransitions } from '../../../../src/domain/site/site-revision.ts'
import type { TestApp } from '../../../support/app.ts'

/** A site that takes two catalogues, in canonical form. */
export function siteDocument(rest: Partial<SiteDocument> = {}): SiteDocument {
  return {
    id: 'leeds',
    title: 'Leeds',
    timeZone: 'UTC',
    catalogues: [{ id: 'product-1' }, { id: 'product-2' }],
    bindings: [],
    overlays: [],
    unbound: 'omit',
    ...rest
  }
}

/** Commits a document as the newest revision of its site, at the instant of the clock. */
export async function commitSite(
  { catalogues, clock }: Pick<TestApp, 'catalogues'> & { readonly clock: Pick<TestApp['clock'], 'now'> },
  document: SiteDocument
): Promise<void> {
  const { store, heads } = catalogues
  const newest = heads.site(document.id)?.revision
  const facts = {
    site: document.id,
    number: (newest?.number ?? 0) + 1,
    publishedAt: clock.now,
    recordedAt: clock.now,
    overrides: [],
    digest: siteDigest(document)
  }
  const counts = { added: 0, removed: 0, changed: 0 }
  await store.sites.commit({
    revision: {
      ...facts,
      counts,
      chain: siteChainLink(newest?.chain, facts),
      transitions: siteTransitions(document)
    },
    document,
    events: [
      {
        id: `evt_${document.id}-${facts.number}`,
        type: 'site.revision_published',
        site: document.id,
        occurredAt: clock.now,
        effectiveAt: clock.now,
        lateByMs: 0,
        revision: { number: facts.number, digest: facts.digest },
        counts,
        changes: [],
        truncated: false
      }
    ]
  })
  await heads.refresh()
}
