import { and, asc, desc, eq, gt, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { Instant } from '../../domain/time/instant.ts'
import type { DeadLetter, Delivery } from '../../domain/webhook/delivery.ts'
import type { Notice } from '../../domain/webhook/notice.ts'
import type { Engine } from '../engine/engine.ts'
import { newVersion } from '../log/log.ts'
import type { DeliveryPage } from '../subscription-store.ts'

/** How many rows are deleted in one commit. */
const purgeSize = 500

export function deliveryRow({ subscription, number, at, ...body }: Delivery) {
  return { subscription, number, at, body }
}

export async function findPendingNotice(
  { query, read, tables: { notices } }: Engine,
  id: string
): Promise<Notice | undefined> {
  const rows = await read(query.select({ body: notices.body }).from(notices).where(eq(notices.subscription, id)))
  return rows.map(({ body }) => body).sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1))[0]
}

export async function findDeliveries(
  { query, read, tables }: Engine,
  id: string,
  { before, limit }: DeliveryPage
): Promise<readonly Delivery[]> {
  const { deliveries } = tables
  const below = before === undefined ? undefined : lt(deliveries.number, before)
  const rows = await read(
    query
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.subscription, id), below))
      .orderBy(desc(deliveries.number))
      .limit(limit)
  )
  return rows.map(({ body, ...row }) => ({ ...row, ...body }))
}

export async function findDeadLetters(
  { query, read, tables }: Engine,
  id: string,
  limit: number,
  after = 0
): Promise<readonly DeadLetter[]> {
  const { deadLetters } = tables
  const page = and(eq(deadLetters.subscription, id), gt(deadLetters.seq, after))
  return read(query.select().from(deadLetters).where(page).orderBy(asc(deadLetters.seq)).limit(limit))
}

export async function findNextRedrive(
  { query, read, tables: { deadLetters } }: Engine,
  id: string
): Promise<DeadLetter | undefined> {
  const waiting = and(eq(deadLetters.subscription, id), eq(deadLetters.isRedriving, true))
  const [row] = await read(query.select().from(deadLetters).where(waiting).orderBy(asc(deadLetters.seq)).limit(1))
  return row
}

export async function markForRedrive(
  engine: Engine,
  id: string,
  seqs: readonly number[] | undefined,
  at: Instant
): Promise<number> {
  const { query, tables } = engine
  const { deadLetters, subscriptions } = tables
  const named = seqs && inArray(deadLetters.seq, [...seqs])
  const dead = and(eq(deadLetters.subscription, id), eq(deadLetters.isRedriving, false), named)
  const waiting = sql`(select count(*) from ${deadLetters} where ${deadLetters.subscription} = ${id} and ${eq(deadLetters.isRedriving, true)})`
  const owner = eq(subscriptions.id, id)
  const [, , marked = 0] = await engine.commit([
    newVersion(engine),
    // The subscription first, as those do it who record results.
    { query: query.update(subscriptions).set({ dueAt: at }).where(owner) },
    { query: query.update(deadLetters).set({ isRedriving: true }).where(dead) },
    { query: query.update(subscriptions).set({ redrives: waiting }).where(owner) }
  ])
  return marked
}

/** Deletes entries by age, and entries beyond a number. */
export async function purgeDeliveries(
  engine: Engine,
  { before, most }: { readonly before: Instant; readonly most: number }
): Promise<number> {
  const { query, read, tables } = engine
  const { deliveries, subscriptions } = tables
  const { subscription, number, at } = deliveries
  const old = query.select({ subscription, number }).from(deliveries).where(lt(at, before))
  const rows = [...(await read(old.orderBy(asc(at)).limit(purgeSize)))]
  // The attempts of a subscription are the number of its newest entry.
  const last = sql`${subscriptions.attempts} - ${most}`
  const over = query
    .select({ subscription, number })
    .from(deliveries)
    .innerJoin(subscriptions, eq(subscriptions.id, subscription))
    .where(and(gt(subscriptions.attempts, most), lte(number, last)))
  if (rows.length < purgeSize) rows.push(...(await read(over.limit(purgeSize - rows.length))))
  if (rows.length === 0) return 0
  const bySubscription = new Map<string, Set<number>>()
  for (const row of rows)
    bySubscription.set(row.subscription, (bySubscription.get(row.subscription) ?? new Set()).add(row.number))
  const gone = [...bySubscription].map(([id, numbers]) => and(eq(subscription, id), inArray(number, [...numbers])))
  const [purged = 0] = await engine.commit([{ query: query.delete(deliveries).where(or(...gone)) }])
  return purged
}
