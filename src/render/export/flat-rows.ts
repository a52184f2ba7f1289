import type { EndpointKind, Status } from '../../domain/document/endpoint.ts'
import type { PortRange, Service } from '../../domain/network/network-service.ts'
import type { Transport } from '../../domain/network/protocol.ts'
import { csvColumns, siteCsvColumns } from '../../domain/table/csv-columns.ts'
import {
  type FeedRef,
  isSiteView,
  type Origin,
  type View,
  type ViewEndpoint,
  type ViewRequirement
} from '../../domain/view/view.ts'

type Proxy = NonNullable<ViewRequirement['proxy']>

/** One requirement × service × port range × endpoint. Without `portFrom` and `portTo`: all ports. Without `kind`: no endpoint. */
export interface FlatRow {
  /** Id of the catalogue, in the rows of a site. */
  readonly catalogue?: string
  readonly requirement: string
  readonly title: string
  readonly scope: ViewRequirement['scope']
  readonly direction: ViewRequirement['direction']
  readonly necessity: ViewRequirement['necessity']
  readonly transport: Transport
  readonly portFrom?: number
  readonly portTo?: number
  readonly sourcePorts?: readonly PortRange[]
  readonly icmp?: NonNullable<Service['icmp']>
  readonly application?: string
  readonly kind?: EndpointKind
  readonly value?: string
  readonly endpointTitle?: string
  readonly url?: string
  readonly status?: Status
  readonly from?: string
  readonly until?: string
  readonly serves?: readonly string[]
  readonly replacedBy?: readonly string[]
  /** Those of the endpoint. */
  readonly remarks?: string
  readonly condition?: string
  readonly requirementRemarks?: string
  readonly httpProxy?: NonNullable<Proxy['httpProxy']>
  readonly tlsInspection?: NonNullable<Proxy['tlsInspection']>
  /** Those of the requirement. */
  readonly tags?: readonly string[]
  readonly owner?: string
  readonly externalIds?: Readonly<Record<string, string>>
  readonly references?: NonNullable<ViewRequirement['references']>
  readonly inferred?: NonNullable<ViewRequirement['inferred']>
  readonly select?: Readonly<Record<string, readonly string[]>>
  readonly component?: string
  readonly endpointTags?: readonly string[]
  /** The row is one of a feed to which the requirement refers. */
  readonly basis?: 'feed'
  readonly feed?: FeedRef
  /** In the rows of a site: the role that the value plays. */
  readonly role?: string
  /** In the rows of a site: what put the row there. */
  readonly origin?: Origin
  /** In the rows of a site: addresses and names of the product's own end; absent: any. */
  readonly source?: readonly string[]
}

/** The columns of rows as a table. */
export type RowColumns = readonly (keyof FlatRow)[]

export function columnsOf(view: View): RowColumns {
  return isSiteView(view) ? siteCsvColumns : csvColumns
}

/** A row with an endpoint. */
export type NamedRow = FlatRow & Required<Pick<FlatRow, 'kind' | 'status'>>

/**
 * The rows of a view, in the order of its requirements, services, port ranges and endpoints. A requirement without endpoints has a row for
 * each service and port range.
 */
export function* flatRows({ requirements }: Pick<View, 'requirements'>): Generator<FlatRow> {
  for (const requirement of requirements) {
    const before = requirementFacts(requirement)
    const after = furtherFacts(requirement)
    const { endpoints } = requirement
    const named = endpoints.length === 0 ? [{}] : endpoints.map(endpointFacts)
    const marks = endpoints.map(siteFacts)
    for (const service of requirement.services)
      for (const range of service.ports ?? [undefined])
        for (const [at, endpoint] of named.entries())
          yield { ...before, ...serviceFacts(service, range), ...endpoint, ...after, ...marks[at] }
  }
}

/** The rows of a view without those of requirements that have no endpoint. */
export function namedRows(view: Pick<View, 'requirements'>): readonly NamedRow[] {
  return [...flatRows(view)].filter(isNamedRow)
}

function isNamedRow(row: FlatRow): row is NamedRow {
  return row.kind !== undefined && row.status !== undefined
}

/** The number of rows that `flatRows` yields. */
export function countRows({ requirements }: Pick<View, 'requirements'>): number {
  return requirements.reduce(
    (sum, { services, endpoints }) =>
      sum + Math.max(1, endpoints.length) * services.reduce((ranges, { ports }) => ranges + (ports?.length ?? 1), 0),
    0
  )
}

function requirementFacts({ catalogue, key, title, scope, direction, necessity }: ViewRequirement) {
  return { ...(catalogue !== undefined && { catalogue }), requirement: key, title, scope, direction, necessity }
}

/** What came after the first columns were released stands at the end. */
function furtherFacts(requirement: ViewRequirement) {
  const { condition, remarks, proxy, tags, owner, externalIds, references, inferred, component } = requirement
  return {
    ...(condition !== undefined && { condition }),
    ...(remarks !== undefined && { requirementRemarks: remarks }),
    ...proxy,
    ...(tags && { tags }),
    ...(owner !== undefined && { owner }),
    ...(externalIds && { externalIds }),
    ...(references && { references }),
    ...(inferred && { inferred }),
    ...(component !== undefined && { component })
  }
}

function serviceFacts({ transport, sourcePorts, icmp, application }: Service, range: PortRange | undefined) {
  return {
    transport,
    ...(range && { portFrom: range.from, portTo: range.to }),
    ...(sourcePorts && { sourcePorts }),
    ...(icmp && { icmp }),
    ...(application !== undefined && { application })
  }
}

function endpointFacts(endpoint: ViewEndpoint) {
  const { kind, status, from, until, replacedBy, remarks, tags, basis, feed } = endpoint
  return {
    kind,
    ...(kind !== 'any' && { value: endpoint.value }),
    ...(kind === 'role' && { endpointTitle: endpoint.title }),
    ...(kind === 'feed' && { url: endpoint.url }),
    status,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(kind === 'address' && endpoint.serves && { serves: endpoint.serves }),
    ...(replacedBy && { replacedBy }),
    ...(remarks !== undefined && { remarks }),
    ...(kind === 'feed' && endpoint.select && { select: endpoint.select }),
    ...(tags && { endpointTags: tags }),
    ...(basis && { basis }),
    ...(feed && { feed })
  }
}

/** What a site adds to a row stands at its very end. */
function siteFacts({ role, origin, source }: ViewEndpoint) {
  return {
    ...(role !== undefined && { role }),
    ...(origin && { origin }),
    ...(source && { source })
  }
}
