import { asc } from 'drizzle-orm'
import type { SigningKey } from '../../domain/webhook/webhook-signature.ts'
import type { Engine } from '../engine/engine.ts'

export async function findSigningKeys({ query, read, tables }: Engine): Promise<readonly SigningKey[]> {
  const { signingKeys } = tables
  return read(query.select().from(signingKeys).orderBy(asc(signingKeys.createdAt)))
}

/** Adds the key unless there is one. Of two processes that add a key, the second gets the key of the first. */
export async function addSigningKey(engine: Engine, key: SigningKey): Promise<SigningKey> {
  const { query, commit, tables } = engine
  await commit([{ query: query.insert(tables.signingKeys).values(key).onConflictDoNothing() }])
  return (await findSigningKeys(engine))[0] ?? key
}
