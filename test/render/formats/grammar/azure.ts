import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { compareAddresses, covers, storedAddress } from '../../../../src/domain/network/address.ts'
import type { Saying } from '../support/said.ts'
import { checkedNetwork, checkedPorts } from './network.ts'

/** Azure subscription limits: of a whole group, its rules, and the addresses on either side of them. */
const mostRules = 1000
const mostPrefixes = 4000

const strict = { additionalProperties: false }
const RuleSchema = Type.Object(
  {
    name: Type.String({ maxLength: 80, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9_]$' }),
    properties: Type.Object(
      {
        description: Type.String({ maxLength: 140, pattern: '^[^[]' }),
        access: Type.Literal('Allow'),
        direction: Type.Union([Type.Literal('Inbound'), Type.Literal('Outbound')]),
        priority: Type.Integer({ minimum: 100, maximum: 4095 }),
        protocol: Type.String({ pattern: '^(?:Tcp|Udp|Icmp|Esp|Ah|\\*)$' }),
        sourceAddressPrefix: Type.Optional(Type.String()),
        sourceAddressPrefixes: Type.Optional(Type.Array(Type.String(), { minItems: 2, uniqueItems: true })),
        sourcePortRange: Type.Optional(Type.String()),
        sourcePortRanges: Type.Optional(Type.Array(Type.String(), { minItems: 2, uniqueItems: true })),
        destinationAddressPrefix: Type.Optional(Type.String()),
        destinationAddressPrefixes: Type.Optional(Type.Array(Type.String(), { minItems: 2, uniqueItems: true })),
        destinationPortRange: Type.Optional(Type.String()),
        destinationPortRanges: Type.Optional(Type.Array(Type.String(), { minItems: 2, uniqueItems: true }))
      },
      strict
    )
  },
  strict
)
type SecurityRule = Static<typeof RuleSchema>
const rulesSchema = Compile(Type.Array(RuleSchema))
const templateSchema = Compile(
  Type.Object(
    {
      $schema: Type.String({ pattern: '/deploymentTemplate\\.json#$' }),
      contentVersion: Type.Literal('1.0.0.0'),
      metadata: Type.Object({ description: Type.String({ pattern: '^[^[]' }) }, strict),
      parameters: Type.Object(
        {
          name: Type.Object(
            { type: Type.Literal('string'), defaultValue: Type.String({ minLength: 1, maxLength: 80 }) },
            strict
          ),
          location: Type.Object(
            { type: Type.Literal('string'), defaultValue: Type.Literal('[resourceGroup().location]') },
            strict
          )
        },
        strict
      ),
      resources: Type.Tuple([
        Type.Object(
          {
            type: Type.Literal('Microsoft.Network/networkSecurityGroups'),
            apiVersion: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
            name: Type.Literal("[parameters('name')]"),
            location: Type.Literal("[parameters('location')]"),
            properties: Type.Object({ securityRules: Type.Array(RuleSchema) }, strict)
          },
          strict
        )
      ])
    },
    strict
  )
)

/** What an ARM template for a network security group says. */
export function readTemplate(json: string): readonly Saying[] {
  return sayingsOf(templateSchema.Parse(JSON.parse(json)).resources[0].properties.securityRules)
}

/** What a list of security rules says. */
export function readSecurityRules(json: string): readonly Saying[] {
  return sayingsOf(rulesSchema.Parse(JSON.parse(json)))
}

function sayingsOf(rules: readonly SecurityRule[]): readonly Saying[] {
  const unique = (keys: readonly string[], what: string) => {
    if (new Set(keys).size < keys.length) throw new Error(`${what} twice`)
  }
  unique(
    rules.map(({ name }) => name.toLowerCase()),
    'a name'
  )
  unique(
    rules.map(({ properties }) => `${properties.direction} ${properties.priority}`),
    'a priority'
  )
  if (rules.length > mostRules) throw new Error(`${rules.length} rules`)
  for (const side of ['source', 'destination'] as const) {
    const count = rules.flatMap((rule) => prefixes(rule, side)).filter((prefix) => prefix !== '*').length
    if (count > mostPrefixes) throw new Error(`${count} prefixes of the ${side}`)
  }
  return rules.flatMap(readRule)
}

function readRule(rule: SecurityRule): readonly Saying[] {
  const { protocol, ...properties } = rule.properties
  const sources = prefixes(rule, 'source')
  const destinations = prefixes(rule, 'destination')
  const direction = properties.direction === 'Outbound' ? 'outbound' : 'inbound'
  const [own, peers] = sources.join() === '*' ? [sources, destinations] : [destinations, sources]
  if (own.join() !== '*') throw new Error('both sides have addresses')
  const isGroup = direction === 'inbound' && peers === destinations && peers.join() !== '*'
  if (direction === 'outbound' && peers !== destinations) throw new Error('the peer is not the destination')
  const ports = oneOrSeveral(properties.destinationPortRange, properties.destinationPortRanges).map(readPorts)
  const sourcePorts = oneOrSeveral(properties.sourcePortRange, properties.sourcePortRanges).map(readPorts)
  if (!['Tcp', 'Udp'].includes(protocol) && [...ports, ...sourcePorts].some((range) => range !== '*'))
    throw new Error(`ports of ${protocol}`)
  const transport = protocol === '*' ? 'any' : protocol.toLowerCase()
  return peers.flatMap((value) =>
    ports.flatMap((range) =>
      sourcePorts.map((source): Saying => {
        const common = { direction, transport, ports: range, source, icmp: '*' } as const
        // Icmp is that of IPv4.
        if (value === '*') return { ...common, kind: 'any', value: protocol === 'Icmp' ? '* ipv4' : value }
        if (protocol === 'Icmp' && value.includes(':')) throw new Error('ICMP of IPv6')
        return { ...common, kind: isGroup ? 'group' : 'address', value: checkedNetwork(value) }
      })
    )
  )
}

/** The prefixes on one side of a rule, which are of one family and do not overlap: OverlappingSubnetsNotPermittedInSecurityRule. */
function prefixes({ properties }: SecurityRule, side: 'source' | 'destination'): readonly string[] {
  const found = oneOrSeveral(properties[`${side}AddressPrefix`], properties[`${side}AddressPrefixes`])
  if (new Set(found.map((each) => each.includes(':'))).size > 1) throw new Error('both families')
  const sorted = found
    .filter((prefix) => prefix !== '*')
    .map((prefix) => storedAddress(checkedNetwork(prefix)))
    .sort(compareAddresses)
  // Where two networks overlap, one contains the other, and then it contains its neighbour in this order.
  for (const [index, address] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before && covers(before, address)) throw new Error(`${before.value} overlaps ${address.value}`)
  }
  return found
}

function oneOrSeveral(one: string | undefined, several: readonly string[] | undefined): readonly string[] {
  if ((one === undefined) === (several === undefined)) throw new Error('one or several')
  if (several?.includes('*')) throw new Error('any among several')
  return several ?? [one ?? '']
}

function readPorts(text: string): string {
  if (text === '*') return '*'
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  return checkedPorts(Number(from), to === undefined ? Number(from) : Number(to))
}
