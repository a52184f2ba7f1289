import { withoutUndefined } from '../json/without-undefined.ts'
import { endpointOfRow, itemOfRow, type OwnRow, serviceOfRow } from './own-row.ts'
import type { CellPlace } from './table.ts'
import type { WrittenRequirement } from './table-reading.ts'

export interface PlacedOwnRow {
  readonly row: OwnRow
  readonly place: CellPlace
}

type WrittenService = ReturnType<typeof serviceOfRow>
interface Range {
  readonly from: unknown
  readonly to: unknown
}

/** The requirements that rows of one of our exports were made of, with the row of each of their parts by JSON Pointer. */
export function requirementsOfRows(rows: readonly PlacedOwnRow[]): {
  readonly requirements: readonly WrittenRequirement[]
  readonly places: ReadonlyMap<string, CellPlace>
} {
  const groups = new Map<unknown, PlacedOwnRow[]>()
  for (const each of rows) {
    const key = each.row.requirement ?? each.row.title
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  const places = new Map<string, CellPlace>()
  const requirements: WrittenRequirement[] = []
  for (const own of groups.values()) {
    const at = `/requirements/${requirements.length}`
    const [first] = own
    if (!first) continue
    places.set(at, first.place)
    const endpoints = distinct(own.flatMap(({ row, place }) => placed(endpointOfRow(row), place)))
    for (const [index, { place }] of endpoints.entries()) places.set(`${at}/endpoints/${index}`, place)
    const services = joinRanges(distinct(own.map(({ row, place }) => ({ value: serviceOfRow(row), place }))))
    for (const [index, { place }] of services.entries()) places.set(`${at}/services/${index}`, place)
    requirements.push({
      ...withoutUndefined(itemOfRow(first.row)),
      services: services.map(({ value }) => value),
      endpoints: endpoints.map(({ value }) => value)
    })
  }
  return { requirements, places }
}

interface Placed<T> {
  readonly value: T
  readonly place: CellPlace
}

function placed<T>(value: T | undefined, place: CellPlace): readonly Placed<T>[] {
  return value === undefined ? [] : [{ value, place }]
}

function distinct<T>(values: readonly Placed<T>[]): readonly Placed<T>[] {
  const kept = new Map<string, Placed<T>>()
  for (const each of values) {
    const text = JSON.stringify(each.value)
    if (!kept.has(text)) kept.set(text, each)
  }
  return [...kept.values()]
}

/** A table has a row for each range of ports: those of one service are put together again, but for ranges that overlap. */
function joinRanges(services: readonly Placed<WrittenService>[]): readonly Placed<WrittenService>[] {
  const joined: { value: WrittenService; place: CellPlace; rest: string; ranges: Range[] }[] = []
  for (const { value, place } of services) {
    const { ports, ...others } = value
    const rest = JSON.stringify(others)
    const [range] = ports ?? []
    const same =
      range && joined.find((each) => each.rest === rest && each.ranges.length > 0 && !overlaps(each.ranges, range))
    if (same) same.ranges.push(range)
    else joined.push({ value, place, rest, ranges: range ? [range] : [] })
  }
  return joined.map(({ value, place, ranges }) => ({
    place,
    value: ranges.length > 1 ? { ...value, ports: ranges as NonNullable<WrittenService['ports']> } : value
  }))
}

function overlaps(ranges: readonly Range[], { from, to }: Range): boolean {
  return ranges.some((range) => Number(from) <= Number(range.to) && Number(range.from) <= Number(to))
}
