import { and, eq, gt, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { HistoryRequirement, HistoryRow } from '../../domain/history/history.ts'
import type { Engine } from '../engine/engine.ts'
import { isBounded, isClosed, type Tables } from '../engine/tables.ts'
import type { NumberRange } from '../store.ts'
import { findRows, requirementsWhere } from './find.ts'
import { idOf } from './revision.ts'

export async function endpointsTouched(
  engine: Engine,
  catalogue: string,
  revisions: NumberRange
): Promise<readonly HistoryRow[]> {
  return findRows(engine, touchedConditions(engine.tables, engine.tables.endpoints, catalogue, revisions))
}

export async function requirementsTouched(
  engine: Engine,
  catalogue: string,
  revisions: NumberRange
): Promise<readonly HistoryRequirement[]> {
  return requirementsWhere(engine, touchedConditions(engine.tables, engine.tables.requirements, catalogue, revisions))
}

/**
 * The conditions of rows that revisions opened or closed. Each has its own index, and no row meets both. They are exported so that a test
 * can ask the engine for its plan.
 */
export function touchedConditions(
  tables: Tables,
  table: Tables['requirements'] | Tables['endpoints'],
  catalogue: string,
  { after, upTo }: NumberRange
): readonly (SQL | undefined)[] {
  const ours = eq(table.catalogue, idOf(tables, catalogue))
  return [
    and(ours, gt(table.since, after), lte(table.since, upTo)),
    and(ours, gt(table.until, after), lte(table.until, upTo), isClosed(table.until), lte(table.since, after))
  ]
}

export async function endpointsClosed(engine: Engine, catalogue: string, upTo: number): Promise<readonly HistoryRow[]> {
  const { catalogue: id, until } = engine.tables.endpoints
  return findRows(engine, [and(eq(id, idOf(engine.tables, catalogue)), lte(until, upTo), isClosed(until))])
}

export async function endpointsTurning(
  engine: Engine,
  catalogue: string,
  number: number,
  instants: NumberRange
): Promise<readonly HistoryRow[]> {
  return findRows(engine, turningConditions(engine.tables, catalogue, number, instants))
}

/** The conditions of endpoint rows of a revision that begin or end between two instants. Each has its own index. */
export function turningConditions(
  tables: Tables,
  catalogue: string,
  number: number,
  { after, upTo }: NumberRange
): readonly SQL[] {
  const { catalogue: id, since, until, fromAt, untilAt } = tables.endpoints
  const stands = sql`${id} = ${idOf(tables, catalogue)} and ${since} <= ${number} and ${until} > ${number}`
  const within = (bound: SQLWrapper) => sql`${stands} and ${bound} > ${after} and ${bound} <= ${upTo}`
  return [sql`${within(fromAt)} and ${isBounded(fromAt)}`, sql`${within(untilAt)} and ${untilAt} is not null`]
}
