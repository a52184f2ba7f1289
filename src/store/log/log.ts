import { and, asc, count, desc, eq, gt, inArray, lt, lte, max, or, type SQL, sql } from 'drizzle-orm'
import type { Change } from '../../domain/change/change.ts'
import type { LoggedEvent, NewEvent } from '../../domain/event/event.ts'
import { eventChecksum } from '../../domain/event/event-checksum.ts'
import { type Narrowing, prefixOf } from '../../domain/narrowing.ts'
import { batches, listSize } from '../engine/bulk.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { digestText } from '../packed/digest-bytes.ts'
import { jsonText } from '../packed/packed-json.ts'
import { rowForm } from '../packed/row-form.ts'
import type { EventFilter, EventQuery, NumberRange } from '../store.ts'
import type { CataloguePlace } from './catalogue-place.ts'

/** The first statement of a commit. Its row lock lets one writer at a time continue. */
export function newVersion({ query, tables: { log } }: Engine): Statement {
  return { query: query.update(log).set({ version: sql`${log.version} + 1` }), rows: 1, isTold: true }
}

/** Within a commit: the seq of the event that was appended last. */
export function lastSeq({ log }: Tables): SQL<number> {
  return sql<number>`(select ${log.seq} from ${log})`
}

/** Within a commit: takes the next seq, and inserts the event with it. */
export function appendEvent(
  { query, tables }: Engine,
  { id: catalogue, isPacked }: Pick<CataloguePlace, 'id' | 'isPacked'>,
  event: NewEvent
): readonly Statement[] {
  const { log, events } = tables
  const { revision, counts, changes, catalogue: _, ...rest } = event
  const form = rowForm(isPacked)
  const row = {
    ...rest,
    ...counts,
    ...revision,
    catalogue,
    changes: form.json(changes),
    once: event.once ?? null,
    digest: form.digest(revision.digest),
    checksum: form.digest(eventChecksum(event)),
    seq: lastSeq(tables)
  }
  return [
    { query: query.update(log).set({ seq: sql`${log.seq} + 1` }), rows: 1 },
    { query: query.insert(events).values(row), rows: 1 }
  ]
}

/** The seqs that events got when they were committed, in the order given. */
export async function findSeqs(
  { query, read, tables: { events } }: Engine,
  committed: readonly NewEvent[]
): Promise<readonly number[]> {
  const ids = committed.map(({ id }) => id)
  const seqs = new Map<string, number>()
  for (const part of batches(ids, listSize)) {
    const columns = { id: events.id, seq: events.seq }
    const rows = await read(
      query
        .select(columns)
        .from(events)
        .where(inArray(events.id, [...part]))
    )
    for (const { id, seq } of rows) seqs.set(id, seq)
  }
  return ids.map((id) => {
    const seq = seqs.get(id)
    if (seq === undefined) throw new Error(`the event ${id} was committed and is not in the log`)
    return seq
  })
}

export async function findNewestSeq({ query, read, tables: { log } }: Engine): Promise<number> {
  const [row] = await read(query.select({ seq: log.seq }).from(log))
  return row?.seq ?? 0
}

export async function findEvents(engine: Engine, query: EventQuery): Promise<readonly LoggedEvent[]> {
  const { events, catalogues } = engine.tables
  // The events are chosen by numbers alone, so that an engine that has to sort does not sort whole events.
  const chosen = choice(engine, query)
  const rows = await engine.read(
    engine.query
      .select({ event: events, catalogue: catalogues.slug })
      .from(events)
      .innerJoin(catalogues, eq(catalogues.id, events.catalogue))
      .where(inArray(events.seq, chosen))
      .orderBy(bySeq(engine.tables, query))
  )
  return rows.map(({ event, catalogue }) => toEvent(catalogue, event))
}

export async function countEvents(
  engine: Engine,
  { after, upTo, ...filter }: EventFilter & NumberRange
): Promise<number> {
  const { query, read, tables } = engine
  const { events } = tables
  const within = and(gt(events.seq, after), lte(events.seq, upTo), matches(tables, filter))
  const [row] = await read(query.select({ count: count() }).from(events).where(within))
  return row?.count ?? 0
}

export async function findEventSeqs(engine: Engine, query: EventQuery): Promise<readonly number[]> {
  return (await engine.read(choice(engine, query))).map(({ seq }) => seq)
}

/** The query of the seqs of the events that are asked for. */
function choice({ query, tables }: Engine, asked: EventQuery) {
  const { after, limit, upTo, order: _, ...filter } = asked
  const { seq } = tables.events
  return query
    .select({ seq })
    .from(tables.events)
    .where(and(gt(seq, after), upTo === undefined ? undefined : lte(seq, upTo), matches(tables, filter)))
    .orderBy(bySeq(tables, asked))
    .limit(limit)
}

function bySeq({ events }: Tables, { order = 'ascending' }: Pick<EventQuery, 'order'>): SQL {
  return order === 'ascending' ? asc(events.seq) : desc(events.seq)
}

export async function findPreviousSeq(engine: Engine, before: number, filter: EventFilter): Promise<number> {
  const { events } = engine.tables
  const [row] = await engine.read(
    engine.query
      .select({ seq: max(events.seq) })
      .from(events)
      .where(and(lt(events.seq, before), matches(engine.tables, filter)))
  )
  return row?.seq ?? 0
}

export async function findLoggedOnce(
  { query, read, tables: { events } }: Engine,
  once: readonly string[]
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const part of batches(once, listSize)) {
    const rows = await read(
      query
        .select({ once: events.once })
        .from(events)
        .where(inArray(events.once, [...part]))
    )
    for (const row of rows) if (row.once !== null) found.add(row.once)
  }
  return found
}

function matches({ events, catalogues }: Tables, { catalogues: slugs, within, types }: EventFilter): SQL | undefined {
  const { id, slug } = catalogues
  const named = and(slugs && inArray(slug, [...slugs]), within && isNamedBy(slug, within))
  const ids = named && sql`(select ${id} from ${catalogues} where ${named})`
  return and(ids && inArray(events.catalogue, ids), types && inArray(events.type, [...types]))
}

/** The condition that a narrowing names a catalogue. A narrowing to nothing names none. */
function isNamedBy(slug: Tables['catalogues']['slug'], within: Narrowing): SQL | undefined {
  const prefixes = within.flatMap((pattern) => prefixOf(pattern) ?? [])
  // The comparisons of LIKE and `<` depend on characters that ids may have, and on the collation.
  const begins = prefixes.map((prefix) => eq(sql`substr(${slug}, 1, ${sql.raw(String(prefix.length))})`, prefix))
  return or(
    inArray(
      slug,
      within.filter((pattern) => prefixOf(pattern) === undefined)
    ),
    ...begins
  )
}

/** An event as its row has it. */
export function toEvent(catalogue: string, row: Tables['events']['$inferSelect']): LoggedEvent {
  // Only `appendEvent` and `packEvents` write it.
  const changes: readonly Change[] = JSON.parse(jsonText(row.changes))
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    catalogue,
    occurredAt: row.occurredAt,
    effectiveAt: row.effectiveAt,
    lateByMs: row.lateByMs,
    revision: { number: row.number, label: row.label, digest: digestText(row.digest) },
    counts: { added: row.added, removed: row.removed, changed: row.changed },
    changes,
    truncated: row.truncated
  }
}
