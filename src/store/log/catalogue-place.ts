import { and, eq, type SQL } from 'drizzle-orm'
import type { NewEvent } from '../../domain/event/event.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { findLoggedOnce, lastSeq } from './log.ts'

type CatalogueRow = Tables['catalogues']['$inferSelect']

/** Where a catalogue stands: what a write was decided on, and must still find. */
export interface CataloguePlace {
  readonly id: number
  /** 0 until the first revision is committed. */
  readonly head: number
  readonly seq: number
}

export async function placeOf(
  { query, read, tables: { catalogues } }: Engine,
  slug: string
): Promise<CataloguePlace | undefined> {
  const { id, head, seq } = catalogues
  const [row] = await read(query.select({ id, head, seq }).from(catalogues).where(eq(catalogues.slug, slug)))
  return row
}

/** Moves a catalogue to the event that was appended last, if it still stands where it did. `changes`: other columns of its row. */
export function moveOn(
  { query, tables }: Engine,
  { id, head, seq }: CataloguePlace,
  changes: Partial<CatalogueRow> = {}
): Statement {
  const { catalogues } = tables
  const isThere: SQL | undefined = and(eq(catalogues.id, id), eq(catalogues.head, head), eq(catalogues.seq, seq))
  const moved = query.update(catalogues).set({ ...changes, seq: lastSeq(tables) })
  return { query: moved.where(isThere), rows: 1 }
}

/** Whether a write failed since another one was faster: the catalogue stands elsewhere, or one of the events was told. */
export async function isOvertaken(
  engine: Engine,
  error: unknown,
  {
    slug,
    place,
    events
  }: { readonly slug: string; readonly place: CataloguePlace; readonly events: readonly NewEvent[] }
): Promise<boolean> {
  const now = await placeOf(engine, slug).catch(() => undefined)
  if (!now) return false
  if (now.head !== place.head || now.seq !== place.seq) return true
  const once = events.flatMap((event) => event.once ?? [])
  return engine.isConflict(error) && (await findLoggedOnce(engine, once)).size > 0
}
