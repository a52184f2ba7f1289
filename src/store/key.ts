import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Key } from '../domain/key.ts'
import { compareText } from '../domain/text.ts'
import type { Instant } from '../domain/time/instant.ts'
import { batches, listSize } from './engine/bulk.ts'
import type { Engine } from './engine/engine.ts'
import type { Tables } from './engine/tables.ts'
import { newVersion } from './log/log.ts'

type KeyRow = Tables['keys']['$inferSelect']

/** All keys, or those with these ids, the oldest first. */
export async function findKeys(
  { tables: { keys }, query, read }: Engine,
  ids?: readonly string[]
): Promise<readonly Key[]> {
  const list: Key[] = []
  for (const part of ids === undefined ? [undefined] : batches(ids, listSize)) {
    const rows = await read(
      query
        .select()
        .from(keys)
        .where(part && inArray(keys.id, [...part]))
    )
    list.push(...rows.map(keyOf))
  }
  return list.sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
}

function keyOf({ name, expiresAt, revokedAt, id, hash, scopes, createdAt }: KeyRow): Key {
  return {
    id,
    ...(name !== null && { name }),
    hash,
    scopes,
    createdAt,
    ...(expiresAt !== null && { expiresAt }),
    ...(revokedAt !== null && { revokedAt })
  }
}

export async function addKey(engine: Engine, { name, expiresAt, revokedAt, ...key }: Key): Promise<void> {
  const row = { ...key, name: name ?? null, expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null }
  await engine.commit([newVersion(engine), { query: engine.query.insert(engine.tables.keys).values(row) }])
}

export async function revokeKey(engine: Engine, id: string, revokedAt: Instant): Promise<boolean> {
  const { keys } = engine.tables
  const revoke = engine.query
    .update(keys)
    .set({ revokedAt })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
  const [, revoked] = await engine.commit([newVersion(engine), { query: revoke }])
  return revoked === 1
}
