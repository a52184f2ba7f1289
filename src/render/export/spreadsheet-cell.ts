import { portText } from '../../domain/network/port.ts'
import type { FlatRow } from './flat-rows.ts'

/** A cell as inert text; empty if the row has no such field. */
export function cellText(row: FlatRow, column: keyof FlatRow): string {
  return inertText(plainText(row, column))
}

/**
 * Text with an apostrophe before it if a spreadsheet would run it as a formula. Spreadsheets of East Asia take the full-width and other
 * forms of the signs alike, so their compatible form (NFKC) counts.
 */
export function inertText(text: string): string {
  const first = /^\s*[^\s]/u.exec(text)?.[0].normalize('NFKC') ?? text
  return /^\s*[=+\-@\u2212]|^[\t\r\n]/.test(first) ? `'${text}` : text
}

function plainText(row: FlatRow, column: keyof FlatRow): string {
  switch (column) {
    case 'serves':
    case 'replacedBy':
      return (row[column] ?? []).join(' ')
    case 'sourcePorts':
      return (row.sourcePorts ?? []).map(portText).join(' ')
    case 'icmp':
      return row.icmp ? `${row.icmp.type}${row.icmp.code === undefined ? '' : `/${row.icmp.code}`}` : ''
    default:
      return String(row[column] ?? '')
  }
}
