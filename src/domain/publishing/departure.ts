import { type Endpoint, endpointValue, valueKey } from '../document/endpoint.ts'
import { forEachRow, type Rows } from '../history/rows.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import { isLive, statusAt } from '../view/lifetime.ts'

type WholeRows = Pick<Rows, 'endpoints' | 'standing'>

/** How many rows hold for each value, over all requirements, and for each requirement. A count of none is not listed. */
interface LiveCounts {
  readonly values: Map<string, number>
  readonly requirements: Map<string, number>
}

/** What a publish, or a transition, removes from the values that hold. */
export interface Departure {
  readonly at: Instant
  /** How many values held before, counted as far as `most`: to count all takes a look at each row of a document. */
  held(most?: number): number
  /** The `valueKey`s of values that held before and hold no longer. */
  readonly vanished: ReadonlySet<string>
  /** Whether any value holds afterwards. */
  readonly isAnyLeft: boolean
  /** The keys of requirements that had an endpoint that held, and have none now. */
  readonly emptied: readonly string[]
}

/** Counts the rows that hold at an instant. */
function liveCountsAt(rows: WholeRows, at: Instant): LiveCounts {
  const counts: LiveCounts = { values: new Map(), requirements: new Map() }
  forEachRow(rows, (requirement, endpoint) => {
    if (isLive(statusAt(endpoint, at))) count(counts, requirement, endpoint, 1)
  })
  return counts
}

function count({ values, requirements }: LiveCounts, requirement: string, endpoint: Endpoint, step: 1 | -1): void {
  add(values, valueKey(endpoint), step)
  add(requirements, requirement, step)
}

function add(counts: Map<string, number>, key: string, step: number): void {
  const sum = (counts.get(key) ?? 0) + step
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}

/** The departure at a publish. `renamed`: the old key of each requirement that has a new one. */
export function publishDeparture(
  before: Rows,
  after: Rows,
  renamed: ReadonlyMap<string, string>,
  at: Instant
): Departure {
  // Only what does not stay can vanish.
  const changed = new Map([...before.endpoints].filter(([id, rows]) => after.endpoints.get(id) !== rows))
  const had = liveCountsAt({ endpoints: changed }, at)
  const vanished = new Set(had.values.keys())
  const emptied = new Set(
    [...after.order, ...goneGroups(before, after, renamed)].filter((key) =>
      had.requirements.has(renamed.get(key) ?? key)
    )
  )
  let isAnyLeft = false
  forEachRow(after, (requirement, endpoint) => {
    if (!isLive(statusAt(endpoint, at))) return
    isAnyLeft = true
    if (emptied.size > 0) emptied.delete(requirement)
    if (vanished.size > 0) vanished.delete(valueKey(endpoint))
  })
  return { at, held: (most) => liveValues(before, at, most), vanished, isAnyLeft, emptied: [...emptied] }
}

/**
 * The keys of requirements that went, where nobody announces anything: the source has lost a group. An author who takes a requirement away
 * means it.
 */
function goneGroups(before: Rows, after: Rows, renamed: ReadonlyMap<string, string>): readonly string[] {
  if (after.profile.announces !== false) return []
  const kept = new Set([...after.order, ...renamed.values()])
  return before.order.filter((key) => !kept.has(key))
}

/** How many values hold at an instant, counted as far as `most`. */
function liveValues(rows: WholeRows, at: Instant, most = Number.POSITIVE_INFINITY): number {
  const values = new Map<Endpoint['kind'], Set<string>>()
  let count = 0
  forEachRow(rows, (_, endpoint) => {
    if (!isLive(statusAt(endpoint, at))) return true
    const known = values.get(endpoint.kind) ?? new Set()
    if (known.size === 0) values.set(endpoint.kind, known)
    if (known.size !== known.add(endpointValue(endpoint)).size) count += 1
    return count < most
  })
  return count
}

/** The departures that the clock brings after `at`: one for each transition at which a lifetime ends. */
export function clockDepartures(rows: Rows, at: Instant): readonly Departure[] {
  const steps = new Map<
    Instant,
    { readonly requirement: string; readonly endpoint: Endpoint; readonly step: 1 | -1 }[]
  >()
  const plan = (text: string | undefined, requirement: string, endpoint: Endpoint, step: 1 | -1) => {
    const instant = text === undefined ? at : readInstant(text)
    if (instant <= at) return
    const list = steps.get(instant)
    if (list) list.push({ requirement, endpoint, step })
    else steps.set(instant, [{ requirement, endpoint, step }])
  }
  forEachRow(rows, (requirement, endpoint) => {
    plan(endpoint.from, requirement, endpoint, 1)
    plan(endpoint.until, requirement, endpoint, -1)
  })
  const departures: Departure[] = []
  // Most documents announce no end, and then there is nothing to count.
  if (![...steps.values()].some((list) => list.some(({ step }) => step === -1))) return departures
  const { values, requirements } = liveCountsAt(rows, at)
  for (const [instant, list] of [...steps].sort(([a], [b]) => a - b)) {
    const held = values.size
    const ending = list.filter(({ step }) => step === -1)
    for (const { requirement, endpoint, step } of list) count({ values, requirements }, requirement, endpoint, step)
    if (ending.length === 0) continue
    const vanished = new Set(ending.map(({ endpoint }) => valueKey(endpoint)).filter((key) => !values.has(key)))
    const emptied = new Set(ending.map(({ requirement }) => requirement).filter((key) => !requirements.has(key)))
    departures.push({
      at: instant,
      held: () => held,
      vanished,
      isAnyLeft: values.size > 0,
      emptied: [...emptied].sort()
    })
  }
  return departures
}
