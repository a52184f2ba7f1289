import type { ExportEntry, ExportTarget } from '../../domain/export/export-entry.ts'
import { type ExportSource, isSourceOf, sourcesName } from '../../domain/export/export-source.ts'
import { uniqueBy } from '../../domain/group.ts'
import { sha256 } from '../../domain/json/sha256.ts'
import { type Family, families, isMulticast } from '../../domain/network/address.ts'
import { portText } from '../../domain/network/port.ts'
import { isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import { minuteMs } from '../../domain/time/duration.ts'
import { readInstant } from '../../domain/time/instant.ts'
import { cidrText, netmaskText } from '../export/cidr.ts'
import { typedCommentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import { catalogueName, memberParts, objectName, serviceName } from '../policy/device-object.ts'
import { deviceExpression, type PeerRule, peerRules } from '../policy/peer-rule.ts'
import { type Minute, minuteOf, scheduleOf, schedulesOf } from '../policy/schedule.ts'

/** Far enough from every date of a catalogue, and known to the clocks of devices. */
const lastDate = minuteOf(Date.UTC(2099, 11, 31, 23, 59))
/** Schedules are in the zone of the device. */
const zone = ['Set the time zone of the device to UTC: schedules count in its zone, and in whole minutes.']

/**
 * An object of FortiOS is known by its name, and a policy by a number, which is made from its name. `set` replaces what was there.
 * Multicast has policies of another kind, and protocol 0 stands for all.
 */
export const fortios: PolicyFormat = {
  kind: 'policy',
  name: 'fortios',
  title: 'FortiOS commands',
  description:
    'For FortiOS 7.0 and newer, as a CLI script: addresses, names and wildcard names, services, a group for the peers of each rule, and policies from any interface to any. mode=objects leaves the policies out; mode=remove deletes what the others make.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'conf',
  modes: ['rules', 'objects', 'remove'],
  expression: {
    ...deviceExpression,
    targets: { address: 'exact', host: 'exact', wildcard: 'exact', any: 'exact' },
    portsOf: ['tcp', 'udp', 'sctp'],
    omits: (group, entry) => {
      const { target } = entry
      if (target.kind === 'address' && isMulticast(target.address)) return 'multicast_policy'
      return deviceExpression.omits(group)
    }
  },
  aggregate: 'none',
  dates: { last: lastDate.instant },
  empty: 'placeholder',
  placeholders: ['either'],
  render
}

/** FortiOS 6.0 took 63 characters for the name of an object, and newer versions 79; a policy's has 35. */
const longestName = 63
const longestPolicyName = 35
/** Small models take 600 members in a group. */
const mostMembers = 500

/** One object of a table of the configuration, with the lines that set it. */
interface Edit {
  readonly name: string
  readonly lines: readonly string[]
}
interface Table {
  readonly name: string
  readonly edits: readonly Edit[]
}

function render({ head, mode, slices }: PolicyInput): string {
  const rules = peerRules(slices, fortios.expression, false)
  const objects = [
    ...families.map((family) => ({ name: addressTable[family], edits: addresses(rules, family) })),
    { name: 'firewall service custom', edits: services(rules) },
    ...families.map((family) => ({ name: groupTable[family], edits: groups(head.id, rules, family) }))
  ]
  const tables = [
    ...objects,
    { name: 'firewall schedule onetime', edits: schedules(head, rules) },
    ...(mode === 'objects' ? [] : [{ name: 'firewall policy', edits: policies(head.id, rules) }])
  ]
  return [
    typedCommentLines([...head.lines, ...(rules.some(({ span }) => span) ? zone : [])], '#'),
    ...(mode === 'remove' ? [...tables].reverse().map(removed) : tables.map(written))
  ].join('')
}

const addressTable: Readonly<Record<Family, string>> = { ipv4: 'firewall address', ipv6: 'firewall address6' }
const groupTable: Readonly<Record<Family, string>> = { ipv4: 'firewall addrgrp', ipv6: 'firewall addrgrp6' }

function written({ name, edits }: Table): string {
  return block(
    name,
    edits.flatMap((edit) => [`    edit ${edit.name}`, ...edit.lines.map((line) => `        ${line}`), '    next'])
  )
}

/** A group goes before its parts, and before its members. */
function removed({ name, edits }: Table): string {
  return block(
    name,
    [...edits].reverse().map((edit) => `    delete ${edit.name}`)
  )
}

function block(name: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`config ${name}`, ...lines, 'end'].map((line) => `${line}\n`).join('')
}

/** No text of a document is ever in quotes, and no name has a quote or a backslash. */
function quoted(name: string): string {
  return `"${name}"`
}

function isIn({ target }: ExportEntry, family: Family): boolean {
  return target.kind !== 'address' || target.address.family === family
}

function membersOf(rule: PeerRule, family: Family): readonly ExportEntry[] {
  return rule.peers === 'listed' && rule.families.includes(family)
    ? rule.entries.filter((entry) => isIn(entry, family))
    : []
}

/** The product's own end in a family. */
function ownMembers({ sources = [], families }: PeerRule, family: Family): readonly ExportSource[] {
  return families.includes(family) ? sources.filter((source) => isSourceOf(source, family)) : []
}

function addresses(rules: readonly PeerRule[], family: Family): readonly Edit[] {
  const edits = rules.flatMap((rule) => [
    ...ownMembers(rule, family).map(addressEdit),
    ...membersOf(rule, family).map(({ target }) => addressEdit(target))
  ])
  return uniqueBy(edits, ({ name }) => name)
}

function addressEdit(target: ExportTarget): Edit {
  switch (target.kind) {
    case 'address': {
      const { address } = target
      const [first = ''] = address.value.split('/')
      const value =
        address.family === 'ipv4'
          ? `set subnet ${first} ${netmaskText(address.prefix)}`
          : `set ip6 ${cidrText(address)}`
      return { name: quoted(objectName(target, longestName)), lines: [value] }
    }
    case 'host':
      return { name: quoted(objectName(target, longestName)), lines: ['set type fqdn', `set fqdn "${target.value}"`] }
    case 'wildcard':
      return { name: quoted(objectName(target, longestName)), lines: ['set type fqdn', `set fqdn "*.${target.value}"`] }
    default:
      throw new Error(`FortiOS has no object for ${target.kind}`)
  }
}

function groups(id: string, rules: readonly PeerRule[], family: Family): readonly Edit[] {
  const edits = rules.flatMap((rule) => {
    const own = ownMembers(rule, family).map((source) => addressEdit(source).name)
    const names = membersOf(rule, family).map(({ target }) => addressEdit(target).name)
    return [
      ...memberParts(own, mostMembers, (part) => groupName(id, ownLabel(rule), family, part)),
      ...memberParts(names, mostMembers, (part) => groupName(id, rule, family, part))
    ].map(({ name, members }) => ({ name, lines: [`set member ${members.join(' ')}`] }))
  })
  return uniqueBy(edits, ({ name }) => name)
}

function ownLabel({ sources = [] }: PeerRule): Pick<PeerRule, 'label'> {
  return { label: sourcesName(sources) }
}

function groupName(id: string, { label }: Pick<PeerRule, 'label'>, family: Family, part = ''): string {
  return quoted(catalogueName(id, `${label}${family === 'ipv6' ? '-v6' : ''}${part}`, longestName))
}

function services(rules: readonly PeerRule[]): readonly Edit[] {
  const edits = rules
    .filter(({ transport }) => transport !== 'any')
    .map((rule) => ({ name: quoted(serviceName(rule)), lines: serviceLines(rule) }))
  return uniqueBy(edits, ({ name }) => name)
}

function serviceLines({ transport, ports, sourcePorts, icmp, families }: PeerRule): readonly string[] {
  if (isIcmp(transport))
    return [
      `set protocol ${families.includes('ipv6') ? 'ICMP6' : 'ICMP'}`,
      ...(icmp ? [`set icmptype ${icmp.type}`] : ['unset icmptype']),
      ...(icmp?.code === undefined ? [] : [`set icmpcode ${icmp.code}`])
    ]
  if (transport !== 'tcp' && transport !== 'udp' && transport !== 'sctp')
    return ['set protocol IP', `set protocol-number ${protocolNumber(transport)}`]
  const range = [ports ?? { from: 1, to: 65535 }, ...(sourcePorts ? [sourcePorts] : [])].map(portText).join(':')
  return ['set protocol TCP/UDP/SCTP', `set ${transport}-portrange ${range}`]
}

/** Every field is set, since a policy that is edited again keeps the others. `none` is the address of FortiOS that nobody has. */
function policies(id: string, rules: readonly PeerRule[]): readonly Edit[] {
  const taken = new Set<number>()
  return rules.map((rule) => {
    const name = catalogueName(id, rule.label, longestName)
    const number = policyNumber(name, taken)
    const [peer, own] = rule.end === 'source' ? ['src', 'dst'] : ['dst', 'src']
    return {
      name: String(number),
      lines: [
        `set name ${quoted(shortName(name, longestPolicyName))}`,
        'set srcintf "any"',
        'set dstintf "any"',
        'set action accept',
        `set ${own}addr ${ownName(id, rule, 'ipv4')}`,
        `set ${peer}addr ${peersName(id, rule, 'ipv4')}`,
        `set ${own}addr6 ${ownName(id, rule, 'ipv6')}`,
        `set ${peer}addr6 ${peersName(id, rule, 'ipv6')}`,
        ...(rule.span
          ? [`set schedule ${quoted(scheduleOf(rule.span).name)}`, 'set schedule-timeout enable']
          : ['set schedule "always"']),
        `set service ${rule.transport === 'any' ? '"ALL"' : quoted(serviceName(rule))}`
      ]
    }
  })
}

/** A schedule needs both ends. What holds already begins when the revision was published, in a minute that has passed. */
function schedules({ publishedAt }: PolicyInput['head'], rules: readonly PeerRule[]): readonly Edit[] {
  const published = minuteOf(Math.floor(readInstant(publishedAt) / minuteMs) * minuteMs)
  return schedulesOf(rules).map(({ name, first = published, last = lastDate }) => ({
    name: quoted(name),
    lines: [`set start ${minuteText(first)}`, `set end ${minuteText(last)}`]
  }))
}

function minuteText({ date, time }: Minute): string {
  return `${time} ${date.join('/')}`
}

function ownName(id: string, rule: PeerRule, family: Family): string {
  if (!rule.sources) return '"all"'
  return ownMembers(rule, family).length > 0 ? groupName(id, ownLabel(rule), family) : '"none"'
}

function peersName(id: string, rule: PeerRule, family: Family): string {
  if (rule.peers === 'any' && rule.families.includes(family)) return '"all"'
  return membersOf(rule, family).length > 0 ? groupName(id, rule, family) : '"none"'
}

/** A number far above those that FortiOS gives to policies, the same for the same name: 1,000,000,000 to 4,000,000,000 of 4,294,967,294. */
function policyNumber(name: string, taken: Set<number>): number {
  let number = 1_000_000_000 + (Number.parseInt(sha256(name).slice(7, 19), 16) % 3_000_000_000)
  while (taken.has(number)) number += 1
  taken.add(number)
  return number
}
