import { portText } from '../../domain/network/port.ts'
import type { FlatRow } from './flat-rows.ts'

/** A cell as inert text; empty if the row has no such field. Words of a list stand apart by spaces; what has more structure is JSON. */
export function cellText(row: FlatRow, column: keyof FlatRow): string {
  return inertText(plainText(row, column))
}

/**
 * Text with an apostrophe before it if a spreadsheet would run it as a formula. Spreadsheets of East Asia take the full-width and other
 * forms of the signs alike, so their compatible form (NFKC) counts. A text that has apostrophes there already gets one more, so that whoever
 * reads the cell back knows how many are the author's.
 */
export function inertText(text: string): string {
  const rest = text.replace(/^'+/, '')
  const first = /^\s*[^\s]/u.exec(rest)?.[0].normalize('NFKC') ?? rest
  return /^\s*[=+\-@\u2212]|^[\t\r\n]/.test(first) ? `'${text}` : text
}

function plainText(row: FlatRow, column: keyof FlatRow): string {
  switch (column) {
    case 'serves':
    case 'replacedBy':
    case 'tags':
    case 'inferred':
    case 'endpointTags':
      return (row[column] ?? []).join(' ')
    case 'sourcePorts':
      return (row.sourcePorts ?? []).map(portText).join(' ')
    case 'icmp':
      return row.icmp ? `${row.icmp.type}${row.icmp.code === undefined ? '' : `/${row.icmp.code}`}` : ''
    case 'externalIds':
    case 'references':
    case 'select':
      return row[column] ? JSON.stringify(row[column]) : ''
    default:
      return String(row[column] ?? '')
  }
}
