import type { Adapter } from './adapter.ts'
import { gatherPortolan } from './gathering/portolan-gathering.ts'
import { providers } from './provider/providers.ts'
import type { SelectField } from './select.ts'

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
    gather: gatherPortolan,
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
