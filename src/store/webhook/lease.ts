import { and, asc, count, eq, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Instant } from '../../domain/time/instant.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import type { Engine } from '../engine/engine.ts'
import { hasWork } from '../engine/table/webhook-tables.ts'
import type { LeaseClaim, LeaseCounts, Leased, LeaseRelease } from '../subscription-store.ts'
import { toSubscription } from './subscription-row.ts'

/** Claims leases in a commit of its own, so that no transaction is open while something is sent. */
export async function claimLeases(
  engine: Engine,
  { holder, now, leaseMs, limit }: LeaseClaim
): Promise<readonly Leased[]> {
  const { query, read, tables, skipLocked } = engine
  const instant = engine.instant(sql`${now}`)
  const { subscriptions } = tables
  const { id, dueAt, leaseUntil, notices, fence } = subscriptions
  const free = query
    .select({ id })
    .from(subscriptions)
    .where(and(hasWork(subscriptions), or(lte(dueAt, now), sql`${notices} > 0`), lte(leaseUntil, instant)))
    .orderBy(asc(dueAt))
    .limit(limit)
  const found = await read(free)
  if (found.length === 0) return []
  // The subscriptions are chosen again inside the commit, since another process may have taken some.
  const chosen = sql`(${free.getSQL()}${skipLocked})`
  const lease = { leaseUntil: sql`${instant} + ${leaseMs}`, holder, fence: sql`${fence} + 1` }
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

export async function findNextDelivery(engine: Engine, now: Instant): Promise<number | undefined> {
  const { query, read, tables } = engine
  const { dueAt, leaseUntil, notices } = tables.subscriptions
  const free = sql`${leaseUntil} - ${engine.instant(sql`${now}`)}`
  const due = sql`${dueAt} - ${now}`
  const wait = sql`case when ${notices} > 0 or ${due} < ${free} then ${free} else ${due} end`
  const soonest = query.select({ ms: sql<number | string | null>`min(${wait})` }).from(tables.subscriptions)
  const [row] = await read(soonest.where(hasWork(tables.subscriptions)))
  return row?.ms === null || row === undefined ? undefined : Number(row.ms)
}

/** Lets go of a lease, so that it can be claimed after a pause. It does nothing where the lease was lost. */
export async function releaseLease(
  engine: Engine,
  { id: subscription, fence: held, now, pauseMs }: LeaseRelease
): Promise<void> {
  const { query, tables } = engine
  const { id, fence } = tables.subscriptions
  const free = { leaseUntil: sql`${engine.instant(sql`${now}`)} + ${pauseMs}`, holder: null }
  const mine = and(eq(id, subscription), eq(fence, held))
  await engine.commit([{ query: query.update(tables.subscriptions).set(free).where(mine) }], 'later')
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

export async function countLeases(engine: Engine, now: Instant): Promise<LeaseCounts> {
  const { query, read, tables } = engine
  const { leaseUntil, holder } = tables.subscriptions
  const isHeld = sql`${leaseUntil} > ${engine.instant(sql`${now}`)}`
  const counts = { all: count(), held: sql<number | string>`count(case when ${isHeld} then 1 end)` }
  const [row] = await read(query.select(counts).from(tables.subscriptions).where(isNotNull(holder)))
  const held = Number(row?.held ?? 0)
  return { held, lapsed: (row?.all ?? 0) - held }
}
