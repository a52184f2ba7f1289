import type { FlatRow } from './flat-rows.ts'

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
  'icmp'
] as const satisfies readonly (keyof FlatRow)[]

/** RFC 4180: CRLF, a header row, quotes doubled. A cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function renderCsv(rows: Iterable<FlatRow>): string {
  let text = `${csvColumns.join(',')}\r\n`
  for (const row of rows) text += `${csvColumns.map((column) => cell(row, column)).join(',')}\r\n`
  return text
}

function cell(row: FlatRow, column: (typeof csvColumns)[number]): string {
  switch (column) {
    case 'serves':
    case 'replacedBy':
      return quoted((row[column] ?? []).join(' '))
    case 'sourcePorts':
      return quoted(
        (row.sourcePorts ?? []).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(' ')
      )
    case 'icmp':
      return row.icmp ? `${row.icmp.type}${row.icmp.code === undefined ? '' : `/${row.icmp.code}`}` : ''
    default:
      return quoted(String(row[column] ?? ''))
  }
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
