import type { ExtraAddresses } from '../network/cidr-budget.ts'
import { toldFeeds } from '../reference/told-view.ts'
import { qualifiedKey, type TakenRevision, type View, type ViewFeed } from '../view/view.ts'
import type { Omission, Widening } from './expression.ts'
import type { SiteCount } from './site-count.ts'

/** What an export contains, and where it differs from the catalogue. */
export interface ExportReport extends Partial<SiteCount> {
  /** Id of the catalogue; absent: it is of a site. */
  readonly catalogue?: string
  /** Id of the site; absent: it is of a catalogue. */
  readonly site?: string
  readonly revision: View['revision']
  /** Those of a site. */
  readonly catalogues?: readonly TakenRevision[]
  readonly format: string
  /** Absent: the whole view. */
  readonly slice?: string
  readonly validFrom?: string
  readonly validUntil?: string
  readonly entries: number
  readonly omitted: number
  readonly widened: number
  /** Whether rules have the product's own end. Absent: nothing says which it is. */
  readonly sources?: 'written' | 'left_away'
  /** Inert entries that stand in for an empty list. */
  readonly placeholder: number
  readonly extraAddresses: ExtraAddresses
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
  /** The requirements without endpoints: lists and policies have no entry for them, tables a row. */
  readonly unnamed: readonly string[]
  /** The references to feeds, where they were to be resolved and there are some. */
  readonly feeds?: readonly ViewFeed[]
}

/** The header field `Portolan-Export-Report`: a Dictionary of Integers, RFC 9651. */
export function reportField(report: ExportReport): string {
  const { entries, omitted, widened, placeholder, unnamed, feeds } = report
  const counts = Object.entries({
    entries,
    omitted,
    widened,
    placeholder,
    unnamed: unnamed.length,
    unresolved: feeds?.filter(({ outcome }) => outcome === 'unresolved').length,
    bound: report.bound,
    unbound: report.unbound,
    extended: report.extended,
    suppressed: report.suppressed
  })
  return counts.flatMap(([name, count]) => (count === undefined ? [] : [`${name}=${count}`])).join(', ')
}

/** The part of a report about the references to feeds. */
export function reportedFeeds(view: View): Pick<ExportReport, 'feeds'> {
  const feeds = toldFeeds(view)
  return feeds.length === 0 ? {} : { feeds }
}

/** The requirements of a view that name no endpoint. */
export function unnamedIn({ requirements }: View): readonly string[] {
  return requirements.filter(({ endpoints }) => endpoints.length === 0).map(qualifiedKey)
}
