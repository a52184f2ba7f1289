import { and, eq, lte, sql } from 'drizzle-orm'
import type { FeedRecord } from '../../domain/polling/feed-record.ts'
import type { Engine } from '../engine/engine.ts'
import type { FeedClaim, FeedHold, KeptFeed } from '../feed-store.ts'

export async function findFeeds({ query, read, tables: { feeds } }: Engine): Promise<ReadonlyMap<string, KeptFeed>> {
  const { id, version, body } = feeds
  const rows = await read(query.select({ id, version, body }).from(feeds))
  return new Map(rows.map((row) => [row.id, { record: row.body, version: row.version }]))
}

/** Claims a lease in a commit of its own, so that no transaction is open while a list is fetched. */
export async function claimFeed(
  engine: Engine,
  { first, holder, now, leaseMs, version }: FeedClaim
): Promise<FeedRecord | undefined> {
  const { query, read, tables } = engine
  const { feeds } = tables
  const instant = engine.instant(sql`${now}`)
  const row = { id: first.id, version: 0, body: first, heldDocument: null, leaseUntil: 0, holder: null }
  const isFree = and(
    eq(feeds.id, first.id),
    lte(feeds.leaseUntil, instant),
    version === undefined ? undefined : eq(feeds.version, version)
  )
  const lease = { holder, leaseUntil: sql`${instant} + ${leaseMs}` }
  const [, claimed] = await engine.commit(
    [
      { query: query.insert(feeds).values(row).onConflictDoNothing() },
      { query: query.update(feeds).set(lease).where(isFree) }
    ],
    'later'
  )
  if (claimed !== 1) return undefined
  const [found] = await read(query.select({ body: feeds.body }).from(feeds).where(eq(feeds.id, first.id)))
  return found?.body
}

export async function holdFeed(engine: Engine, { id, holder, now, leaseMs }: FeedHold): Promise<boolean> {
  const { feeds } = engine.tables
  const set =
    leaseMs === 0 ? { leaseUntil: 0, holder: null } : { leaseUntil: sql`${engine.instant(sql`${now}`)} + ${leaseMs}` }
  const mine = and(eq(feeds.id, id), eq(feeds.holder, holder))
  const [held] = await engine.commit([{ query: engine.query.update(feeds).set(set).where(mine) }], 'later')
  return held === 1
}

export async function writeFeed(
  engine: Engine,
  holder: string,
  record: FeedRecord,
  heldDocument?: string
): Promise<boolean> {
  const { query, tables } = engine
  const { feeds } = tables
  const document = record.held ? heldDocument : null
  const set = {
    body: record,
    version: sql`${feeds.version} + 1`,
    leaseUntil: 0,
    holder: null,
    ...(document !== undefined && { heldDocument: document })
  }
  const mine = and(eq(feeds.id, record.id), eq(feeds.holder, holder))
  const [written] = await engine.commit([{ query: query.update(feeds).set(set).where(mine) }], 'later')
  return written === 1
}

export async function findHeldDocument(
  { query, read, tables: { feeds } }: Engine,
  id: string
): Promise<string | undefined> {
  const [row] = await read(query.select({ text: feeds.heldDocument }).from(feeds).where(eq(feeds.id, id)))
  return row?.text ?? undefined
}
