import { and, eq, inArray } from 'drizzle-orm'
import { groupBy } from '../../domain/group.ts'
import type { Step } from '../../domain/history/step.ts'
import { batches, insertAll, listSize } from '../engine/bulk.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import { openUntil, type Tables } from '../engine/tables.ts'
import { toColumns } from '../history/endpoint-row.ts'
import type { KeptOrder } from '../history/order.ts'
import type { Publication } from '../store.ts'

/** The number of an endpoint row: the revision that opened it, and its place among the rows that this revision opened. */
export interface RowNumber {
  readonly since: number
  readonly place: number
}

/** The endpoint rows that a step closes. They may be read before the commit, since the rows of an earlier revision never change. */
export async function closedRows(
  { query, read, tables }: Engine,
  id: number,
  { revision: { number, catalogue }, step }: Publication
): Promise<readonly RowNumber[]> {
  const { endpoints } = tables
  const { since, place, until, requirement, lookup, fromAt } = endpoints
  const columns = { since, place, until, requirement, lookup, fromAt }
  const found: RowNumber[] = []
  for (const part of batches(step.endpoints.closed.map(toColumns), listSize)) {
    const lookups = part.map((row) => row.lookup)
    const where = and(eq(endpoints.catalogue, id), inArray(lookup, lookups))
    const rows = await read(query.select(columns).from(endpoints).where(where))
    const standing = new Map(
      rows.filter((row) => row.since < number && row.until >= number).map((row) => [identity(row), row])
    )
    for (const row of part) {
      const match = standing.get(identity(row))
      if (!match) throw new Error(`revision ${number} of ${catalogue} closes ${row.value}, which does not stand`)
      found.push(match)
    }
  }
  return found
}

function identity(row: { readonly requirement: string; readonly lookup: Buffer; readonly fromAt: number }): string {
  return `${row.requirement} ${row.fromAt} ${row.lookup.toString('latin1')}`
}

/** The statements that close rows, and then those that open rows. Their number depends on what changed, and not on the catalogue. */
export function* stepStatements(
  { query, tables }: Engine,
  catalogue: number,
  number: number,
  step: Step,
  { closed, order }: { readonly closed: readonly RowNumber[]; readonly order: KeptOrder | undefined }
): Generator<Statement> {
  const { profiles, orders, requirements, endpoints } = tables
  const row = { catalogue, since: number }
  if (step.profile) yield { query: query.insert(profiles).values({ ...row, body: step.profile }), rows: 1 }
  if (order) yield { query: query.insert(orders).values({ ...row, keys: order }), rows: 1 }

  for (const keys of batches(step.requirements.closed, listSize)) {
    const standing = and(
      eq(requirements.catalogue, catalogue),
      inArray(requirements.key, [...keys]),
      eq(requirements.until, openUntil)
    )
    yield { query: query.update(requirements).set({ until: number }).where(standing), rows: keys.length }
  }
  for (const [since, all] of groupBy(closed, (row) => row.since)) {
    for (const rows of batches(all, listSize)) {
      const places = rows.map(({ place }) => place)
      const numbered = and(
        eq(endpoints.catalogue, catalogue),
        eq(endpoints.since, since),
        inArray(endpoints.place, places)
      )
      yield { query: query.update(endpoints).set({ until: number }).where(numbered), rows: places.length }
    }
  }

  const opened = step.requirements.opened.map((body) => ({ ...row, until: openUntil, key: body.key, body }))
  yield* insertAll(query, requirements, opened)
  yield* insertAll(query, endpoints, openedRows(row, step.endpoints.opened))
}

/** The rows of opened endpoints, one by one: a first publish of a large feed has a hundred thousand of them. */
function* openedRows(
  row: { readonly catalogue: number; readonly since: number },
  opened: Step['endpoints']['opened']
): Generator<Tables['endpoints']['$inferInsert']> {
  for (const [place, each] of opened.entries()) yield { ...row, until: openUntil, place, ...toColumns(each) }
}
