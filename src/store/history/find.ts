import { and, eq, gte, inArray, lt, or, type SQL } from 'drizzle-orm'
import type { HistoryRequirement, HistoryRow } from '../../domain/history/history.ts'
import type { RequirementName } from '../../domain/history/requirement-name.ts'
import type { KeyRange } from '../../domain/lookup/lookup-index.ts'
import { compareText } from '../../domain/text.ts'
import { batches, listSize } from '../engine/bulk.ts'
import type { Engine, Sql } from '../engine/engine.ts'
import { openUntil } from '../engine/tables.ts'
import { EndpointReader, firstOtherKey } from './endpoint-row.ts'
import { at, type FoundTuple, foundColumns } from './endpoint-tuple.ts'
import { idOf } from './revision.ts'

type Named = readonly RequirementName[]

/** SQLite refuses deeper expressions than a thousand, and a chain of alternatives is one. */
const rangesAtOnce = 100

export async function findEndpoints(
  engine: Engine,
  { keys, ranges }: { readonly keys: readonly Uint8Array[]; readonly ranges: readonly KeyRange[] }
): Promise<readonly HistoryRow[]> {
  const { lookup } = engine.tables.endpoints
  return found(engine, [
    ...[...batches(keys, listSize)].map((part) => inArray(lookup, part.map(bytes))),
    ...[...batches(ranges, rangesAtOnce)].map((part) =>
      or(...part.map(({ from, to }) => and(gte(lookup, bytes(from)), lt(lookup, bytes(to)))))
    )
  ])
}

export async function findEndpointsOf(engine: Engine, named: Named): Promise<readonly HistoryRow[]> {
  const { catalogue, requirement } = engine.tables.endpoints
  return found(
    engine,
    lists(named).map(([slug, keys]) => and(eq(catalogue, idOf(engine.tables, slug)), inArray(requirement, keys)))
  )
}

export async function findUnaddressed(engine: Engine): Promise<readonly HistoryRow[]> {
  return found(engine, [gte(engine.tables.endpoints.lookup, firstOtherKey)])
}

export async function findRequirements(engine: Engine, named?: Named): Promise<readonly HistoryRequirement[]> {
  const { tables } = engine
  const { requirements } = tables
  return requirementsWhere(
    engine,
    named
      ? lists(named).map(([slug, keys]) =>
          and(eq(requirements.catalogue, idOf(tables, slug)), inArray(requirements.key, keys))
        )
      : [undefined]
  )
}

export async function requirementsOf(engine: Engine, catalogue: string): Promise<readonly HistoryRequirement[]> {
  const { tables } = engine
  return requirementsWhere(engine, [eq(tables.requirements.catalogue, idOf(tables, catalogue))])
}

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
    .map(({ catalogue, row: { since, until, body } }) => ({ catalogue, since, ...ended(until), fields: body }))
    .sort(
      (a, b) => compareText(a.catalogue, b.catalogue) || compareText(a.fields.key, b.fields.key) || a.since - b.since
    )
}

/** One query for each condition, so that each finds its index; a row that several find counts once. */
export async function found(engine: Engine, conditions: readonly (SQL | undefined)[]): Promise<readonly HistoryRow[]> {
  const tuples = new Map<string, FoundTuple>()
  for (const condition of conditions) {
    const part = await engine.tuples<FoundTuple>(endpointsWhere(engine, condition))
    for (const tuple of part) tuples.set(`${tuple[at.catalogue]} ${tuple[at.since]} ${tuple[at.place]}`, tuple)
  }
  const reader = new EndpointReader()
  return [...tuples.values()].sort(compareTuples).map((tuple) => ({
    requirement: tuple[at.requirement],
    endpoint: reader.read(tuple),
    catalogue: tuple[at.catalogue],
    since: tuple[at.since],
    ...ended(tuple[at.until])
  }))
}

/** Exported so that a test can ask the engine for its plan. */
export function endpointsWhere({ query, tables }: Engine, condition: SQL | undefined): Sql {
  const { endpoints, catalogues } = tables
  return query
    .select(foundColumns(tables))
    .from(endpoints)
    .innerJoin(catalogues, eq(catalogues.id, endpoints.catalogue))
    .where(condition)
}

/** Catalogue, requirement, kind, value, from, since. */
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

function ended(until: number): { readonly until?: number } {
  return until === openUntil ? {} : { until }
}

/** By catalogue, and no list too long for one query. */
function lists(named: Named): readonly (readonly [string, string[]])[] {
  const keys = new Map<string, Set<string>>()
  for (const { catalogue, key } of named) keys.set(catalogue, (keys.get(catalogue) ?? new Set()).add(key))
  return [...keys].flatMap(([slug, set]) =>
    [...batches([...set], listSize)].map((part): readonly [string, string[]] => [slug, [...part]])
  )
}

function bytes(key: Uint8Array): Buffer {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength)
}
