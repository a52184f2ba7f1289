import { renameId, renamesIn } from '../history/endpoint-span.ts'
import type { HistoryRequirement } from '../history/history.ts'

/** The numbers of endpoint sets: for each key, from which revision on it has which number. */
export type SetIds = ReadonlyMap<string, readonly SetSpan[]>

interface SetSpan {
  readonly since: number
  readonly id: number
}

/** The number that the source of a catalogue gave a requirement. */
const idName = 'm365-id'

/**
 * Numbers the requirements of a catalogue by all of its history. A requirement has the number that its source gave it; the others are
 * counted from 1 in the order in which they first appeared. A requirement keeps its number when it is renamed, and when it comes back.
 * @param orderOf the order of the requirements of a revision, as its document has them
 */
export function setIdsOf(
  rows: readonly HistoryRequirement[],
  orderOf: (revision: number) => readonly string[] | undefined
): SetIds {
  const renames = renamesIn(rows)
  const ids = new Map<string, SetSpan[]>()
  const current = new Map<string, number>()
  const taken = new Set<number>()
  let count = 0
  const give = (key: string, since: number, id: number) => {
    taken.add(id)
    current.set(key, id)
    ids.set(key, [...(ids.get(key) ?? []), { since, id }])
  }
  for (const [since, begun] of beginnings(rows)) {
    moveRenamed(begun, since)
    const places = new Map(orderOf(since)?.map((key, place) => [key, place]))
    const placeOf = ({ fields }: HistoryRequirement) => places.get(fields.key) ?? 0
    const news = begun.filter(({ fields }) => !current.has(fields.key)).sort((a, b) => placeOf(a) - placeOf(b))
    const counted = news.filter(({ fields }) => {
      const given = givenId(fields.externalIds?.[idName])
      if (given === undefined || taken.has(given)) return true
      give(fields.key, since, given)
      return false
    })
    for (const { fields } of counted) {
      do count += 1
      while (taken.has(count))
      give(fields.key, since, count)
    }
  }
  return ids

  function moveRenamed(begun: readonly HistoryRequirement[], since: number): void {
    const moves = begun.flatMap(({ catalogue, fields }) =>
      (fields.previousKeys ?? [])
        .filter((old) => renames.get(renameId(catalogue, old, since)) === fields.key)
        .map((old) => ({ old, key: fields.key, id: current.get(old) }))
    )
    for (const { old } of moves) current.delete(old)
    for (const { key, id } of moves) if (id !== undefined) give(key, since, id)
  }
}

/** The revisions in which several requirements appear that have no number of their source: their order decides. */
export function revisionsInOrder(rows: readonly HistoryRequirement[]): readonly number[] {
  const known = new Set<string>()
  const revisions: number[] = []
  for (const [since, begun] of beginnings(rows)) {
    const news = begun.filter(({ fields }) => !known.has(fields.key) && fields.externalIds?.[idName] === undefined)
    if (news.length > 1) revisions.push(since)
    for (const { fields } of begun) known.add(fields.key)
  }
  return revisions
}

/** The number that a requirement has in a revision; undefined where it had not appeared by then. */
export function setIdIn(ids: SetIds, key: string, revision: number): number | undefined {
  return ids.get(key)?.findLast(({ since }) => since <= revision)?.id
}

/** The rows by the revision in which they begin, ascending. */
function beginnings(rows: readonly HistoryRequirement[]): readonly (readonly [number, HistoryRequirement[]])[] {
  const begun = new Map<number, HistoryRequirement[]>()
  for (const row of rows) begun.set(row.since, [...(begun.get(row.since) ?? []), row])
  return [...begun].sort(([a], [b]) => a - b)
}

function givenId(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}
