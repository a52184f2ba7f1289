import { and, asc, eq, gt, inArray, lt, lte, max, type SQL, sql } from 'drizzle-orm'
import type { EventType, LoggedEvent, NewEvent } from '../domain/event.ts'
import type { Engine, Statement } from './engine.ts'
import type { Tables } from './tables.ts'

interface EventFilter {
  readonly catalogues?: readonly string[]
  readonly types?: readonly EventType[]
}

/** First in every commit: its row lock lets one writer at a time go on. */
export function newVersion({ query, tables: { log } }: Engine): Statement {
  return { query: query.update(log).set({ version: sql`${log.version} + 1` }), rows: 1 }
}

/** Within a commit: the seq of the event that was appended last. */
export function lastSeq({ log }: Tables): SQL<number> {
  return sql<number>`(select ${log.seq} from ${log})`
}

export function append({ query, tables }: Engine, catalogue: number, event: NewEvent): readonly Statement[] {
  const { log, events } = tables
  const { revision, counts, catalogue: _, ...rest } = event
  const row = { ...rest, ...counts, ...revision, catalogue, once: null, seq: lastSeq(tables) }
  return [
    { query: query.update(log).set({ seq: sql`${log.seq} + 1` }), rows: 1 },
    { query: query.insert(events).values(row), rows: 1 }
  ]
}

export async function seq({ query, read, tables: { log } }: Engine): Promise<number> {
  const [row] = await read(query.select({ seq: log.seq }).from(log))
  return row?.seq ?? 0
}

export async function events(
  engine: Engine,
  {
    after,
    limit,
    upTo,
    ...filter
  }: EventFilter & { readonly after: number; readonly limit: number; readonly upTo?: number }
): Promise<readonly LoggedEvent[]> {
  const { query, tables } = engine
  const { events, catalogues } = tables
  // Which ones is decided on numbers alone: an engine that must sort would otherwise sort whole events.
  const chosen = query
    .select({ seq: events.seq })
    .from(events)
    .where(and(gt(events.seq, after), upTo === undefined ? undefined : lte(events.seq, upTo), matches(tables, filter)))
    .orderBy(asc(events.seq))
    .limit(limit)
  const rows = await engine.read(
    query
      .select({ event: events, catalogue: catalogues.slug })
      .from(events)
      .innerJoin(catalogues, eq(catalogues.id, events.catalogue))
      .where(inArray(events.seq, chosen))
      .orderBy(asc(events.seq))
  )
  return rows.map(({ event, catalogue }) => toEvent(catalogue, event))
}

export async function previousSeq(engine: Engine, before: number, filter: EventFilter): Promise<number> {
  const { events } = engine.tables
  const [row] = await engine.read(
    engine.query
      .select({ seq: max(events.seq) })
      .from(events)
      .where(and(lt(events.seq, before), matches(engine.tables, filter)))
  )
  return row?.seq ?? 0
}

function matches({ events, catalogues }: Tables, { catalogues: slugs, types }: EventFilter): SQL | undefined {
  const ids = slugs && sql`(select ${catalogues.id} from ${catalogues} where ${inArray(catalogues.slug, [...slugs])})`
  return and(ids && inArray(events.catalogue, ids), types && inArray(events.type, [...types]))
}

function toEvent(catalogue: string, row: Tables['events']['$inferSelect']): LoggedEvent {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    catalogue,
    occurredAt: row.occurredAt,
    effectiveAt: row.effectiveAt,
    lateByMs: row.lateByMs,
    revision: { number: row.number, label: row.label, digest: row.digest },
    counts: { added: row.added, removed: row.removed, changed: row.changed },
    changes: row.changes,
    truncated: row.truncated
  }
}
