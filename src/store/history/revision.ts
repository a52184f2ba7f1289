import { and, desc, eq, lte, type SQL, sql } from 'drizzle-orm'
import type { Edition } from '../../domain/document/edition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { digestText } from '../packed/digest-bytes.ts'
import { jsonText } from '../packed/packed-json.ts'
import type { StoredRevision } from '../store.ts'

export type RevisionColumns = Tables['revisions']['$inferSelect']

/** The number of a catalogue in rows; null where there is no such catalogue, and then nothing matches. */
export function idOf({ catalogues }: Tables, slug: string): SQL<number> {
  return sql`(select ${catalogues.id} from ${catalogues} where ${catalogues.slug} = ${slug})`
}

export function toEdition({ edition }: Pick<RevisionColumns, 'edition'>): Edition {
  // Only `commitPublication` and `packStore` write it.
  return JSON.parse(jsonText(edition))
}

export function toRevision(catalogue: string, row: RevisionColumns): StoredRevision {
  const { source } = toEdition(row)
  return {
    catalogue,
    number: row.number,
    label: row.label,
    publishedAt: row.publishedAt,
    recordedAt: row.recordedAt,
    ...(row.author !== null && { author: row.author }),
    ...(row.authorKey !== null && { authorKey: row.authorKey }),
    summary: row.summary,
    ...(row.reason !== null && { reason: row.reason }),
    reconstructed: row.reconstructed,
    ...(source && { source }),
    overrides: row.overrides,
    counts: { added: row.added, removed: row.removed, changed: row.changed },
    digest: digestText(row.digest),
    chain: digestText(row.chain),
    transitions: row.transitions,
    seq: row.seq
  }
}

export function findRevision(engine: Engine, catalogue: string, number: number): Promise<StoredRevision | undefined> {
  const { revisions } = engine.tables
  return newestRevision(engine, catalogue, eq(revisions.number, number), [])
}

export function findRevisionByLabel(
  engine: Engine,
  catalogue: string,
  label: string
): Promise<StoredRevision | undefined> {
  const { revisions } = engine.tables
  return newestRevision(engine, catalogue, eq(revisions.label, label), [desc(revisions.number)])
}

export function findRevisionAt(
  engine: Engine,
  catalogue: string,
  instant: Instant
): Promise<StoredRevision | undefined> {
  const { revisions } = engine.tables
  // No revision is published before its predecessor, so the latest instant has the highest number; several may share that instant.
  const order = [desc(revisions.publishedAt), desc(revisions.number)]
  return newestRevision(engine, catalogue, lte(revisions.publishedAt, instant), order)
}

export function findRevisionAtSeq(engine: Engine, catalogue: string, seq: number): Promise<StoredRevision | undefined> {
  const { revisions } = engine.tables
  return newestRevision(engine, catalogue, lte(revisions.seq, seq), [desc(revisions.seq)])
}

export async function findRevisions(
  engine: Engine,
  catalogue: string,
  { from, limit }: { readonly from: number; readonly limit: number }
): Promise<readonly StoredRevision[]> {
  const { query, tables } = engine
  const { revisions } = tables
  const rows = await engine.read(
    query
      .select()
      .from(revisions)
      .where(and(eq(revisions.catalogue, idOf(tables, catalogue)), lte(revisions.number, from)))
      .orderBy(desc(revisions.number))
      .limit(limit)
  )
  return rows.map((row) => toRevision(catalogue, row))
}

async function newestRevision(
  engine: Engine,
  catalogue: string,
  condition: SQL,
  order: readonly SQL[]
): Promise<StoredRevision | undefined> {
  const { query, tables } = engine
  const { revisions } = tables
  const [row] = await engine.read(
    query
      .select()
      .from(revisions)
      .where(and(eq(revisions.catalogue, idOf(tables, catalogue)), condition))
      .orderBy(...order)
      .limit(1)
  )
  return row && toRevision(catalogue, row)
}
