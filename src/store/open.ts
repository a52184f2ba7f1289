import type { Engine } from './engine/engine.ts'
import { sqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

/**
 * Opens a store, and creates or migrates its tables. `url`: `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
 * @throws PortolanError `not_ready` where the store cannot be reached.
 */
export async function openStore(url: string): Promise<Store> {
  const engine = await openEngine(url)
  try {
    return await sqlStore(engine)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Loads only the engine that is used. */
async function openEngine(url: string): Promise<Engine> {
  // Without a path SQLite would write to a temporary file that nobody finds again.
  if (/^sqlite:./.test(url)) {
    const { openSqlite } = await import('./engine/sqlite.ts')
    return openSqlite(url.slice('sqlite:'.length))
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./engine/postgres.ts')
    return openPostgres(url)
  }
  throw new Error('the URL of a store is sqlite:PATH, sqlite::memory: or postgres://USER@HOST/DATABASE')
}
