import type { RequirementFields } from '../document/document.ts'
import { type Endpoint, type EndpointKind, endpointValue, valueKey } from '../document/endpoint.ts'
import { sliceOf } from '../export/slice.ts'
import { reachOf, servicesFor } from '../lookup/reach.ts'
import type { PortRange, Service } from '../network/network-service.ts'
import { portText } from '../network/port.ts'
import type { Transport } from '../network/protocol.ts'
import type { Instant } from '../time/instant.ts'
import { lifetimeOf } from '../view/lifetime.ts'
import { qualifiedKey, type ResolvedEndpoint, type ViewableRequirement } from '../view/view.ts'

/** What one rule of a firewall lets through. The ports are one range, so that another port is another flow. */
export interface Flow {
  readonly direction: RequirementFields['direction']
  /** The product's own end, in a site that says which it is, sorted. Absent: any. */
  readonly sources?: readonly string[]
  readonly kind: EndpointKind
  /** Empty for `any`. */
  readonly value: string
  readonly transport: Transport
  /** Absent: all. */
  readonly port?: PortRange
  readonly sourcePorts?: readonly PortRange[]
  readonly icmp?: NonNullable<Service['icmp']>
}

/** A time in which something holds: from `start`, which may be since ever, up to but without `end`, which may be never. */
export interface TimeSpan {
  readonly start: number
  readonly end: number
}

/** A requirement that needs a flow during a span. */
interface Need extends TimeSpan {
  /** Its key; under a site `catalogue/key`. */
  readonly requirement: string
  readonly endpoint: Endpoint
  readonly condition?: string
}

/** A flow with all requirements that need it, and the spans in which one of them does, ascending and without neighbours that touch. */
export interface NeededFlow {
  readonly flow: Flow
  readonly needs: readonly Need[]
  readonly spans: readonly TimeSpan[]
}

/** The requirements of a document or of a merged site, or those of them that a filter takes. */
export type FlowSource = readonly ViewableRequirement[]

/** Where a requirement stands that is named as packs name it. */
export function requirementPlace(name: string): { readonly catalogue?: string; readonly requirement: string } {
  const [first = '', key] = name.split('/')
  return key === undefined ? { requirement: first } : { catalogue: first, requirement: key }
}

/** A text that is equal for equal flows. */
export function flowKey(flow: Flow): string {
  const { direction, sources, kind, value, transport, port, sourcePorts, icmp } = flow
  return JSON.stringify([direction, valueKey({ kind, value }), transport, port, sourcePorts, icmp, ...(sources ?? [])])
}

/** The slice that a flow lies in, as exports name it. */
export function flowSlice({ direction, transport, port, icmp }: Flow, ports = port && [port]): string {
  return sliceOf(direction, { transport, ...(ports && { ports }), ...(icmp && { icmp }) }).name
}

/** The port of a flow as people write it: `tcp/443`, `icmp/8`, `esp`. */
export function flowPortText({ transport, port, icmp }: Flow): string {
  if (icmp) return `${transport}/${icmp.type}`
  return port ? `${transport}/${portText(port)}` : transport
}

/** All flows of some requirements, by their keys. */
export function flowsOf(requirements: FlowSource): ReadonlyMap<string, NeededFlow> {
  const found = new Map<string, { readonly flow: Flow; readonly needs: Need[] }>()
  for (const requirement of requirements) {
    const { direction, services, condition, endpoints } = requirement
    const reach = reachOf(services)
    for (const endpoint of endpoints) {
      const { from, until } = lifetimeOf(endpoint)
      const span = { start: from ?? Number.NEGATIVE_INFINITY, end: until ?? Number.POSITIVE_INFINITY }
      const need: Need = {
        ...span,
        requirement: qualifiedKey(requirement),
        endpoint,
        ...(condition !== undefined && { condition })
      }
      for (const flow of servicesFor(endpoint, reach).flatMap((service) =>
        flowsOfService(direction, endpoint, service)
      )) {
        const id = flowKey(flow)
        const entry = found.get(id)
        if (entry) entry.needs.push(need)
        else found.set(id, { flow, needs: [need] })
      }
    }
  }
  return new Map([...found].map(([id, { flow, needs }]) => [id, { flow, needs, spans: joinSpans(needs) }]))
}

function flowsOfService(direction: Flow['direction'], endpoint: ResolvedEndpoint, service: Service): readonly Flow[] {
  const { transport, ports, sourcePorts, icmp } = service
  const flow: Flow = {
    direction,
    ...(endpoint.source && { sources: endpoint.source }),
    kind: endpoint.kind,
    value: endpointValue(endpoint),
    transport,
    ...(sourcePorts && { sourcePorts }),
    ...(icmp && { icmp })
  }
  return ports ? ports.map((port) => ({ ...flow, port })) : [flow]
}

/** The same times as spans that neither overlap nor touch, ascending. */
function joinSpans(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}

/** The span that holds at an instant. */
export function spanAt(spans: readonly TimeSpan[], instant: Instant): TimeSpan | undefined {
  return spans.find(({ start, end }) => start <= instant && instant < end)
}

/** The keys of the requirements that need a flow at an instant, sorted, each once. */
export function neededBy({ needs }: NeededFlow, instant: Instant): readonly string[] {
  return [...new Set(needs.filter((need) => spanAt([need], instant)).map(({ requirement }) => requirement))].sort()
}
