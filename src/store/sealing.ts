import { and, eq, isNull } from 'drizzle-orm'
import type { Engine, Reads, Statement } from './engine/engine.ts'
import { wrongKey } from './engine/secret-box.ts'
import { keptSigningKeys, sealSigningKey } from './webhook/signing-key.ts'
import { sealSubscription } from './webhook/subscription-secret.ts'

/** How often all is sealed anew while other processes change subscriptions. */
const attempts = 5

/** The id of the key with which the secrets of a store are sealed; undefined: they are not. */
export async function sealingKeyId({ query, read, tables: { log } }: Reads): Promise<string | undefined> {
  const [row] = await read(query.select({ secretKey: log.secretKey }).from(log))
  return row?.secretKey ?? undefined
}

/**
 * Seals with the current key what is kept in clear or was sealed with an old one: at the first start with a key, and after a rotation.
 * @throws PortolanError `wrong_secret_key` where the service lacks the key with which the secrets are sealed
 */
export async function sealSecrets(engine: Engine): Promise<void> {
  const { secrets } = engine
  const known = await sealingKeyId(engine)
  if (known !== undefined && !secrets.knows(known)) throw wrongKey(known)
  // With old keys another process may still seal with one of them.
  if (secrets.keyId === known && !secrets.hasOldKeys) return
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const statements = await resealing(engine)
    if (statements.length > 0) await engine.commit(statements)
    else break
  }
  await markSealed(engine, known)
}

/** One statement for each row that is not sealed with the current key. A row that somebody changes meanwhile is left to the next attempt. */
async function resealing(engine: Engine): Promise<readonly Statement[]> {
  const { query, read, tables, secrets } = engine
  const { subscriptions, signingKeys } = tables
  const statements: Statement[] = []
  const { id, version, definition, secrets: kept } = subscriptions
  for (const row of await read(query.select({ id, version, definition, secrets: kept }).from(subscriptions))) {
    const sealed = sealSubscription(secrets, row)
    if (!sealed) continue
    const isSame = and(eq(subscriptions.id, row.id), eq(subscriptions.version, row.version))
    statements.push({ query: query.update(subscriptions).set(sealed).where(isSame) })
  }
  for (const key of await keptSigningKeys(engine)) {
    const privateKey = sealSigningKey(secrets, key)
    if (privateKey !== undefined)
      statements.push({ query: query.update(signingKeys).set({ privateKey }).where(eq(signingKeys.id, key.id)) })
  }
  return statements
}

async function markSealed(
  { query, commit, tables: { log }, secrets }: Engine,
  known: string | undefined
): Promise<void> {
  const isSame = known === undefined ? isNull(log.secretKey) : eq(log.secretKey, known)
  await commit([
    {
      query: query
        .update(log)
        .set({ secretKey: secrets.keyId ?? null })
        .where(isSame)
    }
  ])
}
