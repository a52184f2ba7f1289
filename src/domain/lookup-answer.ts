import type { RequirementFields, Service } from './document.ts'
import type { Endpoint, Status } from './endpoint.ts'
import { endpointId } from './endpoint.ts'
import { serviceMatches } from './filter.ts'
import { type HistoryRequirement, type HistoryRow, standsIn } from './history.ts'
import type { Instant } from './instant.ts'
import { statusAt } from './lifetime.ts'
import { type LookupQuery, type Match, matchEndpoint } from './lookup.ts'
import { type ViewEndpoint, withStatus } from './view.ts'

/** One place where what was asked for stands, or stood. Numbers are revisions. */
export interface Finding {
  readonly catalogue: string
  readonly requirement: RequirementFields
  /** Absent where a port matches a requirement that lists no endpoints. */
  readonly endpoint?: ViewEndpoint
  readonly match?: Match
  readonly status: Status
  /** The services that explain the port asked for, or all of them. */
  readonly services: readonly Service[]
  readonly addedIn: number
  readonly removedIn?: number
}

/** What the store found, past rows too. */
export interface LookupRows {
  readonly endpoints: readonly HistoryRow[]
  readonly requirements: readonly HistoryRequirement[]
}

interface Stay {
  readonly last: HistoryRow
  readonly addedIn: number
  readonly removedIn?: number
}

/**
 * Every place where the query stands, according to what was known by the revision `known` of each catalogue (a catalogue that is
 * not in the map was not known). A row that was edited on the way is one stay: added once, and removed once or not at all.
 */
export function answerLookup(
  query: LookupQuery,
  { endpoints, requirements }: LookupRows,
  known: ReadonlyMap<string, number>,
  instant: Instant
): readonly Finding[] {
  const histories = new Map<string, HistoryRequirement[]>()
  for (const row of requirements) {
    if (row.since > (known.get(row.catalogue) ?? 0)) continue
    const id = `${row.catalogue}\n${row.fields.key}`
    const list = histories.get(id)
    if (list) list.push(row)
    else histories.set(id, [row])
  }
  const findings: Finding[] = []
  const populated = new Set<string>()
  for (const stay of stays(endpoints, known)) {
    const { catalogue, requirement, endpoint } = stay.last
    const id = `${catalogue}\n${requirement}`
    populated.add(id)
    const fields = fieldsAt(
      histories.get(id) ?? [],
      stay.removedIn === undefined ? (known.get(catalogue) ?? 0) : stay.removedIn - 1
    )
    const match = query.target === undefined ? unaddressed(endpoint) : matchEndpoint(endpoint, query.target)
    const services = fields && matchingServices(fields, query)
    if (!fields || !services || (query.target !== undefined && !explains(match, query))) continue
    findings.push({
      catalogue,
      requirement: fields,
      endpoint: withStatus(endpoint, instant),
      ...(match && { match }),
      status: stay.removedIn === undefined ? statusAt(endpoint, instant) : 'retired',
      services,
      addedIn: stay.addedIn,
      ...(stay.removedIn !== undefined && { removedIn: stay.removedIn })
    })
  }
  if (query.target === undefined) findings.push(...bareRequirements(query, histories, populated, known))
  return findings
}

/** For a port alone there is nothing to compare; what has no value is still marked. */
function unaddressed({ kind }: Endpoint): Match | undefined {
  return kind === 'address' || kind === 'host' ? undefined : kind
}

/** A flow is explained only by what covers its target; a value alone also finds what lies within it. */
function explains(match: Match | undefined, { port }: LookupQuery): boolean {
  if (match === undefined) return false
  return port === undefined ? match === 'exact' || match === 'covers' || match === 'within' : match !== 'within'
}

function matchingServices({ services }: RequirementFields, { port }: LookupQuery): readonly Service[] | undefined {
  if (!port) return services
  const found = services.filter((service) => serviceMatches(service, [port.transport], [port.port]))
  return found.length > 0 ? found : undefined
}

function fieldsAt(history: readonly HistoryRequirement[], number: number): RequirementFields | undefined {
  return history.find((row) => standsIn(row, number))?.fields
}

/** Joins the rows of one endpoint that follow each other without a gap. Rows come ordered by identity, then `since`. */
function stays(rows: readonly HistoryRow[], known: ReadonlyMap<string, number>): readonly Stay[] {
  const open = new Map<string, Stay[]>()
  for (const row of rows) {
    const number = known.get(row.catalogue) ?? 0
    if (row.since > number) continue
    const id = `${row.catalogue}\n${endpointId(row.requirement, row.endpoint)}`
    const list = open.get(id) ?? []
    open.set(id, list)
    const joined = list.findIndex(({ removedIn, last }) => removedIn === row.since && continues(last, row, list))
    const removedIn = row.until !== undefined && row.until <= number ? row.until : undefined
    const before = list[joined]
    const stay: Stay = {
      last: row,
      addedIn: before?.addedIn ?? row.since,
      ...(removedIn !== undefined && { removedIn })
    }
    if (before) list[joined] = stay
    else list.push(stay)
  }
  return [...open.values()].flat()
}

/** Among several lifetimes of one value `from` tells them apart; alone, a row that takes over is the same endpoint edited. */
function continues(last: HistoryRow, row: HistoryRow, list: readonly Stay[]): boolean {
  return last.endpoint.from === row.endpoint.from || list.length === 1
}

function bareRequirements(
  query: LookupQuery,
  histories: ReadonlyMap<string, readonly HistoryRequirement[]>,
  populated: ReadonlySet<string>,
  known: ReadonlyMap<string, number>
): readonly Finding[] {
  const findings: Finding[] = []
  for (const [id, history] of histories) {
    const [first, last] = [history[0], history.at(-1)]
    if (populated.has(id) || !first || !last) continue
    const services = matchingServices(last.fields, query)
    if (!services) continue
    const gone = last.until !== undefined && last.until <= (known.get(last.catalogue) ?? 0)
    findings.push({
      catalogue: last.catalogue,
      requirement: last.fields,
      status: gone ? 'retired' : 'active',
      services,
      addedIn: first.since,
      ...(gone && last.until !== undefined && { removedIn: last.until })
    })
  }
  return findings
}
