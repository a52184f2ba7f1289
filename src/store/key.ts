import { and, eq, isNull } from 'drizzle-orm'
import type { Key } from '../domain/key.ts'
import { compareText } from '../domain/text.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Engine } from './engine/engine.ts'
import { newVersion } from './log/log.ts'

/** All keys, the oldest first. */
export async function findKeys({ tables, query, read }: Engine): Promise<readonly Key[]> {
  const rows = await read(query.select().from(tables.keys))
  const list = rows.map(
    ({ name, expiresAt, revokedAt, id, hash, scopes, createdAt }): Key => ({
      id,
      ...(name !== null && { name }),
      hash,
      scopes,
      createdAt,
      ...(expiresAt !== null && { expiresAt }),
      ...(revokedAt !== null && { revokedAt })
    })
  )
  return list.sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
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
