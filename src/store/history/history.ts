import { and, asc, eq, gt, inArray, lte, type SQL } from 'drizzle-orm'
import type { Document } from '../../domain/document/document.ts'
import type { Rows } from '../../domain/history/rows.ts'
import { batches, listSize } from '../engine/bulk.ts'
import type { Engine } from '../engine/engine.ts'
import { isClosed, type Tables } from '../engine/tables.ts'
import { EndpointLists } from './endpoint-lists.ts'
import {
  at,
  compareTuples,
  type EndpointTuple,
  endpointColumns,
  type HistoryTuple,
  historyColumns
} from './endpoint-tuple.ts'
import { assembleDocument, assembleRows, type Frame, findFrame } from './rows.ts'

type RequirementRow = Tables['requirements']['$inferSelect']
type Bounds = Tables['requirements'] | Tables['endpoints']

export async function findDocument(engine: Engine, catalogue: string, number: number): Promise<Document> {
  return documentOf(engine, await findFrame(engine, catalogue, number))
}

export async function findDocumentPart(
  engine: Engine,
  catalogue: string,
  number: number,
  keys: readonly string[]
): Promise<Document> {
  const { tables } = engine
  const frame = await findFrame(engine, catalogue, number)
  const wanted = new Set(keys)
  const order = frame.order.filter((key) => wanted.has(key))
  return documentOf(engine, { ...frame, order }, [
    inArray(tables.requirements.key, order),
    inArray(tables.endpoints.requirement, order)
  ])
}

/** The document of a frame. `narrowing`: which of its requirements and endpoints are read; absent: all. */
async function documentOf(
  engine: Engine,
  frame: Frame,
  [ofRequirements, ofEndpoints]: readonly [SQL?, SQL?] = []
): Promise<Document> {
  const { tables, query } = engine
  const { endpoints, requirements } = tables
  const { number } = frame
  const standing = (table: Bounds) => and(lte(table.since, number), gt(table.until, number))
  const lists = new EndpointLists()
  const [fields] = await Promise.all([
    requirementRows(engine, frame.id, [and(standing(requirements), ofRequirements)]),
    engine.walk<EndpointTuple>(
      query
        .select(endpointColumns(tables))
        .from(endpoints)
        .where(and(eq(endpoints.catalogue, frame.id), standing(endpoints), ofEndpoints))
        .orderBy(asc(endpoints.lookup), asc(endpoints.fromAt)),
      (tuple) => lists.add(tuple)
    )
  ])
  return assembleDocument(
    frame,
    fields.map(({ body }) => body),
    lists
  )
}

export async function findRowsBetween(
  engine: Engine,
  catalogue: string,
  from: number,
  to: number
): Promise<{ readonly before: Rows; readonly after: Rows }> {
  const { tables } = engine
  const [before, after] = await Promise.all([findFrame(engine, catalogue, from), findFrame(engine, catalogue, to)])
  const { id } = before
  const [low, high] = from <= to ? [from, to] : [to, from]

  const changed = await historyTuples(engine, id, changedBetween(tables.endpoints, low, high))
  const equal = await historyTuples(engine, id, valuesOf(tables, changed))
  const tuples = equal.filter((tuple) => stands(tuple, low) || stands(tuple, high)).sort(compareTuples)

  const changedFields = await requirementRows(engine, id, changedBetween(tables.requirements, low, high))
  const fields = [...changedFields, ...(await requirementRows(engine, id, requirementsOf(tables, tuples)))]

  const side = (frame: Frame) =>
    assembleRows(
      frame,
      fields.filter(({ since, until }) => since <= frame.number && frame.number < until).map(({ body }) => body),
      EndpointLists.of(tuples.filter((tuple) => stands(tuple, frame.number)))
    )
  return { before: side(before), after: side(after) }
}

function stands(tuple: HistoryTuple, number: number): boolean {
  return tuple[at.since] <= number && number < tuple[at.until]
}

/** The rows that stand in one of two revisions and not in the other, as conditions that each have an index. */
function changedBetween(table: Bounds, low: number, high: number): readonly (SQL | undefined)[] {
  return [
    and(gt(table.since, low), lte(table.since, high), gt(table.until, high)),
    and(gt(table.until, low), lte(table.until, high), isClosed(table.until), lte(table.since, low))
  ]
}

/** All rows with the values of some rows, since a firewall sees values, in whichever requirement they stand. */
function valuesOf({ endpoints }: Tables, tuples: readonly HistoryTuple[]): readonly SQL[] {
  const values = new Map(tuples.map((tuple) => [tuple[at.lookup].toString('latin1'), tuple[at.lookup]]))
  return [...batches([...values.values()], listSize)].map((part) => inArray(endpoints.lookup, [...part]))
}

/** The rows of the requirements of some endpoint rows. */
function requirementsOf({ requirements }: Tables, tuples: readonly HistoryTuple[]): readonly SQL[] {
  const keys = new Set(tuples.map((tuple) => tuple[at.requirement]))
  return [...batches([...keys], listSize)].map((part) => inArray(requirements.key, [...part]))
}

/**
 * The rows that meet any of the conditions, which no row meets twice. The queries run one after the other, so that a large comparison does
 * not take all connections from everybody else.
 */
async function historyTuples(
  { tables, query, tuples }: Engine,
  id: number,
  conditions: readonly (SQL | undefined)[]
): Promise<readonly HistoryTuple[]> {
  const { endpoints } = tables
  const columns = historyColumns(tables)
  const found = []
  for (const condition of conditions) {
    const where = and(eq(endpoints.catalogue, id), condition)
    found.push(await tuples<HistoryTuple>(query.select(columns).from(endpoints).where(where)))
  }
  return found.flat()
}

async function requirementRows(
  { tables, query, read }: Engine,
  id: number,
  conditions: readonly (SQL | undefined)[]
): Promise<readonly RequirementRow[]> {
  const { requirements } = tables
  const found = []
  for (const condition of conditions) {
    const where = and(eq(requirements.catalogue, id), condition)
    found.push(await read(query.select().from(requirements).where(where)))
  }
  return found.flat()
}
