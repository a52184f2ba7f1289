import { type Status, valueKey } from '../document/endpoint.ts'
import type { Service } from '../network/service.ts'
import { holdsPorts } from '../network/service.ts'
import { isLive, mostAlive } from '../view/lifetime.ts'
import type { View, ViewEndpoint, ViewRequirement } from '../view/view.ts'
import { type AuditEntry, type AuditPort, portName } from './audit-entry.ts'
import { type LookupTarget, type Match, matchEndpoint } from './lookup.ts'
import { indexQuery, lookupKey } from './lookup-index.ts'

interface AuditMatch {
  readonly requirement: string
  readonly match: Match
  readonly endpoint: ViewEndpoint
}

interface AuditResult {
  readonly value: string
  readonly port?: string
  /** Why the entry is in its list, in words for people. */
  readonly detail: string
  readonly matches: readonly AuditMatch[]
}

/** A value that holds and that no entry lets through for some requirements, with those requirements. */
interface MissingEndpoint {
  readonly value: string
  readonly kind: 'host' | 'address'
  readonly status: Status
  readonly requirements: readonly {
    readonly requirement: string
    readonly necessity: ViewRequirement['necessity']
    readonly services: readonly Service[]
  }[]
}

export interface Audit {
  readonly current: readonly AuditResult[]
  readonly retiring: readonly AuditResult[]
  readonly planned: readonly AuditResult[]
  /** Entries that may be closed: the catalogue named them once, and they hold no longer. */
  readonly retired: readonly AuditResult[]
  /** Entries that the catalogue never named. It cannot say whether something else needs them. */
  readonly unknown: readonly AuditResult[]
  /** Values that hold now and that no entry lets through. */
  readonly missing: readonly MissingEndpoint[]
}

const details: Readonly<Record<Status, string>> = {
  active: 'needed',
  retiring: 'needed until its announced end',
  planned: 'not needed yet',
  retired: 'no longer needed: it may be closed'
}

/** Compares the entries of a firewall with a view, over all requirements. Of several endpoints with one value the most alive status counts. */
export function audit(view: View, entries: readonly AuditEntry[]): Audit {
  const lists: Record<Bucket, AuditResult[]> = { current: [], retiring: [], planned: [], retired: [], unknown: [] }
  const index = new AuditIndex(view)
  const open = new Map<ViewEndpoint, (AuditPort | undefined)[]>()
  for (const entry of entries) {
    const candidates = index.matches(entry.target)
    const matches = candidates.filter(({ requirement }) =>
      requirement.services.some((service) => meets(service, entry.port))
    )
    for (const { endpoint, match } of matches) {
      if (match !== 'covers') open.set(endpoint, [...(open.get(endpoint) ?? []), entry.port])
    }
    const status = matches.reduce<Status | undefined>(
      (best, { endpoint }) => mostAlive(best, endpoint.status),
      undefined
    )
    lists[status === undefined ? 'unknown' : status === 'active' ? 'current' : status].push({
      value: entry.target.value,
      ...(entry.port && { port: portName(entry.port) }),
      detail: detailOf(status, matches, candidates),
      matches: matches.map(({ requirement, match, endpoint }) => ({ requirement: requirement.key, match, endpoint }))
    })
  }
  return { ...lists, missing: missingEndpoints(index.rows, open) }
}

type Bucket = 'current' | 'retiring' | 'planned' | 'retired' | 'unknown'

interface Row {
  readonly requirement: ViewRequirement
  readonly endpoint: ViewEndpoint
}

interface Candidate extends Row {
  readonly match: Match
}

/** The hosts and addresses of a view by their lookup key. A key is a text whose characters are its bytes, so that it sorts as bytes do. */
class AuditIndex {
  readonly rows: readonly Row[]
  readonly #byKey = new Map<string, Row[]>()
  readonly #keys: readonly string[]

  constructor({ requirements }: View) {
    this.rows = requirements.flatMap((requirement) =>
      requirement.endpoints
        .filter(({ kind }) => kind === 'host' || kind === 'address')
        .map((endpoint) => ({ requirement, endpoint }))
    )
    for (const row of this.rows) {
      const key = lookupKey(row.endpoint)
      const text = key ? keyText(key) : ''
      const same = this.#byKey.get(text)
      if (same) same.push(row)
      else this.#byKey.set(text, [row])
    }
    this.#keys = [...this.#byKey.keys()].sort()
  }

  matches(target: LookupTarget): readonly Candidate[] {
    const { keys, ranges } = indexQuery(target)
    const rows = keys.flatMap((key) => this.#byKey.get(keyText(key)) ?? [])
    for (const { from, to } of ranges) {
      const end = keyText(to)
      for (let at = this.#firstAt(keyText(from)); at < this.#keys.length; at += 1) {
        const key = this.#keys[at]
        if (key === undefined || key >= end) break
        rows.push(...(this.#byKey.get(key) ?? []))
      }
    }
    return rows.flatMap((row) => {
      const match = matchEndpoint(row.endpoint, target)
      return match === undefined ? [] : [{ ...row, match }]
    })
  }

  #firstAt(key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function keyText(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1')
}

function detailOf(status: Status | undefined, matches: readonly Candidate[], candidates: readonly Candidate[]): string {
  if (status === undefined) {
    return candidates.length > 0 ? 'named by the catalogue, but not for this port' : 'not named by this catalogue'
  }
  const wider = matches.every(({ match }) => match === 'within')
    ? '; the entry is wider than what the catalogue names'
    : ''
  return details[status] + wider
}

/** Whether a service uses the port of an entry, or one of its ports. */
function meets(service: Service, port: AuditPort | undefined): boolean {
  if (!port || service.transport === 'any') return true
  if (service.transport !== port.transport) return false
  return service.ports === undefined || service.ports.some(({ from, to }) => from <= port.to && port.from <= to)
}

/** The values that hold and are not let through, each once, in the order of the view. */
function missingEndpoints(
  rows: readonly Row[],
  open: ReadonlyMap<ViewEndpoint, readonly (AuditPort | undefined)[]>
): readonly MissingEndpoint[] {
  const found = new Map<string, { first: MissingEndpoint; requirements: MissingEndpoint['requirements'][number][] }>()
  for (const { endpoint, requirement } of rows) {
    const { key, necessity, services } = requirement
    if (endpoint.kind !== 'host' && endpoint.kind !== 'address') continue
    if (!isLive(endpoint.status) || isOpen(services, open.get(endpoint) ?? [])) continue
    const lacking = { requirement: key, necessity, services }
    const { kind, value, status } = endpoint
    const same = found.get(valueKey(endpoint))
    if (same) {
      same.requirements.push(lacking)
      same.first = { ...same.first, status: mostAlive(same.first.status, status) }
    } else found.set(valueKey(endpoint), { first: { value, kind, status, requirements: [] }, requirements: [lacking] })
  }
  return [...found.values()].map(({ first, requirements }) => ({ ...first, requirements }))
}

/** Whether all that the services need is let through, by an entry without a port or by several entries together. */
function isOpen(services: readonly Service[], ports: readonly (AuditPort | undefined)[]): boolean {
  if (ports.includes(undefined)) return true
  return services.every(({ transport, ports: ranges }) =>
    holdsPorts(
      ports.flatMap((port) => (port?.transport === transport ? [port] : [])),
      ranges
    )
  )
}
