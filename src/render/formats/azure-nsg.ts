import { PortolanError } from '../../domain/errors.ts'
import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { OmissionReason } from '../../domain/export/expression.ts'
import type { Transport, TransportName } from '../../domain/network/protocol.ts'
import { cidrText } from '../export/cidr.ts'
import { entriesNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import { type JoinedRule, joinedRules } from '../policy/joined-rule.ts'
import { ruleDirections, rulesOf } from '../policy/rule.ts'

/** What a security rule calls a transport. It has no other protocols, not even ICMPv6, and no types of ICMP. */
const protocols: ReadonlyMap<Transport, string> = new Map<TransportName, string>([
  ['tcp', 'Tcp'],
  ['udp', 'Udp'],
  ['icmp', 'Icmp'],
  ['esp', 'Esp'],
  ['ah', 'Ah'],
  ['any', '*']
])

export const azureNsg: PolicyFormat = {
  kind: 'policy',
  name: 'azure-nsg',
  title: 'Azure network security group',
  description:
    'mode=template is an ARM template for az deployment group create: one network security group whose rules are those of the export, so that a rule that is gone from the export is gone from the group. mode=rules is the list of security rules alone, for loadJsonContent in Bicep. The default rules of Azure let everything out: add a rule of priority 4096 that denies the rest.',
  mediaType: 'application/json',
  extension: 'json',
  modes: ['template', 'rules'],
  expression: {
    targets: { address: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: ['tcp', 'udp', 'icmp', 'esp', 'ah', 'any'],
    hasPorts: true,
    hasSourcePorts: true,
    hasIcmpTypes: false,
    hasInboundDestinations: true,
    sources: ['address'],
    omits
  },
  aggregate: 'exact',
  render
}

/** Azure subscription limits: all rules of a group, and the addresses and networks that they have on either side. */
const mostRules = 1000
const mostPrefixes = 4000
const longestDescription = 140
const longestName = 80
/** The last one is 4096, which is left for a rule that denies the rest. */
const firstPriority = 100

/** ICMP is that of IPv4, even for any address. */
function omits({ slice: { transport } }: SliceEntries, { target }: ExportEntry): OmissionReason | undefined {
  if (transport !== 'icmp') return undefined
  if (target.kind === 'any') return 'icmpv6_half'
  return target.kind === 'address' && target.address.family === 'ipv6' ? 'transport' : undefined
}

function render({ head, mode, slices }: PolicyInput): string {
  const rules = securityRules(slices)
  return `${JSON.stringify(mode === 'rules' ? rules : template(head, rules), undefined, 2)}\n`
}

/** Texts of a template that begin with a bracket are expressions, so no text of a document may stand at the beginning of one. */
function template({ id, lines }: PolicyInput['head'], securityRules: readonly object[]): object {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    metadata: { description: `Portolan: ${lines.join('; ')}` },
    parameters: {
      name: { type: 'string', defaultValue: shortName(`portolan-${id}`, longestName) },
      location: { type: 'string', defaultValue: '[resourceGroup().location]' }
    },
    resources: [
      {
        type: 'Microsoft.Network/networkSecurityGroups',
        apiVersion: '2023-11-01',
        name: "[parameters('name')]",
        location: "[parameters('location')]",
        properties: { securityRules }
      }
    ]
  }
}

interface SecurityRule {
  readonly name: string
  readonly properties: object
}

/**
 * Priorities count from 100 in the order of the rules, outbound and inbound apart. All rules allow, so the order has no effect.
 * @throws PortolanError `limit_exceeded` where there are more rules or addresses than a group takes
 */
function securityRules(slices: PolicyInput['slices']): readonly SecurityRule[] {
  const rules = joinedRules(rulesOf(slices, azureNsg.expression))
  checkLimits(rules)
  return ruleDirections.flatMap((direction) =>
    rules.filter((rule) => rule.direction === direction).map((rule, index) => securityRule(rule, firstPriority + index))
  )
}

function checkLimits(rules: readonly JoinedRule[]): void {
  const refuse = (most: string, found: number) => {
    throw new PortolanError(
      'limit_exceeded',
      `A network security group has at most ${most}; this export has ${found}. Narrow it, with slice= for example, or join addresses with aggregate=budget:N.`
    )
  }
  if (rules.length > mostRules) refuse(`${mostRules} rules`, rules.length)
  for (const side of ['source', 'destination'] as const) {
    const count = rules.reduce((sum, rule) => sum + prefixesAt(side, rule).filter((prefix) => prefix !== '*').length, 0)
    if (count > mostPrefixes) refuse(`${mostPrefixes} ${side} addresses and networks in all of its rules`, count)
  }
}

/** The peer is the destination of what goes out, and the source of what comes in; a group is the destination of both. */
function sideOf({ direction, isForGroups }: JoinedRule): 'source' | 'destination' {
  return direction === 'outbound' || isForGroups ? 'destination' : 'source'
}

function prefixesAt(side: 'source' | 'destination', rule: JoinedRule): readonly string[] {
  if (sideOf(rule) === side) return rule.prefixes
  const own = (rule.sources ?? []).flatMap((source) => (source.kind === 'address' ? [cidrText(source.address)] : []))
  return own.length === 0 ? ['*'] : own
}

function securityRule(rule: JoinedRule, priority: number): SecurityRule {
  const { name, direction, ports, sourcePorts, entries } = rule
  return {
    name: shortName(name, longestName),
    properties: {
      description: entriesNote(entries, longestDescription),
      access: 'Allow',
      direction: direction === 'outbound' ? 'Outbound' : 'Inbound',
      priority,
      protocol: protocolOf(rule),
      ...addresses('source', prefixesAt('source', rule)),
      ...portRanges('source', sourcePorts),
      ...addresses('destination', prefixesAt('destination', rule)),
      ...portRanges('destination', ports)
    }
  }
}

/** The word for one prefix takes an asterisk; the one for several does not. */
function addresses(side: 'source' | 'destination', prefixes: readonly string[]): object {
  const [only = '', ...others] = prefixes
  return others.length === 0 ? { [`${side}AddressPrefix`]: only } : { [`${side}AddressPrefixes`]: prefixes }
}

/** As with prefixes, the word for several ranges takes no asterisk. */
function portRanges(side: 'source' | 'destination', ranges: readonly string[]): object {
  const [only = '', ...others] = ranges
  return others.length === 0 ? { [`${side}PortRange`]: only } : { [`${side}PortRanges`]: ranges }
}

function protocolOf({ transport }: JoinedRule): string {
  const found = protocols.get(transport)
  if (found === undefined) throw new Error(`a transport that the format does not express: ${transport}`)
  return found
}
