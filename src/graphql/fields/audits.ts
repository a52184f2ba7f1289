import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { feedPins, pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { feedsAtMark } from '../../catalogue/read/feeds-at-mark.ts'
import { pointAt, requireHead } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { mostEntries, parseAuditEntries } from '../../domain/lookup/audit-entry.ts'
import { auditPage, mostMissing } from '../../domain/lookup/audit-page.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { type Cursor, writeCursor } from '../../domain/read/cursor.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { type FeedsAsOf, pinnedFeeds, readFeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import type { StoredRevision } from '../../store/store.ts'
import { checkPaging, requireCursor } from '../reading/connection.ts'
import type { OperationSnapshot } from '../reading/context.ts'
import type { SourceTypes } from '../reading/source-types.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SomeResolvers } from '../resolvers.ts'
import type { QueryAuditArgs } from '../schema-types.ts'
import { mirrorFilter } from './mirror-filter.ts'

/** What a firewall has, compared with catalogues. */
export const auditFields = {
  Query: { audit: (_, args, { snapshot }) => auditOf(args, snapshot) }
} satisfies SomeResolvers<'Query', 'audit'>

async function auditOf(
  args: QueryAuditArgs,
  { catalogues, dependencies }: OperationSnapshot
): Promise<SourceTypes['Audit']> {
  const { catalogue, catalogues: ids, entries, after, first, by, filter } = args
  if (entries.length > mostEntries)
    throw new PortolanError('invalid_parameter', `entries has ${entries.length}, which is more than ${mostEntries}.`)
  if (catalogue && ids) throw new PortolanError('invalid_parameter', 'Give catalogue or catalogues, not both.')
  checkPaging({ ...(typeof first === 'number' && { first }) })
  const began = after ? requireCursor(after) : undefined
  const { revisions, instant, point, feedsAsOf, pins } = catalogue
    ? await auditedCatalogue(catalogue, args, began, { catalogues, dependencies })
    : await auditedCatalogues(args, began, { catalogues, dependencies })
  const { after: _, first: __, ...asked } = args
  const name = shortHash(JSON.stringify(['audit', asked]))
  if (began && began.query !== name)
    throw new PortolanError('cursor_mismatch', 'The cursor belongs to another audit: begin again without it.')
  // What is needed elsewhere may change with whatever is published.
  dependencies.addLog()
  const audit = await auditEntries(catalogues, {
    ...parseAuditEntries(entries.map(withoutNulls)),
    revisions,
    instant,
    filter: mirrorFilter(filter),
    ...(by && { by }),
    ...(feedsAsOf && { feedsAsOf })
  })
  const [offset, limit] = [began?.offset ?? 0, first ?? mostMissing]
  const { page, total } = auditPage(audit, { offset, limit })
  const next = { query: name, point, instant, offset: offset + limit, ...(pins && { feeds: pins }) }
  return { ...page, ...(next.offset < total && { cursor: writeCursor(next) }) }
}

interface AuditedPart {
  readonly revisions: readonly StoredRevision[]
  readonly instant: Instant
  /** The revision, or across catalogues the seq, that a page run keeps. */
  readonly point: number
  /** The clock of the feeds, where they are resolved. */
  readonly feedsAsOf?: FeedsAsOf
  /** The revisions of the feeds that a page run keeps, where the seq does not say them. */
  readonly pins?: readonly string[]
}
type Reading = Pick<OperationSnapshot, 'catalogues' | 'dependencies'>

async function auditedCatalogue(
  catalogue: string,
  args: QueryAuditArgs,
  began: Cursor | undefined,
  { catalogues, dependencies }: Reading
): Promise<AuditedPart> {
  const { asOf, effectiveAt } = args
  const published = parseAsOf(asOf ?? undefined)
  const asked = readFeedsAsOf(withoutNulls(args), published)
  const own = await pointAt(
    catalogues,
    catalogue,
    began
      ? { asOf: { kind: 'number', number: began.point }, effectiveAt: began.instant }
      : { asOf: published, ...(typeof effectiveAt === 'number' && { effectiveAt }) }
  )
  const point = asked ? await pointWithFeeds(catalogues, own, began ? pinnedFeeds(began.feeds) : asked) : own
  dependencies.addPoint(point)
  const pins = feedPins(point)
  return {
    revisions: [point.revision],
    instant: point.instant,
    point: point.revision.number,
    ...(asked && { feedsAsOf: pinnedFeeds(pins), pins })
  }
}

async function auditedCatalogues(
  args: QueryAuditArgs,
  began: Cursor | undefined,
  { catalogues, dependencies }: Reading
): Promise<AuditedPart> {
  const { catalogues: ids, asOf, effectiveAt } = args
  const [seq, instant] = [began?.point ?? dependencies.seq, began?.instant ?? effectiveAt ?? dependencies.instant]
  const published = asOf ? requireInstant(asOf, 'asOf') : undefined
  const asked = readFeedsAsOf(withoutNulls(args), parseAsOf(asOf ?? undefined))
  const heads = await listedHeadsAt(catalogues, { seq, ...(published !== undefined && { asOf: published }) })
  for (const id of ids ?? []) requireHead(catalogues, id)
  const revisions = heads.map(({ revision }) => revision).filter(({ catalogue }) => !ids || ids.includes(catalogue))
  if (!began && typeof effectiveAt !== 'number')
    for (const { transitions } of asked ? heads.map(({ revision }) => revision) : revisions)
      dependencies.endAt(intervalAt(transitions, instant).validUntil)
  const feedsAsOf = asked && (await feedsAtMark(catalogues, asked, { seq, heads }))
  return { revisions, instant, point: seq, ...(feedsAsOf && { feedsAsOf }) }
}
