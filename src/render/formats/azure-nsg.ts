import { PortolanError } from '../../domain/errors.ts'
import type { ExportEntry } from '../../domain/export/export-entry.ts'
import { portText } from '../../domain/network/port.ts'
import type { Transport, TransportName } from '../../domain/network/protocol.ts'
import { entriesNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import { familyRules, partName } from '../policy/family-rule.ts'
import { isGroup, type Rule, rulesOf } from '../policy/rule.ts'

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
    omits: ({ slice: { transport } }, { target }) =>
      transport === 'icmp' && target.kind === 'address' && target.address.family === 'ipv6' ? 'transport' : undefined
  },
  aggregate: 'none',
  render
}

/** Azure subscription limits: the addresses and ranges of a group in one direction. */
const mostPrefixes = 4000
const longestDescription = 140
const longestName = 80
const firstPriority = 100
/** 4096 is the last one, and is left for a rule that denies the rest. */
const lastPriority = 4095

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
 * @throws PortolanError `limit_exceeded` where there are more rules than priorities
 */
function securityRules(slices: PolicyInput['slices']): readonly SecurityRule[] {
  const rules = rulesOf(slices, azureNsg.expression)
  return (['outbound', 'inbound'] as const).flatMap((direction) => {
    const peers = rules.filter((rule) => rule.direction === direction).flatMap(peersOf)
    if (peers.length > lastPriority - firstPriority + 1)
      throw new PortolanError(
        'limit_exceeded',
        `A network security group has priorities for ${lastPriority - firstPriority + 1} rules in one direction; this export has ${peers.length}. Narrow the export.`
      )
    return peers.map((peer, index) => securityRule(peer, firstPriority + index))
  })
}

/** What a security rule is for: addresses of one family, or any. */
interface Peer {
  readonly name: string
  readonly rule: Rule
  readonly prefixes: readonly string[]
  readonly entries: readonly ExportEntry[]
  /** Multicast groups, for which something comes in. */
  readonly isForGroups: boolean
}

/** A rule cannot have prefixes of both families. */
function peersOf(rule: Rule): readonly Peer[] {
  const isForGroups = (entry: ExportEntry) => rule.direction === 'inbound' && isGroup(entry)
  const any = rule.entries.filter(({ target }) => target.kind === 'any')
  const named = rule.entries.filter(({ target }) => target.kind !== 'any')
  const parts = (entries: readonly ExportEntry[], suffix: string, isForGroups: boolean) =>
    familyRules([{ ...rule, entries }], mostPrefixes).map(({ name, cidrs }) => ({
      name: name + suffix,
      rule,
      prefixes: cidrs.map(({ cidr }) => cidr),
      entries: cidrs.map(({ entry }) => entry),
      isForGroups
    }))
  return [
    ...(any.length > 0
      ? [{ name: `${partName(rule)}-any`, rule, prefixes: ['*'], entries: any, isForGroups: false }]
      : []),
    ...parts(
      named.filter((entry) => !isForGroups(entry)),
      '',
      false
    ),
    ...parts(named.filter(isForGroups), '-groups', true)
  ]
}

/** The peer is the destination of what goes out, and the source of what comes in; a group is the destination of both. */
function securityRule({ name, rule, prefixes, entries, isForGroups }: Peer, priority: number): SecurityRule {
  const isDestination = rule.direction === 'outbound' || isForGroups
  return {
    name,
    properties: {
      description: entriesNote(entries, longestDescription),
      access: 'Allow',
      direction: rule.direction === 'outbound' ? 'Outbound' : 'Inbound',
      priority,
      protocol: protocolOf(rule),
      ...addresses('source', isDestination ? ['*'] : prefixes),
      sourcePortRange: rule.sourcePorts ? portText(rule.sourcePorts) : '*',
      ...addresses('destination', isDestination ? prefixes : ['*']),
      destinationPortRange: rule.ports ? portText(rule.ports) : '*'
    }
  }
}

/** The word for one prefix takes an asterisk; the one for several does not. */
function addresses(side: 'source' | 'destination', prefixes: readonly string[]): object {
  const [only = '', ...others] = prefixes
  return others.length === 0 ? { [`${side}AddressPrefix`]: only } : { [`${side}AddressPrefixes`]: prefixes }
}

function protocolOf({ transport }: Rule): string {
  const found = protocols.get(transport)
  if (found === undefined) throw new Error(`a transport that the format does not express: ${transport}`)
  return found
}
