import { type Column, getTableColumns, getTableName, type SQL, type Table } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Reads } from '../engine/engine.ts'
import { rowsOf } from '../engine/prepared.ts'
import { damage } from './damage.ts'

/**
 * Rows with all their columns. A value that reads as another one than it would be written for is refused: white space in JSON, a boolean that
 * is 2, a number that is a text. Digests are over what is read, so they cannot see that.
 * @throws PortolanError `store_damaged`
 */
export async function strictRows<T extends SQLiteTable>(
  { query, tuples }: Reads,
  table: T,
  {
    where,
    order,
    limit
  }: { readonly where?: SQL | undefined; readonly order?: readonly SQL[]; readonly limit?: number }
): Promise<T['$inferSelect'][]> {
  const asked = query
    .select()
    .from(table)
    .where(where)
    .orderBy(...(order ?? []))
  const found = await tuples(limit === undefined ? asked : asked.limit(limit))
  const columns = Object.values(getTableColumns(table))
  for (const tuple of found) {
    const strange = columns.find((column, place) => !isAsWritten(column, tuple[place]))
    if (strange)
      throw damage(`${rowName(table, columns, tuple)} holds in ${strange.name} what was never written there.`)
  }
  return rowsOf(table, found)
}

/** `The row of revisions with catalogue 1 and number 2`. */
function rowName(table: Table, columns: readonly Column[], tuple: readonly unknown[]): string {
  const named = columns.slice(0, 2).map(({ name }, place) => `${name} ${String(tuple[place])}`)
  return `The row of ${getTableName(table)} with ${named.join(' and ')}`
}

/** Types of columns whose values are no bytes. */
const scalars: readonly string[] = ['number', 'string', 'boolean', 'json']

function isAsWritten(column: Column, raw: unknown): boolean {
  if (raw === null) return !column.notNull
  if (Buffer.isBuffer(raw)) return !scalars.includes(column.dataType)
  if (column.dataType === 'number' && !Number.isSafeInteger(raw)) return false
  if (column.dataType === 'string' && typeof raw !== 'string') return false
  try {
    return column.mapToDriverValue(column.mapFromDriverValue(raw)) === raw
  } catch {
    // It is no JSON.
    return false
  }
}
