import { endpointId } from '../../domain/document/endpoint.ts'
import type { HistoryRow } from '../../domain/history/history.ts'
import { type MirrorPart, type MirrorSide, neededWhole, sortPair } from '../../domain/mirror/mirror-part.ts'
import type { Filter } from '../../domain/view/filter.ts'
import type { Store } from '../../store/store.ts'

/**
 * Loads the rows in which two sides of a catalogue can differ: those that revisions touched, those that the clock changed, and those that
 * the filter needs beside.
 */
export async function partBetween(
  store: Store,
  before: MirrorSide,
  after: MirrorSide,
  filter: Filter
): Promise<MirrorPart> {
  const { catalogue, number } = after.revision
  const [low, high] = sortPair(before.revision.number, number)
  const [early, late] = sortPair(before.instant, after.instant)
  const isTouched = low < high
  const isTurned = after.revision.transitions.some((instant) => early < instant && instant <= late)
  const named = (keys: Iterable<string>) => [...keys].map((key) => ({ catalogue, key }))

  const touched = isTouched ? await store.requirementsTouched(catalogue, { after: low, upTo: high }) : []
  const endpoints = eachOnce([
    ...(isTouched ? await store.endpointsTouched(catalogue, { after: low, upTo: high }) : []),
    ...(isTurned ? await store.endpointsTurning(catalogue, number, { after: early, upTo: late }) : [])
  ])
  // The rows of a requirement that was touched are loaded already, for both sides.
  const parents = new Set(endpoints.map(({ requirement }) => requirement))
  for (const { fields } of touched) parents.delete(fields.key)
  const requirements = [...touched, ...(await store.findRequirements(named(parents)))]

  const needed = neededWhole({ requirements, endpoints }, before, after, filter)
  if (needed.size === 0) return { requirements, endpoints }
  const whole = await store.findEndpointsOf(named(needed))
  return { requirements, endpoints: eachOnce([...endpoints, ...whole]) }
}

/** Each row once: a row may have been found for two reasons. */
function eachOnce(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const found = new Map<string, HistoryRow>()
  for (const row of rows) {
    const { requirement, endpoint, since } = row
    found.set(`${endpointId(requirement, endpoint)}\n${endpoint.from ?? ''}\n${since}`, row)
  }
  return [...found.values()]
}
