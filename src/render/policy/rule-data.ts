import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { type ExportSource, sourceFamilies, sourcesName } from '../../domain/export/export-source.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'
import { isNamed, protocolNumber } from '../../domain/network/protocol.ts'
import { cidrsOf, cidrText } from '../export/cidr.ts'
import type { ExportHead } from '../export/format.ts'
import { dataExpression } from '../export/list-expression.ts'
import { type Rule, rulesOf } from './rule.ts'

/** The data for Terraform and Ansible. Absent fields mean all ports or all types. */
export interface RulesData {
  readonly catalogue: string
  readonly revision: number
  readonly digest: string
  readonly valid_from?: string
  readonly valid_until?: string
  readonly egress: readonly RuleData[]
  readonly ingress: readonly RuleData[]
}

interface RuleData {
  readonly name: string
  readonly protocol: string
  readonly from_port?: number
  readonly to_port?: number
  readonly source_from_port?: number
  readonly source_to_port?: number
  readonly icmp_type?: number
  readonly icmp_code?: number
  /** The product's own networks, all of one family, and its own names. Absent: any. */
  readonly sources?: readonly string[]
  readonly source_hostnames?: readonly string[]
  readonly ipv4_cidrs: readonly string[]
  readonly ipv6_cidrs: readonly string[]
  readonly hostnames: readonly string[]
  /** `example.net` means all names below it. */
  readonly subdomains_of: readonly string[]
}

/** The data contains no free text, since Ansible would execute text that looks like a template. */
export function rulesData(
  { id, revision, validFrom, validUntil }: ExportHead,
  slices: readonly SliceEntries[]
): RulesData {
  const rules = rulesOf(slices, dataExpression)
  const ofDirection = (direction: Rule['direction']) =>
    rules.filter((rule) => rule.direction === direction).map(ruleData)
  return {
    catalogue: id,
    revision: revision.number,
    digest: revision.digest,
    ...(validFrom !== undefined && { valid_from: validFrom }),
    ...(validUntil !== undefined && { valid_until: validUntil }),
    egress: ofDirection('outbound'),
    ingress: ofDirection('inbound')
  }
}

function ruleData(rule: Rule): RuleData {
  const { name, transport, ports, sourcePorts, icmp, sources, entries } = rule
  const cidrs = (family: 'ipv4' | 'ipv6') =>
    reachesFamily(rule, family) && (!sources || sourceFamilies(sources).includes(family))
      ? cidrsOf(entries, family).map(({ cidr }) => cidr)
      : []
  const names = (kind: 'host' | 'wildcard') =>
    entries.flatMap(({ target }) => (target.kind === kind ? [target.value] : []))
  return {
    name: sources ? `${name}-${sourcesName(sources)}` : name,
    protocol: isNamed(transport) ? transport : String(protocolNumber(transport)),
    ...(ports && { from_port: ports.from, to_port: ports.to }),
    ...(sourcePorts && { source_from_port: sourcePorts.from, source_to_port: sourcePorts.to }),
    ...(icmp && { icmp_type: icmp.type }),
    ...(icmp?.code !== undefined && { icmp_code: icmp.code }),
    ...(sources && ownEnd(sources)),
    ipv4_cidrs: cidrs('ipv4'),
    ipv6_cidrs: cidrs('ipv6'),
    hostnames: names('host'),
    subdomains_of: names('wildcard')
  }
}

function ownEnd(sources: readonly ExportSource[]): Pick<RuleData, 'sources' | 'source_hostnames'> {
  return {
    sources: sources.flatMap((source) => (source.kind === 'address' ? [cidrText(source.address)] : [])),
    source_hostnames: sources.flatMap((source) => (source.kind === 'host' ? [source.value] : []))
  }
}
