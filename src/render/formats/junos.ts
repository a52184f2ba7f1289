import { type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'
import { type ExportSource, sourcesName } from '../../domain/export/export-source.ts'
import { uniqueBy } from '../../domain/group.ts'
import { families } from '../../domain/network/address.ts'
import { portText } from '../../domain/network/port.ts'
import { isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import { cidrText, sliceCidrs } from '../export/cidr.ts'
import { typedCommentLines } from '../export/comment.ts'
import type { ExportHead, PolicyFormat } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { catalogueName, objectName, serviceName } from '../policy/device-object.ts'
import { deviceExpression, type PeerRule, peerRules } from '../policy/peer-rule.ts'

const common = {
  kind: 'policy',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'set',
  aggregate: 'none'
} as const

/** An application of Junos has ports of TCP and UDP. A name in an address book is of both families. */
export const junos: PolicyFormat = {
  ...common,
  name: 'junos',
  title: 'Junos security policies',
  description:
    'For load set on Juniper SRX: a configuration group with the global address book, applications and global policies, which apply-groups puts in force. Loading it again replaces the whole group in one commit.',
  expression: {
    ...deviceExpression,
    targets: { address: 'exact', host: 'exact', any: 'exact' },
    portsOf: ['tcp', 'udp']
  },
  render: ({ head, slices }) => {
    const rules = peerRules(slices, junos.expression, false)
    return groupText(head, `portolan-${nameId(head)}`, [
      inert,
      ...rules.flatMap((rule) => [...addressLines(rule), ...applicationLines(rule)]),
      ...rules.flatMap((rule) => [...setLines(head, rule), ...policyLines(head, rule)])
    ])
  }
}

/** The rule that uses a list names its ports. A list must have a prefix, so an empty slice has an inert one. */
export const junosPrefixList: PolicyFormat = {
  ...common,
  name: 'junos-prefix-list',
  title: 'Junos prefix lists',
  description:
    'For load set on any Junos: a configuration group with a prefix list for each slice and family, for firewall filters and policies of your own. Loading it again replaces the whole group in one commit.',
  expression: definitionExpression,
  empty: 'placeholder',
  placeholders: ['address'],
  render: ({ head, slices }) =>
    groupText(head, `portolan-${nameId(head)}--prefix-lists`, [
      ...slices.flatMap(({ slice, entries }) =>
        sliceCidrs(slice, entries).map(({ cidr }) => {
          const label = `${slice.name}-${cidr.includes(':') ? 'ipv6' : 'ipv4'}`
          return `policy-options prefix-list ${catalogueName(nameId(head), label, longestListName)} ${cidr}`
        })
      )
    ])
}

/** Of addresses, sets, applications and policies. */
const longestName = 63
const longestListName = 255
/** A group that is applied must not be empty, and nothing refers to this one. */
const inert = `security address-book global address portolan--net-192.0.2.1 192.0.2.1/32`

/** Names of Junos have letters, digits, hyphens and underscores. */
function nameId({ id }: ExportHead): string {
  return idName(id, 'token')
}

/** What the group had before goes with the same commit. Where it had not been there, Junos warns and goes on. */
function groupText({ lines }: ExportHead, group: string, statements: readonly string[]): string {
  return [
    typedCommentLines([...lines, `once: set apply-groups ${group}`], '#'),
    `delete groups ${group}\n`,
    ...uniqueBy(statements, (statement) => statement).map((statement) => `set groups ${group} ${statement}\n`)
  ].join('')
}

function addressLines({ peers, entries, sources = [] }: PeerRule): readonly string[] {
  const targets = [...sources, ...(peers === 'any' ? [] : entries.map(({ target }) => target))]
  return targets.map((target) => {
    const value = target.kind === 'address' ? cidrText(target.address) : `dns-name ${targetValue(target)}`
    return `security address-book global address ${addressName(target)} ${value}`
  })
}

function addressName(target: ExportTarget): string {
  if (target.kind === 'address' || target.kind === 'host') return objectName(target, longestName)
  throw new Error(`Junos has no address for ${target.kind}`)
}

function applicationLines(rule: PeerRule): readonly string[] {
  const {
    transport,
    ports,
    sourcePorts,
    icmp,
    families: [family]
  } = rule
  if (transport === 'any') return []
  const version = family === 'ipv6' ? 'icmp6' : 'icmp'
  const protocol = isIcmp(transport) ? version : hasPortNames(rule) ? transport : protocolNumber(transport)
  return [
    `protocol ${protocol}`,
    ...(icmp ? [`${version}-type ${icmp.type}`] : []),
    ...(icmp?.code === undefined ? [] : [`${version}-code ${icmp.code}`]),
    ...(sourcePorts ? [`source-port ${portText(sourcePorts)}`] : []),
    ...(ports ? [`destination-port ${portText(ports)}`] : [])
  ].map((statement) => `applications application ${serviceName(rule)} ${statement}`)
}

function hasPortNames({ transport }: PeerRule): boolean {
  return transport === 'tcp' || transport === 'udp'
}

function ruleName(head: ExportHead, { label }: PeerRule): string {
  return catalogueName(nameId(head), label, longestName)
}

function setLines(head: ExportHead, rule: PeerRule): readonly string[] {
  const { peers, entries, sources = [] } = rule
  const line = (name: string, target: ExportTarget) =>
    `security address-book global address-set ${name} address ${addressName(target)}`
  return [
    ...sources.map((source) => line(ownName(head, sources), source)),
    ...(peers === 'any' ? [] : entries.map(({ target }) => line(ruleName(head, rule), target)))
  ]
}

/** The set of the product's own addresses, which policies share. */
function ownName(head: ExportHead, sources: readonly ExportSource[]): string {
  return catalogueName(nameId(head), sourcesName(sources), longestName)
}

function policyLines(head: ExportHead, rule: PeerRule): readonly string[] {
  const { transport, end, peers, sources } = rule
  const [own, peer] = end === 'source' ? ['destination', 'source'] : ['source', 'destination']
  const any = rule.families.length === families.length ? 'any' : `any-${rule.families[0]}`
  const path = `security policies global policy ${ruleName(head, rule)}`
  return [
    `${path} match ${own}-address ${sources ? ownName(head, sources) : any}`,
    `${path} match ${peer}-address ${peers === 'any' ? any : ruleName(head, rule)}`,
    `${path} match application ${transport === 'any' ? 'any' : serviceName(rule)}`,
    `${path} then permit`
  ]
}
