import { type Status, valueKey } from '../document/endpoint.ts'
import type { Service } from '../network/network-service.ts'
import { variablesOf } from '../network/pattern.ts'
import { isLive, mostAlive } from '../view/lifetime.ts'
import type { ViewEndpoint, ViewRequirement } from '../view/view.ts'
import type { AuditRow } from './audit-index.ts'
import { reachOf, servicesFor } from './reach.ts'

export const auditHalves = ['names', 'addresses', 'either'] as const
/** Which half of what belongs together is enough: the names, the addresses, or either. */
export type Half = (typeof auditHalves)[number]

/** A value that holds and that no entry lets through for some requirements, with at most `mostLacking` of these. */
export interface MissingEndpoint {
  readonly value: string
  readonly kind: 'host' | 'address' | 'pattern' | 'url'
  readonly status: Status
  readonly requirements: readonly {
    readonly catalogue: string
    readonly requirement: string
    readonly necessity: ViewRequirement['necessity']
    readonly services: readonly Service[]
  }[]
  readonly requirementCount: number
}

const mostLacking = 20

/** The values that hold and are not let through, each once, in the order of the views: those that are missing, and those that are covered. */
export function missingEndpoints(
  rows: readonly AuditRow[],
  isOpen: (endpoint: ViewEndpoint) => boolean,
  by: Half
): { readonly missing: readonly MissingEndpoint[]; readonly covered: readonly MissingEndpoint[] } {
  const [missing, covered] = [new Lacking(), new Lacking()]
  const pairs = new Map<ViewRequirement, Pairs>()
  for (const row of rows) {
    const { endpoint, requirement, isSelected } = row
    if (!isSelected || !isLive(endpoint.status) || isOpen(endpoint) || isUnbound(endpoint)) continue
    const pair = pairs.get(requirement) ?? new Pairs(requirement, isOpen)
    pairs.set(requirement, pair)
    const list = pair.isCovered(endpoint, by) ? covered : missing
    list.add(row)
  }
  return { missing: missing.values(), covered: covered.values().filter((each) => !missing.has(each)) }
}

/** What a variable stands for is known to the customer alone, so nobody else can say that it is missing. */
function isUnbound(endpoint: ViewEndpoint): boolean {
  return endpoint.kind === 'pattern' && variablesOf(endpoint.value).length > 0
}

function isName(endpoint: ViewEndpoint): endpoint is ViewEndpoint & { readonly kind: 'host' | 'pattern' | 'url' } {
  return endpoint.kind === 'host' || endpoint.kind === 'pattern' || endpoint.kind === 'url'
}

class Lacking {
  readonly #found = new Map<
    string,
    MissingEndpoint & { readonly requirements: MissingEndpoint['requirements'][number][] }
  >()

  add({ catalogue, requirement: { key, necessity }, services, endpoint }: AuditRow): void {
    const { kind, status } = endpoint
    if (kind === 'role' || kind === 'feed' || kind === 'any') return
    const known = this.#found.get(valueKey(endpoint))
    const { requirements = [], requirementCount = 0 } = known ?? {}
    if (requirements.length < mostLacking) requirements.push({ catalogue, requirement: key, necessity, services })
    this.#found.set(valueKey(endpoint), {
      value: endpoint.value,
      kind,
      status: mostAlive(known?.status, status),
      requirements,
      requirementCount: requirementCount + 1
    })
  }

  has(endpoint: MissingEndpoint): boolean {
    return this.#found.has(valueKey(endpoint))
  }

  values(): readonly MissingEndpoint[] {
    return [...this.#found.values()]
  }
}

/** The hosts and addresses of one requirement that hold and that its services reach, as its `serves` pair them. */
class Pairs {
  readonly #openHosts: ReadonlySet<string>
  readonly #areHostsOpen: boolean
  readonly #areAddressesOpen: boolean
  readonly #hasPairs: boolean
  /** Whether all addresses that serve a host are open. */
  readonly #servedBy = new Map<string, boolean>()

  constructor({ endpoints, services }: ViewRequirement, isOpen: (endpoint: ViewEndpoint) => boolean) {
    const reach = reachOf(services)
    const live = endpoints.filter((endpoint) => isLive(endpoint.status) && servicesFor(endpoint, reach).length > 0)
    const hosts = live.filter(isName).filter((endpoint) => !isUnbound(endpoint))
    const addresses = live.filter((endpoint) => endpoint.kind === 'address')
    this.#openHosts = new Set(hosts.filter(isOpen).map(({ value }) => value))
    this.#areHostsOpen = hosts.length > 0 && hosts.every(isOpen)
    this.#areAddressesOpen = addresses.length > 0 && addresses.every(isOpen)
    this.#hasPairs = addresses.some(({ serves = [] }) => serves.length > 0)
    for (const address of addresses)
      for (const host of address.serves ?? [])
        this.#servedBy.set(host, (this.#servedBy.get(host) ?? true) && isOpen(address))
  }

  isCovered(endpoint: ViewEndpoint, by: Half): boolean {
    if (endpoint.kind === 'address' && by !== 'addresses')
      return this.#hasPairs ? (endpoint.serves ?? []).some((host) => this.#openHosts.has(host)) : this.#areHostsOpen
    if (isName(endpoint) && by !== 'names')
      return this.#hasPairs ? this.#servedBy.get(endpoint.value) === true : this.#areAddressesOpen
    return false
  }
}
