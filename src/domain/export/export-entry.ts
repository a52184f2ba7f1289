import { type Status, valueKey } from '../document/endpoint.ts'
import { compareAddresses, type ParsedAddress, storedAddress } from '../network/address.ts'
import type { PortRange, Service } from '../network/network-service.ts'
import { portText } from '../network/port.ts'
import { compareText } from '../text.ts'
import { readInstant } from '../time/instant.ts'
import { mostAlive } from '../view/lifetime.ts'
import { type LeftOut, qualifiedKey, type View, type ViewEndpoint } from '../view/view.ts'
import { type ExportSource, readSources, sourcesText } from './export-source.ts'
import { compareSlices, type Slice, sliceOf } from './slice.ts'

/** Whom a firewall lets through. A wildcard is a kind of its own here, since few tools can express one. */
export type ExportTarget =
  | { readonly kind: 'address'; readonly address: ParsedAddress }
  | { readonly kind: 'host'; readonly value: string }
  /** `value` is the name under the asterisk: `example.net` for `*.example.net`. */
  | { readonly kind: 'wildcard'; readonly value: string }
  | { readonly kind: 'pattern'; readonly value: string }
  /** A host with a path. Where a format widens it, it gets the host alone. */
  | { readonly kind: 'url'; readonly value: string }
  | { readonly kind: 'role'; readonly value: string; readonly title: string }
  | {
      readonly kind: 'feed'
      readonly value: string
      readonly url: string
      /** Where references to feeds were to be resolved: why this one was not. */
      readonly leftOut?: LeftOut
    }
  | { readonly kind: 'any' }
export type ExportTargetKind = ExportTarget['kind']
/** The kinds of targets, in the order of entries. */
export const exportTargetKinds = [
  'address',
  'host',
  'wildcard',
  'pattern',
  'url',
  'role',
  'feed',
  'any'
] as const satisfies readonly ExportTargetKind[]

/** One target in one slice, whichever requirements name it. */
export interface ExportEntry {
  readonly target: ExportTarget
  /** Absent: all. */
  readonly sourcePorts?: readonly PortRange[]
  /** The product's own end, in a site that says which it is. Never empty; absent: any. */
  readonly sources?: readonly ExportSource[]
  /** The roles that the target plays at a site, sorted. Absent: none. */
  readonly roles?: readonly string[]
  /** The status of the most alive of its rows. */
  readonly status: Status
  /** When the last of its rows ends, RFC 3339; absent: no end is announced. */
  readonly until?: string
  /** Host names that the address is known to serve, sorted. */
  readonly serves: readonly string[]
  /** The keys of the requirements that name it, in the order of the catalogue; under a site `catalogue/key`. */
  readonly requirements: readonly string[]
}

/** The entries of a slice, in total order. */
export interface SliceEntries {
  readonly slice: Slice
  readonly entries: readonly ExportEntry[]
}

/** The value of a target as the catalogue writes it; `any` has none. */
export function targetValue(target: ExportTarget): string | undefined {
  switch (target.kind) {
    case 'address':
      return target.address.value
    case 'wildcard':
      return `*.${target.value}`
    case 'host':
    case 'pattern':
    case 'url':
    case 'role':
    case 'feed':
      return target.value
    case 'any':
      return undefined
    default:
      throw new Error(`unknown kind of target: ${target satisfies never}`)
  }
}

/** The entries of a view, slice by slice: the endpoints of all requirements, joined by value. Slices without endpoints are there too, empty. */
export function exportEntries({ requirements }: View): readonly SliceEntries[] {
  const found = new Map<string, { readonly slice: Slice; readonly entries: Map<string, ExportEntry> }>()
  for (const requirement of requirements) {
    const { direction, services, endpoints } = requirement
    const name = qualifiedKey(requirement)
    const targets = endpoints.map((endpoint) => ({ endpoint, target: targetOf(endpoint) }))
    for (const service of services) {
      const slice = sliceOf(direction, service)
      const group = found.get(slice.name) ?? { slice, entries: new Map<string, ExportEntry>() }
      found.set(slice.name, group)
      for (const { endpoint, target } of targets) {
        const entry = entryOf(name, service, endpoint, target)
        addEntry(group.entries, entryKey(entry), entry)
      }
    }
  }
  return [...found.values()]
    .map(({ slice, entries }) => ({ slice, entries: [...entries.values()].sort(compareEntries) }))
    .sort((a, b) => compareSlices(a.slice, b.slice))
}

/** The entries of several slices, joined for a list that cannot tell the slices apart. */
export function unionOf(slices: readonly SliceEntries[]): readonly ExportEntry[] {
  const found = new Map<string, ExportEntry>()
  for (const { entries } of slices) {
    for (const { sourcePorts: _, ...entry } of entries) addEntry(found, entryKey(entry), entry)
  }
  return [...found.values()].sort(compareEntries)
}

/** Adds an entry under a key, joined with the one that stands there already. */
export function addEntry(entries: Map<string, ExportEntry>, key: string, entry: ExportEntry): void {
  const other = entries.get(key)
  entries.set(key, other ? joinEntries(other, entry) : entry)
}

function targetOf(endpoint: ViewEndpoint): ExportTarget {
  switch (endpoint.kind) {
    case 'address':
      return { kind: 'address', address: storedAddress(endpoint.value) }
    case 'host':
      return endpoint.value.startsWith('*.')
        ? { kind: 'wildcard', value: endpoint.value.slice(2) }
        : { kind: 'host', value: endpoint.value }
    case 'pattern':
    case 'url':
      return { kind: endpoint.kind, value: endpoint.value }
    case 'role':
      return { kind: 'role', value: endpoint.value, title: endpoint.title }
    case 'feed':
      return {
        kind: 'feed',
        value: endpoint.value,
        url: endpoint.url,
        ...(endpoint.leftOut && { leftOut: endpoint.leftOut.outcome })
      }
    case 'any':
      return { kind: 'any' }
    default:
      throw new Error(`unknown kind of endpoint: ${endpoint satisfies never}`)
  }
}

function entryOf(name: string, { sourcePorts }: Service, endpoint: ViewEndpoint, target: ExportTarget): ExportEntry {
  return {
    target,
    ...(sourcePorts && { sourcePorts }),
    ...(endpoint.source && { sources: readSources(endpoint.source) }),
    ...(endpoint.role !== undefined && { roles: [endpoint.role] }),
    status: endpoint.status,
    ...(endpoint.until !== undefined && { until: endpoint.until }),
    serves: endpoint.kind === 'address' ? (endpoint.serves ?? []) : [],
    requirements: [name]
  }
}

/** What makes two entries of a slice one: the same target from the same sources and source ports. */
export function entryKey({ target, sourcePorts = [], sources }: ExportEntry): string {
  const value = valueKey({ kind: target.kind, value: targetValue(target) })
  return `${value}\n${sourcePorts.map(portText).join(',')}\n${sourcesText(sources)}`
}

/** Joins two entries into one that lasts as long as either of them. */
export function joinEntries(a: ExportEntry, b: ExportEntry): ExportEntry {
  const { until: _, ...rest } = a
  const until = laterEnd(a.until, b.until)
  const roles = [...new Set([...(a.roles ?? []), ...(b.roles ?? [])])].sort()
  return {
    ...rest,
    ...(roles.length > 0 && { roles }),
    status: mostAlive(a.status, b.status),
    ...(until !== undefined && { until }),
    serves: [...new Set([...a.serves, ...b.serves])].sort(),
    requirements: [...new Set([...a.requirements, ...b.requirements])]
  }
}

/** The later of two ends. No end is later than any. */
function laterEnd(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined
  return readInstant(a) > readInstant(b) ? a : b
}

export function compareEntries(a: ExportEntry, b: ExportEntry): number {
  return compareTargets(a.target, b.target) || compareText(entryKey(a), entryKey(b))
}

/** The order of targets: by kind, then addresses by number and others by value. */
export function compareTargets(a: ExportTarget, b: ExportTarget): number {
  if (a.kind === 'address' && b.kind === 'address') return compareAddresses(a.address, b.address)
  return (
    exportTargetKinds.indexOf(a.kind) - exportTargetKinds.indexOf(b.kind) ||
    compareText(targetValue(a) ?? '', targetValue(b) ?? '')
  )
}
