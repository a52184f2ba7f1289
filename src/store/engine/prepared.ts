import { type Column, type GetColumnData, getTableColumns, is, Param, Placeholder, type Table } from 'drizzle-orm'
import type { Sql } from './engine.ts'

/** Builds the text of a query with placeholders once. For queries that run so often that building would take longer than running. */
export function prepareQuery(query: Sql): (values: Readonly<Record<string, unknown>>) => Sql {
  const { sql, params } = query.toSQL()
  const fills = params.map(fillOf)
  return (values) => ({ toSQL: () => ({ sql, params: fills.map((fill) => fill(values)) }) })
}

function fillOf(param: unknown): (values: Readonly<Record<string, unknown>>) => unknown {
  if (is(param, Placeholder)) return (values) => values[param.name]
  if (!is(param, Param)) return () => param
  const { value, encoder } = param
  if (!is(value, Placeholder)) return () => encoder.mapToDriverValue(value)
  return (values) => {
    const given = values[value.name]
    return given === null ? null : encoder.mapToDriverValue(given)
  }
}

/** The rows of a table, from tuples of all its columns. */
export function rowsOf<T extends Table>(table: T, tuples: readonly (readonly unknown[])[]): T['$inferSelect'][] {
  // The columns are those of the table.
  return rowsOfColumns(getTableColumns(table), tuples) as T['$inferSelect'][]
}

type RowOf<Columns extends Readonly<Record<string, Column>>> = { [Name in keyof Columns]: GetColumnData<Columns[Name]> }

/** The rows of a selection, from tuples of its columns. */
export function rowsOfColumns<Columns extends Readonly<Record<string, Column>>>(
  selected: Columns,
  tuples: readonly (readonly unknown[])[]
): RowOf<Columns>[] {
  const columns = Object.entries(selected)
  return tuples.map((tuple) => {
    const row: Record<string, unknown> = {}
    for (const [place, [name, column]] of columns.entries()) {
      const value = tuple[place]
      row[name] = value === null ? null : column.mapFromDriverValue(value)
    }
    // Each name has the value of its column.
    return row as RowOf<Columns>
  })
}
