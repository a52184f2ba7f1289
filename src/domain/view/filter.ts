import type { RequirementFields } from '../document/document.ts'
import { type EndpointKind, type Status, statuses } from '../document/endpoint.ts'
import { familyOf } from '../network/address.ts'
import type { Service } from '../network/network-service.ts'
import { hasPorts, isNamed } from '../network/protocol.ts'
import type { OfCatalogue, View, ViewEndpoint, ViewRequirement } from './view.ts'

/** A filter of requirements. A requirement matches if, for each field that the filter has, it has one of the values. */
export interface RequirementFilter {
  /** Ids of catalogues, in what a site merges. */
  readonly catalogue?: readonly string[]
  readonly requirement?: readonly string[]
  readonly scope?: readonly string[]
  readonly direction?: readonly string[]
  readonly necessity?: readonly string[]
  readonly tag?: readonly string[]
  readonly transport?: readonly string[]
  readonly port?: readonly number[]
  readonly owner?: readonly string[]
  /** Keys of components. */
  readonly component?: readonly string[]
  readonly externalId?: readonly { readonly namespace: string; readonly value: string }[]
}

export interface EndpointFilter {
  readonly kind?: readonly EndpointKind[]
  readonly family?: readonly ('ipv4' | 'ipv6')[]
  readonly endpointTag?: readonly string[]
  /** Absent: planned, active and retiring. Only a status that is asked for drops requirements that it leaves without endpoints. */
  readonly status?: readonly Status[]
}

export type Filter = RequirementFilter & EndpointFilter

/** Whether a filter takes a value: it names that value, or it names none at all. An absent value is taken only in the second case. */
export function isWanted<T>(wanted: readonly T[] | undefined, has: T | undefined): boolean {
  return wanted === undefined || (has !== undefined && wanted.includes(has))
}

/**
 * Whether a service uses one of some transports, and one of some ports. A service without ports uses all of them. `other` is every protocol
 * without a name.
 */
export function serviceMatches(
  service: Service,
  transports: readonly string[] | undefined,
  ports: readonly number[] | undefined
): boolean {
  const { transport } = service
  const isOfTransport =
    transports === undefined ||
    transport === 'any' ||
    transports.includes(transport) ||
    (transports.includes('other') && !isNamed(transport))
  return isOfTransport && (ports === undefined || ports.some((port) => hasPort(service, port)))
}

function hasPort({ transport, ports }: Service, port: number): boolean {
  if (transport !== 'any' && !hasPorts(transport)) return false
  return ports === undefined || ports.some(({ from, to }) => from <= port && port <= to)
}

export function requirementMatches(requirement: RequirementFields & OfCatalogue, filter: RequirementFilter): boolean {
  const { direction, tag, externalId, transport, port } = filter
  return (
    isWanted(filter.catalogue, requirement.catalogue) &&
    isWanted(filter.requirement, requirement.key) &&
    isWanted(filter.scope, requirement.scope) &&
    (direction === undefined || requirement.direction === 'both' || direction.includes(requirement.direction)) &&
    isWanted(filter.necessity, requirement.necessity) &&
    (tag === undefined || tag.some((name) => requirement.tags?.includes(name))) &&
    isWanted(filter.owner, requirement.owner) &&
    isWanted(filter.component, requirement.component) &&
    (externalId === undefined ||
      externalId.some(({ namespace, value }) => requirement.externalIds?.[namespace] === value)) &&
    ((transport === undefined && port === undefined) ||
      requirement.services.some((service) => serviceMatches(service, transport, port)))
  )
}

export function endpointMatches(
  endpoint: ViewEndpoint,
  { kind, family, endpointTag, status }: EndpointFilter
): boolean {
  if (status === undefined ? endpoint.status === 'retired' : !status.includes(endpoint.status)) return false
  // Nobody knows what a list that cannot be read has, so it is counted whatever is asked for.
  if (endpoint.leftOut) return true
  if (!isWanted(kind, endpoint.kind)) return false
  if (endpointTag !== undefined && !endpointTag.some((name) => endpoint.tags?.includes(name))) return false
  return family === undefined || (endpoint.kind === 'address' && family.includes(familyOf(endpoint.value)))
}

/** Whether a filter drops the requirements that it leaves without endpoints: it does if it was asked for certain endpoints. */
export function isPruning({ kind, family, endpointTag, status }: EndpointFilter): boolean {
  const everyStatus = status === undefined || statuses.every((each) => status.includes(each))
  return kind !== undefined || family !== undefined || endpointTag !== undefined || !everyStatus
}

/** The requirements that match, with the endpoints that match. */
export function filterView<Kind extends View>(view: Kind, filter: Filter): Kind {
  const pruning = isPruning(filter)
  const requirements: ViewRequirement[] = []
  for (const requirement of view.requirements) {
    if (!requirementMatches(requirement, filter)) continue
    const endpoints = requirement.endpoints.filter((endpoint) => endpointMatches(endpoint, filter))
    if (endpoints.length > 0 || !pruning) requirements.push({ ...requirement, endpoints })
  }
  return { ...view, requirements }
}
