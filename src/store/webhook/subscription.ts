import { and, asc, count, eq, gt, isNotNull, lte, notInArray, type SQL, sql } from 'drizzle-orm'
import { compareText } from '../../domain/text.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { creationMs } from '../../domain/webhook/creation.ts'
import type { Subscription, SubscriptionState } from '../../domain/webhook/subscription.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import { hasWork } from '../engine/table/webhook-tables.ts'
import type { Tables } from '../engine/tables.ts'
import { lastSeq, newVersion } from '../log/log.ts'
import type { MadeSubscription, NewSubscription, SubscriptionEdit } from '../subscription-store.ts'
import { toSubscription } from './subscription-row.ts'
import { keepDefinition, keepSecrets } from './subscription-secret.ts'

/** Within a commit that changes subscriptions: processes that keep the filters in memory see by it that they have to read them again. */
function countChange({ query, tables: { fanOut } }: Engine): Statement {
  return { query: query.update(fanOut).set({ definitions: sql`${fanOut.definitions} + 1` }), rows: 1 }
}

export async function insertSubscription(
  engine: Engine,
  { owner, creation, createdAt, definition, secrets, ...rest }: NewSubscription
): Promise<boolean> {
  const { query, tables } = engine
  const seq = lastSeq(tables)
  const insert = query.insert(tables.subscriptions).values({
    ...rest,
    definition: keepDefinition(engine.secrets, rest.id, definition),
    secrets: keepSecrets(engine.secrets, rest.id, secrets),
    owner: owner ?? null,
    creationKey: creation?.key ?? null,
    creationDigest: creation?.digest ?? null,
    version: 1,
    createdAt,
    updatedAt: createdAt,

    state: 'pending',
    stateSince: createdAt,
    stateReason: null,
    activatedAt: null,

    cursor: seq,
    matched: seq,
    previous: null,
    ahead: [],
    replayFrom: null,
    replayTo: null,
    replayNext: null,

    redrives: 0,
    notices: 0,
    dueAt: createdAt,
    failures: 0,
    failingSince: null,
    refusals: 0,
    refusedSince: null,
    attempts: 0,

    leaseUntil: 0,
    holder: null,
    fence: 0
  })
  const statements: Statement[] = [newVersion(engine), countChange(engine)]
  if (creation) statements.push(forgetCreations(engine, createdAt - creationMs))
  try {
    await engine.commit([...statements, { query: insert, rows: 1 }])
    return true
  } catch (error) {
    if (creation && engine.isConflict(error)) return false
    throw error
  }
}

/** After a day the key of a creation may stand for another one. */
function forgetCreations({ query, tables: { subscriptions }, lockedBy }: Engine, by: Instant): Statement {
  const { id } = subscriptions
  const isOld = and(isNotNull(subscriptions.creationKey), lte(subscriptions.createdAt, by))
  const old = sql`(${query.select({ id }).from(subscriptions).where(isOld).getSQL()}${lockedBy(id)})`
  return {
    query: query.update(subscriptions).set({ creationKey: null, creationDigest: null }).where(sql`${id} in ${old}`)
  }
}

export async function findMadeSubscription(
  engine: Engine,
  owner: string,
  key: string,
  now: Instant
): Promise<MadeSubscription | undefined> {
  const { query, read, tables } = engine
  const { subscriptions } = tables
  const isSame = and(eq(subscriptions.owner, owner), eq(subscriptions.creationKey, key))
  const isFresh = gt(subscriptions.createdAt, now - creationMs)
  const [row] = await read(query.select().from(subscriptions).where(and(isSame, isFresh)))
  if (!row || row.creationDigest === null) return undefined
  return { subscription: toSubscription(engine, row), creation: { key, digest: row.creationDigest } }
}

export async function loadSubscription(engine: Engine, id: string): Promise<Subscription | undefined> {
  const [found] = await select(engine, eq(engine.tables.subscriptions.id, id))
  return found
}

export async function findSubscriptions(engine: Engine, owner?: string): Promise<readonly Subscription[]> {
  const { subscriptions } = engine.tables
  const found = await select(engine, owner === undefined ? undefined : eq(subscriptions.owner, owner))
  return [...found].sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
}

export async function findSubscriptionOwners({
  query,
  read,
  tables: { subscriptions }
}: Engine): Promise<readonly string[]> {
  const { owner, state } = subscriptions
  const may = and(isNotNull(owner), notInArray(state, ['paused', 'gone']))
  const rows = await read(query.select({ owner }).from(subscriptions).where(may).groupBy(owner))
  return rows.flatMap((row) => row.owner ?? [])
}

export async function findLaggingSubscriptions(engine: Engine, limit: number): Promise<readonly Subscription[]> {
  const { query, read, tables } = engine
  const { subscriptions } = tables
  const waiting = query.select().from(subscriptions).where(hasWork(subscriptions))
  return (await read(waiting.orderBy(asc(subscriptions.dueAt)).limit(limit))).map((row) => toSubscription(engine, row))
}

async function select(engine: Engine, condition?: SQL): Promise<readonly Subscription[]> {
  const { query, read, tables } = engine
  const rows = await read(query.select().from(tables.subscriptions).where(condition))
  return rows.map((row) => toSubscription(engine, row))
}

/**
 * Writes the changes of an owner. Of the fields that the holder of a lease writes, only those are written here that `record` compares
 * first. Another definition may match other events, so with it the log is matched again from the cursor on.
 */
export async function editSubscription(
  engine: Engine,
  id: string,
  version: number,
  { definition, secrets, state, replay, notices = [] }: SubscriptionEdit,
  at: Instant
): Promise<boolean> {
  const { query, tables } = engine
  const { subscriptions } = tables
  const seq = lastSeq(tables)
  const change = {
    version: version + 1,
    updatedAt: at,
    dueAt: at,
    ...(definition && { definition: keepDefinition(engine.secrets, id, definition), matched: seq, previous: null }),
    ...(secrets && { secrets: keepSecrets(engine.secrets, id, secrets) }),
    ...(state && stateColumns(tables, state.to, state.reason, at)),
    ...(state?.to === 'active' && { failures: 0, failingSince: null, refusals: 0, refusedSince: null }),
    ...(replay && { replayFrom: replay.from, replayTo: replay.to, replayNext: replay.from }),
    ...(notices.length > 0 && { notices: sql`${subscriptions.notices} + ${notices.length}` })
  }
  const update = query
    .update(subscriptions)
    .set(change)
    .where(and(eq(subscriptions.id, id), eq(subscriptions.version, version)))
  const statements: Statement[] = [newVersion(engine), { query: update, rows: 1 }]
  if (definition) statements.push(countChange(engine))
  for (const notice of notices) statements.push(insertNotice(engine, id, notice))
  return commitIfCurrent(engine, id, version, statements)
}

/** Commits an edit of a version. If the version has changed, the update touches no row, and that undoes the commit. */
async function commitIfCurrent(
  engine: Engine,
  id: string,
  version: number,
  statements: readonly Statement[]
): Promise<boolean> {
  try {
    await engine.commit(statements)
    return true
  } catch (error) {
    const now = await loadSubscription(engine, id)
    if (now?.version === version) throw error
    return false
  }
}

export function insertNotice(
  { query, tables }: Engine,
  subscription: string,
  notice: { readonly id: string } & Tables['notices']['$inferInsert']['body']
): Statement {
  return { query: query.insert(tables.notices).values({ id: notice.id, subscription, body: notice }), rows: 1 }
}

/** The columns of a state that a subscription enters. */
export function stateColumns(
  { subscriptions }: Tables,
  to: SubscriptionState,
  reason: string | undefined,
  at: Instant
) {
  const { activatedAt: before } = subscriptions
  // A subscription that waits for a receiver was never active with it.
  const activatedAt = to === 'active' ? sql`coalesce(${before}, ${at})` : to === 'pending' ? null : sql`${before}`
  return { state: to, stateSince: at, stateReason: reason ?? null, activatedAt }
}

export async function deleteSubscriptionRows(engine: Engine, id: string): Promise<boolean> {
  const { query, tables } = engine
  const { subscriptions, notices, deliveries, deadLetters } = tables
  const [, removed] = await engine.commit([
    newVersion(engine),
    { query: query.delete(subscriptions).where(eq(subscriptions.id, id)) },
    countChange(engine),
    ...[notices, deliveries, deadLetters].map((table) => ({
      query: query.delete(table).where(eq(table.subscription, id))
    }))
  ])
  return removed === 1
}

export async function countSubscriptionsByState({
  query,
  read,
  tables: { subscriptions }
}: Engine): Promise<ReadonlyMap<SubscriptionState, number>> {
  const { state } = subscriptions
  const rows = await read(query.select({ state, count: count() }).from(subscriptions).groupBy(state))
  return new Map(rows.map((row) => [row.state, row.count]))
}
