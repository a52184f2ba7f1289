import type { EndpointKind } from '../../domain/document/endpoint.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Tables } from '../engine/tables.ts'

/**
 * Endpoint rows are read as tuples, as the driver gives them, because there may be ten thousands of them: as objects made by Drizzle the
 * query of a revision with 10,000 endpoints takes 1.6 times as long (13 ms instead of 8 on SQLite). Only this file knows positions.
 * Taking values by name costs nothing: `npm run bench -- cold-reads lookup delta` shows no difference to numbers written in place.
 */
interface EndpointValues {
  readonly fromAt: Instant
  readonly untilAt: Instant | null
  readonly kind: EndpointKind
  readonly value: string
  readonly body: string | null
  readonly requirement: string
  readonly since: number
  readonly until: number
  readonly place: number
  readonly lookup: Buffer
  /** The slug of the catalogue, which is not a column of endpoints. */
  readonly catalogue: string
}
type Name = keyof EndpointValues

/** The columns that rebuild an endpoint. Each list continues the one before, so a value has one position in all of them. */
const endpointNames = ['fromAt', 'untilAt', 'kind', 'value', 'body', 'requirement'] as const
const historyNames = [...endpointNames, 'since', 'until', 'place', 'lookup'] as const
const foundNames = [...historyNames, 'catalogue'] as const

type TupleOf<Names extends readonly Name[]> = { readonly [Index in keyof Names]: EndpointValues[Names[Index]] }

/** An endpoint without its place in history. */
export type EndpointTuple = TupleOf<typeof endpointNames>
/** An endpoint in the history of a catalogue. */
export type HistoryTuple = TupleOf<typeof historyNames>
/** An endpoint in the history of all catalogues. */
export type FoundTuple = TupleOf<typeof foundNames>

type Positions<Names extends readonly Name[]> = {
  readonly [Index in keyof Names & `${number}` as Names[Index] & Name]: Index extends `${infer Position extends number}`
    ? Position
    : never
}

/** Where each value stands in a tuple. A column that is added to a list without its position here, or in another place, does not compile. */
export const at = {
  fromAt: 0,
  untilAt: 1,
  kind: 2,
  value: 3,
  body: 4,
  requirement: 5,
  since: 6,
  until: 7,
  place: 8,
  lookup: 9,
  catalogue: 10
} as const satisfies Positions<typeof foundNames>

/** The order in which queries of one revision read endpoints. */
export function compareTuples(a: HistoryTuple, b: HistoryTuple): number {
  return a[at.lookup].compare(b[at.lookup]) || a[at.fromAt] - b[at.fromAt]
}

type Endpoints = Tables['endpoints']

/** What a query selects to get an `EndpointTuple`. */
export function endpointColumns({ endpoints }: Tables): Pick<Endpoints, (typeof endpointNames)[number]> {
  return columnsOf(endpoints, endpointNames)
}

/** What a query selects to get a `HistoryTuple`. */
export function historyColumns({ endpoints }: Tables): Pick<Endpoints, (typeof historyNames)[number]> {
  return columnsOf(endpoints, historyNames)
}

/** What a query selects to get a `FoundTuple`; it joins the catalogues. */
export function foundColumns(tables: Tables) {
  return { ...historyColumns(tables), catalogue: tables.catalogues.slug }
}

/** Drizzle selects columns in the order of the members, and that is the order of the names. */
function columnsOf<Names extends readonly (keyof Endpoints & Name)[]>(
  endpoints: Endpoints,
  names: Names
): Pick<Endpoints, Names[number]> {
  const columns = Object.fromEntries(names.map((name) => [name, endpoints[name]]))
  // One member for each name.
  return columns as Pick<Endpoints, Names[number]>
}
