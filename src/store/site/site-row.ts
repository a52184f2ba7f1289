import { and, asc, desc, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { SiteDocument } from '../../domain/site/site-document.ts'
import { compareText } from '../../domain/text.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Reads } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { digestText } from '../packed/digest-bytes.ts'
import { jsonText } from '../packed/packed-json.ts'
import type { SiteHead, StoredSiteRevision } from '../site-store.ts'

export type SiteRevisionColumns = Tables['siteRevisions']['$inferSelect']

/** The number of a site in rows; null where there is no such site, and then nothing matches. */
export function siteIdOf({ sites }: Tables, slug: string): SQL<number> {
  return sql<number>`(select ${sites.id} from ${sites} where ${sites.slug} = ${slug})`
}

export function toSiteRevision(site: string, row: SiteRevisionColumns): StoredSiteRevision {
  const { number, publishedAt, recordedAt, author, authorKey, reason, overrides, transitions, seq } = row
  return {
    site,
    number,
    publishedAt,
    recordedAt,
    ...(author !== null && { author }),
    ...(authorKey !== null && { authorKey }),
    ...(reason !== null && { reason }),
    overrides,
    counts: { added: row.added, removed: row.removed, changed: row.changed },
    digest: digestText(row.digest),
    chain: digestText(row.chain),
    transitions,
    seq
  }
}

export function toSiteDocument({ document }: Pick<SiteRevisionColumns, 'document'>): SiteDocument {
  // Only `commitSite` writes it.
  return JSON.parse(jsonText(document))
}

export async function findSiteHeads({ query, read, tables }: Reads, afterSeq = 0): Promise<readonly SiteHead[]> {
  const { sites, siteRevisions } = tables
  const isHead = and(eq(siteRevisions.site, sites.id), eq(siteRevisions.number, sites.head))
  const rows = await read(
    query
      .select({ site: sites, revision: siteRevisions })
      .from(sites)
      .innerJoin(siteRevisions, isHead)
      .where(gt(sites.seq, afterSeq))
  )
  return rows
    .map(({ site, revision }) => ({
      revision: toSiteRevision(site.slug, revision),
      document: toSiteDocument(revision),
      catalogues: site.catalogues,
      seq: site.seq
    }))
    .sort((a, b) => compareText(a.revision.site, b.revision.site))
}

export function findSiteRevision(reads: Reads, site: string, number: number): Promise<StoredSiteRevision | undefined> {
  return newestOf(reads, site, eq(reads.tables.siteRevisions.number, number))
}

export function findSiteRevisionAt(
  reads: Reads,
  site: string,
  instant: Instant
): Promise<StoredSiteRevision | undefined> {
  return newestOf(reads, site, lte(reads.tables.siteRevisions.publishedAt, instant))
}

/** No revision is published before its predecessor, so the highest number is the newest. */
async function newestOf(
  { query, read, tables }: Reads,
  site: string,
  condition: SQL
): Promise<StoredSiteRevision | undefined> {
  const { siteRevisions } = tables
  const [row] = await read(
    query
      .select()
      .from(siteRevisions)
      .where(and(eq(siteRevisions.site, siteIdOf(tables, site)), condition))
      .orderBy(desc(siteRevisions.number))
      .limit(1)
  )
  return row && toSiteRevision(site, row)
}

export async function findSiteRevisions(
  { query, read, tables }: Reads,
  site: string,
  { from, limit }: { readonly from: number; readonly limit: number }
): Promise<readonly StoredSiteRevision[]> {
  const { siteRevisions } = tables
  const rows = await read(
    query
      .select()
      .from(siteRevisions)
      .where(and(eq(siteRevisions.site, siteIdOf(tables, site)), lte(siteRevisions.number, from)))
      .orderBy(desc(siteRevisions.number))
      .limit(limit)
  )
  return rows.map((row) => toSiteRevision(site, row))
}

export async function findSiteDocument(
  { query, read, tables }: Reads,
  site: string,
  number: number
): Promise<SiteDocument> {
  const { siteRevisions } = tables
  const [row] = await read(
    query
      .select({ document: siteRevisions.document })
      .from(siteRevisions)
      .where(and(eq(siteRevisions.site, siteIdOf(tables, site)), eq(siteRevisions.number, number)))
      .orderBy(asc(siteRevisions.number))
  )
  if (!row) throw new Error(`the site ${site} has no revision ${number}`)
  return toSiteDocument(row)
}
