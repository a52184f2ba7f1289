import type { ExtraAddresses } from '../network/cidr-budget.ts'
import type { View } from '../view/view.ts'
import type { Omission, Widening } from './expression.ts'

/** What an export contains, and where it differs from the catalogue. */
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
  readonly extraAddresses: ExtraAddresses
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
  /** Keys of the requirements without endpoints: lists and policies have no entry for them, tables a row. */
  readonly unnamed: readonly string[]
}

/** The header field `Portolan-Export-Report`: a Dictionary of Integers, RFC 9651. */
export function reportField({ entries, omitted, widened, placeholder, unnamed }: ExportReport): string {
  return `entries=${entries}, omitted=${omitted}, widened=${widened}, placeholder=${placeholder}, unnamed=${unnamed.length}`
}

/** The keys of the requirements of a view that name no endpoint. */
export function unnamedIn({ requirements }: View): readonly string[] {
  return requirements.filter(({ endpoints }) => endpoints.length === 0).map(({ key }) => key)
}
