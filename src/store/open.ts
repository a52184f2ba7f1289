import { randomBytes } from 'node:crypto'
import { type SealingKey, sealingKey } from '../domain/sealing.ts'
import type { Engine } from './engine/engine.ts'
import type { Migration } from './engine/schema.ts'
import { secretBox } from './engine/secret-box.ts'
import { makeKeyFile, readKeyFile } from './key-file.ts'
import { keyFileOf, openEngine } from './open-engine.ts'
import { sealingKeyId } from './sealing.ts'
import { sqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

/**
 * Opens a store, and creates or migrates its tables. `url`: `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. `keys`: those that seal
 * secrets, the current one first; none: the file `PATH.key` beside a file of SQLite, which is made where it is missing, and no sealing at all in
 * PostgreSQL.
 * @throws PortolanError `not_ready` where the store cannot be reached, `store_damaged` where its file is, `wrong_schema` where its tables are not those of this program,
 * `wrong_secret_key` where its secrets were sealed with another key
 */
export async function openStore(
  url: string,
  keys: readonly SealingKey[] = [],
  migration: Migration = 'run'
): Promise<Store> {
  const engine = await openEngine(url, migration)
  try {
    const own = keys.length > 0 ? keys : await keysBeside(engine, url)
    return await sqlStore({ ...engine, secrets: secretBox(own) })
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Whether the secrets of a store are kept in clear where nobody gives it a key. */
export function keepsSecretsInClear(url: string): boolean {
  return !url.startsWith('sqlite:')
}

async function keysBeside(engine: Engine, url: string): Promise<readonly SealingKey[]> {
  if (keepsSecretsInClear(url)) return []
  const file = keyFileOf(url)
  if (file === undefined) return [sealingKey(randomBytes(32))]
  // A new key would open nothing of what is sealed already.
  if (!(await sealingKeyId(engine))) makeKeyFile(file)
  return readKeyFile(file) ?? []
}
