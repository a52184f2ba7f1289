import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { protocolName } from '../support/protocol-names.ts'
import type { Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

const strict = { additionalProperties: false }
/** RFC 1035, as names and tags of Compute Engine are. */
const label = Type.String({ maxLength: 63, pattern: '^[a-z](?:[-a-z0-9]*[a-z0-9])?$' })
const ranges = Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 5000, uniqueItems: true }))
const FirewallSchema = Type.Object(
  {
    name: label,
    description: Type.String({ maxLength: 2048 }),
    direction: Type.Union([Type.Literal('EGRESS'), Type.Literal('INGRESS')]),
    priority: Type.Integer({ minimum: 0, maximum: 65535 }),
    targetTags: Type.Array(label, { minItems: 1, maxItems: 70 }),
    destinationRanges: ranges,
    sourceRanges: ranges,
    allowed: Type.Tuple([
      Type.Object(
        {
          IPProtocol: Type.String({ pattern: '^(?:tcp|udp|icmp|esp|ah|sctp|ipip|all|[0-9]{1,3})$' }),
          ports: Type.Optional(Type.Array(Type.String(), { minItems: 1 }))
        },
        strict
      )
    ])
  },
  strict
)
const firewalls = Compile(Type.Array(FirewallSchema))

/** What the firewall rules of a VPC network say. */
export function readFirewalls(json: string): readonly Saying[] {
  const found = firewalls.Parse(JSON.parse(json))
  if (new Set(found.map(({ name }) => name)).size < found.length) throw new Error('a name twice')
  return found.flatMap(readFirewall)
}

function readFirewall(rule: Static<typeof FirewallSchema>): readonly Saying[] {
  const { direction, destinationRanges, sourceRanges, allowed } = rule
  const isOut = direction === 'EGRESS'
  const peers = isOut ? destinationRanges : sourceRanges
  // Without ranges a rule is for every address.
  if (peers === undefined || (isOut ? sourceRanges : destinationRanges) !== undefined) throw new Error('not the ranges')
  if (new Set(peers.map((each) => each.includes(':'))).size > 1) throw new Error('both families')
  const [{ IPProtocol, ports }] = allowed
  if (ports !== undefined && !['tcp', 'udp', 'sctp'].includes(IPProtocol)) throw new Error(`ports of ${IPProtocol}`)
  return peers.flatMap((value) => {
    if (IPProtocol === (value.includes(':') ? 'icmp' : '58')) throw new Error('ICMP of another family')
    return (ports ?? ['*']).map(
      (text): Saying => ({
        direction: isOut ? 'outbound' : 'inbound',
        transport: transportOf(IPProtocol),
        ports: readPorts(text),
        source: '*',
        icmp: '*',
        kind: 'address',
        value: checkedNetwork(value)
      })
    )
  })
}

function transportOf(protocol: string): string {
  if (protocol === 'all') return 'any'
  return /^\d+$/.test(protocol) ? protocolName(Number(protocol)) : protocol
}

function readPorts(text: string): string {
  if (text === '*') return text
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  return checkedPorts(Number(from), to === undefined ? Number(from) : Number(to))
}
