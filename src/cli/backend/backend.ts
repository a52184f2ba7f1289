import type { WrittenPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import type { CountedSlice } from '../../catalogue/export/slices.ts'
import type { Comparand } from '../../catalogue/history/compare.ts'
import type { LookedUp } from '../../catalogue/lookup/places.ts'
import type { SearchHit } from '../../catalogue/lookup/search.ts'
import type { ListedCatalogue } from '../../catalogue/read/catalogue-list.ts'
import type { Change } from '../../domain/change/change.ts'
import type { EventType } from '../../domain/event/event.ts'
import type { TimelineEntry } from '../../domain/event/timeline.ts'
import type { WrittenRequest } from '../../domain/export/export-request.ts'
import type { GuardRail } from '../../domain/history/revision.ts'
import type { WrittenEntry } from '../../domain/lookup/audit-entry.ts'
import type { Half } from '../../domain/lookup/audit-missing.ts'
import type { AuditPage } from '../../domain/lookup/audit-page.ts'
import type { Draft, Manuscript, Notation } from '../../domain/publishing/draft.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { CatalogueView } from '../../domain/view/view.ts'
import type { PackFormatName } from '../../render/change-pack/pack-formats.ts'
import type { eventJson } from '../../render/event/event-json.ts'
import type { comparisonJson } from '../../render/history/comparison-json.ts'
import type { revisionJson } from '../../render/history/revision-json.ts'
import type { ClockArguments, SharedClockArguments } from '../shell/clock-options.ts'
import type { ViewOptions } from '../shell/filter-options.ts'

export type ExportQuestion = ViewOptions & WrittenRequest & { readonly lead?: string; readonly lag?: string }

export interface AuditQuery extends ViewOptions {
  readonly by?: Half
}

export interface AuditAnswer {
  readonly revision: { readonly number: number; readonly label: string }
  readonly instant: Instant
  /** The whole audit, as a single page. */
  readonly page: AuditPage
}

export interface LogQuery {
  readonly after: number
  readonly limit: number
  readonly catalogue?: readonly string[]
  readonly type?: readonly EventType[]
  /** Wait for the first event where there is none yet, for as long as is usual; there may be none afterwards. */
  readonly isWaiting: boolean
}

export type EventJson = ReturnType<typeof eventJson>
export type RevisionJson = ReturnType<typeof revisionJson>
export type ComparisonJson = ReturnType<typeof comparisonJson>

export interface LogAnswer {
  readonly events: readonly EventJson[]
  readonly hasMore: boolean
}

/** How a publish is asked for. The shell reads no state before it, so there is no state that another publish could have changed. */
export interface PublishOptions {
  readonly isDryRun: boolean
  readonly overrides: readonly GuardRail[]
  readonly reason?: string
  readonly author?: string
}

export interface PublishAnswer {
  readonly kind: 'unchanged' | 'published' | 'would_publish'
  readonly revision: RevisionJson
  /** At most those that REST answers; `isPart` where there are more. */
  readonly changes: readonly Change[]
  readonly isPart: boolean
}

/**
 * What commands ask for, in the form in which REST answers it, unpaged. A store in reach answers by the use cases, and a service over HTTP;
 * what is expected to fail is a `PortolanError` with the same code from both.
 */
export interface Backend {
  catalogues(clocks: SharedClockArguments): Promise<readonly ListedCatalogue[]>
  view(id: string, query: ViewOptions): Promise<CatalogueView>
  document(id: string, asOf: AsOf | undefined, notation: Notation): Promise<string>
  /** Newest first. */
  revisions(id: string): Promise<readonly RevisionJson[]>
  diff(id: string, from: Comparand, to: Comparand): Promise<ComparisonJson>
  changePack(id: string, format: PackFormatName, query: WrittenPackRequest): Promise<string>
  timeline(id: string, clocks: ClockArguments): Promise<readonly TimelineEntry[]>
  slices(id: string, query: ViewOptions): Promise<readonly CountedSlice[]>
  export(id: string, format: string, query: ExportQuestion): Promise<Uint8Array>
  /** What an export leaves out or widens, and why. */
  exportReport(id: string, format: string, query: ExportQuestion): Promise<object>
  lookUp(value: string, clocks: SharedClockArguments): Promise<readonly LookedUp[]>
  search(text: string, clocks: SharedClockArguments): Promise<readonly SearchHit[]>
  audit(id: string, entries: readonly WrittenEntry[], query: AuditQuery): Promise<AuditAnswer>
  events(query: LogQuery): Promise<LogAnswer>
  /** The name of the product that a catalogue is about, or its id where it is not known. */
  productName(catalogue: string): Promise<string>
  publish(id: string, manuscript: Manuscript | Draft, options: PublishOptions): Promise<PublishAnswer>
  restore(id: string, number: number, options: PublishOptions): Promise<PublishAnswer>
}
