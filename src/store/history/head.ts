import { and, eq, gt, sql } from 'drizzle-orm'
import { compareText } from '../../domain/text.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import type { Head, StoredRevision } from '../store.ts'
import { toRevision } from './revision.ts'

export async function findHeads(engine: Engine, afterSeq = 0): Promise<readonly Head[]> {
  const { query, tables } = engine
  const { catalogues, revisions } = tables
  const rows = await engine.read(
    query
      .select({ catalogue: catalogues, revision: revisions })
      .from(catalogues)
      .innerJoin(revisions, and(eq(revisions.catalogue, catalogues.id), eq(revisions.number, catalogues.head)))
      .where(gt(catalogues.seq, afterSeq))
  )
  return sortHeads(
    rows.map(({ catalogue, revision }) => toHead(toRevision(catalogue.slug, revision), catalogue, catalogue.seq))
  )
}

export async function findHeadsAt(
  engine: Engine,
  { seq, instant }: { readonly seq: number; readonly instant: Instant }
): Promise<readonly Head[]> {
  const { query, tables } = engine
  const { catalogues, revisions, profiles, events } = tables
  // Numbers, seqs and instants of publishing rise together, so the revision with the highest number that meets both bounds is the newest.
  const number = sql`(select r.number from ${revisions} r
    where r.catalogue = ${catalogues.id} and r.published_at <= ${instant} and r.seq <= ${seq}
    order by r.published_at desc, r.number desc limit 1)`
  const since = sql`(select max(p.since) from ${profiles} p
    where p.catalogue = ${catalogues.id} and p.since <= ${revisions.number})`
  // Events of later revisions are not part of the answer.
  const newestEvent = sql<number>`(select max(e.seq) from ${events} e
    where e.catalogue = ${catalogues.id} and e.seq <= ${seq} and e.number <= ${revisions.number})`.mapWith(Number)
  const rows = await engine.read(
    query
      .select({ slug: catalogues.slug, revision: revisions, profile: profiles.body, seq: newestEvent })
      .from(catalogues)
      .innerJoin(revisions, and(eq(revisions.catalogue, catalogues.id), eq(revisions.number, number)))
      .innerJoin(profiles, and(eq(profiles.catalogue, catalogues.id), eq(profiles.since, since)))
  )
  return sortHeads(rows.map(({ slug, revision, profile, seq }) => toHead(toRevision(slug, revision), profile, seq)))
}

function toHead(
  revision: StoredRevision,
  { title, vendor, product, version }: Pick<Head, 'title' | 'vendor' | 'product' | 'version'>,
  seq: number
): Head {
  return { revision, title, vendor, product, version, seq }
}

function sortHeads(list: Head[]): readonly Head[] {
  return list.sort((a, b) => compareText(a.revision.catalogue, b.revision.catalogue))
}
