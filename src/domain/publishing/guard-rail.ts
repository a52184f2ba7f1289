import { endpointPointer, requirementPointer } from '../change/change.ts'
import { endpointId } from '../document/endpoint.ts'
import { renames } from '../history/rename.ts'
import type { GuardRail } from '../history/revision.ts'
import type { EndpointRow, Rows } from '../history/rows.ts'
import { dayMs } from '../time/duration.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'
import { isLive, statusAt } from '../view/lifetime.ts'
import { clockDepartures, type Departure, publishDeparture } from './departure.ts'
import type { GuardRailFinding } from './guard-rail-finding.ts'
import { openingFindings } from './opening.ts'

export interface NoticePeriod {
  /** When the new document takes effect: its `publishedAt`. */
  readonly at: Instant
  /** How many days before its end a retirement must be announced. */
  readonly days: number
}

/** How many findings of one rule are listed. The others are counted. */
const mostFindings = 100

/**
 * Checks a document against the head, at the commit and at each transition that it announces. Changes that the current head already
 * announces were checked when the head was published; they are not reported again. Of a catalogue whose source announces nothing no notice
 * is asked.
 */
export function guardRailFindings(
  head: Rows | undefined,
  next: Rows,
  { at, days }: NoticePeriod
): readonly GuardRailFinding[] {
  const renamed = head ? renames(head, next) : new Map<string, string>()
  const findings = [...openingFindings(head, next, renamed, at)]
  if (head) {
    if (next.profile.announces !== false) findings.push(...endingFindings(head, next, renamed, at, days))
    findings.push(...departureFindings(publishDeparture(head, next, renamed, at), ''))
  }
  findings.push(...clockFindings(head, next, renamed, at))
  return limitFindings(findings)
}

/** The findings at transitions of the document after the commit, without those that the head would lead to as well. */
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
      ...(known && { isAnyLeft: known.isAnyLeft }),
      vanished: known?.vanished ?? new Set(),
      emptied: departure.emptied.filter((key) => known?.emptied.includes(renamed.get(key) ?? key))
    })
  })
}

function isMass({ vanished, held }: Departure): boolean {
  const most = vanished.size * 5
  return vanished.size > 10 && most > held(most)
}

/** The part of a departure that the head had announced, with the keys that requirements have in the new document. */
interface Announced {
  readonly isAnyLeft?: boolean
  readonly vanished: ReadonlySet<string>
  readonly emptied: readonly string[]
}

const unannounced: Announced = { vanished: new Set(), emptied: [] }

/** The findings of the rules that compare the values that hold before and after a publish or a transition. */
function departureFindings(departure: Departure, when: string, announced = unannounced): readonly GuardRailFinding[] {
  const { held, vanished, isAnyLeft, emptied } = departure
  const findings: GuardRailFinding[] = []
  if (!isAnyLeft && announced.isAnyLeft !== false && held(1) > 0) {
    const detail = `no endpoint is left${when}; ${held()} held before`
    findings.push({ rule: 'catalogue_emptied', pointer: '/requirements', detail })
  }
  if (isMass(departure) && [...vanished].some((value) => !announced.vanished.has(value))) {
    const share = Math.round((vanished.size / held()) * 100)
    const detail = `${vanished.size} of ${held()} endpoints (${share} %) vanish${when}`
    findings.push({ rule: 'mass_removal', pointer: '/requirements', detail })
  }
  for (const key of emptied) {
    if (announced.emptied.includes(key)) continue
    const detail = `no endpoint of ${key} is left${when}`
    findings.push({ rule: 'requirement_emptied', pointer: requirementPointer(key), detail })
  }
  return findings
}

/** The findings for endpoints that hold in the head and end unannounced, or too soon after their end is announced. */
function endingFindings(
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
    const nextRows = next.endpoints.get(newId) ?? []
    if (nextRows === rows) continue
    const ends = endOf(nextRows, at)
    if (ends === undefined) continue
    const known = endOf(rows, at)
    const pointer = endpointPointer(key, live.endpoint)
    if (ends <= at && known === undefined) {
      findings.push({
        rule: 'unannounced_removal',
        pointer,
        detail: `${nameOf(live)} vanishes at once, and its end was not announced: give it an until first`
      })
    } else if (ends < at + days * dayMs && (known === undefined || ends < known)) {
      findings.push({
        rule: 'short_notice',
        pointer,
        detail: `${nameOf(live)} ends at ${formatInstant(ends)}, less than ${days} days after ${formatInstant(at)}`
      })
    }
  }
  return findings
}

/** When a value with these ascending lifetimes ends: `at` where it does not hold then, and undefined where no end is announced. */
function endOf(rows: readonly EndpointRow[], at: Instant): Instant | undefined {
  const holding = rows.find(({ endpoint }) => isLive(statusAt(endpoint, at)))
  if (!holding) return at
  let { until } = holding.endpoint
  // A lifetime that begins where the one before ends continues it.
  for (const { endpoint } of rows.slice(rows.indexOf(holding) + 1))
    if (until !== undefined && endpoint.from === until) until = endpoint.until
  return until === undefined ? undefined : readInstant(until)
}

function nameOf({ endpoint, requirement }: EndpointRow): string {
  return `${endpoint.kind === 'any' ? 'any' : endpoint.value} of ${requirement}`
}

/** At most `mostFindings` findings of each rule, and one more that counts the others. */
function limitFindings(findings: readonly GuardRailFinding[]): readonly GuardRailFinding[] {
  const counts = new Map<GuardRail, number>()
  const kept: GuardRailFinding[] = []
  for (const finding of findings) {
    const count = (counts.get(finding.rule) ?? 0) + 1
    counts.set(finding.rule, count)
    if (count <= mostFindings) kept.push(finding)
  }
  for (const [rule, count] of counts) {
    if (count > mostFindings) kept.push({ rule, pointer: '', detail: `and ${count - mostFindings} more` })
  }
  return kept
}
