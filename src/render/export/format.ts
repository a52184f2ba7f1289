import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { ExportSource } from '../../domain/export/export-source.ts'
import type { Expression } from '../../domain/export/expression.ts'
import type { Dates } from '../../domain/export/timed-span.ts'
import type { Revision } from '../../domain/history/revision.ts'
import type { View } from '../../domain/view/view.ts'

/** What the head of an export may say about its catalogue, or its site. */
export interface ExportHead {
  readonly id: string
  readonly title: string
  /** Of a site: its title. */
  readonly product: string
  readonly revision: View['revision']
  /** When the newest of the documents that it is made of was published, RFC 3339. */
  readonly publishedAt: string
  /** The transition at which the view began to hold, RFC 3339; absent if there was none. */
  readonly validFrom?: string
  /** The next transition, RFC 3339; absent if none is announced. */
  readonly validUntil?: string
  /** Grows with every revision and transition: seconds since 1970 of the newest of them, plus the numbers of the revisions. */
  readonly serial: number
  /** The export is of a site: its rules may have the product's own end. */
  readonly isOfSite?: true
  /** Lines for a header comment, without control characters, quotes and backslashes. They are the same for the same view. */
  readonly lines: readonly string[]
}

interface RenderInput {
  readonly head: ExportHead
  /** One of the format's `modes`; empty if it has none. */
  readonly mode: string
}
export interface ListInput extends RenderInput {
  readonly entries: readonly ExportEntry[]
  /** The slice that the list is for; absent if it is for several. */
  readonly slice?: SliceEntries['slice']
}
export interface PolicyInput extends RenderInput {
  readonly slices: readonly SliceEntries[]
  /** The product's own ends, where a site says which they are: all that some entry has, each once. */
  readonly own?: readonly (readonly ExportSource[])[]
  /** How many entries more than it has each list gets room for. */
  readonly headroom: number
}
export interface TableInput extends RenderInput {
  readonly view: View
  /** The newest revisions up to that of the view, newest first, for a format that asks for them. */
  readonly history: readonly Revision[]
}

/** One of several files of an export. */
export interface ExportFile {
  /** The value of `part=` that selects this file. */
  readonly part: string
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
}

/** One text or file, or several files: they become one archive, or `part=` selects one of them. */
export type Rendered = string | Uint8Array | readonly ExportFile[]

interface FormatDescription {
  readonly name: string
  readonly title: string
  /** Which tool reads the export, and how. */
  readonly description: string
  readonly mediaType: string
  readonly extension: string
  /** The first is the default. */
  readonly modes?: readonly string[]
  /** The files of an archive. If they depend on the slices, the names say so in capitals or words. */
  readonly parts?: readonly string[]
}

interface EntryFormat extends FormatDescription {
  readonly expression: Expression
  /** The default. `exact` if entries that overlap would break the tool. */
  readonly aggregate: 'exact' | 'none'
}

/**
 * `address`, `host`: an inert address or host if the export has none, for formats in which addresses and hosts are separate lists.
 * `either`: an inert address if it has neither.
 */
type Placeholder = 'address' | 'host' | 'either'

/** Entries without ports. An export is for one slice, since the rule that uses the list names the ports. */
export interface ListFormat extends EntryFormat {
  readonly kind: 'list'
  readonly empty: 'placeholder' | 'none'
  readonly placeholders: readonly Placeholder[]
  readonly render: (input: ListInput) => Rendered
}

/** Entries slice by slice. */
export interface PolicyFormat extends EntryFormat {
  readonly kind: 'policy'
  /** What an empty slice contains; absent: nothing. */
  readonly empty?: 'placeholder' | 'none'
  readonly placeholders?: readonly Placeholder[]
  /** Its lists have a size that `headroom=` raises. */
  readonly hasHeadroom?: true
  /** Its rules can keep dates: slices may have spans. */
  readonly dates?: Dates
  readonly render: (input: PolicyInput) => Rendered
}

/** Rows of the catalogue with all of their fields. */
export interface TableFormat extends FormatDescription {
  readonly kind: 'table'
  /** It tells the change history, too. */
  readonly hasHistory?: true
  readonly render: (input: TableInput) => Rendered
}

export type Format = ListFormat | PolicyFormat | TableFormat
