import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { protocolName } from './protocol-names.ts'
import type { Saying } from './said.ts'

const number = Type.Optional(Type.Union([Type.Number(), Type.Null()]))
const names = Type.Array(Type.String())
const RuleSchema = Type.Object(
  {
    name: Type.String(),
    protocol: Type.String(),
    from_port: number,
    to_port: number,
    source_from_port: number,
    source_to_port: number,
    icmp_type: number,
    icmp_code: number,
    ipv4_cidrs: names,
    ipv6_cidrs: names,
    hostnames: names,
    subdomains_of: names
  },
  { additionalProperties: false }
)
const schema = Compile(
  Type.Object({
    catalogue: Type.String(),
    revision: Type.Integer(),
    egress: Type.Array(RuleSchema),
    ingress: Type.Array(RuleSchema)
  })
)

/** What the data for Terraform and Ansible says. */
export function readRules(data: unknown): readonly Saying[] {
  const { egress, ingress } = schema.Parse(data)
  return [
    ...egress.map((rule) => ({ rule, direction: 'outbound' as const })),
    ...ingress.map((rule) => ({ rule, direction: 'inbound' as const }))
  ].flatMap(({ rule, direction }) => {
    const common = {
      direction,
      transport: /^\d+$/.test(rule.protocol)
        ? protocolName(Number(rule.protocol))
        : rule.protocol.replace('icmpv6', 'icmp'),
      ports: range(rule.from_port, rule.to_port, '-'),
      source: range(rule.source_from_port, rule.source_to_port, '-'),
      icmp: range(rule.icmp_type, rule.icmp_code, '/')
    }
    return [
      ...[...rule.ipv4_cidrs, ...rule.ipv6_cidrs].map((value) => ({ ...common, kind: 'address' as const, value })),
      ...rule.hostnames.map((value) => ({ ...common, kind: 'host' as const, value })),
      ...rule.subdomains_of.map((value) => ({ ...common, kind: 'wildcard' as const, value }))
    ]
  })
}

/** Of ports the second is always there; of ICMP it may be absent. */
function range(from: number | null | undefined, to: number | null | undefined, mark: '-' | '/'): string {
  if (from === undefined || from === null) return '*'
  if (to === undefined || to === null || (mark === '-' && to === from)) return `${from}`
  return `${from}${mark}${to}`
}
