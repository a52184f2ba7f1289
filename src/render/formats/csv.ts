import { csvColumns } from '../../domain/table/csv-columns.ts'
import { type FlatRow, flatRows } from '../export/flat-rows.ts'
import type { TableFormat } from '../export/format.ts'
import { cellText } from '../export/spreadsheet-cell.ts'

const columns: readonly (keyof FlatRow)[] = csvColumns

export const csv: TableFormat = {
  kind: 'table',
  name: 'csv',
  title: 'Comma-separated values',
  description:
    'For spreadsheets, change tickets and scripts: RFC 4180 with a header row, one row for each requirement, port range and endpoint; a requirement without endpoints has rows too. A cell that a spreadsheet would run as a formula begins with an apostrophe.',
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  render: ({ view }) => renderCsv(flatRows(view))
}

/** RFC 4180: CRLF, a header row, quotes doubled. */
export function renderCsv(rows: Iterable<FlatRow>): string {
  let text = `${columns.join(',')}\r\n`
  for (const row of rows) text += `${columns.map((column) => quoteField(cellText(row, column))).join(',')}\r\n`
  return text
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
