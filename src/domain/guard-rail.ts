import { isReserved, parseAddress } from './address.ts'
import { endpointPointer, requirementPointer } from './change-pointer.ts'
import { endpointId } from './endpoint.ts'
import { formatInstant, type Instant, readInstant } from './instant.ts'
import { isLive, statusAt } from './lifetime.ts'
import { renames } from './rename.ts'
import type { GuardRail } from './revision.ts'
import type { EndpointRow, Rows } from './rows.ts'
import { clockDepartures, type Departure, publishDeparture } from './tally.ts'

/** One reason to think again before publishing. `pointer` reads lists by key, as in a change. */
export interface Finding {
  readonly rule: GuardRail
  readonly pointer: string
  readonly detail: string
}

export interface Notice {
  /** When the new document takes effect: its `publishedAt`. */
  readonly at: Instant
  /** How long before its end a retirement must be announced. */
  readonly days: number
}

/** Findings of one rule that are told one by one; the rest is counted. */
const told = 100
const day = 86_400_000

/**
 * Judges a document against the head, at the commit and at each transition that it announces. What the head announced already was
 * judged with the head, and is not held against its successor.
 */
export function judge(head: Rows | undefined, next: Rows, { at, days }: Notice): readonly Finding[] {
  const findings = [...appearances(head, next)]
  if (head) {
    findings.push(...departures(head, next, at, days))
    findings.push(...departureFindings(publishDeparture(head, next, renames(head, next), at), ''))
  }
  findings.push(...clockFindings(head, next, at))
  return limit(findings)
}

/** What the document's own clock will do after the commit, but for what the head's clock would do as well. */
function clockFindings(head: Rows | undefined, next: Rows, at: Instant): readonly Finding[] {
  const announced = new Map(head && clockDepartures(head, at).map((departure) => [departure.at, departure]))
  return clockDepartures(next, at).flatMap((departure) =>
    departureFindings(departure, ` at ${formatInstant(departure.at)}`, announced.get(departure.at))
  )
}

function isMass({ vanished, held }: Departure): boolean {
  return vanished > 10 && vanished * 5 > held
}

/** The rules that compare what holds before and after one step, of publishing or of time. */
function departureFindings(departure: Departure, when: string, announced?: Departure): readonly Finding[] {
  const { held, vanished, left, emptied } = departure
  const findings: Finding[] = []
  if (held > 0 && left === 0 && announced?.left !== 0) {
    const detail = `no endpoint is left${when}; ${held} held before`
    findings.push({ rule: 'catalogue_emptied', pointer: '/requirements', detail })
  }
  if (isMass(departure) && !(announced && isMass(announced) && announced.vanished >= vanished)) {
    const detail = `${vanished} of ${held} endpoints (${Math.round((vanished / held) * 100)} %) vanish${when}`
    findings.push({ rule: 'mass_removal', pointer: '/requirements', detail })
  }
  for (const key of emptied) {
    if (announced?.emptied.includes(key)) continue
    const detail = `no endpoint of ${key} is left${when}`
    findings.push({ rule: 'requirement_emptied', pointer: requirementPointer(key), detail })
  }
  return findings
}

/** Endpoints that hold in the head and end without having been announced, or too soon after they are. */
function departures(head: Rows, next: Rows, at: Instant, days: number): readonly Finding[] {
  const newKeys = new Map([...renames(head, next)].map(([key, old]) => [old, key]))
  const findings: Finding[] = []
  for (const rows of head.endpoints.values()) {
    const live = rows.find(({ endpoint }) => isLive(statusAt(endpoint, at)))
    if (!live) continue
    const key = newKeys.get(live.requirement) ?? live.requirement
    const successors = next.endpoints.get(endpointId(key, live.endpoint)) ?? []
    const ends = endOf(successors, at)
    if (ends === undefined) continue
    const known = live.endpoint.until === undefined ? undefined : readInstant(live.endpoint.until)
    const pointer = endpointPointer(key, live.endpoint)
    if (ends <= at && known === undefined) {
      findings.push({
        rule: 'unannounced_removal',
        pointer,
        detail: `${name(live)} vanishes at once, and its end was not announced: give it an until first`
      })
    } else if (ends < at + days * day && (known === undefined || ends < known)) {
      findings.push({
        rule: 'short_notice',
        pointer,
        detail: `${name(live)} ends at ${formatInstant(Math.max(ends, at))}, less than ${days} days after ${formatInstant(at)}`
      })
    }
  }
  return findings
}

/** When the value that holds at `at` ends under its new rows: undefined where no end is in sight. */
function endOf(successors: readonly EndpointRow[], at: Instant): Instant | undefined {
  const holding = successors.find(({ endpoint }) => isLive(statusAt(endpoint, at)))
  if (!holding) return at
  return holding.endpoint.until === undefined ? undefined : readInstant(holding.endpoint.until)
}

function name({ endpoint, requirement }: EndpointRow): string {
  return `${endpoint.kind === 'any' ? 'any' : endpoint.value} of ${requirement}`
}

/** What a firewall should not open without a second look. */
function appearances(head: Rows | undefined, next: Rows): readonly Finding[] {
  const findings: Finding[] = []
  const renamed = head ? renames(head, next) : new Map<string, string>()
  const populated = new Set<string>()
  for (const rows of head?.endpoints.values() ?? []) for (const { requirement } of rows) populated.add(requirement)
  for (const [id, rows] of next.endpoints) {
    const [row] = rows
    if (!row || (row.endpoint.kind !== 'address' && row.endpoint.kind !== 'any')) continue
    const old = renamed.get(row.requirement) ?? row.requirement
    const oldId = old === row.requirement ? id : endpointId(old, row.endpoint)
    if (head?.endpoints.has(oldId)) continue
    findings.push(...appearance(row, next, populated.has(old)))
  }
  return findings
}

function appearance({ requirement, endpoint }: EndpointRow, next: Rows, populated: boolean): readonly Finding[] {
  const pointer = endpointPointer(requirement, endpoint)
  if (endpoint.kind === 'any') {
    return populated
      ? [
          {
            rule: 'address_too_broad',
            pointer,
            detail: `any address appears in ${requirement}, which named its endpoints`
          }
        ]
      : []
  }
  const address = parseAddress(endpoint.value)
  if ('fault' in address) return []
  const findings: Finding[] = []
  const narrowest = address.family === 'ipv4' ? 8 : 32
  if (address.prefix < narrowest) {
    findings.push({ rule: 'address_too_broad', pointer, detail: `${address.value} is broader than /${narrowest}` })
  }
  if (next.requirements.get(requirement)?.scope === 'external' && isReserved(address)) {
    findings.push({
      rule: 'reserved_address',
      pointer,
      detail: `${address.value} is private or reserved, in the external requirement ${requirement}`
    })
  }
  return findings
}

/** At most `told` findings of each rule, with the rest counted in one more. */
function limit(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<GuardRail, number>()
  const kept: Finding[] = []
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
