import { directions, necessities, scopes } from '../../domain/document/document.ts'
import { endpointKinds, statuses } from '../../domain/document/endpoint.ts'
import type { ClocksQuery } from '../../http/request/query.ts'
import { clockEntries } from '../frame/clock-entries.ts'

/** The form of the filters, filled with what the query has. */
export interface FilterForm {
  readonly choices: readonly {
    readonly name: string
    readonly title: string
    readonly options: readonly { readonly value: string; readonly isChosen: boolean }[]
  }[]
  readonly texts: readonly { readonly name: string; readonly title: string; readonly values: readonly string[] }[]
  /** The clocks, which the form sends along. */
  readonly clocks: readonly (readonly [name: string, value: string])[]
  /** The filters that are set, as `scope=internal`. */
  readonly set: readonly string[]
}

const choices: readonly (readonly [name: string, title: string, values: readonly string[]])[] = [
  ['scope', 'Scope', scopes],
  ['direction', 'Direction', directions],
  ['necessity', 'Necessity', necessities],
  ['status', 'Status', statuses],
  ['kind', 'Kind of endpoint', endpointKinds],
  ['family', 'Family of addresses', ['ipv4', 'ipv6']]
]

const texts: readonly (readonly [name: string, title: string])[] = [
  ['requirement', 'Requirement (key)'],
  ['tag', 'Tag'],
  ['transport', 'Protocol'],
  ['port', 'Port'],
  ['owner', 'Owner'],
  ['component', 'Part of the product (key)'],
  ['endpointTag', 'Tag of an endpoint'],
  ['externalId', 'External id (namespace:value)']
]

export function filterForm(query: ClocksQuery & Readonly<Record<string, unknown>>): FilterForm {
  const valuesOf = (name: string): readonly string[] => [query[name] ?? []].flat().map(String)
  const names = [...choices.map(([name]) => name), ...texts.map(([name]) => name)]
  return {
    choices: choices.map(([name, title, values]) => ({
      name,
      title,
      options: values.map((value) => ({ value, isChosen: valuesOf(name).includes(value) }))
    })),
    texts: texts.map(([name, title]) => ({ name, title, values: valuesOf(name).length > 0 ? valuesOf(name) : [''] })),
    clocks: clockEntries(query),
    set: names.flatMap((name) => valuesOf(name).map((value) => `${name}=${value}`))
  }
}
