import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Saying } from '../support/said.ts'
import { labels, metadata } from './kubernetes.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

const strict = { additionalProperties: false }
const label = '[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?'
const PortSchema = Type.Object(
  {
    port: Type.String({ pattern: '^[1-9][0-9]{0,4}$' }),
    endPort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
    protocol: Type.Union([Type.Literal('TCP'), Type.Literal('UDP'), Type.Literal('SCTP')])
  },
  strict
)
const portLists = Type.Array(Type.Object({ ports: Type.Array(PortSchema, { minItems: 1, maxItems: 40 }) }, strict), {
  minItems: 1
})
const toPorts = Type.Optional(portLists)
const cidrs = Type.Array(Type.Object({ cidr: Type.String() }, strict), { minItems: 1 })
const names = Type.Array(
  Type.Union([
    Type.Object({ matchName: Type.String({ maxLength: 255, pattern: `^${label}(?:\\.${label})*$` }) }, strict),
    Type.Object(
      {
        matchPattern: Type.String({
          maxLength: 255,
          pattern: `^(?:\\*\\*(?:\\.${label})+|(?:(?:${label}|\\*)\\.)+${label}\\.${label})$`
        })
      },
      strict
    )
  ]),
  { minItems: 1 }
)
/** The one rule that lets the pods ask for names. */
const DnsSchema = Type.Object(
  {
    toEndpoints: Type.Array(labels, { minItems: 1, maxItems: 1 }),
    toPorts: Type.Array(
      Type.Object(
        {
          ports: Type.Array(Type.Object({ port: Type.Literal('53'), protocol: Type.Literal('ANY') }, strict)),
          rules: Type.Object({ dns: Type.Array(Type.Object({ matchPattern: Type.Literal('*') }, strict)) }, strict)
        },
        strict
      ),
      { minItems: 1, maxItems: 1 }
    )
  },
  strict
)
/** Lets nobody through. */
const NobodySchema = Type.Object({}, strict)
const ToNetworksSchema = Type.Object({ toCIDRSet: cidrs, toPorts }, strict)
const ToNamesSchema = Type.Object({ toFQDNs: names, toPorts }, strict)
const entities = Type.Array(Type.Literal('all'), { minItems: 1, maxItems: 1 })
const ToAllSchema = Type.Object({ toEntities: entities, toPorts }, strict)
const FromAllSchema = Type.Object({ fromEntities: entities, toPorts }, strict)
const FromNetworksSchema = Type.Object({ fromCIDRSet: cidrs, toPorts }, strict)
/** Of what the custom resource definition allows, as much as an export may use. An empty list would govern nothing. */
const policy = Compile(
  Type.Object(
    {
      apiVersion: Type.Literal('cilium.io/v2'),
      kind: Type.Literal('CiliumNetworkPolicy'),
      metadata,
      spec: Type.Object(
        {
          endpointSelector: labels,
          egress: Type.Optional(
            Type.Array(Type.Union([ToNetworksSchema, ToNamesSchema, ToAllSchema, DnsSchema, NobodySchema]), {
              minItems: 1
            })
          ),
          ingress: Type.Optional(
            Type.Array(Type.Union([FromNetworksSchema, FromAllSchema, NobodySchema]), { minItems: 1 })
          )
        },
        { ...strict, minProperties: 2 }
      )
    },
    strict
  )
)

/** What a CiliumNetworkPolicy lets through beside DNS. */
export function readCiliumPolicy(value: unknown): readonly Saying[] {
  const { egress = [], ingress = [] } = policy.Parse(value).spec
  return [
    ...egress.flatMap((rule) => {
      if ('toCIDRSet' in rule) return readRule('outbound', networks(rule.toCIDRSet), rule.toPorts)
      if ('toEntities' in rule) return readRule('outbound', everybody, rule.toPorts)
      return 'toFQDNs' in rule ? readRule('outbound', rule.toFQDNs.map(nameOf), rule.toPorts) : []
    }),
    ...ingress.flatMap((rule) => {
      if ('fromEntities' in rule) return readRule('inbound', everybody, rule.toPorts)
      return 'fromCIDRSet' in rule ? readRule('inbound', networks(rule.fromCIDRSet), rule.toPorts) : []
    })
  ]
}

type Peer = Pick<Saying, 'kind' | 'value'>
const everybody: readonly Peer[] = [{ kind: 'any', value: '*' }]

function networks(list: Static<typeof cidrs>): readonly Peer[] {
  return list.map(({ cidr }) => ({ kind: 'address', value: checkedNetwork(cidr) }))
}

function nameOf(name: Static<typeof names>[number]): Peer {
  if ('matchName' in name) return { kind: 'host', value: name.matchName }
  const { matchPattern } = name
  return matchPattern.startsWith('**.')
    ? { kind: 'wildcard', value: matchPattern.slice('**.'.length) }
    : { kind: 'pattern', value: matchPattern }
}

function readRule(
  direction: Saying['direction'],
  peers: readonly Peer[],
  lists: Static<typeof portLists> | undefined
): readonly Saying[] {
  const services = lists
    ?.flatMap((list) => list.ports)
    .map(({ protocol, port, endPort }) => {
      const ports = checkedPorts(Number(port), endPort)
      return { transport: protocol.toLowerCase(), ports: ports === '1-65535' ? '*' : ports }
    }) ?? [{ transport: 'any', ports: '*' }]
  return services.flatMap((service) =>
    peers.map((peer) => ({ direction, ...service, source: '*', icmp: '*', ...peer }))
  )
}
