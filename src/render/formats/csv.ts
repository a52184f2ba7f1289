import { csvLine } from '../csv-text.ts'
import { columnsOf, type FlatRow, flatRows, type RowColumns } from '../export/flat-rows.ts'
import type { TableFormat } from '../export/format.ts'
import { cellText } from '../export/spreadsheet-cell.ts'

export const csv: TableFormat = {
  kind: 'table',
  name: 'csv',
  title: 'Comma-separated values',
  description:
    'For spreadsheets, change tickets and scripts: RFC 4180 with a header row, one row for each requirement, port range and endpoint; a requirement without endpoints has rows too. A cell that a spreadsheet would run as a formula begins with an apostrophe.',
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  render: ({ view }) => renderCsv(flatRows(view), columnsOf(view))
}

/** RFC 4180, with a header row. */
export function renderCsv(rows: Iterable<FlatRow>, columns: RowColumns): string {
  let text = csvLine(columns)
  for (const row of rows) text += csvLine(columns.map((column) => cellText(row, column)))
  return text
}
