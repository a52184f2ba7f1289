import { type FlatRow, flatRows } from '../export/flat-rows.ts'
import type { TableFormat } from '../export/format.ts'
import { cellText } from '../export/spreadsheet-cell.ts'

/** The columns and their order are part of the contract: new ones come at the end. */
export const csvColumns = [
  'requirement',
  'title',
  'scope',
  'direction',
  'necessity',
  'transport',
  'portFrom',
  'portTo',
  'application',
  'kind',
  'value',
  'status',
  'from',
  'until',
  'serves',
  'replacedBy',
  'remarks',
  'endpointTitle',
  'url',
  'sourcePorts',
  'icmp',
  'condition',
  'requirementRemarks',
  'httpProxy',
  'tlsInspection',
  'tags',
  'owner',
  'externalIds',
  'references',
  'inferred',
  'select',
  'component',
  'endpointTags'
] as const satisfies readonly (keyof FlatRow)[]

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
  let text = `${csvColumns.join(',')}\r\n`
  for (const row of rows) text += `${csvColumns.map((column) => quoteField(cellText(row, column))).join(',')}\r\n`
  return text
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
