import { and, asc, count, desc, eq, gt, inArray, lt, lte, max, type SQL, sql } from 'drizzle-orm'
import type { LoggedEvent, NewEvent } from '../../domain/event/event.ts'
import { eventChecksum } from '../../domain/event/event-checksum.ts'
import { batches, listSize } from '../engine/bulk.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { rowForm } from '../packed/row-form.ts'
import type { EventFilter, EventQuery, NumberRange } from '../store.ts'
import { matches } from './event-condition.ts'
import { toEvent } from './event-row.ts'

/** The first statement of a commit. Its row lock lets one writer at a time continue. */
export function newVersion({ query, tables: { log } }: Engine): Statement {
  return { query: query.update(log).set({ version: sql`${log.version} + 1` }), rows: 1, isTold: true }
}

/** Within a commit: the seq of the event that was appended last. */
export function lastSeq({ log }: Tables): SQL<number> {
  return sql<number>`(select ${log.seq} from ${log})`
}

/** The numbers in rows of what events are about. */
interface EventPlace {
  readonly id: number | SQL<number>
  /** Whether rows are packed: no program of an older version reads this store. */
  readonly isPacked: boolean
}

/** Within a commit: takes the next seq, and inserts the event with it. `place`: the catalogue or the site that the event is about. */
export function appendEvent(
  { query, tables }: Engine,
  { id, isPacked }: EventPlace,
  event: NewEvent
): readonly Statement[] {
  const { log, events } = tables
  const { revision, counts, changes, type, occurredAt, effectiveAt, lateByMs, truncated } = event
  const form = rowForm(isPacked)
  const row = {
    ...('site' in event
      ? { catalogue: null, site: id, label: '' }
      : { catalogue: id, site: null, label: event.revision.label }),
    id: event.id,
    type,
    occurredAt,
    effectiveAt,
    lateByMs,
    truncated,
    number: revision.number,
    ...counts,
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
  const { events, catalogues, sites } = engine.tables
  // The events are chosen by numbers alone, so that an engine that has to sort does not sort whole events.
  const chosen = choice(engine, query)
  const rows = await engine.read(
    engine.query
      .select({ event: events, catalogue: catalogues.slug, site: sites.slug })
      .from(events)
      .leftJoin(catalogues, eq(catalogues.id, events.catalogue))
      .leftJoin(sites, eq(sites.id, events.site))
      .where(inArray(events.seq, chosen))
      .orderBy(bySeq(engine.tables, query))
  )
  return rows.map(({ event, catalogue, site }) => toEvent({ catalogue, site }, event))
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
