import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { PortolanError } from '../../domain/errors.ts'
import { checkRows, type Durability, type Engine, type Query, type Sql, type Statement } from './engine.ts'
import * as tables from './tables.postgres.ts'

const migrationsFolder = fileURLToPath(new URL('../../../migrations/postgres', import.meta.url))
/** Any number that no other program locks in the same database. */
const migrationLock = 7_067_829

export async function openPostgres(url: string): Promise<Engine> {
  await guarded(() => migrateOnce(url))
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    // A writer waits for those before it, and a server that hangs is not waited for.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true
  })
  // A connection that breaks is replaced, and its query fails; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  // Query builders of both engines have the same methods, and the tables were cast alike: see `dialect.ts`.
  const query = drizzle(pool) as unknown as Query

  // All wait for one row lock anyway: waiting here leaves the connections to the readers.
  let writers: Promise<unknown> = Promise.resolve()

  return {
    tables,
    query,
    read: (asked) => guarded(() => asked),
    tuples: <Tuple extends readonly unknown[]>(asked: Sql) => guarded(() => selectTuples<Tuple>(pool, asked)),
    async walk<Tuple extends readonly unknown[]>(asked: Sql, visit: (tuple: Tuple) => void) {
      // The driver has all of them before it gives the first.
      for (const tuple of await guarded(() => selectTuples<Tuple>(pool, asked))) visit(tuple)
    },
    commit(statements, durability) {
      const done = writers.then(() => guarded(() => runAll(pool, statements, durability)))
      writers = done.catch(() => {})
      return done
    },
    isConflict: (error) => sqlState(error) === '23505',
    async version() {
      const [row] = await guarded(() => query.select({ version: tables.log.version }).from(tables.log))
      return row?.version ?? 0
    },
    skipLocked: sql` for update skip locked`,
    isShared: true,
    close: () => pool.end()
  }
}

/** On a connection of its own, since the lock belongs to it: replicas that start together migrate one after the other. */
async function migrateOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    // Ends the lock too.
    await client.end()
  }
}

async function runAll(
  pool: pg.Pool,
  statements: Iterable<Statement>,
  durability: Durability = 'now'
): Promise<readonly number[]> {
  const client = await pool.connect()
  let broken = false
  try {
    // Whatever the database's default: the next writer must see what the one before wrote as soon as it holds the lock.
    await client.query('begin isolation level read committed')
    if (durability === 'later') await client.query('set local synchronous_commit = off')
    const touched: number[] = []
    for (const statement of statements) {
      const { sql, params } = statement.query.toSQL()
      const { rowCount } = await client.query(sql, params)
      touched.push(checkRows(statement, rowCount ?? 0))
    }
    await client.query('commit')
    return touched
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}

const int8 = 20
const json = 114

async function selectTuples<Tuple extends readonly unknown[]>(pool: pg.Pool, asked: Sql): Promise<readonly Tuple[]> {
  const { sql, params } = asked.toSQL()
  // JSON stays text and big integers become numbers, as SQLite has them. The caller names the types of its columns.
  const { rows } = await pool.query<Tuple & unknown[]>({ text: sql, values: params, rowMode: 'array', types })
  return rows
}

const types: pg.CustomTypesConfig = {
  getTypeParser(id, format) {
    if (id === int8) return Number
    if (id === json) return String
    return pg.types.getTypeParser(id, format)
  }
}

async function guarded<T>(run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw postgresFailure(error)
  }
}

/** Drizzle wraps what the driver throws. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error
}

function sqlState(error: unknown): string {
  const inner = unwrapped(error)
  return inner instanceof Error && 'code' in inner ? String(inner.code) : ''
}

function message(error: unknown): string {
  const inner = unwrapped(error)
  return inner instanceof Error ? inner.message : ''
}

/** A failure that a caller can do something about gets its code; any other stays as it is. */
function postgresFailure(error: unknown): unknown {
  const state = sqlState(error)
  if (state === '53100')
    return new PortolanError('storage_full', 'The disk that holds the store is full. Nothing was written.')
  if (state === '40001' || state === '40P01')
    return new PortolanError('not_ready', 'Another program locked the store. Nothing was written: try again.')
  const detail = message(error) || state
  // Classes: 08 no connection, 28 refused, 3D no such database, 53 no resources, 57 stopped or timed out; else a code of the system,
  // or one of the driver's own, which have none.
  const unreachable =
    /^(08|28|3D|53|57)...$|^E[A-Z]+$/.test(state) || /^(Connection terminated|timeout exceeded)/.test(detail)
  return unreachable ? new PortolanError('not_ready', `The store cannot be reached: ${detail}.`) : error
}
