import { withoutUndefined } from '../../json/without-undefined.ts'
import { slugOf } from '../../slug.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import { type Instant, isInstant } from '../../time/instant.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from '../adapter.ts'
import type { SelectField } from '../select.ts'
import { ListReader } from './list-reader.ts'
import { RequirementGroups } from './requirement-groups.ts'
import { RowSelection } from './row-selection.ts'

/** What an adapter reads a provider's list with. */
export interface ProviderList {
  readonly reader: ListReader
  readonly selection: RowSelection
  readonly groups: RequirementGroups
}

export function openList(source: FeedSource, { select }: AdapterOptions, fields: readonly SelectField[]): ProviderList {
  const reader = new ListReader(source)
  return { reader, selection: new RowSelection(source, fields, select), groups: new RequirementGroups(reader) }
}

interface ListState {
  /** The source's own name for this state. */
  readonly token?: string | undefined
  readonly time?: Instant | undefined
  /** What was decided for the list as a whole. */
  readonly notes: readonly ReadingNote[]
}

/** @throws PortolanError `invalid_source` where the list has no row, or none is selected */
export function importedList(list: ProviderList, { token, time, notes }: ListState): Imported {
  const { reader, selection, groups } = list
  const { refused } = reader
  if (refused.length === 0) {
    selection.requireRows()
    if (groups.isEmpty) throw unreadableSource(reader.source, 'empty', 'has no row')
  }
  return withoutUndefined({
    requirements: groups.requirements(),
    components: [],
    places: new Map(),
    columns: [],
    notes: [...notes, ...selection.notes(), ...groups.notes(), ...reader.notes()],
    refused,
    token,
    time
  })
}

/** A tag for a value of a field: `region-eu-west-1`. */
export function facetTag(field: string, value: string): string {
  return slugOf(`${field}-${value}`)
}

/** Names in other systems; those without a value are left out. */
export function externalIds(ids: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(ids).flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])))
}

/** What is taken of rows that are addresses and say nothing else. */
export const addressesAlone = {
  scope: 'external',
  direction: 'both',
  necessity: 'optional',
  inferred: ['direction', 'necessity', 'ports', 'transport'],
  services: [{ transport: 'any' }]
} as const

/** Says that `addressesAlone` was taken. */
export const addressesAloneNote: ReadingNote = {
  kind: 'taken',
  detail:
    'the list says nothing of direction, necessity, transport and ports: both, optional and every transport were taken'
}

/** The instant of a token that counts units of so many milliseconds since 1970; undefined where it counts nothing. */
export function tokenTime(token: string | undefined, unitMs: number): Instant | undefined {
  if (token === undefined || !/^\d{1,16}$/.test(token)) return undefined
  const instant = Number(token) * unitMs
  return isInstant(instant) ? instant : undefined
}
