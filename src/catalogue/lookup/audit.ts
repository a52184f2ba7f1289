import { standsIn } from '../../domain/history/history.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { type Audit, type Audited, audit, auditRows, withNeeds } from '../../domain/lookup/audit.ts'
import type { AuditEntries } from '../../domain/lookup/audit-entry.ts'
import type { Half } from '../../domain/lookup/audit-missing.ts'
import { destinationKey } from '../../domain/lookup/destination.ts'
import type { FeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Filter } from '../../domain/view/filter.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import { type View, type ViewRequirement, withStatus } from '../../domain/view/view.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { pointWithFeeds } from '../read/feed-parts.ts'
import { siteView } from '../read/merged-site.ts'
import { type Point, revisionsOf, type SitePoint } from '../read/point.ts'
import { wholeView } from '../read/resolved.ts'
import { rowsElsewhere } from './audit-elsewhere.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

/** What a list of destinations is compared with. */
export interface AuditRequest extends AuditEntries {
  /** The revisions that are audited, one of each catalogue. */
  readonly revisions: readonly StoredRevision[]
  readonly instant: Instant
  readonly filter?: Filter
  readonly by?: Half
  /** The clock of the feeds to which they refer. Absent: references to feeds are not resolved. */
  readonly feedsAsOf?: FeedsAsOf
}

/**
 * Compares the entries of a firewall with catalogues at an instant. An entry that no view names, but an earlier revision does, is retired and
 * not unknown. A retired entry says what needs it in the catalogues that are not audited.
 */
export async function auditEntries(catalogues: Sources, request: AuditRequest): Promise<Audit> {
  const audited: Audited[] = []
  for (const revision of request.revisions) {
    const { requirements } = await viewFor(catalogues, revision, request)
    audited.push({ catalogue: revision.catalogue, requirements })
  }
  return judge(catalogues, request, audited)
}

/** The same with what a site needs at a point. A retired entry says what needs it in the catalogues that the site does not take. */
export async function auditSiteEntries(
  catalogues: Sources,
  point: SitePoint,
  request: Omit<AuditRequest, 'revisions' | 'instant' | 'feedsAsOf'>
): Promise<Audit> {
  const { requirements } = siteView(point)
  const revisions = revisionsOf(point)
  const audited = revisions.map(({ catalogue }) => ({
    catalogue,
    requirements: requirements.filter((requirement) => requirement.catalogue === catalogue)
  }))
  return judge(catalogues, { ...request, revisions, instant: point.instant }, audited)
}

async function judge(
  catalogues: Sources,
  { entries, invalid, revisions, instant, filter, by = 'either' }: AuditRequest,
  audited: readonly Audited[]
): Promise<Audit> {
  const present = audit(auditRows(audited, filter), { entries, invalid }, by)
  const entryOf = new Map(entries.map((entry) => [destinationKey(entry), entry]))
  const entriesOf = (results: readonly Result[]) => results.flatMap((result) => entryOf.get(resultKey(result)) ?? [])

  const unknown = entriesOf(present.unknown)
  const past = unknown.length === 0 ? [] : await pastRequirements(catalogues, revisions)
  const ended = audit(auditRows(past, filter), { entries: unknown, invalid: [] }, by).retired
  const known = new Set(ended.map(resultKey))
  const retired = [...present.retired, ...ended]
  const retiredEntries = entriesOf(retired)
  const elsewhere = retired.length === 0 ? [] : await rowsElsewhere(catalogues, retiredEntries, revisions, instant)
  return {
    ...present,
    retired: withNeeds(retired, retiredEntries, elsewhere),
    unknown: present.unknown.filter((result) => !known.has(resultKey(result)))
  }
}

async function viewFor(
  catalogues: Sources,
  revision: StoredRevision,
  { instant, feedsAsOf }: AuditRequest
): Promise<View> {
  const interval = intervalAt(revision.transitions, instant)
  const own: Point = { revision, instant, interval, seq: 0, headSeq: 0, isPinned: false, isTimed: true }
  return wholeView(catalogues, feedsAsOf ? await pointWithFeeds(catalogues, own, feedsAsOf) : own)
}

type Result = { readonly value: string; readonly port?: string }

/** The same as `destinationKey` of the entry that a result is about. */
function resultKey({ value, port = '' }: Result): string {
  return `${value}\n${port}`
}

/** What earlier revisions had, and these do not have: requirements in which all endpoints are retired. */
async function pastRequirements(
  { store }: Pick<Catalogues, 'store'>,
  revisions: readonly Revision[]
): Promise<readonly Audited[]> {
  const past: Audited[] = []
  for (const { catalogue, number } of revisions) {
    const rows = await store.endpointsClosed(catalogue, number)
    if (rows.length === 0) continue
    const history = new Map<string, Awaited<ReturnType<typeof store.requirementsOf>>[number][]>()
    for (const row of await store.requirementsOf(catalogue))
      history.set(row.fields.key, [...(history.get(row.fields.key) ?? []), row])
    const requirements = rows.flatMap(({ requirement, endpoint, until = 1 }): ViewRequirement[] => {
      const fields = history.get(requirement)?.find((row) => standsIn(row, until - 1))?.fields
      return fields ? [{ catalogue, ...fields, endpoints: [{ ...withStatus(endpoint, 0), status: 'retired' }] }] : []
    })
    past.push({ catalogue, requirements })
  }
  return past
}
