import { getTableColumns, type Table } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Query, Sql, Statement } from './engine.ts'

/** Rows in one statement: far below the limits on parameters (SQLite 32,766, PostgreSQL 65,535), and the fastest on both. */
const batch = 100

/** Values in one list of a query, for the same reasons. */
export const listSize = 500

export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

/**
 * Inserts of any number of rows. Drizzle builds the text of a full batch once; building it for each takes most of the time of a large
 * publication. Every row names every column, with null where there is nothing.
 */
export function* insertAll<T extends SQLiteTable>(
  query: Query,
  table: T,
  rows: readonly T['$inferInsert'][]
): Generator<Statement> {
  let full: string | undefined
  for (const part of batches(rows, batch)) {
    const insert = (): Sql => query.insert(table).values([...part])
    if (part.length < batch) yield { query: insert(), rows: part.length }
    else {
      full ??= insert().toSQL().sql
      yield { query: { toSQL: textAndRows(full, table, part) }, rows: part.length }
    }
  }
}

function textAndRows(sql: string, table: Table, rows: readonly Record<string, unknown>[]): Sql['toSQL'] {
  const columns = Object.entries(getTableColumns(table))
  return () => {
    const params: unknown[] = []
    for (const row of rows) {
      for (const [name, column] of columns) {
        const value = row[name]
        params.push(value === null ? null : column.mapToDriverValue(value))
      }
    }
    return { sql, params }
  }
}
