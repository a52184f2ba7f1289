import { and, asc, count, eq, gt, gte, inArray, lt, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { HistoryRequirement, HistoryRow } from '../../domain/history/history.ts'
import type { RequirementName } from '../../domain/history/requirement-name.ts'
import type { KeyRange } from '../../domain/lookup/lookup-index.ts'
import { compareText } from '../../domain/text.ts'
import { batches, listSize } from '../engine/bulk.ts'
import type { Engine, Sql } from '../engine/engine.ts'
import { openUntil } from '../engine/tables.ts'
import type { RowPlace } from '../store.ts'
import { EndpointReader, firstOtherKey } from './endpoint-row.ts'
import { at, type FoundTuple, foundColumns } from './endpoint-tuple.ts'
import { idOf } from './revision.ts'

type Named = readonly RequirementName[]

/** Ranges in one query. SQLite refuses expressions that are deeper than a thousand, and a chain of alternatives is such an expression. */
const rangesAtOnce = 100

export async function findEndpoints(
  engine: Engine,
  { keys, ranges }: { readonly keys: readonly Uint8Array[]; readonly ranges: readonly KeyRange[] }
): Promise<readonly HistoryRow[]> {
  const { lookup } = engine.tables.endpoints
  return findRows(engine, [
    ...[...batches(keys, listSize)].map((part) => inArray(lookup, part.map(bytes))),
    ...[...batches(ranges, rangesAtOnce)].map((part) =>
      or(...part.map(({ from, to }) => and(gte(lookup, bytes(from)), lt(lookup, bytes(to)))))
    )
  ])
}

export async function findEndpointsIn(
  engine: Engine,
  { from, to }: KeyRange,
  limit: number
): Promise<{ readonly rows: readonly HistoryRow[]; readonly next?: Uint8Array }> {
  const { lookup } = engine.tables.endpoints
  const { query, tables } = engine
  const within = and(gte(lookup, bytes(from)), lt(lookup, bytes(to)))
  const keys = query.select({ lookup }).from(tables.endpoints).where(within).orderBy(asc(lookup)).limit(1).offset(limit)
  const [next] = await engine.tuples<readonly [Buffer]>(keys)
  if (!next) return { rows: await findRows(engine, [within]) }
  // Rows with one key stay together, however many they are.
  const end = Buffer.compare(next[0], from) === 0 ? Buffer.concat([next[0], Buffer.of(0)]) : next[0]
  return { rows: await findRows(engine, [and(gte(lookup, bytes(from)), lt(lookup, end))]), next: end }
}

export async function findEndpointsWith(
  engine: Engine,
  catalogue: string,
  texts: readonly string[],
  { after, limit }: { readonly after: RowPlace; readonly limit: number }
): Promise<{ readonly rows: readonly HistoryRow[]; readonly next?: RowPlace }> {
  const { tables } = engine
  const { endpoints } = tables
  const { since, place, value, body } = endpoints
  const has = (text: string) => {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    const like = (column: SQLWrapper) => sql`lower(cast(${column} as text)) like ${pattern} escape '\\'`
    return or(like(value), like(body))
  }
  const ours = and(eq(endpoints.catalogue, idOf(tables, catalogue)), ...texts.map(has))
  const later = or(gt(since, after.since), and(eq(since, after.since), gt(place, after.place)))
  const page = selectEndpoints(engine).where(and(ours, later)).orderBy(asc(since), asc(place)).limit(limit)
  const tuples = await engine.tuples<FoundTuple>(page)
  const last = tuples.length === limit ? tuples.at(-1) : undefined
  return { rows: toRows(tuples), ...(last && { next: { since: last[at.since], place: last[at.place] } }) }
}

export async function findEndpointsOf(engine: Engine, named: Named): Promise<readonly HistoryRow[]> {
  const { catalogue, requirement } = engine.tables.endpoints
  return findRows(
    engine,
    keyLists(named).map(([slug, keys]) => and(eq(catalogue, idOf(engine.tables, slug)), inArray(requirement, keys)))
  )
}

export async function hasMoreRows({ query, read, tables }: Engine, catalogue: string, most: number): Promise<boolean> {
  const { endpoints } = tables
  const some = query.select({ since: endpoints.since }).from(endpoints)
  const rows = await read(some.where(eq(endpoints.catalogue, idOf(tables, catalogue))).limit(most + 1))
  return rows.length > most
}

export async function headRows({ query, read, tables }: Engine, catalogue: string): Promise<number> {
  const { endpoints } = tables
  const counting = query.select({ rows: count() }).from(endpoints)
  const [found] = await read(
    counting.where(and(eq(endpoints.catalogue, idOf(tables, catalogue)), eq(endpoints.until, openUntil)))
  )
  return found?.rows ?? 0
}

export async function findUnaddressed(engine: Engine): Promise<readonly HistoryRow[]> {
  return findRows(engine, [gte(engine.tables.endpoints.lookup, firstOtherKey)])
}

export async function findRequirements(engine: Engine, named?: Named): Promise<readonly HistoryRequirement[]> {
  const { tables } = engine
  const { requirements } = tables
  return requirementsWhere(
    engine,
    named
      ? keyLists(named).map(([slug, keys]) =>
          and(eq(requirements.catalogue, idOf(tables, slug)), inArray(requirements.key, keys))
        )
      : [undefined]
  )
}

export async function requirementsOf(engine: Engine, catalogue: string): Promise<readonly HistoryRequirement[]> {
  const { tables } = engine
  return requirementsWhere(engine, [eq(tables.requirements.catalogue, idOf(tables, catalogue))])
}

/** The requirement rows that meet any of the conditions, which no row meets twice. */
export async function requirementsWhere(
  { tables, query, read }: Engine,
  conditions: readonly (SQL | undefined)[]
): Promise<readonly HistoryRequirement[]> {
  const { requirements, catalogues } = tables
  const parts = []
  for (const condition of conditions) {
    parts.push(
      await read(
        query
          .select({ row: requirements, catalogue: catalogues.slug })
          .from(requirements)
          .innerJoin(catalogues, eq(catalogues.id, requirements.catalogue))
          .where(condition)
      )
    )
  }
  return parts
    .flat()
    .map(({ catalogue, row: { since, until, body } }) => ({ catalogue, since, ...endOf(until), fields: body }))
    .sort(
      (a, b) => compareText(a.catalogue, b.catalogue) || compareText(a.fields.key, b.fields.key) || a.since - b.since
    )
}

/** The endpoint rows that meet any of the conditions. Each condition is a query of its own, so that it uses its own index. */
export async function findRows(
  engine: Engine,
  conditions: readonly (SQL | undefined)[]
): Promise<readonly HistoryRow[]> {
  const tuples = new Map<string, FoundTuple>()
  for (const condition of conditions) {
    const part = await engine.tuples<FoundTuple>(endpointsWhere(engine, condition))
    for (const tuple of part) tuples.set(`${tuple[at.catalogue]} ${tuple[at.since]} ${tuple[at.place]}`, tuple)
  }
  return toRows([...tuples.values()].sort(compareTuples))
}

function toRows(tuples: readonly FoundTuple[]): readonly HistoryRow[] {
  const reader = new EndpointReader()
  return tuples.map((tuple) => ({
    requirement: tuple[at.requirement],
    endpoint: reader.read(tuple),
    catalogue: tuple[at.catalogue],
    since: tuple[at.since],
    ...endOf(tuple[at.until])
  }))
}

/** The query of the endpoint rows that meet a condition. It is exported so that a test can ask the engine for its plan. */
export function endpointsWhere(engine: Engine, condition: SQL | undefined): Sql {
  return selectEndpoints(engine).where(condition)
}

function selectEndpoints({ query, tables }: Engine) {
  const { endpoints, catalogues } = tables
  return query
    .select(foundColumns(tables))
    .from(endpoints)
    .innerJoin(catalogues, eq(catalogues.id, endpoints.catalogue))
}

/** The total order of rows: by catalogue, requirement, kind, value, `from` and `since`. */
function compareTuples(a: FoundTuple, b: FoundTuple): number {
  return (
    compareText(a[at.catalogue], b[at.catalogue]) ||
    compareText(a[at.requirement], b[at.requirement]) ||
    compareText(a[at.kind], b[at.kind]) ||
    compareText(a[at.value], b[at.value]) ||
    a[at.fromAt] - b[at.fromAt] ||
    a[at.since] - b[at.since]
  )
}

/** The end of a row; absent while it stands in the head. */
function endOf(until: number): { readonly until?: number } {
  return until === openUntil ? {} : { until }
}

/** The keys of the named requirements, each once, by catalogue, in lists that are short enough for one query. */
function keyLists(named: Named): readonly (readonly [string, string[]])[] {
  const keys = new Map<string, Set<string>>()
  for (const { catalogue, key } of named) keys.set(catalogue, (keys.get(catalogue) ?? new Set()).add(key))
  return [...keys].flatMap(([slug, set]) =>
    [...batches([...set], listSize)].map((part): readonly [string, string[]] => [slug, [...part]])
  )
}

function bytes(key: Uint8Array): Buffer {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength)
}
