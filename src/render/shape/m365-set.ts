import { storedAddress } from '../../domain/network/address.ts'
import {
  areaTitle,
  hasSaidService,
  isInAreas,
  type SetChoice,
  type SetFacts,
  type SetValue,
  setFacts,
  setValue,
  unsaidServices
} from '../../domain/shape/endpoint-set.ts'
import type { ShapeReport } from '../../domain/shape/shape-report.ts'
import type { View, ViewRequirement } from '../../domain/view/view.ts'
import { csvLine } from '../csv-text.ts'
import { cidrText } from '../export/cidr.ts'

/** An endpoint set as Microsoft 365 publishes its own, with its fields in that order. */
export interface M365Set extends Omit<SetFacts, 'serviceArea'> {
  readonly id: number
  readonly serviceArea: string
  readonly serviceAreaDisplayName: string
  readonly urls?: readonly string[]
  /** With the lengths of their prefixes. */
  readonly ips?: readonly string[]
}

export interface M365Sets {
  readonly sets: readonly M365Set[]
  readonly report: ShapeReport
}

/**
 * The endpoint sets of a view, by their numbers.
 * https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service
 * @param idOf the number of the set of a requirement
 */
export function m365Sets(view: View, idOf: (key: string) => number | undefined, choice: SetChoice): M365Sets {
  const sets: M365Set[] = []
  const report = { entries: 0, omitted: 0, widened: 0, unnamed: 0 }
  for (const requirement of view.requirements) {
    const { key, endpoints, services, direction } = requirement
    const id = idOf(key)
    if (id === undefined || !isInAreas(requirement, choice)) continue
    if (endpoints.length === 0) report.unnamed += 1
    if (!hasSaidService(services)) {
      report.omitted += endpoints.length
      continue
    }
    const values = valuesOf(requirement, choice)
    report.entries += values.said.length
    report.omitted += values.unsaid + values.said.length * unsaidServices(services)
    report.widened += direction === 'inbound' ? values.said.length : values.widened
    if (values.said.length > 0) sets.push(setOf(id, requirement, values.said))
  }
  return { sets: sets.sort((a, b) => a.id - b.id), report }
}

/** An address with its length, and a name as it is. */
export function m365Address(value: string): string {
  return cidrText(storedAddress(value))
}

const columns = [
  'id',
  'serviceArea',
  'serviceAreaDisplayName',
  'urls',
  'ips',
  'tcpPorts',
  'udpPorts',
  'expressRoute',
  'category',
  'required',
  'notes'
] as const satisfies readonly (keyof M365Set)[]

/** The sets as CSV, RFC 4180; several values in one field are joined by commas. */
export function m365SetsCsv(sets: readonly M365Set[]): string {
  return [columns, ...sets.map((set) => columns.map((name) => cellOf(set[name])))].map(csvLine).join('')
}

function cellOf(value: M365Set[keyof M365Set]): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return Array.isArray(value) ? value.join(',') : String(value ?? '')
}

function valuesOf(requirement: ViewRequirement, choice: SetChoice) {
  const said = new Map<string, SetValue>()
  let unsaid = 0
  let widened = 0
  for (const endpoint of requirement.endpoints) {
    const value = setValue(endpoint, choice)
    if (value === 'unwanted') continue
    if (value === 'unsaid') {
      unsaid += 1
      continue
    }
    if (said.has(value.value)) continue
    said.set(value.value, value)
    if (endpoint.kind === 'pattern' && value.value.includes('*') && endpoint.value.includes('<')) widened += 1
  }
  return { said: [...said.values()], unsaid, widened }
}

function setOf(id: number, requirement: ViewRequirement, values: readonly SetValue[]): M365Set {
  const urls = values.flatMap(({ kind, value }) => (kind === 'url' ? [value] : []))
  const ips = values.flatMap(({ kind, value }) => (kind === 'ip' ? [m365Address(value)] : []))
  const { serviceArea, tcpPorts, udpPorts, expressRoute, category, required, notes } = setFacts(
    requirement,
    ips.length > 0
  )
  return {
    id,
    serviceArea,
    serviceAreaDisplayName: areaTitle(requirement),
    ...(urls.length > 0 && { urls }),
    ...(ips.length > 0 && { ips }),
    ...(tcpPorts !== undefined && { tcpPorts }),
    ...(udpPorts !== undefined && { udpPorts }),
    expressRoute,
    category,
    required,
    ...(notes !== undefined && { notes })
  }
}
