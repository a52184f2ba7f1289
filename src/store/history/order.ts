import { and, asc, desc, eq, lte, type SQL, sql } from 'drizzle-orm'
import { PortolanError } from '../../domain/errors.ts'
import { changedOrder, type OrderDifference, orderDifference } from '../../domain/history/order-difference.ts'
import type { Reads } from '../engine/engine.ts'

/** An order of requirements as a row keeps it: whole, or as the difference from the row before. */
export type KeptOrder = readonly string[] | OrderDifference

/** After so many differences an order is kept whole, so that few rows are read for one. */
const mostDifferences = 50

/** The order of a revision, and how many differences are between it and one that is kept whole. */
export interface FoundOrder {
  readonly order: readonly string[]
  readonly differences: number
}

/** Undefined where the catalogue has no such revision. */
export async function findOrder(
  { query, read, tables: { orders } }: Reads,
  catalogue: number | SQL<number>,
  number: number
): Promise<FoundOrder | undefined> {
  const known = and(eq(orders.catalogue, catalogue), lte(orders.since, number))
  // A difference is an object.
  const whole = query
    .select({ since: orders.since })
    .from(orders)
    .where(and(known, sql`substr(cast(${orders.keys} as text), 1, 1) = '['`))
    .orderBy(desc(orders.since))
    .limit(1)
  const rows = await read(
    query
      .select({ keys: orders.keys })
      .from(orders)
      .where(and(known, sql`${orders.since} >= (${whole})`))
      .orderBy(asc(orders.since))
  )
  if (rows.length === 0) return undefined
  return { order: rows.reduce<readonly string[]>(nextOrder, []), differences: rows.length - 1 }
}

/** The order that a row says, on top of the row before. @throws PortolanError `store_damaged` */
export function nextOrder(before: readonly string[], { keys }: { readonly keys: KeptOrder }): readonly string[] {
  // What somebody edited may be anything.
  if (Array.isArray(keys)) return keys
  const order = isDifference(keys) ? changedOrder(before, keys) : undefined
  if (!order) throw new PortolanError('store_damaged', 'An order of requirements is no difference from the one before.')
  return order
}

function isDifference(keys: KeptOrder): keys is OrderDifference {
  const { removed, added } = { removed: undefined, added: undefined, ...keys }
  return Array.isArray(removed) && Array.isArray(added) && added.every(Array.isArray)
}

/** What a row keeps of an order, on top of the one before. */
export function keptOrder(before: FoundOrder | undefined, after: readonly string[]): KeptOrder {
  const difference = before && before.differences < mostDifferences && orderDifference(before.order, after)
  if (!difference || difference.removed.length + difference.added.length > after.length / 2) return after
  return difference
}
