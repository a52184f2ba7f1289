import type { Fault } from '../errors.ts'
import { quote } from '../json/source-text.ts'
import type { CellPlace } from './table.ts'

/** A requirement in the written form of documents; `parseDocument` judges it. */
export type WrittenRequirement = Readonly<Record<string, unknown>>

/** Something that a reader did which its author should know of. */
export interface ReadingNote {
  readonly kind: 'joined' | 'taken' | 'left_out' | 'narrowed' | 'unknown_field'
  readonly detail: string
}

/** A column was left out, since its heading is not known. `nearest`: the one that is probably meant. */
export function unknownColumn(heading: string, nearest: string | undefined): ReadingNote {
  const hint = nearest === undefined ? '' : `: is it ${quote(nearest)}?`
  return { kind: 'left_out', detail: `the column ${quote(heading)} is not known${hint}` }
}

/** What was read of a table. */
export interface TableReading {
  readonly requirements: readonly WrittenRequirement[]
  /** The parts of the product that requirements name. */
  readonly components: readonly { readonly key: string; readonly title: string }[]
  /** The cells of what stands at a JSON Pointer into a document with these requirements. */
  readonly places: ReadonlyMap<string, CellPlace>
  readonly notes: readonly ReadingNote[]
  /** Cells that cannot be read. Where there is one, nothing may be published. */
  readonly refused: readonly Fault[]
}

/** The components that requirements name, each with its key for a title: a table has no other. */
export function componentsOf(requirements: readonly WrittenRequirement[]): TableReading['components'] {
  const keys = new Set(requirements.flatMap(({ component }) => (typeof component === 'string' ? [component] : [])))
  return [...keys].map((key) => ({ key, title: key }))
}
