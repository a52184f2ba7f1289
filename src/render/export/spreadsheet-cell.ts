import { portText } from '../../domain/network/port.ts'
import { inertText } from '../../domain/table/inert-text.ts'
import type { FlatRow } from './flat-rows.ts'

/** A cell as inert text; empty if the row has no such field. Words of a list stand apart by spaces; what has more structure is JSON. */
export function cellText(row: FlatRow, column: keyof FlatRow): string {
  return inertText(plainText(row, column))
}

/** A cell as its text stands in the catalogue. */
export function plainText(row: FlatRow, column: keyof FlatRow): string {
  switch (column) {
    case 'serves':
    case 'replacedBy':
    case 'tags':
    case 'inferred':
    case 'endpointTags':
    case 'source':
      return (row[column] ?? []).join(' ')
    case 'sourcePorts':
      return (row.sourcePorts ?? []).map(portText).join(' ')
    case 'icmp':
      return row.icmp ? `${row.icmp.type}${row.icmp.code === undefined ? '' : `/${row.icmp.code}`}` : ''
    case 'feed':
      // As `feedsAsOf` takes it.
      return row.feed ? `${row.feed.catalogue}:${row.feed.revision}` : ''
    case 'origin':
      return row.origin ? `${row.origin.kind}:${row.origin.ref}@${row.origin.revision}` : ''
    case 'externalIds':
    case 'references':
    case 'select':
      return row[column] ? JSON.stringify(row[column]) : ''
    default:
      return String(row[column] ?? '')
  }
}
