import { and, asc, eq, lte, ne, or, sql } from 'drizzle-orm'
import type { Instant } from '../../domain/time/instant.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import type { Engine } from '../engine/engine.ts'
import { hasWork } from '../engine/webhook-tables.ts'
import type { LeaseClaim, Leased } from '../subscription-store.ts'
import { toSubscription } from './subscription.ts'

/** Claims leases in a commit of its own, so that no transaction is open while something is sent. */
export async function claimLeases(
  engine: Engine,
  { holder, now, until, limit }: LeaseClaim
): Promise<readonly Leased[]> {
  const { query, read, tables, skipLocked } = engine
  const { subscriptions } = tables
  const { id, dueAt, leaseUntil, notices, fence } = subscriptions
  const free = query
    .select({ id })
    .from(subscriptions)
    .where(and(hasWork(subscriptions), or(lte(dueAt, now), sql`${notices} > 0`), lte(leaseUntil, now)))
    .orderBy(asc(dueAt))
    .limit(limit)
  const found = await read(free)
  if (found.length === 0) return []
  // The subscriptions are chosen again inside the commit, since another process may have taken some.
  const chosen = sql`(${free.getSQL()}${skipLocked})`
  const lease = { leaseUntil: until, holder, fence: sql`${fence} + 1` }
  await engine.commit([{ query: query.update(subscriptions).set(lease).where(sql`${id} in ${chosen}`) }], 'later')
  const rows = await read(query.select().from(subscriptions).where(eq(subscriptions.holder, holder)))
  return rows.map((row) => ({ subscription: toSubscription(engine, row), fence: row.fence }))
}

export async function findLeased(engine: Engine, id: string, fence: number): Promise<Subscription | undefined> {
  const { query, read, tables } = engine
  const { subscriptions } = tables
  const holds = and(eq(subscriptions.id, id), eq(subscriptions.fence, fence))
  const [row] = await read(query.select().from(subscriptions).where(holds))
  return row && toSubscription(engine, row)
}

export async function findNextDelivery({
  query,
  read,
  tables: { subscriptions }
}: Engine): Promise<Instant | undefined> {
  const { dueAt, leaseUntil, notices } = subscriptions
  const due = sql`case when ${notices} > 0 or ${dueAt} < ${leaseUntil} then ${leaseUntil} else ${dueAt} end`
  const soonest = query.select({ at: sql<number | string | null>`min(${due})` }).from(subscriptions)
  const [row] = await read(soonest.where(hasWork(subscriptions)))
  return row?.at === null || row === undefined ? undefined : Number(row.at)
}

export async function takeOverLeases({ query, commit, tables: { subscriptions }, isShared }: Engine): Promise<void> {
  if (isShared) return
  await commit([
    {
      query: query
        .update(subscriptions)
        .set({ leaseUntil: 0, holder: null, fence: sql`${subscriptions.fence} + 1` })
        .where(ne(subscriptions.leaseUntil, 0))
    }
  ])
}
