import type { NewSiteEvent } from '../../../src/domain/event/event.ts'
import type { SiteDocument } from '../../../src/domain/site/site-document.ts'
import {
  type SiteRevision,
  siteChainLink,
  siteDigest,
  siteTransitions
} from '../../../src/domain/site/site-revision.ts'
import type { SitePublication } from '../../../src/store/store.ts'

/** When the first revision of a site was published, in milliseconds before its number. */
export const siteStart = Date.parse('2026-11-24T12:00:00Z')

export function siteOf(id: string, syslog: string, catalogues = ['gateway']): SiteDocument {
  return {
    id,
    title: `Site ${id}`,
    timeZone: 'UTC',
    catalogues: catalogues.map((each) => ({ id: each })),
    bindings: [{ role: 'syslog-server', values: [{ value: syslog, until: '2027-03-01T00:00:00Z' }] }],
    overlays: [],
    unbound: 'omit'
  }
}

export function siteEventOf({ site, number, digest }: SiteRevision, rest: Partial<NewSiteEvent> = {}): NewSiteEvent {
  return {
    id: `evt_${site}-${number}`,
    type: 'site.revision_published',
    site,
    occurredAt: siteStart + number,
    effectiveAt: siteStart + number,
    lateByMs: 0,
    revision: { number, digest },
    counts: { added: 1, removed: 2, changed: 3 },
    changes: [{ op: 'changed', pointer: '/title', before: 'a', after: 'b', impact: 'informs' }],
    truncated: false,
    ...rest
  }
}

export function sitePublicationOf(document: SiteDocument, number: number, previous?: SiteRevision): SitePublication {
  const facts = {
    site: document.id,
    number,
    publishedAt: siteStart + number,
    recordedAt: siteStart + number,
    author: 'build server',
    authorKey: 'abc',
    reason: 'moved',
    overrides: ['binding_emptied'] as const,
    digest: siteDigest(document)
  }
  const revision = {
    ...facts,
    counts: { added: 1, removed: 2, changed: 3 },
    chain: siteChainLink(previous?.chain, facts),
    transitions: siteTransitions(document)
  }
  return { revision, document, events: [siteEventOf(revision)] }
}
