import { portText } from '../../domain/network/port.ts'
import { protocolNumber } from '../../domain/network/protocol.ts'
import { entriesNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { shortName } from '../export/short-name.ts'
import { type FamilyRule, familyRules } from '../policy/family-rule.ts'
import { rulesOf } from '../policy/rule.ts'

/** The resource `firewalls` of the Compute Engine API: no types of ICMP, no source ports, and ports of TCP, UDP and SCTP only. */
export const gcpFirewall: PolicyFormat = {
  kind: 'policy',
  name: 'gcp-firewall',
  title: 'Google Cloud VPC firewall rules',
  description:
    'A list of firewalls of the Compute Engine API, each for one call of firewalls.insert or firewalls.patch. The rules are for the instances with the network tag of the catalogue, and for the network default unless you add the field network. Google Cloud only adds rules: delete those whose names the list no longer has.',
  mediaType: 'application/json',
  extension: 'json',
  expression: {
    targets: { address: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: 'every',
    portsOf: ['tcp', 'udp', 'sctp'],
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: false,
    hasInboundDestinations: false
  },
  aggregate: 'none',
  render
}

/** Quotas of Cloud NGFW: the ranges of one rule. */
const mostRanges = 5000
/** RFC 1035, as the names of all resources of Compute Engine. */
const longestName = 63
const longestDescription = 2048
/** All rules allow, so their order has no effect. It is the API's default, above the implied rules of 65535. */
const priority = 1000

function render({ head: { id }, slices }: PolicyInput): string {
  const base = `portolan-${idName(id, 'label')}`
  const rules = familyRules(rulesOf(slices, gcpFirewall.expression), mostRanges)
  return `${JSON.stringify(
    rules.map((rule) => ({
      name: shortName(`${base}-${rule.name}`, longestName),
      description: entriesNote(
        rule.cidrs.map(({ entry }) => entry),
        longestDescription
      ),
      direction: rule.rule.direction === 'outbound' ? 'EGRESS' : 'INGRESS',
      priority,
      targetTags: [shortName(base, longestName)],
      [rule.rule.direction === 'outbound' ? 'destinationRanges' : 'sourceRanges']: rule.cidrs.map(({ cidr }) => cidr),
      allowed: [allowedBy(rule)]
    })),
    undefined,
    2
  )}\n`
}

/** The API has words for tcp, udp, icmp, esp, ah, sctp and ipip, and `all`. Others are numbers, and ICMP of IPv6 is 58. */
function allowedBy({ rule: { transport, ports }, family }: FamilyRule): object {
  switch (transport) {
    case 'any':
      return { IPProtocol: 'all' }
    case 'tcp':
    case 'udp':
    case 'sctp':
      return { IPProtocol: transport, ...(ports && { ports: [portText(ports)] }) }
    case 'esp':
    case 'ah':
    case 'ipip':
      return { IPProtocol: transport }
    case 'icmp':
      return { IPProtocol: family === 'ipv4' ? 'icmp' : '58' }
    default:
      return { IPProtocol: String(protocolNumber(transport)) }
  }
}
