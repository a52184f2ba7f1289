import type { Family } from '../../domain/network/address.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'
import { isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import { cidrsOf } from '../export/cidr.ts'
import { entryNote } from '../export/comment.ts'
import type { ExportFile, PolicyFormat, PolicyInput } from '../export/format.ts'
import { type Rule, type RuleDirection, rulesOf } from '../policy/rule.ts'

/** For a protocol other than TCP, UDP and ICMP a security group opens every port, so ports of SCTP and DCCP are left out. */
export const awsSecurityGroup: PolicyFormat = {
  kind: 'policy',
  name: 'aws-security-group',
  title: 'AWS security group rules',
  description:
    'For aws ec2 authorize-security-group-egress and -ingress with --group-id and --cli-input-json. AWS only adds rules: revoke those that the export no longer has.',
  mediaType: 'application/json',
  extension: 'json',
  parts: ['egress.json', 'ingress.json'],
  expression: {
    targets: { address: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: 'every',
    portsOf: ['tcp', 'udp'],
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: true,
    hasInboundDestinations: false
  },
  aggregate: 'none',
  render
}

const longestDescription = 255

/** AWS refuses the same rule twice in a call, so the entries of all slices are joined by protocol and range. */
function render({ slices }: PolicyInput): readonly ExportFile[] {
  const rules = rulesOf(slices, awsSecurityGroup.expression)
  const file = (part: string, direction: RuleDirection): ExportFile => ({
    part,
    name: part,
    mediaType: 'application/json',
    content: `${JSON.stringify(
      { IpPermissions: rules.filter((rule) => rule.direction === direction).flatMap(permissions) },
      undefined,
      2
    )}\n`
  })
  return [file('egress.json', 'outbound'), file('ingress.json', 'inbound')]
}

/** ICMP is a different protocol in each family. */
function permissions(rule: Rule): readonly object[] {
  const ipv4 = ranges(rule, 'ipv4')
  const ipv6 = ranges(rule, 'ipv6')
  if (!isIcmp(rule.transport)) return ipv4 || ipv6 ? [{ ...protocol(rule, 'ipv4'), ...ipv4, ...ipv6 }] : []
  return [
    ...(ipv4 ? [{ ...protocol(rule, 'ipv4'), ...ipv4 }] : []),
    ...(ipv6 ? [{ ...protocol(rule, 'ipv6'), ...ipv6 }] : [])
  ]
}

function ranges(rule: Rule, family: Family): object | undefined {
  const cidrs = reachesFamily(rule, family) ? cidrsOf(rule.entries, family) : []
  if (cidrs.length === 0) return undefined
  return family === 'ipv4'
    ? {
        IpRanges: cidrs.map(({ cidr, entry }) => ({ CidrIp: cidr, Description: entryNote(entry, longestDescription) }))
      }
    : {
        Ipv6Ranges: cidrs.map(({ cidr, entry }) => ({
          CidrIpv6: cidr,
          Description: entryNote(entry, longestDescription)
        }))
      }
}

interface Protocol {
  readonly IpProtocol: string
  readonly FromPort?: number
  readonly ToPort?: number
}

/** -1 means all protocols, types or codes. */
function protocol({ transport, ports, icmp }: Rule, family: Family): Protocol {
  switch (transport) {
    case 'tcp':
    case 'udp':
      return { IpProtocol: transport, FromPort: ports?.from ?? 0, ToPort: ports?.to ?? 65535 }
    case 'icmp':
    case 'icmpv6':
      return { IpProtocol: icmpName[family], FromPort: icmp?.type ?? -1, ToPort: icmp?.code ?? -1 }
    default:
      return { IpProtocol: String(protocolNumber(transport) ?? -1) }
  }
}

const icmpName: Readonly<Record<Family, string>> = { ipv4: 'icmp', ipv6: 'icmpv6' }
