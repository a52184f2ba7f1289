import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

const strict = { additionalProperties: false }
const labelValue = Type.String({ maxLength: 63, pattern: '^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$' })
const labelName = '^(?:[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.:]{0,61}[A-Za-z0-9])?$'
export const labels = Type.Object(
  { matchLabels: Type.Record(Type.String({ pattern: labelName }), labelValue, { additionalProperties: false }) },
  strict
)
/** A DNS subdomain, RFC 1123. */
export const metadata = Type.Object(
  {
    name: Type.String({
      maxLength: 253,
      pattern: '^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$'
    }),
    annotations: Type.Record(Type.String({ pattern: labelName }), Type.String(), { additionalProperties: false })
  },
  strict
)
const PortSchema = Type.Object(
  {
    protocol: Type.Union([Type.Literal('TCP'), Type.Literal('UDP'), Type.Literal('SCTP')]),
    port: Type.Optional(Type.Integer()),
    endPort: Type.Optional(Type.Integer())
  },
  strict
)
/** The API takes an empty list, and means everybody by it: no rule of ours may have one. */
const peers = Type.Array(Type.Object({ ipBlock: Type.Object({ cidr: Type.String() }, strict) }, strict), {
  minItems: 1
})
const portList = Type.Array(PortSchema, { minItems: 1 })
const ports = Type.Optional(portList)
const policy = Compile(
  Type.Object(
    {
      apiVersion: Type.Literal('networking.k8s.io/v1'),
      kind: Type.Literal('NetworkPolicy'),
      metadata,
      spec: Type.Object(
        {
          podSelector: labels,
          policyTypes: Type.Array(Type.Union([Type.Literal('Egress'), Type.Literal('Ingress')]), { minItems: 1 }),
          egress: Type.Optional(Type.Array(Type.Object({ to: peers, ports }, strict))),
          ingress: Type.Optional(Type.Array(Type.Object({ from: peers, ports }, strict)))
        },
        strict
      )
    },
    strict
  )
)

/** What a NetworkPolicy lets through, by the reference of the API. A direction that it does not govern is a fault: it would be open. */
export function readNetworkPolicy(value: unknown): readonly Saying[] {
  const { policyTypes, egress, ingress } = policy.Parse(value).spec
  if (policyTypes.includes('Egress') !== (egress !== undefined)) throw new Error('egress is not governed')
  if (policyTypes.includes('Ingress') !== (ingress !== undefined)) throw new Error('ingress is not governed')
  return [
    ...(egress ?? []).flatMap(({ to, ports }) => readRule('outbound', to, ports)),
    ...(ingress ?? []).flatMap(({ from, ports }) => readRule('inbound', from, ports))
  ]
}

function readRule(
  direction: Saying['direction'],
  blocks: Static<typeof peers>,
  ports: Static<typeof portList> | undefined
): readonly Saying[] {
  const services = ports?.map(({ protocol, port, endPort }) => {
    if (endPort !== undefined && port === undefined) throw new Error('an end without a beginning')
    return { transport: protocol.toLowerCase(), ports: checkedPorts(port, endPort) }
  }) ?? [{ transport: 'any', ports: '*' }]
  return services.flatMap((service) =>
    blocks.map(({ ipBlock }) => ({
      direction,
      ...service,
      source: '*',
      icmp: '*',
      kind: 'address',
      value: checkedNetwork(ipBlock.cidr)
    }))
  )
}
