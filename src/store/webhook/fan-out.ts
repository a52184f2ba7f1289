import { and, eq, inArray, sql } from 'drizzle-orm'
import { compareText } from '../../domain/text.ts'
import type { SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import { batches } from '../engine/bulk.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import type { FanOutPosition } from '../subscription-store.ts'

export async function findFanOutPosition({ query, read, tables }: Engine): Promise<FanOutPosition> {
  const { seq, definitions } = tables.fanOut
  const [row] = await read(query.select({ seq, definitions }).from(tables.fanOut))
  if (!row) throw new Error('the log has no place of the subscriptions')
  return row
}

/** Begins the fan-out at the end of the log, when a store is opened for the first time. */
export async function beginFanOut(engine: Engine): Promise<void> {
  const { query, read, tables } = engine
  const [row] = await read(query.select({ id: tables.fanOut.id }).from(tables.fanOut))
  if (row) return
  const first = { id: 1, seq: sql<number>`(select ${tables.log.seq} from ${tables.log})`, definitions: 0 }
  await engine.commit([{ query: query.insert(tables.fanOut).values(first).onConflictDoNothing() }])
}

export async function findSubscriptionFilters({
  query,
  read,
  tables: { subscriptions }
}: Engine): Promise<readonly { readonly id: string; readonly filter: SubscriptionFilter }[]> {
  const { id, definition } = subscriptions
  const rows = await read(query.select({ id, definition }).from(subscriptions))
  return rows.map((row) => ({ id: row.id, filter: row.definition.filter }))
}

/** How many subscriptions are marked in one commit: nobody waits long for one of them. */
const markSize = 1000

export async function markMatches(
  engine: Engine,
  from: FanOutPosition,
  to: number,
  matched: ReadonlyMap<number, readonly string[]>
): Promise<boolean> {
  const { query, tables, commit } = engine
  const { fanOut } = tables
  const isHere = and(eq(fanOut.seq, from.seq), eq(fanOut.definitions, from.definitions))
  try {
    // To mark twice is to mark once. So the fan-out moves on last, and who was interrupted begins again. What is durable then is so with
    // all that was committed before.
    for (const [seq, ids] of matched)
      for (const part of batches([...ids].sort(compareText), markSize))
        await commit([markStatement(engine, seq, part)], 'later')
    await commit([{ query: query.update(fanOut).set({ seq: to }).where(isHere), rows: 1 }])
    return true
  } catch (error) {
    const now = await findFanOutPosition(engine)
    if (now.seq === from.seq && now.definitions === from.definitions) throw error
    return false
  }
}

function markStatement({ query, tables, lockedBy }: Engine, seq: number, ids: readonly string[]): Statement {
  const { subscriptions } = tables
  const { id, matched } = subscriptions
  const chosen = query
    .select({ id })
    .from(subscriptions)
    .where(inArray(id, [...ids]))
  const newest = sql`case when ${matched} < ${seq} then ${seq} else ${matched} end`
  return {
    query: query
      .update(subscriptions)
      .set({ matched: newest })
      .where(sql`${id} in (${chosen.getSQL()}${lockedBy(id)})`)
  }
}
