import type { RequirementFields } from '../document/document.ts'
import type { Endpoint, Status } from '../document/endpoint.ts'
import { orderText, startOf } from '../document/endpoint-order.ts'
import { groupBy } from '../group.ts'
import { type EndpointSpan, endpointSpans, type Renames, renameId, renamesIn } from '../history/endpoint-span.ts'
import type { HistoryRequirement, HistoryRow } from '../history/history.ts'
import { requirementNameKey } from '../history/requirement-name.ts'
import type { Service } from '../network/network-service.ts'
import type { Instant } from '../time/instant.ts'
import { type ViewEndpoint, withStatus } from '../view/view.ts'
import { type LookupQuery, type Match, matchEndpoint, usesAskedPort } from './lookup.ts'
import { type Reach, reachOf, servicesFor, servicesForTarget } from './reach.ts'

/** One place in a catalogue that matches a look-up, now or in the past. `addedIn` and `removedIn` are numbers of revisions. */
export interface LookupFinding {
  readonly catalogue: string
  readonly requirement: RequirementFields
  /** Absent where a port matches a requirement that lists no endpoints. */
  readonly endpoint?: ViewEndpoint
  readonly match?: Match
  readonly status: Status
  /** The services that use the port that was looked up, or all services where none was. */
  readonly services: readonly Service[]
  readonly addedIn: number
  readonly removedIn?: number
}

/** The rows of history that the store found for a look-up, past rows too. */
export interface LookupRows {
  readonly endpoints: readonly HistoryRow[]
  readonly requirements: readonly HistoryRequirement[]
}

/** The revisions in which something stands. `until` is exclusive, and infinite where no end is known. */
interface Span {
  readonly since: number
  readonly until: number
}

/** A requirement row with those of its services that use the port, if a port is looked up. */
interface MatchingRow extends Span {
  readonly row: HistoryRequirement
  readonly services: readonly Service[]
  readonly reach: Reach
}

/**
 * Every place that matches a look-up, by catalogue, requirement, endpoint and revision. `known`: the newest revision of each catalogue
 * that had been published; a catalogue that is not in the map had not. An endpoint that was edited, or whose requirement was renamed, is
 * one place: it was added once, and removed once or not at all.
 */
export function answerLookup(
  query: LookupQuery,
  rows: LookupRows,
  known: ReadonlyMap<string, number>,
  instant: Instant
): readonly LookupFinding[] {
  const requirements = rows.requirements.flatMap((row) => asKnown(row, known))
  const endpoints = rows.endpoints.flatMap((row) => asKnown(row, known))
  const renames = renamesIn(requirements)
  const matching = groupBy(
    requirements.flatMap((row) => matchingRow(row, query)).sort((a, b) => a.since - b.since),
    ({ row: { catalogue, fields } }) => requirementNameKey({ catalogue, key: fields.key })
  )
  const findings = endpointSpans(endpoints, renames).flatMap((span) => placesOf(span, matching, query, instant))
  if (query.target === undefined) findings.push(...bareRequirements(matching, endpoints, renames))
  return sortFindings(findings)
}

/** A row as it was known at a revision: a later revision that closed it was not known. */
function asKnown<Row extends HistoryRow | HistoryRequirement>(
  row: Row,
  known: ReadonlyMap<string, number>
): readonly Row[] {
  const number = known.get(row.catalogue) ?? 0
  if (row.since > number) return []
  if (row.until === undefined || row.until <= number) return [row]
  const { until: _, ...open } = row
  // The row without its end, which is optional.
  return [open as Row]
}

function matchingRow(row: HistoryRequirement, { target, port }: LookupQuery): readonly MatchingRow[] {
  const { services } = row.fields
  const found = port
    ? servicesForTarget(target, reachOf(services)).filter((service) => usesAskedPort(service, port))
    : services
  return found.length === 0 ? [] : [{ ...spanOf(row), row, services: found, reach: reachOf(found) }]
}

function spanOf({ since, until = Number.POSITIVE_INFINITY }: HistoryRow | HistoryRequirement): Span {
  return { since, until }
}

/** The requirement that an endpoint row belongs to, as a key for maps. */
function requirementOf({ catalogue, requirement }: HistoryRow): string {
  return requirementNameKey({ catalogue, key: requirement })
}

/** The places of an endpoint: the revisions in which it stands together with services that match. */
function placesOf(
  span: EndpointSpan,
  matching: ReadonlyMap<string, readonly MatchingRow[]>,
  query: LookupQuery,
  instant: Instant
): readonly LookupFinding[] {
  const [{ endpoint }] = span
  const match = query.target === undefined ? matchByKind(endpoint) : matchEndpoint(endpoint, query.target)
  if (query.target !== undefined && !isCounted(match, query)) return []
  const pieces = span.flatMap((row) =>
    (matching.get(requirementOf(row)) ?? []).map((requirement) => ({
      row,
      requirement,
      services: query.port ? servicesFor(endpoint, requirement.reach) : requirement.services,
      since: Math.max(row.since, requirement.since),
      until: Math.min(spanOf(row).until, requirement.until)
    }))
  )
  const standing = pieces.filter(({ services, since, until }) => services.length > 0 && since < until)
  return runsOf(standing).map(({ row, requirement, services, ...span }) => {
    const shown = withStatus(row.endpoint, instant)
    const present = Number.isFinite(span.until) ? { ...shown, status: 'retired' as const } : shown
    return {
      catalogue: row.catalogue,
      requirement: requirement.row.fields,
      endpoint: present,
      ...(match && { match }),
      status: present.status,
      services,
      ...bounds(span)
    }
  })
}

/** The match of an endpoint where only a port is looked up: nothing is compared, but a kind without a comparable value is still named. */
function matchByKind({ kind }: Endpoint): Match | undefined {
  return kind === 'role' || kind === 'feed' || kind === 'any' ? kind : undefined
}

/** Whether a match counts. A flow needs an endpoint that covers its target; a target alone, or a rule, also finds endpoints within it. */
function isCounted(match: Match | undefined, { port, isRule }: LookupQuery): boolean {
  if (match === undefined) return false
  if (match === 'within') return port === undefined || isRule === true
  return port !== undefined || match === 'exact' || match === 'covers'
}

/** The places of requirements with services that match, and without endpoints in their last revision. */
function bareRequirements(
  matching: ReadonlyMap<string, readonly MatchingRow[]>,
  endpoints: readonly HistoryRow[],
  renames: Renames
): readonly LookupFinding[] {
  const listed = groupBy(endpoints, requirementOf)
  return requirementRuns([...matching.values()].flat(), renames).flatMap(({ since, last }) => {
    const { row, services, until } = last
    const { catalogue, fields } = row
    const spans = listed.get(requirementNameKey({ catalogue, key: fields.key }))?.map(spanOf) ?? []
    if (spans.some((span) => span.since < until && span.until >= until)) return []
    const status = Number.isFinite(until) ? 'retired' : 'active'
    return [{ catalogue, requirement: fields, status, services, ...bounds({ since, until }) }]
  })
}

interface Run {
  readonly since: number
  last: MatchingRow
}

/** Joins rows of requirements that follow each other without a gap in time, also across a rename. */
function requirementRuns(list: readonly MatchingRow[], renames: Renames): readonly Run[] {
  const runs: Run[] = []
  const goingOn = new Map<string, Run>()
  for (const each of [...list].sort((a, b) => a.since - b.since)) {
    const { catalogue, fields } = each.row
    const run = goingOn.get(renameId(catalogue, fields.key, each.since)) ?? { since: each.since, last: each }
    if (run.last === each) runs.push(run)
    run.last = each
    const next = renames.get(renameId(catalogue, fields.key, each.until)) ?? fields.key
    goingOn.set(renameId(catalogue, next, each.until), run)
  }
  return runs
}

interface Piece extends Span {
  readonly row: HistoryRow
  readonly requirement: MatchingRow
  readonly services: readonly Service[]
}

/** Joins ascending pieces that follow each other without a gap in time. Each run shows its last piece. */
function runsOf(pieces: readonly Piece[]): readonly Piece[] {
  const runs: Piece[] = []
  for (const piece of pieces) {
    const before = runs.at(-1)
    if (before?.until === piece.since) runs[runs.length - 1] = { ...piece, since: before.since }
    else runs.push(piece)
  }
  return runs
}

function bounds({ since, until }: Span): Pick<LookupFinding, 'addedIn' | 'removedIn'> {
  return { addedIn: since, ...(Number.isFinite(until) && { removedIn: until }) }
}

/** Sorts by catalogue and key, then places without an endpoint before the canonical order of endpoints, then by revision. */
function sortFindings(findings: readonly LookupFinding[]): readonly LookupFinding[] {
  const placed = findings.map((finding) => {
    const { catalogue, requirement, endpoint, addedIn, removedIn = Number.MAX_SAFE_INTEGER } = finding
    const text = `${catalogue}\n${requirement.key}\n${endpoint ? orderText(endpoint) : ''}`
    return { finding, text, start: endpoint ? startOf(endpoint) : 0, addedIn, removedIn }
  })
  placed.sort((a, b) =>
    a.text === b.text
      ? a.start - b.start || a.addedIn - b.addedIn || a.removedIn - b.removedIn
      : a.text < b.text
        ? -1
        : 1
  )
  return placed.map(({ finding }) => finding)
}

const ranks: Readonly<Record<Status, number>> = { active: 0, retiring: 1, planned: 2, retired: 3 }

/** Findings in the order in which they are answered: active, retiring, planned, then retired, of these the newest end first. */
export function inOrder(
  findings: readonly LookupFinding[],
  endOf: (finding: LookupFinding) => Instant
): readonly LookupFinding[] {
  return [...findings].sort((a, b) => ranks[a.status] - ranks[b.status] || endOf(b) - endOf(a))
}
