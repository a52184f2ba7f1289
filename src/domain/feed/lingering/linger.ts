import type { Requirement } from '../../document/document.ts'
import { type Endpoint, valueKey } from '../../document/endpoint.ts'
import { compareEndpoints } from '../../document/endpoint-order.ts'
import { groupBy } from '../../group.ts'
import { formatInstant, type Instant, readInstant } from '../../time/instant.ts'
import { type LingeringRows, mended } from './mended.ts'

/** When a list was seen, and how long what is no longer in it still holds, in milliseconds. */
export interface Lingering {
  readonly at: Instant
  readonly lingerMs: number
}

/** The requirements of the head after a list was seen, sorted by key. */
export interface Lingered {
  /** With the rows whose end has passed, so that it equals the head where the list says nothing new. */
  readonly all: readonly Requirement[]
  /** Without them, as the next revision has it. */
  readonly standing: readonly Requirement[]
}

/**
 * Puts a list on the head. What the list has is as the list says, without an end that was told before; only a beginning that the source once
 * dated stays. What it no longer has gets an end, and keeps the one that it has.
 */
export function linger(head: readonly Requirement[], listed: readonly Requirement[], when: Lingering): Lingered {
  const names = new Map(listed.flatMap(({ key, previousKeys = [] }) => previousKeys.map((former) => [former, key])))
  const before = groupBy(head, ({ key }) => names.get(key) ?? key)
  const settled = listed.map((requirement): LingeringRows => {
    const { key, endpoints } = requirement
    const formers = before.get(key) ?? []
    before.delete(key)
    // Of the states of one list most requirements are the very objects of the state before.
    if (formers.length === 1 && formers[0] === requirement)
      return { requirement, isListed: true, present: endpoints, gone: [] }
    const former = joinedEndpoints(key, formers)
    return {
      requirement,
      isListed: true,
      present: former ? withBeginnings(endpoints, former, when) : endpoints,
      gone: former ? missing(former, endpoints, when) : []
    }
  })
  const vanished = [...before.values()]
    .flat()
    .map((requirement): LingeringRows => {
      const gone = missing(requirement.endpoints, [], when)
      return { requirement, isListed: false, present: [], gone }
    })
    .filter(({ gone }) => gone.length > 0)
  const all = [...settled, ...vanished]
  const standing = all
    .map((rows) => ({ ...rows, gone: stillOpen(rows.gone, when) }))
    .filter(({ isListed, gone }) => isListed || gone.length > 0)
  return { all: requirementsOf(mended(all)), standing: requirementsOf(mended(standing)) }
}

/** The endpoints of a requirement and of those that are a part of it by now; what it has itself goes before. */
function joinedEndpoints(key: string, formers: readonly Requirement[]): readonly Endpoint[] | undefined {
  if (formers.length < 2) return formers[0]?.endpoints
  const known = new Set<string>()
  return [...formers]
    .sort((a, b) => Number(b.key === key) - Number(a.key === key))
    .flatMap(({ endpoints }) => {
      const added = endpoints.filter((endpoint) => !known.has(valueKey(endpoint)))
      for (const endpoint of added) known.add(valueKey(endpoint))
      return added
    })
}

/** Sorted by key. */
function requirementsOf(rows: readonly LingeringRows[]): readonly Requirement[] {
  return rows
    .map(({ requirement, present, gone }) => withRows(requirement, present, gone))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function withRows(requirement: Requirement, present: readonly Endpoint[], gone: readonly Endpoint[]): Requirement {
  if (gone.length === 0) return present === requirement.endpoints ? requirement : { ...requirement, endpoints: present }
  return { ...requirement, endpoints: [...present, ...gone].sort(compareEndpoints) }
}

/** What was listed and no longer is, with its end. A row that would have begun later than it ends is none. */
function missing(before: readonly Endpoint[], listed: readonly Endpoint[], { at, lingerMs }: Lingering) {
  const values = new Set(listed.map((endpoint) => valueKey(endpoint)))
  const end = at + lingerMs
  return before
    .filter((endpoint) => !values.has(valueKey(endpoint)))
    .filter(({ from, until }) => until !== undefined || from === undefined || readInstant(from) < end)
    .map((endpoint) =>
      endpoint.until === undefined
        ? withLifetime(endpoint, { from: endpoint.from, until: formatInstant(end) })
        : endpoint
    )
}

function stillOpen(endpoints: readonly Endpoint[], { at }: Lingering): readonly Endpoint[] {
  return endpoints.filter(({ until }) => until === undefined || readInstant(until) > at)
}

/** A date that the source once gave stays, though it gives it no longer. A lifetime that has ended is another one, unless the list has its end. */
function withBeginnings(
  listed: readonly Endpoint[],
  before: readonly Endpoint[],
  when: Lingering
): readonly Endpoint[] {
  const dated = groupBy(
    before.filter(({ from }) => from !== undefined),
    valueKey
  )
  if (dated.size === 0) return listed
  const listedOnce = groupBy(listed, valueKey)
  return listed.map((endpoint) => {
    const id = valueKey(endpoint)
    const from = dated.get(id)?.find((row) => row.until === endpoint.until || stillOpen([row], when).length > 0)?.from
    if (endpoint.from !== undefined || from === undefined || listedOnce.get(id)?.length !== 1) return endpoint
    if (endpoint.until !== undefined && readInstant(endpoint.until) <= readInstant(from)) return endpoint
    return withLifetime(endpoint, { from, until: endpoint.until })
  })
}

/** The fields that stand behind the lifetime in a canonical document. */
const laterFields = ['serves', 'replacedBy', 'remarks', 'tags']

function withLifetime(
  endpoint: Endpoint,
  { from, until }: { readonly from: string | undefined; readonly until: string | undefined }
): Endpoint {
  const fields = Object.entries(endpoint).filter(([name]) => name !== 'from' && name !== 'until')
  const isLater = ([name]: readonly [string, unknown]) => laterFields.includes(name)
  const bounds = Object.entries({ from, until }).filter(([, value]) => value !== undefined)
  // The same fields in the same order, with other bounds.
  return Object.fromEntries([
    ...fields.filter((each) => !isLater(each)),
    ...bounds,
    ...fields.filter(isLater)
  ]) as Endpoint
}
