import { endpointPointer, requirementPointer } from '../change/change.ts'
import { endpointId, endpointValue } from '../document/endpoint.ts'
import { renames } from '../history/rename.ts'
import type { GuardRail } from '../history/revision.ts'
import type { EndpointRow, Rows } from '../history/rows.ts'
import { isReserved, storedAddress } from '../network/address.ts'
import { dayMs } from '../time/duration.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'
import { isLive, statusAt } from '../view/lifetime.ts'
import { clockDepartures, type Departure, publishDeparture } from './departure.ts'

/** One reason to think again before publishing. `pointer` reads lists by key, as in a change. */
export interface GuardRailFinding {
  readonly rule: GuardRail
  readonly pointer: string
  readonly detail: string
}

export interface NoticePeriod {
  /** When the new document takes effect: its `publishedAt`. */
  readonly at: Instant
  /** How long before its end a retirement must be announced. */
  readonly days: number
}

/** Findings of one rule that are told one by one; the rest is counted. */
const told = 100

/**
 * Judges a document against the head, at the commit and at each transition that it announces. What the head announced already was
 * judged with the head, and is not held against its successor.
 */
export function guardRailFindings(
  head: Rows | undefined,
  next: Rows,
  { at, days }: NoticePeriod
): readonly GuardRailFinding[] {
  const renamed = head ? renames(head, next) : new Map<string, string>()
  const findings = [...appearances(head, next, renamed)]
  if (head) {
    findings.push(...endings(head, next, renamed, at, days))
    findings.push(...departureFindings(publishDeparture(head, next, renamed, at), ''))
  }
  findings.push(...clockFindings(head, next, renamed, at))
  return limit(findings)
}

/** What the document's own clock will do after the commit, but for what the head's clock would do as well. */
function clockFindings(
  head: Rows | undefined,
  next: Rows,
  renamed: ReadonlyMap<string, string>,
  at: Instant
): readonly GuardRailFinding[] {
  const announced = new Map(head && clockDepartures(head, at).map((departure) => [departure.at, departure]))
  return clockDepartures(next, at).flatMap((departure) => {
    const known = announced.get(departure.at)
    return departureFindings(departure, ` at ${formatInstant(departure.at)}`, {
      left: known?.left,
      vanished: known?.vanished ?? new Set(),
      emptied: departure.emptied.filter((key) => known?.emptied.includes(renamed.get(key) ?? key))
    })
  })
}

function isMass({ vanished, held }: Departure): boolean {
  return vanished.size > 10 && vanished.size * 5 > held
}

/** What of a departure was announced before, in the words of the new document. */
interface Announced {
  readonly left?: number | undefined
  readonly vanished: ReadonlySet<string>
  readonly emptied: readonly string[]
}

const unannounced: Announced = { vanished: new Set(), emptied: [] }

/** The rules that compare what holds before and after one step, of publishing or of time. */
function departureFindings(departure: Departure, when: string, announced = unannounced): readonly GuardRailFinding[] {
  const { held, vanished, left, emptied } = departure
  const findings: GuardRailFinding[] = []
  if (held > 0 && left === 0 && announced.left !== 0) {
    const detail = `no endpoint is left${when}; ${held} held before`
    findings.push({ rule: 'catalogue_emptied', pointer: '/requirements', detail })
  }
  if (isMass(departure) && [...vanished].some((value) => !announced.vanished.has(value))) {
    const detail = `${vanished.size} of ${held} endpoints (${Math.round((vanished.size / held) * 100)} %) vanish${when}`
    findings.push({ rule: 'mass_removal', pointer: '/requirements', detail })
  }
  for (const key of emptied) {
    if (announced.emptied.includes(key)) continue
    const detail = `no endpoint of ${key} is left${when}`
    findings.push({ rule: 'requirement_emptied', pointer: requirementPointer(key), detail })
  }
  return findings
}

/** Endpoints that hold in the head and end without having been announced, or too soon after they are. */
function endings(
  head: Rows,
  next: Rows,
  renamed: ReadonlyMap<string, string>,
  at: Instant,
  days: number
): readonly GuardRailFinding[] {
  const newKeys = new Map([...renamed].map(([key, old]) => [old, key]))
  const findings: GuardRailFinding[] = []
  for (const [id, rows] of head.endpoints) {
    const live = rows.find(({ endpoint }) => isLive(statusAt(endpoint, at)))
    if (!live) continue
    const key = newKeys.get(live.requirement) ?? live.requirement
    const newId = key === live.requirement ? id : endpointId(key, live.endpoint)
    const ends = endOf(next.endpoints.get(newId) ?? [], at)
    if (ends === undefined) continue
    const known = endOf(rows, at)
    const pointer = endpointPointer(key, live.endpoint)
    if (ends <= at && known === undefined) {
      findings.push({
        rule: 'unannounced_removal',
        pointer,
        detail: `${name(live)} vanishes at once, and its end was not announced: give it an until first`
      })
    } else if (ends < at + days * dayMs && (known === undefined || ends < known)) {
      findings.push({
        rule: 'short_notice',
        pointer,
        detail: `${name(live)} ends at ${formatInstant(ends)}, less than ${days} days after ${formatInstant(at)}`
      })
    }
  }
  return findings
}

/** When a value ends that has these lifetimes, ascending: `at` where it does not hold, undefined where no end is in sight. */
function endOf(rows: readonly EndpointRow[], at: Instant): Instant | undefined {
  const holding = rows.find(({ endpoint }) => isLive(statusAt(endpoint, at)))
  if (!holding) return at
  let { until } = holding.endpoint
  // A lifetime that begins where the one before ends goes on with it.
  for (const { endpoint } of rows.slice(rows.indexOf(holding) + 1))
    if (until !== undefined && endpoint.from === until) until = endpoint.until
  return until === undefined ? undefined : readInstant(until)
}

function name({ endpoint, requirement }: EndpointRow): string {
  return `${endpoint.kind === 'any' ? 'any' : endpoint.value} of ${requirement}`
}

/** What a firewall should not open without a second look. */
function appearances(
  head: Rows | undefined,
  next: Rows,
  renamed: ReadonlyMap<string, string>
): readonly GuardRailFinding[] {
  const populated = new Set<string>()
  for (const rows of head?.endpoints.values() ?? []) for (const { requirement } of rows) populated.add(requirement)
  const findings: GuardRailFinding[] = []
  for (const [id, rows] of next.endpoints) {
    const [row] = rows
    if (!row) continue
    const old = renamed.get(row.requirement) ?? row.requirement
    const isNew = !head?.endpoints.has(old === row.requirement ? id : endpointId(old, row.endpoint))
    const isOutside = next.requirements.get(row.requirement)?.scope === 'external'
    if (row.endpoint.kind === 'any' && isNew && populated.has(old)) {
      findings.push({
        rule: 'address_too_broad',
        pointer: endpointPointer(row.requirement, row.endpoint),
        detail: `any address appears in ${row.requirement}, which named its endpoints`
      })
    } else if (row.endpoint.kind === 'address') {
      const wasOutside = !isNew && head?.requirements.get(old)?.scope === 'external'
      findings.push(...addressFindings(row, isNew, isOutside && !wasOutside))
    }
  }
  return findings
}

function addressFindings(
  { requirement, endpoint }: EndpointRow,
  isNew: boolean,
  isNewOutside: boolean
): readonly GuardRailFinding[] {
  if (!isNew && !isNewOutside) return []
  const address = storedAddress(endpointValue(endpoint))
  const pointer = endpointPointer(requirement, endpoint)
  const findings: GuardRailFinding[] = []
  const narrowest = address.family === 'ipv4' ? 8 : 32
  if (isNew && address.prefix < narrowest) {
    findings.push({ rule: 'address_too_broad', pointer, detail: `${address.value} is broader than /${narrowest}` })
  }
  if (isNewOutside && isReserved(address)) {
    findings.push({
      rule: 'reserved_address',
      pointer,
      detail: `${address.value} is private or reserved, in the external requirement ${requirement}`
    })
  }
  return findings
}

/** At most `told` findings of each rule, with the rest counted in one more. */
function limit(findings: readonly GuardRailFinding[]): readonly GuardRailFinding[] {
  const counts = new Map<GuardRail, number>()
  const kept: GuardRailFinding[] = []
  for (const finding of findings) {
    const count = (counts.get(finding.rule) ?? 0) + 1
    counts.set(finding.rule, count)
    if (count <= told) kept.push(finding)
  }
  for (const [rule, count] of counts) {
    if (count > told) kept.push({ rule, pointer: '', detail: `and ${count - told} more` })
  }
  return kept
}
