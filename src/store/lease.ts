import { and, asc, eq, inArray, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Instant } from '../domain/instant.ts'
import type { Progress, Subscription } from '../domain/subscription.ts'
import { insertAll } from './bulk.ts'
import { deliveryRow } from './delivery.ts'
import type { Engine, Statement } from './engine.ts'
import { insertNotice, stateColumns, toSubscription } from './subscription.ts'
import type { Leased, Result } from './subscription-store.ts'
import { hasWork } from './tables.ts'

interface Claim {
  readonly holder: string
  readonly now: Instant
  readonly until: Instant
  readonly limit: number
}

/** A commit of its own: no transaction is open while something is sent. */
export async function claim(engine: Engine, { holder, now, until, limit }: Claim): Promise<readonly Leased[]> {
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
  // Chosen again inside the commit: what was free may have been taken.
  const chosen = sql`(${free.getSQL()}${skipLocked})`
  const lease = { leaseUntil: until, holder, fence: sql`${fence} + 1` }
  await engine.commit([{ query: query.update(subscriptions).set(lease).where(sql`${id} in ${chosen}`) }], 'later')
  const rows = await read(query.select().from(subscriptions).where(eq(subscriptions.holder, holder)))
  return rows.map((row) => ({ subscription: toSubscription(row), fence: row.fence }))
}

export async function leased(
  { query, read, tables: { subscriptions } }: Engine,
  id: string,
  fence: number
): Promise<Subscription | undefined> {
  const holds = and(eq(subscriptions.id, id), eq(subscriptions.fence, fence))
  const [row] = await read(query.select().from(subscriptions).where(holds))
  return row && toSubscription(row)
}

export async function record(engine: Engine, results: readonly Result[]): Promise<readonly boolean[]> {
  const firsts: number[] = []
  const all: Statement[] = []
  for (const result of results) {
    firsts.push(all.length)
    all.push(...statementsOf(engine, result))
  }
  const rows = results.flatMap(({ deliveries }) => deliveries.map(deliveryRow))
  for (const { query, rows: _ } of insertAll(engine.query, engine.tables.deliveries, rows)) all.push({ query })
  // What is lost with the power is sent once more.
  const touched = await engine.commit(all, 'later')
  return firsts.map((index) => touched[index] === 1)
}

function statementsOf(engine: Engine, result: Result): readonly Statement[] {
  const { query, tables } = engine
  const { subscriptions, notices, deadLetters } = tables
  const { id, fence, before, settlement, at, leaseUntil } = result
  const { progress, change, redriven, told } = settlement
  const holds = and(eq(subscriptions.id, id), eq(subscriptions.fence, fence))
  const steps: Statement[] = [
    {
      query: query
        .update(subscriptions)
        .set({
          ...moved(before, progress),
          ...counted(engine, before, result),
          ...{ leaseUntil, ...(leaseUntil === 0 && { holder: null }) }
        })
        .where(holds)
    }
  ]
  if (change || progress.failures !== before.failures || progress.dueAt !== before.dueAt) {
    const { dueAt, failures, failingSince = null } = progress
    const state = change && stateColumns(tables, change.to, change.reason, at)
    // What its owner did meanwhile stands.
    const isSame = and(holds, eq(subscriptions.state, before.state), eq(subscriptions.stateSince, before.stateSince))
    steps.push({
      query: query
        .update(subscriptions)
        .set({ dueAt, failures, failingSince, ...state })
        .where(isSame)
    })
  }
  if (progress.replay !== before.replay && before.replay) {
    const { from = null, to = null, next = null } = progress.replay ?? {}
    const same = and(
      holds,
      eq(subscriptions.replayNext, before.replay.next),
      eq(subscriptions.replayTo, before.replay.to)
    )
    steps.push({
      query: query.update(subscriptions).set({ replayFrom: from, replayTo: to, replayNext: next }).where(same)
    })
  }
  if (told.length > 0) steps.push({ query: query.delete(notices).where(inArray(notices.id, [...told])) })
  for (const notice of result.notices) steps.push(insertNotice(engine, id, notice))
  for (const { seq, isTaken } of redriven) {
    const letter = and(eq(deadLetters.subscription, id), eq(deadLetters.seq, seq))
    steps.push({
      query: isTaken
        ? query.delete(deadLetters).where(letter)
        : query.update(deadLetters).set({ isRedriving: false }).where(letter)
    })
  }
  for (const letter of settlement.deadLetters)
    steps.push({ query: query.insert(deadLetters).values(letter).onConflictDoNothing() })
  return steps
}

/** What only the holder of the lease writes. */
function moved(before: Progress, { cursor, previous, ahead, refusals, refusedSince, attempts }: Progress) {
  return {
    ...{ cursor, ahead, refusals, attempts, refusedSince: refusedSince ?? null },
    ...(previous !== before.previous && { previous: previous ?? null })
  }
}

/** What its owner counts up meanwhile. */
function counted(
  { tables: { subscriptions } }: Engine,
  before: Progress,
  { settlement: { progress }, notices }: Result
): Record<string, SQL> {
  const noticed = progress.notices - before.notices + notices.length
  const redriven = progress.redrives - before.redrives
  return {
    ...(noticed !== 0 && { notices: sql`${subscriptions.notices} + ${noticed}` }),
    ...(redriven !== 0 && { redrives: sql`${subscriptions.redrives} + ${redriven}` })
  }
}

export async function nextDue({ query, read, tables: { subscriptions } }: Engine): Promise<Instant | undefined> {
  const { dueAt, leaseUntil, notices } = subscriptions
  const due = sql`case when ${notices} > 0 or ${dueAt} < ${leaseUntil} then ${leaseUntil} else ${dueAt} end`
  const soonest = query.select({ at: sql<number | string | null>`min(${due})` }).from(subscriptions)
  const [row] = await read(soonest.where(hasWork(subscriptions)))
  return row?.at === null || row === undefined ? undefined : Number(row.at)
}

export async function takeOver({ query, commit, tables: { subscriptions }, isShared }: Engine): Promise<void> {
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
