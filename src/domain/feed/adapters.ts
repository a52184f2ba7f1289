import type { ReadFeed } from './adapter.ts'
import type { SelectField } from './select.ts'

/** A kind of list that can be imported. */
export interface Adapter {
  readonly name: string
  readonly title: string
  /** Where its provider publishes the list: what `edition.source.url` says of a file. Absent: nobody publishes it as such. */
  readonly url?: string
  /** The fields of the source that `select` knows; absent: none. */
  readonly fields?: readonly SelectField[]
  /** Loads what reads it, with its library: only whoever imports such a list pays for that. */
  readonly load: () => Promise<ReadFeed>
}

/** The one table of the adapters, in the order in which help lists them. */
export const adapters = [
  {
    name: 'csv',
    title: 'a table as comma-separated values',
    load: async () => (await import('./csv-adapter.ts')).readCsvFeed
  },
  {
    name: 'xlsx',
    title: 'a table in an Excel workbook',
    load: async () => (await import('./xlsx-adapter.ts')).readXlsxFeed
  },
  {
    name: 'markdown',
    title: 'a table in a page of Markdown',
    load: async () => (await import('./markdown-adapter.ts')).readMarkdownFeed
  },
  {
    name: 'text',
    title: 'one address or name a line',
    load: async () => (await import('./text-adapter.ts')).readTextFeed
  }
] as const satisfies readonly Adapter[]

export type AdapterName = (typeof adapters)[number]['name']
export const adapterNames = adapters.map(({ name }) => name)
