import { equalJson } from '../../domain/json/equal-json.ts'
import type { Tables } from '../engine/tables.ts'
import { EndpointReader, toColumns } from '../history/endpoint-row.ts'
import type { HistoryTuple } from '../history/endpoint-tuple.ts'
import { damage } from './damage.ts'

export type EndpointColumns = Tables['endpoints']['$inferSelect']

/** A row with the positions in which the queries of history read it. */
export function tupleOf(row: EndpointColumns): HistoryTuple {
  const { fromAt, untilAt, kind, value, body, requirement, since, until, place, lookup } = row
  const json = body === null ? null : JSON.stringify(body)
  return [fromAt, untilAt, kind, value, json, requirement, since, until, place, lookup]
}

/**
 * Checks that the columns of a row are those that its endpoint is kept in: the key of look-ups too, by which it is found.
 * @throws PortolanError `store_damaged`
 */
export function checkEndpoint(slug: string, row: EndpointColumns): void {
  const where = `Row ${row.place} of the endpoints that revision ${row.since} of ${slug} added`
  const columns = columnsAgain(row)
  if (!columns) throw damage(`${where} holds no endpoint.`)
  const { lookup, body, ...rest } = columns
  const wrong = Object.entries(rest).find(([name, value]) => row[name as keyof typeof rest] !== value)?.[0]
  if (wrong !== undefined) throw damage(`${where} holds a ${wrong} that does not fit its kind.`)
  if (!row.lookup.equals(lookup)) throw damage(`${where} cannot be found by its value ${row.value}.`)
  if (!equalJson(row.body, body)) throw damage(`${where} has fields that no endpoint has.`)
}

function columnsAgain(row: EndpointColumns): ReturnType<typeof toColumns> | undefined {
  try {
    return toColumns({ requirement: row.requirement, endpoint: new EndpointReader().read(tupleOf(row)) })
  } catch {
    // Its kind is unknown, or its value is none of that kind.
    return undefined
  }
}
