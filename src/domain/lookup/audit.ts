import { type Status, statuses } from '../document/endpoint.ts'
import { endpointMatches, type Filter, requirementMatches } from '../view/filter.ts'
import type { ViewEndpoint, ViewRequirement } from '../view/view.ts'
import type { AuditEntries, InvalidEntry } from './audit-entry.ts'
import { AuditIndex, type AuditRow, type RowSlice } from './audit-index.ts'
import { type Half, type MissingEndpoint, missingEndpoints } from './audit-missing.ts'
import { openRows } from './audit-openness.ts'
import { portName } from './audit-port.ts'
import type { Destination } from './destination.ts'
import { reachOf, servicesFor } from './reach.ts'

interface AuditMatch {
  readonly catalogue: string
  readonly requirement: string
  readonly match: RowSlice['match']
  readonly endpoint: ViewEndpoint
}

/** A requirement of another catalogue that needs a value which may otherwise be closed. */
interface Need {
  readonly catalogue: string
  readonly requirement: string
  readonly status: Status
}

export interface AuditResult {
  readonly value: string
  readonly port?: string
  /** Why the entry is in its list, and what was left out of it, in words for people. */
  readonly detail: string
  /** At most `mostMatches`, those first that hold. */
  readonly matches: readonly AuditMatch[]
  readonly matchCount: number
  /** Of retired entries: what needs them elsewhere, at most `mostMatches`. */
  readonly neededElsewhere?: readonly Need[]
}

export interface Audit {
  readonly current: readonly AuditResult[]
  readonly retiring: readonly AuditResult[]
  readonly planned: readonly AuditResult[]
  /** Entries that the catalogues named once, and that hold no longer. They may be closed where nothing needs them elsewhere. */
  readonly retired: readonly AuditResult[]
  /** Entries that the catalogues never named. They cannot say whether something else needs them. */
  readonly unknown: readonly AuditResult[]
  /** Values that hold now and that no entry lets through. */
  readonly missing: readonly MissingEndpoint[]
  /** Values that no entry lets through, and that are not missing, since the names or addresses that belong to them are there. */
  readonly covered: readonly MissingEndpoint[]
  /** Entries that cannot be read. */
  readonly invalid: readonly InvalidEntry[]
}

const mostMatches = 20

/** The part of a catalogue that an audit compares with. */
export interface Audited {
  readonly catalogue: string
  readonly requirements: readonly ViewRequirement[]
}

/**
 * The hosts and addresses of some catalogues. What a filter does not select is there too, but not compared. An address that no service of
 * its requirement reaches is left out: no packet to it is needed.
 */
export function auditRows(audited: Iterable<Audited>, filter: Filter = {}): readonly AuditRow[] {
  const rows: AuditRow[] = []
  for (const { catalogue, requirements } of audited) {
    for (const requirement of requirements) {
      const isWanted = requirementMatches(requirement, filter)
      const reach = reachOf(requirement.services)
      for (const endpoint of requirement.endpoints) {
        if (endpoint.kind === 'role' || endpoint.kind === 'feed' || endpoint.kind === 'any') continue
        const services = servicesFor(endpoint, reach)
        if (services.length === 0) continue
        const isSelected = isWanted && endpointMatches(endpoint, { ...filter, status: filter.status ?? statuses })
        rows.push({ catalogue, requirement, services, endpoint, isSelected })
      }
    }
  }
  return rows
}

/**
 * Compares the entries of a firewall with catalogues, over all requirements. Of several endpoints with one value the most alive status
 * counts. The work grows with the entries and with the rows, and not with their product.
 */
export function audit(rows: readonly AuditRow[], { entries, invalid }: AuditEntries, by: Half): Audit {
  const index = new AuditIndex(rows)
  const lists: Record<Bucket, AuditResult[]> = { current: [], retiring: [], planned: [], retired: [], unknown: [] }
  for (const entry of entries) {
    const { status, result } = judge(index, entry)
    lists[status === undefined ? 'unknown' : status === 'active' ? 'current' : status].push(result)
  }
  const open = openRows(index, entries)
  const opened = new Set(index.rows.flatMap(({ endpoint }, at) => (open[at] ? [endpoint] : [])))
  return { ...lists, ...missingEndpoints(rows, (endpoint) => opened.has(endpoint), by), invalid }
}

type Bucket = 'current' | 'retiring' | 'planned' | 'retired' | 'unknown'

/** What the rows of an index say of an entry. `status`: undefined where none of them has it with its port. */
function judge(
  index: AuditIndex,
  entry: Destination
): { readonly status: Status | undefined; readonly result: AuditResult } {
  const { value, port, notes } = entry
  const found = index.slices(entry).map((slice) => ({ slice, counts: index.counts(slice, port) }))
  const countOf = (status: Status) => found.reduce((sum, { counts }) => sum + counts[status], 0)
  const status = byAliveness.find((each) => countOf(each) > 0)
  const matchCount = statuses.reduce((sum, each) => sum + countOf(each), 0)
  const isWider = found.every(({ slice, counts }) => slice.match === 'within' || sumOf(counts) === 0)
  const isNamed =
    status === undefined && port !== undefined && found.some(({ slice }) => sumOf(index.counts(slice, undefined)) > 0)
  const detail = [detailOf(status, isWider, isNamed), ...notes].join('; ')
  const slices = found.map(({ slice }) => slice)
  const matches = matchesOf(index, entry, slices)
  return { status, result: { value, ...(port && { port: portName(port) }), detail, matches, matchCount } }
}

const byAliveness = ['active', 'retiring', 'planned', 'retired'] as const satisfies readonly Status[]

/** The matches that are told: those first that hold, in the order of the slices. */
function matchesOf(index: AuditIndex, { port }: Destination, slices: readonly RowSlice[]): readonly AuditMatch[] {
  const told = slices.map((): AuditMatch[] => [])
  let left = mostMatches
  for (const status of byAliveness) {
    for (const [at, slice] of slices.entries()) {
      if (left === 0) break
      const picked = index.pick(slice, port, status, left)
      left -= picked.length
      for (const { catalogue, requirement, endpoint } of picked)
        told[at]?.push({ catalogue, requirement: requirement.key, match: slice.match, endpoint })
    }
  }
  return told.flat()
}

const details: Readonly<Record<Status, string>> = {
  active: 'needed',
  retiring: 'needed until its announced end',
  planned: 'not needed yet',
  retired: 'no longer needed: it may be closed'
}

function detailOf(status: Status | undefined, isWider: boolean, isNamed: boolean): string {
  if (status === undefined)
    return isNamed ? 'named by the catalogue, but not for this port' : 'not named by this catalogue'
  return details[status] + (isWider ? '; the entry is wider than what the catalogue names' : '')
}

function sumOf(counts: Readonly<Record<Status, number>>): number {
  return statuses.reduce((sum, status) => sum + counts[status], 0)
}

/**
 * Says of retired entries what needs them in other catalogues, whose rows are given. An entry that is needed there must stay open.
 */
export function withNeeds(
  retired: readonly AuditResult[],
  entries: readonly Destination[],
  elsewhere: readonly AuditRow[]
): readonly AuditResult[] {
  const index = new AuditIndex(elsewhere)
  return retired.map((result, at) => {
    const entry = entries[at]
    const needs = entry ? needsOf(index, entry) : []
    if (needs.length === 0) return { ...result, neededElsewhere: [] }
    const where = [...new Set(needs.map(({ catalogue }) => catalogue))].join(', ')
    const detail = result.detail.replace(details.retired, `no longer needed here, but by ${where}: it must stay open`)
    return { ...result, detail, neededElsewhere: needs }
  })
}

function needsOf(index: AuditIndex, entry: Destination): readonly Need[] {
  const needs = new Map<string, Need>()
  for (const status of byAliveness) {
    if (status === 'retired') continue
    for (const slice of index.slices(entry)) {
      for (const { catalogue, requirement } of index.pick(slice, entry.port, status, mostMatches)) {
        const key = `${catalogue}\n${requirement.key}`
        if (needs.size < mostMatches && !needs.has(key))
          needs.set(key, { catalogue, requirement: requirement.key, status })
      }
    }
  }
  return [...needs.values()]
}
