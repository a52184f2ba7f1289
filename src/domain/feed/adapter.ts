import type { Document } from '../document/document.ts'
import { type Fault, PortolanError } from '../errors.ts'
import type { TableReading } from '../table/table-reading.ts'
import type { Instant } from '../time/instant.ts'
import type { Gather, SourcePart } from './gathering/gathering.ts'
import type { Select, SelectField } from './select.ts'

/** A list as somebody publishes it or has it. */
export interface FeedSource {
  readonly bytes: Uint8Array
  /** What messages call it: the name of a file, or a URL. */
  readonly name: string
  /** What the provider publishes beside the list, and the list is read with. The adapter says which names it knows. */
  readonly parts?: readonly SourcePart[]
}

export interface AdapterOptions {
  /** The sheet of a workbook; default the first that has a table. */
  readonly sheet?: string
  /** Which rows of the source are taken; absent: all. */
  readonly select?: Select
  /** Of JSON whose shape is not known here: what makes `{token?, time?, requirements}` of it. */
  readonly map?: (input: unknown) => unknown
  /** Of a mirror of a mirror: the URL of the origin. */
  readonly mirrorOf?: string
  /** Dates of a source that are not after this instant are not taken: what they announced has happened. Absent: all are taken. */
  readonly datesAfter?: Instant
}

/** A column of a table, and what is taken of it. */
interface TakenColumn {
  readonly heading: string
  readonly field: string
}

/** What an adapter makes of a source: requirements in the written form of documents, and what their author should know of. */
export interface Imported extends TableReading {
  /** Of a table: its columns, in their order. */
  readonly columns: readonly TakenColumn[]
  /** The source's own name for this state of it. */
  readonly token?: string
  /** Of a catalogue of another service, which is taken as it is: its document, and the digest of its revision. */
  readonly mirrored?: { readonly document: Document; readonly digest: string }
  /** The source's own time. */
  readonly time?: Instant
}

/**
 * From bytes to requirements, and nothing else: no store, no clock, no network.
 * @throws PortolanError `invalid_source` where the bytes are no such list. Single values that cannot be read are among `refused`.
 */
export type ReadFeed = (source: FeedSource, options: AdapterOptions) => Imported | Promise<Imported>

/** What is published, and by whom: the profile of the catalogue that a list becomes. */
interface Provider {
  readonly title: string
  readonly vendor: string
  readonly product: string
}

/** A kind of list that can be imported. */
export interface Adapter {
  readonly name: string
  readonly title: string
  /** A table is what an author says, and each says all; a list is polled, so that what is no longer in it has an end. */
  readonly kind: 'list' | 'table'
  /** Whose list it is; absent: anybody's. */
  readonly provider?: Provider
  /** Said where a later state of the source has a greater token: one that is less comes from a cache. */
  readonly tokens?: 'rising'
  /** Where its provider publishes the list: what `edition.source.url` says of a file. Absent: nobody publishes it as such. */
  readonly url?: string
  /** The fields of the source that `select` knows; absent: none. */
  readonly fields?: readonly SelectField[]
  /** How its provider is asked, where the list at a URL takes more than one question. */
  readonly gather?: Gather
  /** Loads what reads it, with its library: only whoever imports such a list pays for that. */
  readonly load: () => Promise<ReadFeed>
}

/** The refusal of a source as a whole, with one fault. */
export function unreadableSource(
  source: Pick<FeedSource, 'name'>,
  code: string,
  detail: string,
  place: Partial<Fault> = {}
): PortolanError {
  return new PortolanError('invalid_source', `${source.name} ${detail}.`, {
    faults: [{ pointer: '', code, detail, ...place }]
  })
}
