import type { Requirement } from '../../document/document.ts'
import { type Endpoint, endpointValue } from '../../document/endpoint.ts'
import { withoutUndefined } from '../../json/without-undefined.ts'

/** A requirement with the rows of it that the list has, and those that only linger. `isListed`: whether the list has the requirement itself. */
export interface LingeringRows {
  readonly requirement: Requirement
  readonly isListed: boolean
  readonly present: readonly Endpoint[]
  readonly gone: readonly Endpoint[]
}

/**
 * The same without what lingering rows and requirements mention and nobody has any longer: hosts that an address serves, values that replace
 * another, and former keys that another requirement has or claims by now. A document may mention only what it has.
 */
export function mended(rows: readonly LingeringRows[]): readonly LingeringRows[] {
  if (rows.every(({ gone }) => gone.length === 0)) return rows
  const endpoints = rows.flatMap(({ present, gone }) => [...present, ...gone])
  const values = new Set(endpoints.map(endpointValue))
  const hosts = new Set(endpoints.flatMap((endpoint) => (endpoint.kind === 'host' ? endpoint.value : [])))
  const keys = new Set(rows.map(({ requirement }) => requirement.key))
  const claimed = new Set(
    rows.flatMap(({ requirement, isListed }) => (isListed ? (requirement.previousKeys ?? []) : []))
  )
  return rows.map(({ requirement, isListed, present, gone }) => ({
    requirement: isListed
      ? requirement
      : withList(requirement, 'previousKeys', (key) => !keys.has(key) && !claimed.has(key)),
    isListed,
    present,
    gone: gone.map((endpoint) =>
      withList(
        withList(endpoint, 'replacedBy', (value) => values.has(value)),
        'serves',
        (value) => hosts.has(value)
      )
    )
  }))
}

/** With only those texts of a list that are kept; without the list where none is. */
function withList<Item extends object>(item: Item, field: string, isKept: (text: string) => boolean): Item {
  const list: unknown = Object(item)[field]
  if (!Array.isArray(list) || list.every(isKept)) return item
  const kept = list.filter(isKept)
  // The same fields in the same order, of which the optional list is shorter or absent.
  return withoutUndefined({ ...item, [field]: kept.length > 0 ? kept : undefined }) as Item
}
