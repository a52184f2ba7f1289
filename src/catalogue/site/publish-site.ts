import type { Change } from '../../domain/change/change.ts'
import { type Fault, PortolanError } from '../../domain/errors.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { isRecord } from '../../domain/json/fields.ts'
import { type Manuscript, readValue } from '../../domain/publishing/draft.ts'
import { decideSite, type SitePublishContext } from '../../domain/publishing/publish-site.ts'
import { documentTags } from '../../domain/read/document-tag.ts'
import { catalogueIdsIn, parseSite } from '../../domain/site/parse-site.ts'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import type { SiteGuardRail, SiteRevision } from '../../domain/site/site-revision.ts'
import type { SiteHead, StoredSiteRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { knownCatalogues } from './known-catalogues.ts'
import { compareSites, requireSite, siteDocumentOf, siteRevisionAt } from './site-revisions.ts'
import { dueSiteEvents } from './site-transitions.ts'

/** What the head must be for a publish to go ahead: as for a catalogue, with the tags that the client knows. */
export type SitePrecondition =
  | { readonly kind: 'create' }
  | { readonly kind: 'match'; readonly tags: readonly string[] }
  | { readonly kind: 'any' }
  | { readonly kind: 'absent' }

export interface SitePublishRequest {
  readonly site: string
  readonly manuscript: Manuscript
  readonly precondition: SitePrecondition
  readonly overrides: readonly SiteGuardRail[]
  readonly reason?: string
  readonly author?: string
  readonly authorKey?: string
  readonly isDryRun: boolean
}

export type PublishedSite =
  | { readonly kind: 'unchanged'; readonly revision: StoredSiteRevision }
  | {
      readonly kind: 'published'
      readonly revision: SiteRevision
      readonly changes: readonly Change[]
      readonly seq: number
    }
  | { readonly kind: 'would_publish'; readonly revision: SiteRevision; readonly changes: readonly Change[] }

const attempts = 20

/**
 * Publishes the document of a site: loads the head, decides, and commits. On return the revision is durable and in the log, and the next read
 * in this process sees it.
 * @throws PortolanError `malformed_body`, `precondition_required`, `precondition_failed`, `invalid_document`, `guard_rail`, `conflict`,
 * `insufficient_scope`
 */
export async function publishSite(catalogues: Catalogues, request: SitePublishRequest): Promise<PublishedSite> {
  for (let count = 0; count < attempts; count += 1) {
    // What is refused, or equal to the head, is so for the newest head that there is.
    await catalogues.heads.refresh()
    const done = await attempt(catalogues, request)
    if (done) return done
  }
  throw new PortolanError('conflict', `Other publishers of ${request.site} were faster ${attempts} times. Try again.`)
}

/** Undefined where another publisher was faster. */
async function attempt(catalogues: Catalogues, request: SitePublishRequest): Promise<PublishedSite | undefined> {
  const head = catalogues.heads.site(request.site)
  const context = contextOf(catalogues, request, head)
  const decision = decideSite(head, await readSite(catalogues, request, context.now), context)
  switch (decision.kind) {
    case 'unchanged':
      return { kind: 'unchanged', revision: requireSite(catalogues, request.site).revision }
    case 'stale':
      throw await staleSite(catalogues, request, head)
    case 'publish': {
      const { revision, document, changes, event } = decision
      if (request.isDryRun) return { kind: 'would_publish', revision, changes }
      const due = head ? await dueSiteEvents(catalogues, head, context.now) : []
      const events = [...due, event]
      const publication = { revision, document, events, ...(head && { knownSeq: head.seq }) }
      const outcome = await catalogues.store.sites.commit(publication)
      if (outcome.kind === 'conflict') {
        catalogues.logCounters.addConflicts(1)
        return undefined
      }
      catalogues.logCounters.add(events)
      await catalogues.heads.refresh()
      return { kind: 'published', revision, changes, seq: outcome.lastSeq }
    }
    default:
      throw new Error(`unknown decision ${decision satisfies never}`)
  }
}

/** The document, or its faults. Only where a name is unknown are all earlier revisions of the catalogues looked through. */
async function readSite(
  catalogues: Catalogues,
  { site: id, manuscript }: SitePublishRequest,
  publishedAt: number
): Promise<{ readonly site: SiteDocument } | { readonly faults: readonly Fault[] }> {
  const { value, source } = readValue(manuscript)
  const taken = catalogueIdsIn(value).map((catalogue) => ({ id: catalogue, ...pinOf(value, catalogue) }))
  const context = {
    id,
    source,
    catalogueIds: catalogues.heads.all().map((head) => head.revision.catalogue),
    publishedAt
  }
  const parse = async (isWhole: boolean) =>
    parseSite(value, { ...context, catalogues: await knownCatalogues(catalogues, taken, isWhole) })
  const first = await parse(false)
  return 'faults' in first && first.faults.some(({ code }) => code.startsWith('unknown_')) ? parse(true) : first
}

/** The revision that a document keeps a catalogue to, as far as it can be read. */
function pinOf(value: unknown, catalogue: string): { readonly asOf?: number } {
  const list: unknown = isRecord(value) ? value.catalogues : undefined
  const found: unknown = Array.isArray(list)
    ? list.find((item: unknown) => isRecord(item) && item.id === catalogue)
    : undefined
  return isRecord(found) && typeof found.asOf === 'number' && Number.isSafeInteger(found.asOf)
    ? { asOf: found.asOf }
    : {}
}

function contextOf(
  { now, random }: Pick<Catalogues, 'now' | 'random'>,
  { author, authorKey, reason, overrides, precondition }: SitePublishRequest,
  head: SiteHead | undefined
): SitePublishContext {
  const instant = now()
  return {
    now: instant,
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    ...(reason !== undefined && { reason }),
    overrides,
    eventId: eventId(instant, random(10)),
    precondition: judge(precondition, head)
  }
}

function judge(precondition: SitePrecondition, head: SiteHead | undefined): SitePublishContext['precondition'] {
  switch (precondition.kind) {
    case 'create':
      return head ? 'stale' : 'holds'
    case 'match': {
      const { tags } = precondition
      const isHead = head && (tags.includes('*') || documentTags(head.revision).some((tag) => tags.includes(tag)))
      return isHead ? 'holds' : 'stale'
    }
    case 'any':
      return 'holds'
    case 'absent':
      return 'absent'
    default:
      throw new Error(`unknown precondition ${precondition satisfies never}`)
  }
}

/** The refusal of a stale precondition. It has the difference between the revision that the client knows and the head. */
async function staleSite(
  catalogues: Catalogues,
  { site, precondition }: SitePublishRequest,
  head: SiteHead | undefined
): Promise<PortolanError> {
  if (!head)
    return new PortolanError('precondition_failed', `There is no site ${site} yet: create it with If-None-Match: *.`)
  const { number, digest } = head.revision
  const extra = { head: { number, digest } }
  if (precondition.kind === 'create')
    return new PortolanError(
      'precondition_failed',
      `The site ${site} exists, at revision ${number}: change it with If-Match and the ETag of its document.`,
      { extra }
    )
  const tags = precondition.kind === 'match' ? precondition.tags : []
  const [known] = tags.flatMap((tag) => /^\d+(?=-)/.exec(tag) ?? []).map(Number)
  if (known === undefined || known < 1 || known > number)
    return new PortolanError(
      'precondition_failed',
      `The tag is not the one of the document of ${site} at revision ${number}.`,
      { extra }
    )
  const { changes } = await compareSites(
    catalogues,
    site,
    { kind: 'number', number: known },
    { kind: 'number', number }
  )
  return new PortolanError(
    'precondition_failed',
    `The site ${site} moved on from revision ${known} to ${number} meanwhile: look at the difference, and try again with its newest tag.`,
    { extra: { ...extra, diff: { from: known, to: number, changes: changes.slice(0, 1000) } } }
  )
}

/** Rolls a site back: publishes the document of an earlier revision as a new revision. */
export async function restoreSite(
  catalogues: Catalogues,
  { number, ...request }: Omit<SitePublishRequest, 'manuscript'> & { readonly number: number }
): Promise<PublishedSite> {
  await siteRevisionAt(catalogues, request.site, { kind: 'number', number })
  const document = await siteDocumentOf(catalogues, request.site, number)
  const bytes = Buffer.from(JSON.stringify(document))
  return publishSite(catalogues, { ...request, manuscript: { bytes, notation: 'json', id: request.site } })
}
