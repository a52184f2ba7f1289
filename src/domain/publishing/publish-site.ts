import type { Change } from '../change/change.ts'
import { type Fault, PortolanError } from '../errors.ts'
import { maxEventChanges, type NewSiteEvent } from '../event/event.ts'
import { countSiteChanges, diffSites, type SiteChange } from '../site/site-diff.ts'
import type { SiteDocument } from '../site/site-document.ts'
import { siteGuardRailFindings } from '../site/site-guard-rail.ts'
import {
  type SiteGuardRail,
  type SiteRevision,
  siteChainLink,
  siteDigest,
  siteTransitions
} from '../site/site-revision.ts'
import type { Instant } from '../time/instant.ts'
import { invalidDocument } from './draft.ts'

export interface SitePublishContext {
  readonly now: Instant
  readonly author?: string
  readonly authorKey?: string
  readonly reason?: string
  readonly overrides: readonly SiteGuardRail[]
  /** The id of the event of the publish, if it comes to one. */
  readonly eventId: string
  /** `stale`: the precondition names another state than the head, so only an equal document passes. `absent`: there is none. */
  readonly precondition: 'holds' | 'stale' | 'absent'
}

export interface SiteState {
  readonly revision: SiteRevision
  readonly document: SiteDocument
}

export type SiteDecision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'publish'
      readonly revision: SiteRevision
      readonly document: SiteDocument
      readonly changes: readonly Change[]
      readonly event: NewSiteEvent
    }

/**
 * Decides what publishing a document on top of the head of its site does, in the order of refusals of a catalogue: no precondition, (then a
 * document equal to the head passes), stale, faulty, guard rail.
 * @throws PortolanError `precondition_required`, `invalid_document`, `guard_rail`
 */
export function decideSite(
  head: SiteState | undefined,
  read: { readonly site: SiteDocument } | { readonly faults: readonly Fault[] },
  context: SitePublishContext
): SiteDecision {
  const { precondition, overrides, now } = context
  if (precondition === 'absent')
    throw new PortolanError(
      'precondition_required',
      'Say what you know of the site: If-Match with the ETag of its document, or If-None-Match: * for a new one.'
    )
  const digest = 'site' in read ? siteDigest(read.site) : undefined
  if (head && digest === head.revision.digest) return { kind: 'unchanged' }
  if (precondition === 'stale') return { kind: 'stale' }
  if ('faults' in read) throw invalidDocument(read)
  const document = read.site
  const publishedAt = Math.max(now, head?.revision.publishedAt ?? now)
  const open = siteGuardRailFindings(head?.document, document, publishedAt).filter(
    ({ rule }) => !overrides.includes(rule)
  )
  if (open.length > 0) {
    const rules = [...new Set(open.map(({ rule }) => rule))]
    throw new PortolanError(
      'guard_rail',
      `Refused by ${rules.join(', ')}. Where it is meant, override each rule and give a reason.`,
      { extra: { findings: open } }
    )
  }
  const found = diffSites(head?.document, document)
  const changes = found.map(changeOfSite)
  const revision = nextSiteRevision(head?.revision, document, found, publishedAt, context)
  return { kind: 'publish', revision, document, changes, event: publishSiteEvent(revision, changes, context) }
}

/** A change of the document of a site as changes are told. What it means for a firewall depends on the catalogues too. */
export function changeOfSite(change: SiteChange): Change {
  return { ...change, impact: 'informs' }
}

function nextSiteRevision(
  head: SiteRevision | undefined,
  document: SiteDocument,
  changes: readonly SiteChange[],
  publishedAt: Instant,
  { now, author, authorKey, reason, overrides }: SitePublishContext
): SiteRevision {
  const facts = {
    site: document.id,
    number: (head?.number ?? 0) + 1,
    publishedAt,
    // The clocks of two processes may differ.
    recordedAt: Math.max(now, head?.recordedAt ?? now),
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    ...(reason !== undefined && { reason }),
    overrides: [...new Set(overrides)].sort(),
    digest: siteDigest(document)
  }
  return {
    ...facts,
    counts: countSiteChanges(changes),
    chain: siteChainLink(head?.chain, facts),
    transitions: siteTransitions(document)
  }
}

function publishSiteEvent(
  { site, number, digest, publishedAt, counts }: SiteRevision,
  changes: readonly Change[],
  { now, eventId }: SitePublishContext
): NewSiteEvent {
  return {
    id: eventId,
    type: 'site.revision_published',
    site,
    occurredAt: now,
    effectiveAt: publishedAt,
    lateByMs: 0,
    revision: { number, digest },
    counts,
    changes: changes.slice(0, maxEventChanges),
    truncated: changes.length > maxEventChanges
  }
}
