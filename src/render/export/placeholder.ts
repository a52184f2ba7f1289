import type { ExportEntry } from '../../domain/export/export-entry.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { storedAddress } from '../../domain/network/address.ts'
import type { PolicyFormat } from './format.ts'

const inert = { status: 'active', serves: [], requirements: [] } as const

/** RFC 5737: no host ever has this address. */
const address: ExportEntry = { ...inert, target: { kind: 'address', address: storedAddress('192.0.2.1') } }
/** RFC 2606: no name of the public DNS ever ends in `.invalid`. */
const host: ExportEntry = { ...inert, target: { kind: 'host', value: 'placeholder.invalid' } }

/**
 * Inert entries for a list that would be empty: many devices keep their last list when they get an empty one, so retired endpoints
 * would stay open. `asked`: the choice of the request; without it the default of the format counts.
 */
export function placeholders(
  { empty = 'none', placeholders: kinds = [] }: Pick<PolicyFormat, 'empty' | 'placeholders'>,
  asked: ExportRequest['empty'],
  entries: readonly ExportEntry[]
): readonly ExportEntry[] {
  if ((asked ?? empty) === 'none') return []
  // Where a format can express any address, it is one of its addresses.
  const isAddress = ({ target }: ExportEntry) => target.kind === 'address' || target.kind === 'any'
  return kinds
    .filter((kind) => !entries.some((entry) => kind === 'either' || isAddress(entry) === (kind === 'address')))
    .map((kind) => (kind === 'host' ? host : address))
}
