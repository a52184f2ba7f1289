import type { RequirementFields } from '../document/document.ts'
import { groupBy } from '../group.ts'
import type { HistoryRequirement, HistoryRow } from '../history/history.ts'
import { compareText } from '../text.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import { endpointMatches, type Filter, requirementMatches } from '../view/filter.ts'
import { withStatus } from '../view/view.ts'
import { type EditionMark, utcDay } from './edition-mark.ts'
import {
  hasSaidService,
  isInAreas,
  type SetChoice,
  type SetFacts,
  type SetValue,
  setFactNames,
  setFacts,
  setValue
} from './endpoint-set.ts'
import { type SetIds, setIdIn } from './set-id.ts'

/** The values of a change that came or went, sorted. */
export interface ChangedValues {
  readonly ips: readonly string[]
  readonly urls: readonly string[]
}

/** One difference of an endpoint set between two versions. */
export interface SetChange {
  readonly setId: number
  readonly disposition: 'Add' | 'Change' | 'Remove'
  /** The version that brought it. */
  readonly version: number
  /** `day`: from when on the values carry traffic, `YYYYMMDD` in UTC. */
  readonly add?: ChangedValues & { readonly day: string }
  readonly remove?: ChangedValues
  /** Of the fields of the set those that differ. */
  readonly previous?: Partial<SetFacts>
  readonly current?: Partial<SetFacts>
}

/** All that was ever published of a catalogue. */
export interface SetHistory {
  readonly requirements: readonly HistoryRequirement[]
  readonly endpoints: readonly HistoryRow[]
  /** The marks of all revisions, ascending. */
  readonly marks: readonly EditionMark[]
  readonly ids: SetIds
}

/** A value of a set in some revisions, with the requirement that names it. */
interface Piece {
  readonly setId: number
  readonly requirement: RequirementFields
  readonly value: SetValue
  readonly from?: string
  readonly since: number
  /** The first revision without it. */
  readonly until: number
}

/**
 * Every change of endpoint sets in a history, the oldest first: applied to the sets of one version they give those of another. The sets of
 * a version are those at its publication, so a value whose end was announced goes with the first version after that end.
 */
export function setChanges(history: SetHistory, filter: Filter, choice: SetChoice): readonly SetChange[] {
  const sets = groupBy(piecesOf(history, filter, choice), ({ setId }) => setId)
  const changes = [...sets].flatMap(([setId, pieces]) => changesOfSet(setId, pieces, history.marks))
  return changes.sort((a, b) => a.version - b.version || a.setId - b.setId)
}

function* piecesOf(
  { requirements, endpoints, marks, ids }: SetHistory,
  filter: Filter,
  choice: SetChoice
): Generator<Piece> {
  const after = marks.length + 1
  const rows = groupBy(endpoints, ({ requirement }) => requirement)
  for (const { fields, since, until = after } of requirements) {
    const setId = setIdIn(ids, fields.key, since)
    if (setId === undefined || !hasSaidService(fields.services)) continue
    if (!requirementMatches(fields, filter) || !isInAreas(fields, choice)) continue
    for (const row of rows.get(fields.key) ?? []) {
      const { endpoint } = row
      const from = Math.max(since, row.since)
      const end = Math.min(until, row.until ?? after, goneIn(marks, endpoint.until), after)
      const mark = marks[from - 1]
      if (from >= end || !mark || !endpointMatches(withStatus(endpoint, mark.publishedAt), filter)) continue
      const value = setValue(endpoint, choice)
      if (value === 'unsaid' || value === 'unwanted') continue
      const dated = endpoint.from === undefined ? {} : { from: endpoint.from }
      yield { setId, requirement: fields, value, ...dated, since: from, until: end }
    }
  }
}

/** The number of the first revision that was published at an end or after it. */
function goneIn(marks: readonly EditionMark[], end: string | undefined): number {
  if (end === undefined) return marks.length + 1
  const instant = readInstant(end)
  let [low, high] = [0, marks.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((marks[middle]?.publishedAt ?? 0) < instant) low = middle + 1
    else high = middle
  }
  return low + 1
}

function changesOfSet(setId: number, pieces: readonly Piece[], marks: readonly EditionMark[]): readonly SetChange[] {
  const begins = groupBy(pieces, ({ since }) => since)
  const ends = groupBy(pieces, ({ until }) => until)
  const standing = new Map<string, { readonly value: SetValue; readonly count: number }>()
  const changes: SetChange[] = []
  let addresses = 0
  let requirement: RequirementFields | undefined
  let facts: SetFacts | undefined
  for (const number of [...new Set([...begins.keys(), ...ends.keys()])].sort((a, b) => a - b)) {
    const mark = marks[number - 1]
    if (!mark) continue
    const [coming, going] = [begins.get(number) ?? [], ends.get(number) ?? []]
    const touched = new Map([...going, ...coming].map(({ value }) => [nameOf(value), value]))
    const before = new Set([...touched.keys()].filter((name) => standing.has(name)))
    for (const { value } of going) count(value, -1)
    for (const { value } of coming) count(value, 1)
    requirement = coming[0]?.requirement ?? requirement
    const next = requirement && standing.size > 0 ? setFacts(requirement, addresses > 0) : undefined
    const added = [...touched].filter(([name]) => standing.has(name) && !before.has(name)).map(([, value]) => value)
    const removed = [...touched].filter(([name]) => !standing.has(name) && before.has(name)).map(([, value]) => value)
    changes.push(...changesAt(setId, mark, { added: datedValues(added, coming, mark), removed, before: facts, next }))
    facts = next
  }
  return changes

  function count(value: SetValue, step: number): void {
    const name = nameOf(value)
    const old = standing.get(name)?.count ?? 0
    const now = old + step
    if (now === 0) standing.delete(name)
    else standing.set(name, { value, count: now })
    if (value.kind === 'ip') addresses += Number(now > 0) - Number(old > 0)
  }
}

interface Turn {
  /** By the day from which on they carry traffic. */
  readonly added: ReadonlyMap<string, readonly SetValue[]>
  readonly removed: readonly SetValue[]
  readonly before: SetFacts | undefined
  readonly next: SetFacts | undefined
}

/** The changes of one set in one version: one, and one more for each further day on which values begin. */
function changesAt(
  setId: number,
  { version }: EditionMark,
  { added, removed, before, next }: Turn
): readonly SetChange[] {
  const [first, ...later] = [...added].sort(([a], [b]) => compareText(a, b))
  const names = setFactNames.filter((name) => before?.[name] !== next?.[name])
  if (!first && removed.length === 0 && names.length === 0) return []
  const previous = before && names.length > 0 ? picked(before, names) : undefined
  const current = next && names.length > 0 ? picked(next, names) : undefined
  return [
    {
      setId,
      disposition: before === undefined ? 'Add' : next === undefined ? 'Remove' : 'Change',
      version,
      ...(first && { add: { day: first[0], ...sorted(first[1]) } }),
      ...(removed.length > 0 && { remove: sorted(removed) }),
      ...(previous && { previous }),
      ...(current && { current })
    },
    ...later.map(
      ([day, values]): SetChange => ({ setId, disposition: 'Change', version, add: { day, ...sorted(values) } })
    )
  ]
}

function datedValues(
  added: readonly SetValue[],
  coming: readonly Piece[],
  { publishedAt }: EditionMark
): ReadonlyMap<string, readonly SetValue[]> {
  const begun = groupBy(coming, ({ value }) => nameOf(value))
  return groupBy(added, (value) => {
    const starts = (begun.get(nameOf(value)) ?? []).map(({ from }): Instant => (from ? readInstant(from) : publishedAt))
    return utcDay(Math.min(...starts))
  })
}

function picked(facts: SetFacts, names: readonly (keyof SetFacts)[]): Partial<SetFacts> {
  return Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])))
}

function sorted(values: readonly SetValue[]): ChangedValues {
  const of = (kind: SetValue['kind']) =>
    values.flatMap((each) => (each.kind === kind ? [each.value] : [])).sort(compareText)
  return { ips: of('ip'), urls: of('url') }
}

function nameOf({ kind, value }: SetValue): string {
  return `${kind} ${value}`
}
