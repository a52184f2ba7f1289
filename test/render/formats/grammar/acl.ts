import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { protocolName } from '../support/protocol-names.ts'
import { ofBothFamilies, type Saying } from '../support/said.ts'

const strict = { additionalProperties: false }
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schema)
const text = optional(Type.String())
const PortSchema = Type.Union([
  Type.Object({ operator: Type.Literal('eq'), port: Type.Integer() }, strict),
  Type.Object({ 'lower-port': Type.Integer(), 'upper-port': Type.Integer() }, strict)
])
const NetworkSchema = Type.Object(
  {
    protocol: optional(Type.Integer()),
    'destination-ipv4-network': text,
    'source-ipv4-network': text,
    'destination-ipv6-network': text,
    'source-ipv6-network': text,
    'ietf-acldns:dst-dnsname': text,
    'ietf-acldns:src-dnsname': text
  },
  strict
)
const TransportSchema = Type.Object(
  {
    'ietf-mud:direction-initiated': optional(Type.Union([Type.Literal('from-device'), Type.Literal('to-device')])),
    'source-port': optional(PortSchema),
    'destination-port': optional(PortSchema)
  },
  strict
)
const AceSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    matches: Type.Object(
      {
        'ietf-mud:mud': optional(Type.Object({ controller: Type.String() }, strict)),
        ipv4: optional(NetworkSchema),
        ipv6: optional(NetworkSchema),
        tcp: optional(TransportSchema),
        udp: optional(TransportSchema),
        icmp: optional(Type.Object({ type: Type.Integer(), code: optional(Type.Integer()) }, strict))
      },
      strict
    ),
    actions: Type.Object({ forwarding: Type.Literal('accept') }, strict)
  },
  strict
)
const schema = Compile(
  Type.Object({
    'ietf-access-control-list:acls': Type.Object(
      {
        acl: Type.Array(
          Type.Object(
            {
              name: Type.String({ minLength: 1, maxLength: 64 }),
              type: Type.Union([Type.Literal('ipv4-acl-type'), Type.Literal('ipv6-acl-type')]),
              aces: Type.Object({ ace: Type.Array(AceSchema) }, strict)
            },
            strict
          )
        )
      },
      strict
    )
  })
)
type Ace = Static<typeof AceSchema>

/** What the lists let begin; or what they let answer, told as that what it is the answer to. A name that stands in one family only is a fault. */
export function readAccessLists(json: string, wanted: 'beginnings' | 'answers' = 'beginnings'): readonly Saying[] {
  const { acl } = schema.Parse(JSON.parse(json))['ietf-access-control-list:acls']
  const found = acl.flatMap(({ name, type, aces }) => {
    const names = aces.ace.map((ace) => ace.name)
    if (new Set(names).size < names.length) throw new Error(`a name stands twice in ${name}`)
    const direction = name.includes('-out-') ? 'outbound' : 'inbound'
    const family = type.slice(0, 4)
    return aces.ace
      .filter((ace) => isAnswer(ace, direction) === (wanted === 'answers'))
      .map((ace) => ({ family, saying: readAce(ace, family, direction, wanted) }))
  })
  return ofBothFamilies(found)
}

function isAnswer({ matches }: Ace, direction: Saying['direction']): boolean {
  const begun = matches.tcp?.['ietf-mud:direction-initiated']
  return begun !== undefined && (begun === 'from-device') !== (direction === 'outbound')
}

function readAce(
  { matches }: Ace,
  family: string,
  direction: Saying['direction'],
  wanted: 'beginnings' | 'answers'
): Saying {
  const network = family === 'ipv4' ? matches.ipv4 : matches.ipv6
  if ((family === 'ipv4' ? matches.ipv6 : matches.ipv4) !== undefined) throw new Error('a match of the other family')
  const transport = network?.protocol === undefined ? 'any' : protocolName(network.protocol)
  const { tcp, udp, icmp } = matches
  if ((tcp && transport !== 'tcp') || (udp && transport !== 'udp') || (icmp && transport !== 'icmp'))
    throw new Error(`a match of another transport than ${transport}`)
  const there = portsText((tcp ?? udp)?.['destination-port'])
  const here = portsText((tcp ?? udp)?.['source-port'])
  const isBeginning = wanted === 'beginnings'
  return {
    direction: isBeginning ? direction : direction === 'outbound' ? 'inbound' : 'outbound',
    transport,
    ports: isBeginning ? there : here,
    source: isBeginning ? here : there,
    icmp: icmp ? [icmp.type, icmp.code].filter((part) => part !== undefined).join('/') : '*',
    ...readPeer(network ?? {}, direction, matches['ietf-mud:mud']?.controller)
  }
}

/** The one on the other side: where it goes to, or comes from. */
function readPeer(
  network: Static<typeof NetworkSchema>,
  direction: Saying['direction'],
  controller: string | undefined
): Pick<Saying, 'kind' | 'value'> {
  const isOut = direction === 'outbound'
  const destinations = [network['destination-ipv4-network'], network['destination-ipv6-network']]
  const sources = [network['source-ipv4-network'], network['source-ipv6-network']]
  const [ours, theirs] = isOut ? [sources, destinations] : [destinations, sources]
  const group = ours.find((value) => value !== undefined)
  if (!isOut && group !== undefined && /^(?:22[4-9]|23\d)\.|^ff/.test(group)) return { kind: 'group', value: group }
  if (ours.some((value) => value !== undefined)) throw new Error('it says who we are')
  const address = theirs.find((value) => value !== undefined)
  const host = network[isOut ? 'ietf-acldns:dst-dnsname' : 'ietf-acldns:src-dnsname']
  if (network[isOut ? 'ietf-acldns:src-dnsname' : 'ietf-acldns:dst-dnsname'] !== undefined)
    throw new Error('a name on our side')
  const [, role] = /^urn:portolan:role:(.+)$/.exec(controller ?? '') ?? []
  if (role !== undefined && (address ?? host) === undefined) return { kind: 'role', value: role }
  if (controller !== undefined) throw new Error(`not a role: ${controller}`)
  if (address !== undefined) return { kind: 'address', value: address }
  return host === undefined ? { kind: 'any', value: '*' } : { kind: 'host', value: host }
}

function portsText(port: Static<typeof PortSchema> | undefined): string {
  if (port === undefined) return '*'
  return 'port' in port ? `${port.port}` : `${port['lower-port']}-${port['upper-port']}`
}
