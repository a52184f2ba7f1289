import type { ExportEntry } from '../../domain/export/export-entry.ts'
import { commentLines } from '../export/comment.ts'
import type { ExportFile, ListFormat, ListInput, PolicyFormat, PolicyInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { rulesOf } from '../policy/rule.ts'
import { suricataRules } from '../policy/suricata-rule.ts'

/** Rules that pass. What else may pass is for the firewall policy to say, whose default action drops. */
export const awsNetworkFirewall: PolicyFormat = {
  kind: 'policy',
  name: 'aws-network-firewall',
  title: 'AWS Network Firewall rules',
  description:
    'Rules of Suricata that pass what is listed, for a firewall policy in strict order that drops established traffic by default. rule-group.json is for aws network-firewall create-rule-group and update-rule-group with --rule-group and --type STATEFUL; suricata.rules has the rules alone. Set HOME_NET to the hosts of the product. Names are compared with the name in TLS and the host of HTTP.',
  mediaType: 'application/json',
  extension: 'json',
  parts: ['rule-group.json', 'suricata.rules'],
  expression: {
    targets: { address: 'exact', host: 'exact', wildcard: 'exact', pattern: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: 'every',
    portsOf: ['tcp', 'udp', 'sctp'],
    hasPorts: true,
    hasSourcePorts: true,
    hasIcmpTypes: true,
    hasInboundDestinations: true,
    omits: ({ slice: { direction, transport } }, entry) => {
      if (!isName(entry)) return undefined
      if (transport !== 'tcp' && transport !== 'any') return 'transport'
      return direction === 'outbound' ? undefined : 'inbound_name'
    }
  },
  aggregate: 'none',
  render
}

function isName({ target }: ExportEntry): boolean {
  return target.kind === 'host' || target.kind === 'wildcard' || target.kind === 'pattern'
}

function render({ head, slices }: PolicyInput): readonly ExportFile[] {
  const rules = rulesOf(slices, awsNetworkFirewall.expression).map((rule) => ({
    ...rule,
    // A name is never the source of what comes in.
    entries: rule.entries.filter((entry) => rule.direction === 'outbound' || !isName(entry))
  }))
  const lines = suricataRules(rules)
  const text = `${commentLines([...head.lines, `${lines.length} rules: the capacity that a rule group needs`], '#')}${lines.map((line) => `${line}\n`).join('')}`
  return [
    jsonFile('rule-group.json', {
      RulesSource: { RulesString: text },
      StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' }
    }),
    { part: 'suricata.rules', name: 'suricata.rules', mediaType: 'text/plain; charset=utf-8', content: text }
  ]
}

function jsonFile(name: string, content: object): ExportFile {
  return { part: name, name, mediaType: 'application/json', content: `${JSON.stringify(content, undefined, 2)}\n` }
}

/** A target of a domain list holds for HTTP and TLS on every port. One that begins with a full stop is the name and all below it. */
export const awsDomainList: ListFormat = {
  kind: 'list',
  name: 'aws-domain-list',
  title: 'AWS Network Firewall domain list',
  description:
    'A stateful domain list that allows, for aws network-firewall create-rule-group and update-rule-group with --rule-group and --type STATEFUL. It drops all other HTTP and TLS of HOME_NET, and has no ports: aws-network-firewall says the same by port.',
  mediaType: 'application/json',
  extension: 'json',
  expression: {
    ...listExpression({ host: 'every_port', wildcard: 'apex' }),
    directions: ['outbound'],
    transports: ['tcp', 'any']
  },
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['host'],
  render: renderDomains
}

function renderDomains({ entries }: ListInput): string {
  const targets = entries.flatMap(({ target }) => {
    if (target.kind === 'host') return [target.value]
    return target.kind === 'wildcard' ? [`.${target.value}`] : []
  })
  return `${JSON.stringify(
    {
      RulesSource: {
        RulesSourceList: {
          Targets: [...new Set(targets)],
          TargetTypes: ['TLS_SNI', 'HTTP_HOST'],
          GeneratedRulesType: 'ALLOWLIST'
        }
      },
      StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' }
    },
    undefined,
    2
  )}\n`
}
