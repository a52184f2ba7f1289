import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { Expression } from '../../domain/export/expression.ts'
import type { View } from '../../domain/view/view.ts'

/** What an export is of. */
export interface ExportHead {
  readonly id: string
  readonly title: string
  readonly product: string
  readonly revision: View['revision']
  /** RFC 3339; absent: it has held since ever. */
  readonly validFrom?: string
  /** The next transition, RFC 3339; absent: none is announced. */
  readonly validUntil?: string
  /** Grows with every revision and every transition: seconds since 1970 of the newest of them, plus the number of the revision. */
  readonly serial: number
  /** For a header comment: free of control characters, quotes and backslashes; the same for the same view. */
  readonly lines: readonly string[]
}

interface Input {
  readonly head: ExportHead
  /** One of the format's `modes`; empty where it has none. */
  readonly mode: string
}
export interface ListInput extends Input {
  readonly entries: readonly ExportEntry[]
  /** The slice that the list is for; undefined for several. */
  readonly slice?: SliceEntries['slice']
}
export interface PolicyInput extends Input {
  readonly slices: readonly SliceEntries[]
}
export interface TableInput extends Input {
  readonly view: View
}

/** One of several files of an export. */
export interface ExportFile {
  /** What `part=` asks for. */
  readonly part: string
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
}

/** One text or file, or several files: those are one archive, or `part=` takes one out. */
export type Rendered = string | Uint8Array | readonly ExportFile[]

interface Described {
  readonly name: string
  readonly title: string
  /** Who reads it, and how. */
  readonly description: string
  readonly mediaType: string
  readonly extension: string
  /** The first is the default. */
  readonly modes?: readonly string[]
  /** The files of an archive; where they depend on the slices: the word for it. */
  readonly parts?: readonly string[]
}

interface OfEntries extends Described {
  readonly expression: Expression
  /** `exact` where entries that overlap would break a tool. */
  readonly aggregate: 'exact' | 'none'
}

/**
 * An inert address or host where there is none, for a format in which each is a list of its own; `either`: an address where there is
 * neither.
 */
type Placeholder = 'address' | 'host' | 'either'

/** Entries without ports: for one slice, since the rule that uses the list names the ports. */
export interface ListFormat extends OfEntries {
  readonly kind: 'list'
  readonly empty: 'placeholder' | 'none'
  readonly placeholders: readonly Placeholder[]
  readonly render: (input: ListInput) => Rendered
}

/** Entries slice by slice. */
export interface PolicyFormat extends OfEntries {
  readonly kind: 'policy'
  /** What is done where a slice is empty; absent: nothing. */
  readonly empty?: 'placeholder' | 'none'
  readonly placeholders?: readonly Placeholder[]
  readonly render: (input: PolicyInput) => Rendered
}

/** Rows of the catalogue with everything that they say. */
export interface TableFormat extends Described {
  readonly kind: 'table'
  readonly render: (input: TableInput) => Rendered
}

export type Format = ListFormat | PolicyFormat | TableFormat
