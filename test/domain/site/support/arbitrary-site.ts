import type { Endpoint } from '../../../../src/domain/document/endpoint.ts'
import { compareEndpoints } from '../../../../src/domain/document/endpoint-order.ts'
import type { Binding, NamedEndpoint, Overlay, SiteDocument } from '../../../../src/domain/site/site-document.ts'
import { formatInstant, type Instant } from '../../../../src/domain/time/instant.ts'
import type { Viewable, ViewableRequirement } from '../../../../src/domain/view/view.ts'
import { fc } from '../../../support/scale.ts'

/** The only instants at which anything begins or ends, so that they often meet. */
export const bounds: readonly Instant[] = [1, 2, 3, 4, 5, 6].map((month) => Date.UTC(2027, month, 1))
export const feedUrl = 'https://example.net/feed.json'

interface Bounds {
  readonly from?: string
  readonly until?: string
}

/** A lifetime that begins at bound `first` and ends at bound `last`; -1 and 6 are open. */
function lifetime(first: number, last: number): Bounds {
  const [from, until] = [bounds[first], bounds[last]]
  return {
    ...(from !== undefined && { from: formatInstant(from) }),
    ...(until !== undefined && { until: formatInstant(until) })
  }
}

/** One or two lifetimes that do not overlap. */
const lifetimes: fc.Arbitrary<readonly Bounds[]> = fc
  .uniqueArray(fc.integer({ min: -1, max: 6 }), { minLength: 2, maxLength: 4 })
  .map((points) => {
    const [a = 0, b = 0, c, d] = [...points].sort((left, right) => left - right)
    return [lifetime(a, b), ...(c !== undefined && d !== undefined ? [lifetime(c, d)] : [])]
  })

const endpoints = [
  { kind: 'address', value: '192.0.2.1' },
  { kind: 'address', value: '192.0.2.2' },
  { kind: 'host', value: 't1.example.com' },
  { kind: 'role', value: 'servers', title: 'Servers' },
  { kind: 'role', value: 'clients', title: 'Clients' },
  { kind: 'pattern', value: '<tenant>.example.com' },
  { kind: 'feed', value: 'list', url: feedUrl },
  { kind: 'any' }
] as const

const rows = fc
  .subarray([...endpoints])
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((endpoint) =>
        lifetimes.map((list) =>
          // One reference to a feed, so that what it takes is told of it as a whole.
          (endpoint.kind === 'feed' ? list.slice(0, 1) : list).map((bound) => ({ ...endpoint, ...bound }))
        )
      )
    )
  )
  .map((lists) => lists.flat())

const keys = ['one', 'two', 'two-before']
const requirement = (key: string): fc.Arbitrary<ViewableRequirement> =>
  fc.record({ rows, component: fc.constantFrom(undefined, 'agent') }).map((drawn) => ({
    key,
    ...(key === 'two' && { previousKeys: ['two-before'] }),
    ...(drawn.component !== undefined && { component: drawn.component }),
    title: key,
    scope: 'external',
    direction: 'outbound',
    necessity: 'optional',
    services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
    // As documents have them.
    endpoints: [...drawn.rows].sort(compareEndpoints)
  }))

export const arbitraryCatalogue = (id: string): fc.Arbitrary<Viewable> =>
  fc.tuple(requirement('one'), requirement('two')).map((requirements) => ({
    id,
    title: id,
    vendor: 'Vendor',
    product: 'Product',
    version: '1',
    timeZone: 'UTC',
    requirements
  }))

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

const bindingOf = (target: Pick<Binding, 'role' | 'variable' | 'component'>, values: readonly string[]) =>
  fc
    .record({
      catalogue: maybe(['left', 'right']),
      requirement: maybe(keys),
      values: fc
        .subarray([...values])
        .chain((chosen) =>
          fc.tuple(...chosen.map((value) => lifetimes.map((list) => list.map((bound) => ({ value, ...bound })))))
        )
    })
    .map(({ catalogue, requirement: key, values: lists }): Binding => {
      // Exactly one of the three is given, which the type of the target does not say.
      const written = { ...target, values: lists.flat() } as unknown as Binding
      return { ...written, ...(catalogue && { catalogue }), ...(key && { requirement: key }) }
    })

const ends = ['10.0.0.1', '10.0.0.2', 'gateway.example']
const binding = fc.oneof(
  bindingOf({ role: 'servers' }, ['192.0.2.1', '10.9.0.1', 'server.example']),
  bindingOf({ role: 'clients' }, ['10.9.0.1', '10.9.0.2']),
  bindingOf({ role: 'self' }, ends),
  bindingOf({ component: 'agent' }, ends),
  bindingOf({ variable: 'tenant' }, ['t1', 't2'])
)

const named: readonly NamedEndpoint[] = [
  ...endpoints.map((endpoint) => ({ kind: endpoint.kind, ...('value' in endpoint && { value: endpoint.value }) })),
  { kind: 'address', value: '10.9.0.1' },
  { kind: 'address', value: '198.51.100.1' }
]
const overlay = fc
  .record({
    action: fc.constantFrom('suppress', 'add', 'extend'),
    catalogue: fc.constantFrom('left', 'right'),
    requirement: fc.constantFrom(...keys),
    endpoint: fc.constantFrom(...named),
    whole: fc.boolean(),
    until: fc.constantFrom(...bounds).map(formatInstant)
  })
  .map(({ action, endpoint, whole, ...rest }): Omit<Overlay, 'id'> => {
    const fields = { ...rest, reason: 'A reason' }
    if (action === 'suppress') return { action, ...fields, ...(!whole && { endpoint }) }
    const addable = endpoint.kind === 'address' || endpoint.kind === 'host'
    if (action === 'add' && !addable) return { action, ...fields, endpoint: { kind: 'address', value: '198.51.100.1' } }
    return { action, ...fields, endpoint }
  })

export const arbitrarySite: fc.Arbitrary<SiteDocument> = fc
  .record({
    bindings: fc.array(binding, { maxLength: 8 }),
    overlays: fc.array(overlay, { maxLength: 6 }),
    without: fc.option(fc.constant(['two-before']), { nil: undefined, freq: 6 })
  })
  .map(({ bindings, overlays, without }) => ({
    id: 'site',
    title: 'Site',
    timeZone: 'UTC',
    catalogues: [{ id: 'left' }, { id: 'right', ...(without && { without }) }],
    bindings,
    // An id does not change what the overlay is.
    overlays: overlays.map((each, index) => ({ ...each, id: `overlay-${index}` }) as Overlay),
    unbound: 'omit'
  }))

/** The rows of a feed. */
export const arbitraryFeed: fc.Arbitrary<readonly Endpoint[]> = fc
  .tuple(lifetimes, lifetimes)
  .map(([first, second]) => [
    ...first.map((bound): Endpoint => ({ kind: 'address', value: '192.0.2.2', ...bound })),
    ...second.map((bound): Endpoint => ({ kind: 'address', value: '203.0.113.0/24', ...bound }))
  ])
