import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { PortolanError } from '../../domain/errors.ts'
import { Turns } from '../turns.ts'
import type { Engine, Query, Reads, Sql } from './engine.ts'
import type { Migration, SchemaStep } from './schema.ts'
import { secretBox } from './secret-box.ts'
import { readBackupNote } from './sqlite-files.ts'
import { migrateSqlite } from './sqlite-migration.ts'
import { Statements } from './sqlite-statements.ts'
import { slicedWriter, wholeWriter } from './sqlite-writer.ts'
import * as tables from './tables.sqlite.ts'

/**
 * Opens SQLite. `path`: a file, which is created with its folder, or `:memory:`. `patienceMs`: how long a write waits for another connection,
 * which is five times as long where it may be durable later.
 * @throws PortolanError `not_ready`, `wrong_schema`, `store_damaged`
 */
export function openSqlite(path: string, patienceMs = 5000, migration: Migration = 'run'): Engine {
  const { client, schema } = guarded(() => connect(path, migration))
  const writer =
    path === ':memory:'
      ? wholeWriter(client)
      : slicedWriter(
          guarded(() => connectWriter(path)),
          patienceMs
        )
  const turns = new Turns()
  let commits = 0

  return {
    ...readsOf(client),
    atOneMoment: (use) => atOneMoment(path, client, use),
    async fileFault() {
      const found = String(guarded(() => client.pragma('integrity_check(1)', { simple: true })))
      return found === 'ok' ? undefined : found
    },
    async reclaim() {
      guarded(() => client.exec('vacuum'))
    },
    async commit(statements, durability) {
      try {
        const touched = await writer.commit(statements, durability)
        commits += 1
        return touched
      } catch (error) {
        throw sqliteFailure(error)
      }
    },
    isConflict: (error) =>
      error instanceof Database.SqliteError && /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(error.code),
    // A file that is copied, or put back, is the same to the last byte: `restore-backup` begins the epoch.
    identity: async () => undefined,
    inTurn: (name, run) => turns.take(name, run),
    // The pragma changes only when another connection commits.
    pulse: async () => ({ version: guarded(() => dataVersion(client)) + commits }),
    // The file tells of nothing, and to look costs nothing.
    listen() {},
    lookMs: 250,
    // Nothing to skip: a commit has the lock of the whole file.
    skipLocked: sql``,
    lockedBy: () => sql``,
    instant: (now) => sql`${now}`,
    secrets: secretBox([]),
    schema,
    isShared: false,
    ...(path !== ':memory:' && { backedUpAt: () => readBackupNote(path) }),
    async close() {
      await writer.close()
      client.close()
    }
  }
}

function readsOf(client: Database.Database): Reads {
  const statements = new Statements(client)
  return {
    tables,
    // An awaited query of the synchronous driver runs at once, so it may take the place of a query of an asynchronous driver.
    query: drizzle(client) as unknown as Query,
    async read(asked) {
      try {
        return await asked
      } catch (error) {
        throw sqliteFailure(error)
      }
    },
    async tuples<Tuple extends readonly unknown[]>(asked: Sql) {
      const { sql, params } = asked.toSQL()
      // The caller names the types of the columns that it selects.
      return guarded(() => statements.of(sql).raw().all(params) as Tuple[])
    },
    async walk<Tuple extends readonly unknown[]>(asked: Sql, visit: (tuple: Tuple) => void) {
      const { sql, params } = asked.toSQL()
      guarded(() => {
        // The caller names the types of the columns here too.
        for (const tuple of statements.of(sql).raw().iterate(params)) visit(tuple as Tuple)
      })
    }
  }
}

/** Reads on a connection of their own, in one transaction. A store in memory has one connection, and nobody else who writes. */
async function atOneMoment<Answer>(
  path: string,
  client: Database.Database,
  use: (reads: Reads) => Promise<Answer>
): Promise<Answer> {
  if (path === ':memory:') return use(readsOf(client))
  const own = guarded(() => new Database(path, { readonly: true, timeout: 5000 }))
  try {
    own.exec('begin')
    return await use(readsOf(own))
  } finally {
    own.close()
  }
}

function connect(
  path: string,
  migration: Migration
): { readonly client: Database.Database; readonly schema: SchemaStep } {
  if (path !== ':memory:') keepPrivate(path)
  const client = new Database(path, { timeout: 5000 })
  try {
    settle(client)
    return { client, schema: migrateSqlite(client, migration) }
  } catch (error) {
    client.close()
    throw error
  }
}

/**
 * Only the owner of the process may read the store, whatever the umask. SQLite gives its companions the mode of the file. An existing file is
 * never opened here: to close it would drop the locks that this process holds on it.
 */
function keepPrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    try {
      if (existsSync(file) && (statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600)
    } catch (error) {
      // The mode of a file of another owner, or of one that SQLite has just removed, is not ours to change.
      if (!(error instanceof Error && 'code' in error && /^(EPERM|EROFS|ENOENT)$/.test(String(error.code)))) throw error
    }
  }
}

/** The connection of the writer. It has no timeout, since the writer itself waits, without blocking the process. */
function connectWriter(path: string): Database.Database {
  const client = new Database(path, { timeout: 0 })
  settle(client)
  client.pragma('foreign_keys = ON')
  return client
}

function settle(client: Database.Database): void {
  client.pragma('journal_mode = WAL')
  // better-sqlite3 is compiled with NORMAL for WAL, which may lose the newest commits with the power.
  client.pragma('synchronous = FULL')
  // What is replaced, such as a secret in clear, is overwritten where that costs no further write.
  client.pragma('secure_delete = FAST')
  // Pages that are written again and again go to the file once, at the price of 16 MB of WAL instead of 4.
  client.pragma('wal_autocheckpoint = 4000')
}

function dataVersion(client: Database.Database): number {
  return Number(client.pragma('data_version', { simple: true }))
}

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw sqliteFailure(error)
  }
}

/** A failure that a caller can do something about, as a `PortolanError`; any other failure as it is. */
function sqliteFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new PortolanError('storage_full', 'The disk that holds the store is full. Nothing was written.')
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new PortolanError(
      'not_ready',
      'Another process held the store for too long. Nothing was written: try again.'
    )
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return new PortolanError('store_damaged', `The database finds its file damaged: ${error.message}.`)
  if (/^(SQLITE_(CANTOPEN|IOERR|READONLY)|EACCES|EROFS|ENOTDIR|EEXIST)/.test(code))
    return new PortolanError('not_ready', `The store cannot be reached: ${error.message}.`)
  return error
}
