import type { SealingKey } from '../domain/sealing.ts'
import type { Engine } from './engine/engine.ts'
import type { Migration } from './engine/schema.ts'
import { secretBox } from './engine/secret-box.ts'
import { readKeyFile } from './key-file.ts'

/**
 * Opens the database of a store, which may have no epoch yet. Only the engine that is used is loaded.
 * @throws PortolanError `not_ready`, `wrong_schema`
 */
export async function openEngine(url: string, migration: Migration): Promise<Engine> {
  // Without a path SQLite would write to a temporary file that nobody finds again.
  if (/^sqlite:./.test(url)) {
    const { openSqlite } = await import('./engine/sqlite.ts')
    return openSqlite(url.slice('sqlite:'.length), 5000, migration)
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./engine/postgres.ts')
    return openPostgres(url, migration)
  }
  throw new Error('the URL of a store is sqlite:PATH, sqlite::memory: or postgres://USER@HOST/DATABASE')
}

/** The file with the key of a store where nobody gives it one; undefined: there is no place for it. */
export function keyFileOf(url: string): string | undefined {
  const [, path] = /^sqlite:(?!:memory:$)(.+)$/.exec(url) ?? []
  return path === undefined ? undefined : `${path}.key`
}

/** The keys with which the secrets of a store can be opened: those given, and those in the file beside it. */
export function keysOf(url: string, given: readonly SealingKey[]): readonly SealingKey[] {
  const file = keyFileOf(url)
  return [...given, ...((file !== undefined && readKeyFile(file)) || [])]
}

/** Uses a store as it lies there, as those who keep it do: nothing is made or filled in. `keys`: those given to open its secrets. */
export async function withEngineOf<Answer>(
  {
    url,
    keys,
    migration = 'refuse'
  }: { readonly url: string; readonly keys: readonly SealingKey[]; readonly migration?: Migration },
  use: (engine: Engine) => Promise<Answer>
): Promise<Answer> {
  const engine = await openEngine(url, migration)
  try {
    return await use({ ...engine, secrets: secretBox(keysOf(url, keys)) })
  } finally {
    await engine.close()
  }
}
