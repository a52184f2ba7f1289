import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import { withoutUndefined } from '../domain/json/without-undefined.ts'
import type { Key, ReplacedSecret } from '../domain/key.ts'
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

function keyOf(row: KeyRow): Key {
  const { id, hash, scopes, createdAt, previousHash, previousUntil } = row
  const previous =
    previousHash === null || previousUntil === null ? undefined : { hash: previousHash, until: previousUntil }
  return {
    id,
    hash,
    scopes,
    createdAt,
    ...withoutUndefined({
      name: row.name ?? undefined,
      expiresAt: row.expiresAt ?? undefined,
      revokedAt: row.revokedAt ?? undefined,
      cidrs: row.cidrs ?? undefined,
      catalogues: row.catalogues ?? undefined,
      lastUsedAt: row.lastUsedAt ?? undefined,
      previous
    })
  }
}

export async function addKey(engine: Engine, key: Key): Promise<void> {
  const { id, name, hash, scopes, createdAt, expiresAt, revokedAt, cidrs, catalogues, lastUsedAt, previous } = key
  const row: KeyRow = {
    id,
    name: name ?? null,
    hash,
    scopes,
    createdAt,
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
    cidrs: cidrs ?? null,
    catalogues: catalogues ?? null,
    lastUsedAt: lastUsedAt ?? null,
    previousHash: previous?.hash ?? null,
    previousUntil: previous?.until ?? null
  }
  await engine.commit([newVersion(engine), { query: engine.query.insert(engine.tables.keys).values(row) }])
}

/** False where the key has another hash than `previous` by now, or was revoked. */
export async function replaceKeySecret(
  engine: Engine,
  id: string,
  hash: string,
  previous: ReplacedSecret
): Promise<boolean> {
  const { keys } = engine.tables
  const rotate = engine.query
    .update(keys)
    .set({ hash, previousHash: previous.hash, previousUntil: previous.until })
    .where(and(eq(keys.id, id), eq(keys.hash, previous.hash), isNull(keys.revokedAt)))
  const [, rotated] = await engine.commit([newVersion(engine), { query: rotate }])
  return rotated === 1
}

/** It makes no new version: nothing that anybody keeps depends on it. */
export async function markKeysUsed(engine: Engine, used: ReadonlyMap<string, Instant>): Promise<void> {
  const { keys } = engine.tables
  const marks = [...used].map(([id, lastUsedAt]) => {
    const isNewer = or(isNull(keys.lastUsedAt), lt(keys.lastUsedAt, lastUsedAt))
    return {
      query: engine.query
        .update(keys)
        .set({ lastUsedAt })
        .where(and(eq(keys.id, id), isNewer))
    }
  })
  await engine.commit(marks, 'later')
}

export async function endKey(engine: Engine, id: string, revokedAt: Instant): Promise<boolean> {
  const { keys } = engine.tables
  const revoke = engine.query
    .update(keys)
    .set({ revokedAt })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
  const [, revoked] = await engine.commit([newVersion(engine), { query: revoke }])
  return revoked === 1
}
