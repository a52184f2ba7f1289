import type { Fault } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import { type CsvColumn, csvColumns } from './csv-columns.ts'
import { readOwnRow } from './own-row.ts'
import { type PlacedOwnRow, requirementsOfRows } from './own-rows.ts'
import { cellFault, cellPlace, type Table, type TableLine } from './table.ts'
import { componentsOf, type ReadingNote, type TableReading, unknownColumn } from './table-reading.ts'

export interface OwnHeader {
  readonly line: TableLine
  readonly columns: readonly (CsvColumn | undefined)[]
}

/** Without these columns a table is none of ours. */
const marks: readonly CsvColumn[] = ['requirement', 'transport', 'kind', 'value']

/** The header of a table that one of our exports wrote, whatever was cut from it or put into another order since. */
export function findOwnHeader({ lines }: Table): OwnHeader | undefined {
  for (const line of lines.slice(0, 10)) {
    const columns = line.cells.map((cell) =>
      csvColumns.find((name) => name.toLowerCase() === cell.trim().toLowerCase())
    )
    if (marks.every((name) => columns.includes(name))) return { line, columns }
  }
  return undefined
}

/** Reads a table that one of our exports wrote. A column that was cut is taken as a paper would have it, and said. */
export function readOwnTable(table: Table, { line: header, columns }: OwnHeader): TableReading {
  const rows: PlacedOwnRow[] = []
  const refused: Fault[] = []
  for (const line of table.lines) {
    if (line.line <= header.line || line.cells.every((cell) => cell.trim() === '')) continue
    const cells = new Map(
      columns.flatMap((column, index) => (column ? [[column, line.cells[index] ?? ''] as const] : []))
    )
    const read = readOwnRow(cells)
    if ('row' in read) rows.push({ row: withDefaults(read.row, columns), place: cellPlace(table, line, 0) })
    else
      for (const { column, text, detail } of read.faults)
        refused.push(cellFault(cellPlace(table, line, columns.indexOf(column)), 'invalid_cell', text, detail))
  }
  const { requirements, places } = requirementsOfRows(rows)
  return { requirements, places, refused, components: componentsOf(requirements), notes: notesOf(header, columns) }
}

const defaults = { scope: 'external', direction: 'outbound', necessity: 'required' } as const

function withDefaults(row: PlacedOwnRow['row'], columns: OwnHeader['columns']): PlacedOwnRow['row'] {
  const taken = cutColumns(columns)
  if (taken.length === 0 && row.title !== undefined) return row
  const inferred = Array.isArray(row.inferred) ? row.inferred : []
  const values = Object.fromEntries(taken.map((name) => [name, defaults[name]]))
  return {
    title: row.requirement,
    ...values,
    ...row,
    ...(taken.length > 0 && { inferred: [...new Set([...inferred, ...taken])] })
  }
}

function cutColumns(columns: OwnHeader['columns']) {
  return (['scope', 'direction', 'necessity'] as const).filter((name) => !columns.includes(name))
}

function notesOf({ cells }: TableLine, columns: OwnHeader['columns']): readonly ReadingNote[] {
  const unknown = cells.map((heading) => heading.trim()).filter((heading, index) => heading !== '' && !columns[index])
  return [
    ...unknown.map((heading) => unknownColumn(heading, nearestName(heading, csvColumns))),
    ...cutColumns(columns).map(
      (name) => ({ kind: 'taken', detail: `${name} has no column: ${defaults[name]} was taken` }) as const
    )
  ]
}
