import { asc, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Reads } from '../engine/engine.ts'
import { rowsOf } from '../engine/prepared.ts'

const pageSize = 500

/** A row of any table, by the names of its columns in this program. */
export type AnyRow = Readonly<Record<string, unknown>>

/** All rows of a table in pages, in the order of its key. */
export async function* tablePages(
  { query, tuples }: Reads,
  table: SQLiteTable,
  key: readonly SQLiteColumn[]
): AsyncGenerator<readonly AnyRow[]> {
  let after: SQL | undefined
  for (;;) {
    const asked = query
      .select()
      .from(table)
      .where(after)
      .orderBy(...key.map((column) => asc(column)))
      .limit(pageSize)
    const rows: readonly AnyRow[] = rowsOf(table, await tuples(asked))
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (rows.length < pageSize || !last) return
    after = behind(table, key, last)
  }
}

/** The condition that a row comes after another one in the order of the key. */
function behind(table: SQLiteTable, key: readonly SQLiteColumn[], last: AnyRow): SQL {
  const names = new Map(Object.entries(getTableColumns(table)).map(([name, column]) => [column.name, name]))
  const values = key.map((column) => sql.param(last[names.get(column.name) ?? ''], column))
  const list = (items: readonly unknown[]) =>
    sql.join(
      items.map((item) => sql`${item}`),
      sql`, `
    )
  return sql`(${list(key)}) > (${list(values)})`
}
