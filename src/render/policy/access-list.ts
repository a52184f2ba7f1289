import { type ExportEntry, type SliceEntries, targetValue } from '../../domain/export/export-entry.ts'
import type { Expression } from '../../domain/export/expression.ts'
import { type Family, families, type ParsedAddress } from '../../domain/network/address.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'
import { protocolNumberIn } from '../../domain/network/protocol.ts'

import { cidrText } from '../export/cidr.ts'
import { shortName } from '../export/short-name.ts'
import { isGroup, type Rule, type RuleDirection, ruleDirections, rulesOf } from './rule.ts'

/** One list of RFC 8519, for a direction and a family. */
export interface AccessList {
  readonly name: string
  readonly direction: RuleDirection
  readonly acl: object
}

/** RFC 8519 has ports of TCP and UDP only. */
export const accessListExpression: Expression = {
  targets: { address: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports: 'every',
  portsOf: ['tcp', 'udp'],
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true,
  hasInboundDestinations: true
}

export interface AccessListDialect {
  /** Whether TCP says who opens a connection: `direction-initiated` of RFC 8520. */
  readonly saysWhoBegins: boolean
  /** Whether the list of the opposite direction has entries for the answers of TCP, limited to connections that are allowed. */
  readonly hasAnswers: boolean
}

const shortDirection: Readonly<Record<RuleDirection, string>> = { outbound: 'out', inbound: 'in' }
const longestName = 64

/**
 * All four lists, even if one is empty: on many devices an interface that refers to a missing list lets everything through. Names of
 * hosts are in the lists of both families. An entry can express only one destination and one range of ports.
 */
export function accessLists(
  id: string,
  slices: readonly SliceEntries[],
  dialect: AccessListDialect
): readonly AccessList[] {
  const rules = rulesOf(slices, accessListExpression)
  return ruleDirections.flatMap((direction) =>
    families.map((family) => {
      const name = `${shortName(id, longestName - '-out-ipv4'.length)}-${shortDirection[direction]}-${family}`
      const own = rules.flatMap((rule) => acesOf(rule, family, direction, dialect))
      return { name, direction, acl: { name, type: `${family}-acl-type`, aces: { ace: own } } }
    })
  )
}

function acesOf(rule: Rule, family: Family, direction: RuleDirection, dialect: AccessListDialect): readonly object[] {
  const isAnswer = rule.direction !== direction
  if (isAnswer && !(dialect.hasAnswers && rule.transport === 'tcp')) return []
  if (!reachesFamily(rule, family)) return []
  const own = ownNetworks(rule, family)
  return rule.entries
    .filter((entry) => isIn(entry, family))
    .flatMap((entry) =>
      own.map((source) => ({
        name: shortName(
          [isAnswer ? 'answer' : [], rule.name, targetValue(entry.target) ?? 'any', source?.value ?? []]
            .flat()
            .join('-'),
          longestName
        ),
        matches: {
          ...controllerMatch(entry),
          ...networkMatch({ entry, source }, rule, family, direction),
          ...transportMatch(rule, direction, dialect)
        },
        actions: { forwarding: 'accept' }
      }))
    )
}

/** The product's own networks in a family; undefined alone stands for any. */
function ownNetworks({ sources }: Rule, family: Family): readonly (ParsedAddress | undefined)[] {
  if (!sources) return [undefined]
  return sources.flatMap((source) =>
    source.kind === 'address' && source.address.family === family ? [source.address] : []
  )
}

function isIn({ target }: ExportEntry, family: Family): boolean {
  return target.kind !== 'address' || target.address.family === family
}

function networkMatch(
  { entry, source }: { readonly entry: ExportEntry; readonly source: ParsedAddress | undefined },
  { transport }: Rule,
  family: Family,
  direction: RuleDirection
): object {
  const { target } = entry
  const number = protocolNumberIn(transport, family)
  const side = direction === 'outbound' || isGroup(entry) ? 'destination' : 'source'
  const match = {
    ...(number !== undefined && { protocol: number }),
    ...(source && { [`${side === 'source' ? 'destination' : 'source'}-${family}-network`]: cidrText(source) }),
    ...(target.kind === 'address' && { [`${side}-${family}-network`]: cidrText(target.address) }),
    ...(target.kind === 'host' && { [`ietf-acldns:${side === 'source' ? 'src' : 'dst'}-dnsname`]: target.value })
  }
  return Object.keys(match).length === 0 ? {} : { [family]: match }
}

/** RFC 8520: a class of hosts whose addresses the manager of the network fills in. */
function controllerMatch({ target }: ExportEntry): object {
  return target.kind === 'role' ? { 'ietf-mud:mud': { controller: `urn:portolan:role:${target.value}` } } : {}
}

/** The ports of a rule are those of the peer that accepts the connection: in an answer they are the source ports. */
function transportMatch(rule: Rule, direction: RuleDirection, { saysWhoBegins }: AccessListDialect): object {
  const { transport, ports, sourcePorts, icmp } = rule
  if (icmp) return { icmp }
  if (transport !== 'tcp' && transport !== 'udp') return {}
  const isAnswer = rule.direction !== direction
  const [source, destination] = isAnswer ? [ports, sourcePorts] : [sourcePorts, ports]
  const match = {
    ...(saysWhoBegins &&
      transport === 'tcp' && {
        'ietf-mud:direction-initiated': rule.direction === 'outbound' ? 'from-device' : 'to-device'
      }),
    ...(source && { 'source-port': portMatch(source) }),
    ...(destination && { 'destination-port': portMatch(destination) })
  }
  return Object.keys(match).length === 0 ? {} : { [transport]: match }
}

function portMatch({ from, to }: NonNullable<Rule['ports']>): object {
  return from === to ? { operator: 'eq', port: from } : { 'lower-port': from, 'upper-port': to }
}
