import { asc } from 'drizzle-orm'
import type { SigningKey } from '../../domain/webhook/webhook-signature.ts'
import type { Engine } from '../engine/engine.ts'

export async function findSigningKeys({ query, read, tables }: Engine): Promise<readonly SigningKey[]> {
  const { signingKeys } = tables
  return read(query.select().from(signingKeys).orderBy(asc(signingKeys.createdAt)))
}

/** One row at most: whoever comes second gets the first one's. */
export async function addSigningKey(engine: Engine, key: SigningKey): Promise<SigningKey> {
  const { query, commit, tables } = engine
  await commit([{ query: query.insert(tables.signingKeys).values(key).onConflictDoNothing() }])
  return (await findSigningKeys(engine))[0] ?? key
}
