import { getTableColumns, type Table } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Query, Sql, Statement } from './engine.ts'

/** Rows in one insert: far below the limits on parameters (SQLite 32,766, PostgreSQL 65,535), and the fastest on both engines. */
const batchSize = 100

/** Values in one list of a query, for the same reasons. */
export const listSize = 500

/** The items in lists of so many, made as they are asked for. */
export function* batches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let part: T[] = []
  for (const item of items) {
    part.push(item)
    if (part.length < size) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** The texts of inserts, by table, by what happens to a row that exists already, and by the number of rows. */
const texts = new WeakMap<Table, Map<string, string>>()

/**
 * The inserts of any number of rows. Drizzle builds each text once, since building it for each batch takes most of the time of a large
 * publication. Each row must have all columns, with null where there is nothing. `whereKnown`: whether a row that exists already fails the
 * commit, or is kept as it is.
 */
export function* insertAll<T extends SQLiteTable>(
  query: Query,
  table: T,
  rows: Iterable<T['$inferInsert']>,
  whereKnown: 'fail' | 'keep' = 'fail'
): Generator<Statement> {
  const known = texts.get(table) ?? new Map<string, string>()
  texts.set(table, known)
  for (const part of batches(rows, batchSize)) {
    const name = `${whereKnown} ${part.length}`
    let text = known.get(name)
    if (text === undefined) {
      const insert = query.insert(table).values([...part])
      text = (whereKnown === 'keep' ? insert.onConflictDoNothing() : insert).toSQL().sql
      known.set(name, text)
    }
    const statement = { query: { toSQL: textAndRows(text, table, part) } }
    yield whereKnown === 'keep' ? statement : { ...statement, rows: part.length }
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
