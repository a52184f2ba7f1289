import { quote } from '../json/source-text.ts'
import { findHeader, type Header, nearestHeading, readHeader } from '../table/column.ts'
import { findOwnHeader, type OwnHeader, readOwnTable } from '../table/own-table.ts'
import { readPaperTable } from '../table/paper-table.ts'
import { mostColumns, mostLines, type Table } from '../table/table.ts'
import { type FeedSource, type Imported, unreadableSource } from './adapter.ts'

/** A table that has the columns which are needed. */
export type HeadedTable = { readonly table: Table } & ({ readonly own: OwnHeader } | { readonly paper: Header })

export function headedTable(table: Table): HeadedTable | undefined {
  const own = findOwnHeader(table)
  if (own) return { table, own }
  const paper = findHeader(table)
  return paper && { table, paper }
}

/** Reads a table of ours, or of a paper. */
export function importTable(headed: HeadedTable): Imported {
  if ('own' in headed) {
    const { columns, line } = headed.own
    return {
      ...readOwnTable(headed.table, headed.own),
      columns: columns.flatMap((field, index) => (field ? [{ heading: line.cells[index]?.trim() ?? '', field }] : []))
    }
  }
  return {
    ...readPaperTable(headed.table, headed.paper),
    columns: headed.paper.columns.map(({ heading, field }) => ({ heading, field }))
  }
}

/** @throws PortolanError `invalid_source` where a table is larger than any table of ports */
export function requireSize(source: FeedSource, { lines }: Table): void {
  const widest = lines.reduce((most, { cells }) => Math.max(most, cells.length), 0)
  if (widest > mostColumns)
    throw unreadableSource(source, 'too_many_columns', `has ${widest} columns, and a table may have ${mostColumns}`)
  if (lines.length > mostLines)
    throw unreadableSource(source, 'too_many_rows', `has ${lines.length} rows, and a table may have ${mostLines}`)
}

const mostShown = 20

/** The headings of a row that may be known ones, misspelt. */
function nearHeadings({ unknown }: Header): readonly string[] {
  return unknown.slice(0, mostShown).flatMap((heading) => {
    const nearest = nearestHeading(heading)
    return nearest === undefined ? [] : [`${quote(heading)} may be ${nearest}`]
  })
}

/** The refusal of what has no table. It names the headings of the row that is most like a header, and those that are nearest to them. */
export function noTable(source: FeedSource, tables: readonly Table[]): Error {
  const needs =
    'a column for the name (Item, Service) and one for what it connects to (Protocol, Port, Host, IP address, Destination)'
  const [best] = tables
    .flatMap(({ lines }) => lines.slice(0, 50).map((line) => readHeader(line)))
    .map((header) => ({ ...header, near: nearHeadings(header) }))
    .sort((a, b) => b.columns.length + b.near.length - (a.columns.length + a.near.length))
  const written = best?.line.cells.filter((cell) => cell.trim() !== '').slice(0, mostShown) ?? []
  const found = written.length === 0 ? '' : `; found: ${written.map((cell) => quote(cell.trim())).join(', ')}`
  const hint = best && best.near.length > 0 ? `; ${best.near.join(', ')}` : ''
  return unreadableSource(source, 'no_table', `has no row of headings with ${needs}${found}${hint}`)
}
