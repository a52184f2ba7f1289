import { type Endpoint, valueKey } from '../document/endpoint.ts'
import type { Rows } from '../history/rows.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import { isLive, statusAt } from '../view/lifetime.ts'

/** How many rows hold, for each value over all requirements and for each requirement; none is not listed. */
interface LiveCounts {
  readonly values: Map<string, number>
  readonly requirements: Map<string, number>
}

/** What one step of publishing or of time takes away. */
export interface Departure {
  readonly at: Instant
  /** How many values held before. */
  readonly held: number
  /** Those of them that hold no longer. */
  readonly vanished: ReadonlySet<string>
  /** How many hold afterwards. */
  readonly left: number
  /** The requirements that had an endpoint and have none now. */
  readonly emptied: readonly string[]
}

function liveCountsAt({ endpoints }: Rows, at: Instant): LiveCounts {
  const tally: LiveCounts = { values: new Map(), requirements: new Map() }
  for (const rows of endpoints.values()) {
    for (const { requirement, endpoint } of rows) {
      if (isLive(statusAt(endpoint, at))) count(tally, requirement, endpoint, 1)
    }
  }
  return tally
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

/** What publishing takes away. `renamed`: the old key of each requirement that has a new one. */
export function publishDeparture(
  before: Rows,
  after: Rows,
  renamed: ReadonlyMap<string, string>,
  at: Instant
): Departure {
  const [had, has] = [liveCountsAt(before, at), liveCountsAt(after, at)]
  const vanished = new Set([...had.values.keys()].filter((value) => !has.values.has(value)))
  const emptied = after.order.filter(
    (key) => had.requirements.has(renamed.get(key) ?? key) && !has.requirements.has(key)
  )
  return { at, held: had.values.size, vanished, left: has.values.size, emptied }
}

/** What the clock takes away after `at`, one entry for each transition at which a value ends. */
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
  for (const list of rows.endpoints.values()) {
    for (const { requirement, endpoint } of list) {
      plan(endpoint.from, requirement, endpoint, 1)
      plan(endpoint.until, requirement, endpoint, -1)
    }
  }
  const departures: Departure[] = []
  // Most documents announce no end: nothing to count.
  if (![...steps.values()].some((list) => list.some(({ step }) => step === -1))) return departures
  const tally = liveCountsAt(rows, at)
  for (const [instant, list] of [...steps].sort(([a], [b]) => a - b)) {
    const held = tally.values.size
    const ending = list.filter(({ step }) => step === -1)
    for (const { requirement, endpoint, step } of list) count(tally, requirement, endpoint, step)
    if (ending.length === 0) continue
    const vanished = new Set(ending.map(({ endpoint }) => valueKey(endpoint)).filter((key) => !tally.values.has(key)))
    const emptied = new Set(ending.map(({ requirement }) => requirement).filter((key) => !tally.requirements.has(key)))
    departures.push({ at: instant, held, vanished, left: tally.values.size, emptied: [...emptied].sort() })
  }
  return departures
}
