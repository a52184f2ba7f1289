import type { SQL } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Tables } from './tables.ts'

/** What builds queries, the same on both engines. Without `transaction`: SQLite's is synchronous, PostgreSQL's is not. */
export type Query = Pick<BaseSQLiteDatabase<'async', unknown>, 'select' | 'insert' | 'update' | 'delete'>

/** A query of Drizzle, or a text with its parameters in the encoding of the driver. */
export interface Sql {
  toSQL(): { readonly sql: string; readonly params: unknown[] }
}

export interface Statement {
  readonly query: Sql
  /** How many rows it must touch: any other number undoes the whole commit. */
  readonly rows?: number
}

/** `later`: a process that dies takes nothing back, a machine that loses power the last moments. For what can be done twice. */
export type Durability = 'now' | 'later'

/** What differs between SQLite and PostgreSQL. Failures that can be expected leave it as `PortolanError`. */
export interface Engine {
  readonly tables: Tables
  readonly query: Query
  read<Rows>(query: PromiseLike<Rows>): Promise<Rows>
  /**
   * Rows as the driver gives them, in the order of the selected columns: numbers, texts (JSON too) and Buffers. For what is read by
   * the ten thousand.
   */
  tuples<Tuple extends readonly unknown[]>(query: Sql): Promise<readonly Tuple[]>
  /** The same one by one, so that what `visit` does not keep is not held. It must not ask the store. */
  walk<Tuple extends readonly unknown[]>(query: Sql, visit: (tuple: Tuple) => void): Promise<void>
  /** All statements in one transaction, durable when it resolves unless it may be later: how many rows each touched. */
  commit(statements: Iterable<Statement>, durability?: Durability): Promise<readonly number[]>
  /** Whether a commit failed at a unique index: most likely because another one was faster. */
  isConflict(error: unknown): boolean
  version(): Promise<number>
  /** Ends a query for rows that are then written: passes over those that another process is writing. */
  readonly skipLocked: SQL
  /** Other processes may serve the same store. */
  readonly isShared: boolean
  close(): Promise<void>
}

export function checkRows({ query, rows }: Statement, touched: number): number {
  if (rows !== undefined && rows !== touched)
    throw new Error(`${touched} rows instead of ${rows} were touched by: ${query.toSQL().sql.slice(0, 200)}`)
  return touched
}
