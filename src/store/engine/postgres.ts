import { setTimeout as pause } from 'node:timers/promises'
import { getTableName, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { PortolanError } from '../../domain/errors.ts'
import { PostgresTurns } from '../turns.ts'
import { checkRows, type Durability, type Engine, type Query, type Reads, type Sql, type Statement } from './engine.ts'
import { migratePostgres } from './postgres-migration.ts'
import { isLateAnswer, openPool } from './postgres-pool.ts'
import { channel, PostgresWatch, postgresIdentity } from './postgres-watch.ts'
import type { Migration } from './schema.ts'
import { secretBox } from './secret-box.ts'
import * as tables from './tables.postgres.ts'

/** Opens PostgreSQL. @throws PortolanError `not_ready`, `wrong_schema` */
export async function openPostgres(url: string, migration: Migration = 'run'): Promise<Engine> {
  const schema = await guarded(() => migratePostgres(url, migration))
  const connections = openPool(url, 10)
  const { pool } = connections
  const turns = new PostgresTurns(openPool(url, 2))
  const watch = new PostgresWatch(url, () => connections.dropIdle())

  // All writers wait for one row lock. Waiting here instead leaves the connections to readers.
  let writers: Promise<unknown> = Promise.resolve()
  let retries = 0
  const onRetry = () => {
    retries += 1
  }

  return {
    ...readsOf(pool),
    atOneMoment: (use) => guarded(() => atOneMoment(pool, use)),
    identity: () => guarded(() => postgresIdentity(pool)),
    // Its files are the matter of its own tools.
    fileFault: async () => undefined,
    async reclaim() {
      for (const table of [tables.events, tables.orders, tables.revisions])
        await guarded(() => pool.query(`vacuum full ${getTableName(table)}`))
    },
    commit(statements, durability) {
      const list = [...statements]
      const done = writers.then(() => guarded(() => persistently(() => runAll(pool, list, durability), onRetry)))
      writers = done.catch(() => {})
      return done
    },
    isConflict: (error) => sqlState(error) === '23505',
    inTurn: (name, run) => turns.take(name, run),
    pulse: () => guarded(() => watch.pulse()),
    listen: (wake) => watch.listen(wake),
    // The server tells of commits. A message that was lost costs a second.
    lookMs: 1000,
    skipLocked: sql` for update skip locked`,
    // By code units, whatever the collation of the database is, as programs sort.
    lockedBy: (id) => sql` order by ${id} collate "C" for update`,
    instant: () => sql`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`,
    secrets: secretBox([]),
    schema,
    connections: {
      get total() {
        return pool.totalCount
      },
      get idle() {
        return pool.idleCount
      },
      get waiting() {
        return pool.waitingCount
      },
      get retries() {
        return retries
      }
    },
    isShared: true,
    async close() {
      watch.close()
      await Promise.all([connections.close(), turns.close()])
    }
  }
}

function readsOf(client: pg.Pool | pg.PoolClient): Reads {
  return {
    tables,
    // The query builders of both engines have the same methods, and the tables are cast in the same way: see `dialect.ts`.
    query: drizzle(client) as unknown as Query,
    read: (asked) => guarded(() => asked),
    tuples: <Tuple extends readonly unknown[]>(asked: Sql) => guarded(() => selectTuples<Tuple>(client, asked)),
    async walk<Tuple extends readonly unknown[]>(asked: Sql, visit: (tuple: Tuple) => void) {
      // The driver reads all rows before it gives the first.
      for (const tuple of await guarded(() => selectTuples<Tuple>(client, asked))) visit(tuple)
    }
  }
}

/** Reads on one connection, in a transaction that sees one moment. */
async function atOneMoment<Answer>(pool: pg.Pool, use: (reads: Reads) => Promise<Answer>): Promise<Answer> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    return await use(readsOf(client))
  } finally {
    // The transaction ends with its connection.
    client.release(true)
  }
}

/** How often a commit is tried that the server gives up for another one. */
const attempts = 10

/** Tries a transaction again that the server gave up since it and another one waited for each other. Nothing of it was written. */
async function persistently<T>(run: () => Promise<T>, onRetry: () => void): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (!['40001', '40P01'].includes(sqlState(error)) || attempt === attempts) throw error
      onRetry()
      await pause(attempt * 10)
    }
  }
}

async function runAll(
  pool: pg.Pool,
  statements: readonly Statement[],
  durability: Durability = 'now'
): Promise<readonly number[]> {
  const client = await pool.connect()
  let broken = false
  try {
    // Whatever the default of the database is: a writer must see what the one before it wrote as soon as it holds the lock.
    await client.query('begin isolation level read committed')
    if (durability === 'later') await client.query('set local synchronous_commit = off')
    const touched: number[] = []
    let isTold = false
    for (const statement of statements) {
      const { sql, params } = statement.query.toSQL()
      const { rowCount } = await client.query(sql, params)
      touched.push(checkRows(statement, rowCount ?? 0))
      isTold ||= statement.isTold === true
    }
    await client.query(isTold ? `notify ${channel}; commit` : 'commit')
    return touched
  } catch (error) {
    broken = isLateAnswer(error)
    if (!broken)
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

async function selectTuples<Tuple extends readonly unknown[]>(
  client: pg.Pool | pg.PoolClient,
  asked: Sql
): Promise<readonly Tuple[]> {
  const { sql, params } = asked.toSQL()
  // JSON stays text and big integers become numbers, as on SQLite. The caller names the types of its columns.
  const { rows } = await client.query<Tuple & unknown[]>({ text: sql, values: params, rowMode: 'array', types })
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

/** The error of the driver, which Drizzle wraps. */
function driverError(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error
}

function sqlState(error: unknown): string {
  const inner = driverError(error)
  return inner instanceof Error && 'code' in inner ? String(inner.code) : ''
}

function message(error: unknown): string {
  const inner = driverError(error)
  return inner instanceof Error ? inner.message : ''
}

/** A failure that a caller can do something about, as a `PortolanError`; any other failure as it is. */
function postgresFailure(error: unknown): unknown {
  const state = sqlState(error)
  if (state === '53100')
    return new PortolanError('storage_full', 'The disk that holds the store is full. Nothing was written.')
  if (state === '40001' || state === '40P01')
    return new PortolanError('not_ready', 'Another program locked the store. Nothing was written: try again.')
  const detail = message(error) || state
  // Classes of SQLSTATE: 08 no connection, 28 refused, 3D no such database, 53 no resources, 57 stopped or timed out. Failures of the
  // system have a code such as ECONNREFUSED, and failures of the driver itself have only a message.
  const unreachable =
    /^(08|28|3D|53|57)...$|^E[A-Z]+$/.test(state) ||
    /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered)/.test(detail)
  return unreachable ? new PortolanError('not_ready', `The store cannot be reached: ${detail}.`) : error
}
