import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Instant } from '../../domain/time/instant.ts'
import type { SchemaStep } from './schema.ts'
import type { SecretBox } from './secret-box.ts'
import type { Tables } from './tables.ts'

/** The query builder, the same on both engines. It has no `transaction`, which is synchronous on SQLite and asynchronous on PostgreSQL. */
export type Query = Pick<BaseSQLiteDatabase<'async', unknown>, 'select' | 'insert' | 'update' | 'delete'>

/** A query of Drizzle, or a text with its parameters in the encoding of the driver. */
export interface Sql {
  toSQL(): { readonly sql: string; readonly params: unknown[] }
}

export interface Statement {
  readonly query: Sql
  /** How many rows it must touch: any other number undoes the whole commit. */
  readonly rows?: number
  /** Other processes are told of the commit. */
  readonly isTold?: boolean
}

/** How a store stands at one moment. */
export interface Pulse {
  /** A number that changes with every commit of any process. */
  readonly version: number
  /** What the clock of the store says; absent: it has none of its own. */
  readonly now?: Instant
  /** The epoch of the log, where another process may begin a new one. */
  readonly epoch?: string
}

/** The connections of this process to the server of a database, as they are now. */
export interface Connections {
  readonly total: number
  readonly idle: number
  /** What waits for one of them. */
  readonly waiting: number
  /** How many transactions were tried again since the start, since the server gave them up for others. */
  readonly retries: number
}

/**
 * When a commit is durable. `later`: it survives the end of the process, but a machine that loses power may lose the last moments. For
 * work that may be done twice. Nobody waits for its answer, so it waits longer for the lock of another connection.
 */
export type Durability = 'now' | 'later'

/** What only reads. */
export interface Reads {
  readonly tables: Tables
  readonly query: Query
  read<Rows>(query: PromiseLike<Rows>): Promise<Rows>
  /**
   * Reads rows as the driver gives them, in the order of the selected columns: numbers, texts (JSON too) and Buffers. For queries with
   * ten thousands of rows.
   */
  tuples<Tuple extends readonly unknown[]>(query: Sql): Promise<readonly Tuple[]>
  /** Reads such rows one by one, so that a row that `visit` does not keep is not held. `visit` must not use the store. */
  walk<Tuple extends readonly unknown[]>(query: Sql, visit: (tuple: Tuple) => void): Promise<void>
}

/** The differences between SQLite and PostgreSQL. Failures that can be expected are thrown as `PortolanError`. */
export interface Engine extends Reads {
  /** Runs reads that all see the store as it is when they begin, whatever is committed meanwhile. */
  atOneMoment<Answer>(use: (reads: Reads) => Promise<Answer>): Promise<Answer>
  /**
   * Which database this is, in words that another one never has, also one that was made of its dump. Undefined: the engine cannot say, or
   * may not.
   */
  identity(): Promise<string | undefined>
  /** What the database itself finds wrong with its files; undefined: nothing, or it does not look. */
  fileFault(): Promise<string | undefined>
  /** Gives back the room of what was removed and made smaller. Nobody else may write meanwhile, and on a server nobody read. */
  reclaim(): Promise<void>
  /** Runs all statements in one transaction, and answers how many rows each touched. Durable when it resolves, unless it may be `later`. */
  commit(statements: Iterable<Statement>, durability?: Durability): Promise<readonly number[]>
  /** Whether a commit failed at a unique index, most likely because another commit was faster. */
  isConflict(error: unknown): boolean
  /** Runs what is asked for under one name one after the other, over all processes where the engine can. */
  inTurn<T>(name: string, run: () => Promise<T>): Promise<T>
  /** How the store stands. It fails where the store does not say so within two seconds. */
  pulse(): Promise<Pulse>
  /** Calls `wake` soon after a commit of any process, where the engine tells of it. */
  listen(wake: () => void): void
  /** How often it is to be looked for commits of other processes, in milliseconds. */
  readonly lookMs: number
  /** The end of a query for rows that are then written: it passes over rows that another process is writing. */
  readonly skipLocked: SQL
  /**
   * The end of a query for rows that are then written: it locks them in the order of their ids. Whoever writes several rows of a table does
   * it in that order, so that no two commits wait for each other.
   */
  lockedBy(id: SQLWrapper): SQL
  /** Within a statement: the instant by which leases are judged. `now`: the clock of the process, which counts where the store has none. */
  instant(now: SQLWrapper): SQL
  /** Seals secrets and opens them. The engines have one that seals nothing. */
  readonly secrets: SecretBox
  readonly schema: SchemaStep
  /** Absent: there is no server. */
  readonly connections?: Connections
  /** When the file was last backed up by the program; undefined: never. Absent: the program backs up no such store. */
  backedUpAt?(): Instant | undefined
  /** Whether other processes may serve the same store. */
  readonly isShared: boolean
  close(): Promise<void>
}

/** Fails a commit if a statement touched another number of rows than it must. */
export function checkRows({ query, rows }: Statement, touched: number): number {
  if (rows !== undefined && rows !== touched)
    throw new Error(`${touched} rows instead of ${rows} were touched by: ${query.toSQL().sql.slice(0, 200)}`)
  return touched
}
