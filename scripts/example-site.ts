import type { SiteDocument } from '../src/domain/site/site-document.ts'
import { siteChainLink, siteDigest, siteTransitions } from '../src/domain/site/site-revision.ts'
import type { Store } from '../src/store/store.ts'

/** A site that takes the first catalogue. */
const leeds: SiteDocument = {
  id: 'leeds',
  title: 'Leeds',
  timeZone: 'Europe/London',
  catalogues: [{ id: 'clearswift-exchange-gateway-4.8' }],
  bindings: [
    { role: 'self', values: [{ value: '10.30.0.8' }] },
    {
      role: 'syslog-server',
      values: [
        { value: '10.20.1.5', until: '2019-03-01T00:00:00Z' },
        { value: '10.20.9.0/28', from: '2019-03-01T00:00:00Z' }
      ]
    }
  ],
  overlays: [],
  unbound: 'omit'
}

/** Commits the first revision of the site of the examples. */
export async function seedSite(store: Store, now: number): Promise<void> {
  const facts = {
    site: leeds.id,
    number: 1,
    publishedAt: now,
    recordedAt: now,
    author: 'network-team',
    overrides: [],
    digest: siteDigest(leeds)
  }
  await store.sites.commit({
    revision: {
      ...facts,
      counts: { added: 1, removed: 0, changed: 0 },
      chain: siteChainLink(undefined, facts),
      transitions: siteTransitions(leeds)
    },
    document: leeds,
    events: [
      {
        id: 'evt_01CV3KZ4M00000000000000000',
        type: 'site.revision_published',
        site: leeds.id,
        occurredAt: now,
        effectiveAt: now,
        lateByMs: 0,
        revision: { number: 1, digest: facts.digest },
        counts: { added: 1, removed: 0, changed: 0 },
        changes: [],
        truncated: false
      }
    ]
  })
}
