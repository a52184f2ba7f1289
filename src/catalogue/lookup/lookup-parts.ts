import { groupBy } from '../../domain/group.ts'
import type { HistoryRequirement, HistoryRow } from '../../domain/history/history.ts'
import { distinctNames, type RequirementName, requirementNameKey } from '../../domain/history/requirement-name.ts'
import { type LookupQuery, type LookupTarget, usesAskedPort } from '../../domain/lookup/lookup.ts'
import type { LookupRows } from '../../domain/lookup/lookup-answer.ts'
import { indexQuery, type KeyRange } from '../../domain/lookup/lookup-index.ts'
import type { Catalogues } from '../catalogues.ts'
import { requirementRows } from '../read/requirement-rows.ts'
import { rowsOfReferrers, type StandingReferences, withoutAnswered } from './standing-references.ts'

type AskedPort = NonNullable<LookupQuery['port']>
type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache'>

/** How many rows are read at once from what lies in a CIDR or under a name. */
const rowsAtOnce = 1000
/** How many requirements that use a port are read at once. */
const requirementsAtOnce = 10

/**
 * The rows for a look-up, part by part: whoever has enough reads no further. All rows of one place are in one part, and the parts are the
 * same, in the same order, however many are read. A row of a feed is also a row of the requirements that refer to the feed.
 */
export function lookupParts(
  sources: Sources,
  { target, port, isRule }: LookupQuery,
  references: StandingReferences
): AsyncIterable<LookupRows> {
  if (target === undefined) return port ? partsOfPort(sources, port) : nothing()
  return port
    ? partsOfFlow(sources, target, { port, isRule: isRule === true }, references)
    : partsOfTarget(sources, target, references)
}

async function* nothing(): AsyncGenerator<LookupRows> {}

/** What equals the target or covers it, and then what lies in it. */
async function* partsOfTarget(
  sources: Sources,
  target: LookupTarget,
  references: StandingReferences
): AsyncGenerator<LookupRows> {
  const { store } = sources
  const { keys, ranges, covering } = indexQuery(target)
  const withRequirements = async (found: readonly HistoryRow[]): Promise<LookupRows> => {
    const endpoints = [...found, ...(await rowsOfReferrers(sources, references, found))]
    return { endpoints, requirements: await store.findRequirements(distinctNames(endpoints.map(requirementOf))) }
  }
  yield withRequirements(await store.findEndpoints({ keys, ranges: covering }))
  for await (const rows of rowsIn(store, ranges)) yield withRequirements(rows)
}

async function* rowsIn(store: Sources['store'], ranges: readonly KeyRange[]): AsyncGenerator<readonly HistoryRow[]> {
  for (const range of ranges) {
    let rest: KeyRange | undefined = range
    while (rest) {
      const part: Awaited<ReturnType<typeof store.findEndpointsIn>> = await store.findEndpointsIn(rest, rowsAtOnce)
      if (part.rows.length > 0) yield part.rows
      rest = part.next && { from: part.next, to: range.to }
    }
  }
}

/**
 * What covers the target, and what has no address, in requirements that use the port. What lies in a target lets no flow through, but a rule
 * lets through what lies in it. A reference to a feed is left out where the rows in its place are known: these are compared.
 */
async function* partsOfFlow(
  sources: Sources,
  target: LookupTarget,
  { port, isRule }: { readonly port: AskedPort; readonly isRule: boolean },
  references: StandingReferences
): AsyncGenerator<LookupRows> {
  const { store } = sources
  const { keys, ranges, covering } = indexQuery(target)
  const using = async (addressed: readonly HistoryRow[], open: readonly HistoryRow[] = []): Promise<LookupRows> => {
    const found = [...addressed, ...(await rowsOfReferrers(sources, references, addressed)), ...open]
    const requirements = (await store.findRequirements(distinctNames(found.map(requirementOf)))).filter((row) =>
      usesRow(row, port)
    )
    const wanted = new Set(requirements.map(({ catalogue, fields: { key } }) => requirementNameKey({ catalogue, key })))
    return { endpoints: found.filter((row) => wanted.has(requirementNameKey(requirementOf(row)))), requirements }
  }
  const open = await withoutAnswered(sources, references, await store.findUnaddressed())
  yield using(await store.findEndpoints({ keys, ranges: covering }), open)
  if (!isRule) return
  for await (const rows of rowsIn(store, ranges)) yield using(rows)
}

/** The requirements that use a port, with their endpoints. */
async function* partsOfPort(sources: Sources, port: AskedPort): AsyncGenerator<LookupRows> {
  for (const { revision } of sources.heads.all()) {
    const using = (await requirementRows(sources, revision)).filter((row) => usesRow(row, port))
    for (const requirements of inParts(using)) {
      const names = requirements.map(({ catalogue, fields }) => ({ catalogue, key: fields.key }))
      yield { endpoints: await sources.store.findEndpointsOf(names), requirements }
    }
  }
}

function usesRow({ fields }: HistoryRequirement, port: AskedPort): boolean {
  return fields.services.some((service) => usesAskedPort(service, port))
}

/** Rows in parts of some requirements each. A requirement that was renamed is in one part with what it was before. */
function* inParts(rows: readonly HistoryRequirement[]): Generator<readonly HistoryRequirement[]> {
  const earlier = new Map<string, string>()
  const firstKey = (key: string): string => {
    let first = key
    for (let before = earlier.get(first); before !== undefined; before = earlier.get(first)) first = before
    return first
  }
  for (const { fields } of rows)
    for (const previous of fields.previousKeys ?? []) {
      const [key, before] = [firstKey(fields.key), firstKey(previous)]
      if (key !== before) earlier.set(key, before)
    }
  const lists = [...groupBy(rows, ({ fields }) => firstKey(fields.key)).values()]
  for (let at = 0; at < lists.length; at += requirementsAtOnce) yield lists.slice(at, at + requirementsAtOnce).flat()
}

function requirementOf({ catalogue, requirement }: HistoryRow): RequirementName {
  return { catalogue, key: requirement }
}
