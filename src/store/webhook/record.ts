import { and, eq, inArray, Param, type SQL, sql } from 'drizzle-orm'
import { compareText } from '../../domain/text.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { insertAll } from '../engine/bulk.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import { prepareQuery, rowsOfColumns } from '../engine/prepared.ts'
import type { Result } from '../subscription-store.ts'
import { deliveryRow } from './delivery.ts'
import { findLeased } from './lease.ts'
import { insertNotice, stateColumns } from './subscription.ts'
import { resultColumns, withResults } from './subscription-row.ts'

/** Makes the function that records results. It runs for each attempt, so its statements are prepared once. */
export function resultRecorder(
  engine: Engine
): (results: readonly Result[]) => Promise<readonly (Subscription | undefined)[]> {
  const { leaseUntil } = engine.tables.subscriptions
  const [at, leaseMs] = ['at', 'leaseMs'].map((name) => sql`${new Param(sql.placeholder(name), leaseUntil)}`)
  const held = sql`${engine.instant(sql`${at}`)} + ${leaseMs}`
  const move = progressUpdate(engine, { leaseUntil: held })
  const release = progressUpdate(engine, { leaseUntil: sql`0`, holder: sql`null` })
  const columns = resultColumns(engine.tables)
  /** The texts of queries, by the number of ids. */
  const texts = new Map<number, string>()
  return async (given) => {
    // Whoever writes several subscriptions does it in the order of their ids: see `lockedBy`.
    const results = [...given].sort((a, b) => compareText(a.id, b.id))
    const rows = results.flatMap(({ deliveries }) => deliveries.map(deliveryRow))
    // If the power fails and a result is lost, its event is sent once more.
    await engine.commit(
      [
        ...results.flatMap((result) => [
          { query: (result.leaseMs === 0 ? release : move)(valuesOf(result)) },
          ...rareStatements(engine, result)
        ]),
        // A holder that was replaced may have written an entry with the same number.
        ...insertAll(engine.query, engine.tables.deliveries, rows, 'keep')
      ],
      'later'
    )
    const ids = results.map(({ id }) => id)
    const text = texts.get(ids.length) ?? selectionOf(engine, columns, ids)
    texts.set(ids.length, text)
    const found = await engine.tuples({ toSQL: () => ({ sql: text, params: ids }) })
    const byId = new Map(rowsOfColumns(columns, found).map((row) => [row.id, row]))
    return Promise.all(
      given.map(({ id, fence, before }) => {
        const row = byId.get(id)
        if (row?.fence !== fence) return undefined
        // Its owner changed it: all of it is read again. Most often that would only open the same secrets once more.
        return row.version === before.version ? withResults(before, row) : findLeased(engine, id, fence)
      })
    )
  }
}

/**
 * The update of a result, as long as the fence holds: the fields that only the holder of the lease writes, and differences for those that
 * the owner may count up meanwhile.
 */
function progressUpdate(
  { query, tables: { subscriptions } }: Engine,
  lease: { readonly leaseUntil: SQL; readonly holder?: SQL }
): ReturnType<typeof prepareQuery> {
  const { placeholder } = sql
  const { id, fence, notices, redrives, previous } = subscriptions
  const given = (name: keyof ReturnType<typeof valuesOf> & keyof typeof subscriptions.$inferSelect) =>
    sql`${new Param(placeholder(name), subscriptions[name])}`
  return prepareQuery(
    query
      .update(subscriptions)
      .set({
        cursor: given('cursor'),
        ahead: given('ahead'),
        refusals: given('refusals'),
        refusedSince: given('refusedSince'),
        attempts: given('attempts'),
        previous: sql`case when ${placeholder('isMoved')} = 1 then ${given('previous')} else ${previous} end`,
        ...lease,
        notices: sql`${notices} + ${given('notices')}`,
        redrives: sql`${redrives} + ${given('redrives')}`
      })
      .where(and(eq(id, placeholder('id')), eq(fence, placeholder('fence'))))
  )
}

function valuesOf({ id, fence, before, settlement: { progress }, notices, at, leaseMs }: Result) {
  const { cursor, previous = null, ahead, refusals, refusedSince = null, attempts } = progress
  return {
    id,
    fence,
    cursor,
    ahead,
    refusals,
    refusedSince,
    attempts,
    previous,
    at,
    leaseMs,
    isMoved: progress.previous === before.previous ? 0 : 1,
    notices: progress.notices - before.notices + notices.length,
    redrives: progress.redrives - before.redrives
  }
}

function selectionOf(
  { query, tables: { subscriptions } }: Engine,
  columns: ReturnType<typeof resultColumns>,
  ids: string[]
): string {
  return query.select(columns).from(subscriptions).where(inArray(subscriptions.id, ids)).toSQL().sql
}

/** The other statements of a result. Most results have none of them. */
function rareStatements(engine: Engine, result: Result): readonly Statement[] {
  const { query, tables } = engine
  const { subscriptions, notices, deadLetters } = tables
  const { id, fence, before, settlement, at } = result
  const { progress, change, redriven, settledNotices } = settlement
  const holds = () => and(eq(subscriptions.id, id), eq(subscriptions.fence, fence))
  const steps: Statement[] = []
  if (change || progress.failures !== before.failures || progress.dueAt !== before.dueAt) {
    const { dueAt, failures, failingSince = null } = progress
    const state = change && stateColumns(tables, change.to, change.reason, at)
    // A state that the owner set meanwhile stays.
    const isSame = and(holds(), eq(subscriptions.state, before.state), eq(subscriptions.stateSince, before.stateSince))
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
      holds(),
      eq(subscriptions.replayNext, before.replay.next),
      eq(subscriptions.replayTo, before.replay.to)
    )
    steps.push({
      query: query.update(subscriptions).set({ replayFrom: from, replayTo: to, replayNext: next }).where(same)
    })
  }
  if (settledNotices.length > 0)
    steps.push({ query: query.delete(notices).where(inArray(notices.id, [...settledNotices])) })
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
