import { endpointPointer } from '../change/change.ts'
import { type Endpoint, endpointId, endpointValue } from '../document/endpoint.ts'
import { type EndpointRow, forEachRow, type Rows } from '../history/rows.ts'
import { families, isReserved, type ParsedAddress, storedAddress } from '../network/address.ts'
import { newlyCovered } from '../network/cidr-join.ts'
import { wildcardSuffix } from '../network/host.ts'
import { patternSuffix } from '../network/pattern.ts'
import { isLocal } from '../network/special-address.ts'
import type { Instant } from '../time/instant.ts'
import { statusAt } from '../view/lifetime.ts'
import type { GuardRailFinding } from './guard-rail-finding.ts'

/** How many addresses may appear in an existing catalogue at once: as many as a /6 of IPv4 or a /24 of IPv6 has. */
const mostNew = { ipv4: 1n << 26n, ipv6: 1n << 104n } as const
/** The prefix of the broadest CIDR that may appear. */
const shortestPrefix = { ipv4: 8, ipv6: 32 } as const
const familyNames = { ipv4: 'IPv4', ipv6: 'IPv6' } as const

/** The findings for new endpoints that a firewall should not open without a second look. `head`: absent at a first publish. */
export function openingFindings(
  head: Rows | undefined,
  next: Rows,
  renamed: ReadonlyMap<string, string>,
  at: Instant
): readonly GuardRailFinding[] {
  const findings: GuardRailFinding[] = []
  for (const [id, rows] of next.endpoints) {
    const [row] = rows
    if (!row) continue
    const old = renamed.get(row.requirement) ?? row.requirement
    const before = head?.endpoints.get(old === row.requirement ? id : endpointId(old, row.endpoint)) ?? []
    const wasOutside = head?.requirements.get(old)?.scope === 'external'
    if (before === rows && wasOutside) continue
    // What had ended in the head and holds again, or will, is opened once more.
    const isNew = !hasFuture(before, at) && (before.length === 0 || hasFuture(rows, at))
    const isNewOutside = next.requirements.get(row.requirement)?.scope === 'external' && (isNew || !wasOutside)
    if (row.endpoint.kind === 'address') findings.push(...addressFindings(row, isNew, isNewOutside))
    else if (isNew && (row.endpoint.kind === 'host' || row.endpoint.kind === 'pattern'))
      findings.push(...wildcardFindings(row))
    else if (isNew && row.endpoint.kind === 'any' && head) findings.push(anyFinding(row))
  }
  if (head) findings.push(...widthFindings(head, next, at))
  return findings
}

function hasFuture(rows: readonly EndpointRow[], at: Instant): boolean {
  return rows.some(({ endpoint }) => statusAt(endpoint, at) !== 'retired')
}

function anyFinding({ requirement, endpoint }: EndpointRow): GuardRailFinding {
  return {
    rule: 'address_too_broad',
    pointer: endpointPointer(requirement, endpoint),
    detail: `any address appears in ${requirement}`
  }
}

function wildcardFindings({ requirement, endpoint }: EndpointRow): readonly GuardRailFinding[] {
  const value = endpointValue(endpoint)
  const suffix = wildcardSuffix(endpoint.kind === 'pattern' ? `*.${patternSuffix(value)}` : value)
  if (suffix === undefined) return []
  return [
    {
      rule: 'wildcard_too_broad',
      pointer: endpointPointer(requirement, endpoint),
      detail: `${value} covers the names of all customers of ${suffix}, not those of one`
    }
  ]
}

function addressFindings(
  { requirement, endpoint }: EndpointRow,
  isNew: boolean,
  isNewOutside: boolean
): readonly GuardRailFinding[] {
  if (!isNew && !isNewOutside) return []
  const address = storedAddress(endpointValue(endpoint))
  const { family, prefix, value } = address
  const pointer = endpointPointer(requirement, endpoint)
  const findings: GuardRailFinding[] = []
  if (isNew && prefix < shortestPrefix[family]) {
    findings.push({
      rule: 'address_too_broad',
      pointer,
      detail: `${value} is broader than /${shortestPrefix[family]}`
    })
  }
  if (isNew && isLocal(address)) {
    findings.push({
      rule: 'reserved_address',
      pointer,
      detail: `${value} is loopback, link-local or the metadata service of a cloud`
    })
  } else if (isNewOutside && isReserved(address)) {
    findings.push({
      rule: 'reserved_address',
      pointer,
      detail: `${value} is private or reserved, in the external requirement ${requirement}`
    })
  }
  return findings
}

/** The findings for all that appears together, however it is cut into CIDRs and spread over requirements. */
function widthFindings(head: Rows, next: Rows, at: Instant): readonly GuardRailFinding[] {
  const added = new Set<string>()
  for (const [id, rows] of next.endpoints)
    if (head.endpoints.get(id) !== rows) for (const { endpoint } of rows) addAddress(added, endpoint)
  // A row that has ended counts as added, unless another row of its value holds, or will.
  forEachRow(next, (_, endpoint) => {
    if (statusAt(endpoint, at) === 'retired') addAddress(added, endpoint)
  })
  if (added.size > 0) forEachFuture(head, at, (value) => added.delete(value))
  const appearing = [...added].map(storedAddress)
  // Joining everything that is there takes a while, and nearly always the sum alone is small enough.
  if (families.every((family) => sumOf(appearing, family) <= mostNew[family])) return []
  const future = new Set<string>()
  forEachFuture(head, at, (value) => future.add(value))
  const widths = newlyCovered([...future].map(storedAddress), appearing)
  return families.flatMap((family): GuardRailFinding[] => {
    if (widths[family] <= mostNew[family]) return []
    const detail = `${widths[family]} ${familyNames[family]} addresses appear, which is more than ${mostNew[family]}`
    return [{ rule: 'address_too_broad', pointer: '/requirements', detail }]
  })
}

function addAddress(values: Set<string>, endpoint: Endpoint): void {
  if (endpoint.kind === 'address') values.add(endpoint.value)
}

/** Calls a function with each address that holds, or will. */
function forEachFuture(rows: Rows, at: Instant, see: (value: string) => void): void {
  forEachRow(rows, (_, endpoint) => {
    if (endpoint.kind === 'address' && statusAt(endpoint, at) !== 'retired') see(endpoint.value)
  })
}

function sumOf(addresses: readonly ParsedAddress[], family: ParsedAddress['family']): number {
  const sizes = addresses.map((each) => (each.family === family ? 2 ** (each.first.length * 8 - each.prefix) : 0))
  return sizes.reduce((sum, size) => sum + size, 0)
}
