import type { ReadFeed } from './adapter.ts'
import { providers } from './provider/providers.ts'
import type { SelectField } from './select.ts'

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
  /** Loads what reads it, with its library: only whoever imports such a list pays for that. */
  readonly load: () => Promise<ReadFeed>
}

/** The one table of the adapters, in the order in which help lists them. */
export const adapters = [
  {
    name: 'csv',
    kind: 'table',
    title: 'a table as comma-separated values',
    load: async () => (await import('./csv-adapter.ts')).readCsvFeed
  },
  {
    name: 'xlsx',
    kind: 'table',
    title: 'a table in an Excel workbook',
    load: async () => (await import('./xlsx-adapter.ts')).readXlsxFeed
  },
  {
    name: 'markdown',
    kind: 'table',
    title: 'a table in a page of Markdown',
    load: async () => (await import('./markdown-adapter.ts')).readMarkdownFeed
  },
  {
    name: 'text',
    kind: 'list',
    title: 'one address or name a line',
    load: async () => (await import('./text-adapter.ts')).readTextFeed
  },
  {
    name: 'json',
    kind: 'list',
    title: 'JSON of any shape, by an expression that maps it',
    load: async () => (await import('./json-adapter.ts')).readJsonFeed
  },
  {
    name: 'portolan',
    kind: 'list',
    title: 'a catalogue of another service, proven by its digest',
    tokens: 'rising',
    load: async () => (await import('./catalogue/portolan-adapter.ts')).readPortolanFeed
  },
  ...providers
] as const satisfies readonly Adapter[]

export type AdapterName = (typeof adapters)[number]['name']
export const adapterNames = adapters.map(({ name }) => name)

/** What `select` knows of the documents that an adapter made; nothing where it is not one of ours. */
export function selectFieldsOf(name: string): readonly SelectField[] {
  const found: Adapter | undefined = adapters.find((adapter) => adapter.name === name)
  return found?.fields ?? []
}
