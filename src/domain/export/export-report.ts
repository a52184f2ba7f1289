import type { View } from '../view/view.ts'
import type { Omission, Widening } from './expression.ts'

/** What an export says, and what it does not say as the catalogue does. */
export interface ExportReport {
  readonly catalogue: string
  readonly revision: View['revision']
  readonly format: string
  /** Absent: the whole view. */
  readonly slice?: string
  readonly validFrom?: string
  readonly validUntil?: string
  readonly entries: number
  readonly omitted: number
  readonly widened: number
  /** Inert entries that stand in for an empty list. */
  readonly placeholder: number
  /** Addresses that get through beyond the catalogue's, a whole number as text: it may be larger than a double holds. */
  readonly extraAddresses: string
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
  /** Keys of requirements that name no endpoint, so that no export has an entry for them. */
  readonly unnamed: readonly string[]
}

/** The header field `Portolan-Export-Report`: a Dictionary of Integers, RFC 9651. */
export function reportField({ entries, omitted, widened, placeholder }: ExportReport): string {
  return `entries=${entries}, omitted=${omitted}, widened=${widened}, placeholder=${placeholder}`
}
