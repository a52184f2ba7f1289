import type { ExportTarget } from '../../domain/export/export-entry.ts'
import { uniqueBy } from '../../domain/group.ts'
import { sha256 } from '../../domain/json/sha256.ts'
import { type Family, families, type ParsedAddress } from '../../domain/network/address.ts'
import { isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import { cidrText, netmaskText } from '../export/cidr.ts'
import { typedCommentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { catalogueName, objectName } from '../policy/device-object.ts'
import { deviceExpression, type PeerRule, peerRules } from '../policy/peer-rule.ts'
import { type Minute, type Schedule, scheduleOf, schedulesOf } from '../policy/schedule.ts'

/** IOS refuses ends after 2035. */
const lastDate = Date.UTC(2035, 11, 31, 23, 59)
const datedLines = [
  'Set the time zone of the device to UTC: time ranges count in its zone, and in whole minutes.',
  'An ASA lets go of an entry 80 to 100 seconds after the minute that its range names, which is the last one of the entry: 20 to 40 seconds late.'
]

/** An ASA has ports of TCP, UDP and SCTP (9.5(2)); its names are looked up by the device, in one family for each object. */
export const ciscoAsa: PolicyFormat = {
  kind: 'policy',
  name: 'cisco-asa',
  title: 'Cisco ASA access lists',
  description:
    'For the configuration mode of Cisco ASA 9.0 and newer: an object group for the addresses of each rule, an object for each name, and the extended access lists portolan-ID-out and portolan-ID-in, which are in force where access-group binds them. mode=remove takes away what the other makes.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  modes: ['rules', 'remove'],
  expression: {
    ...deviceExpression,
    targets: { address: 'exact', host: 'exact', any: 'exact' },
    portsOf: ['tcp', 'udp', 'sctp']
  },
  aggregate: 'none',
  dates: { last: lastDate },
  render
}

/** Of objects and object groups, which share one space of names. */
const longestName = 64
const sides = ['out', 'in'] as const

interface Group {
  readonly name: string
  readonly members: readonly string[]
}

/**
 * Everything has a line that makes it and one that takes it away. Groups are known by what is in them, so that a group never changes
 * while it is in use: new groups and entries stand beside the old until those go.
 */
function render({ head, mode, slices }: PolicyInput): string {
  const rules = peerRules(slices, ciscoAsa.expression, false)
  const groups = uniqueBy(
    rules.flatMap((rule) => [...ownGroup(head.id, rule), ...groupOf(head.id, rule)]),
    ({ name }) => name
  )
  const names = uniqueBy(
    rules.flatMap((rule) => [...ownNames(rule), ...namesOf(rule)]),
    ({ name }) => name
  )
  const ranges = schedulesOf(rules)
  const entries = [
    ...rules.flatMap((rule) => entriesOf(head.id, rule)),
    ...sides.map((side) => inertEntry(head.id, side))
  ]
  const lines =
    mode === 'remove'
      ? [
          ...entries.map((entry) => `no ${entry}`),
          ...groups.map(({ name }) => `no object-group network ${name}`),
          ...names.map(({ name }) => `no object network ${name}`),
          ...ranges.map(({ name }) => `no time-range ${name}`)
        ]
      : [
          ...ranges.flatMap((range) => [`time-range ${range.name}`, ` ${absoluteText(range)}`]),
          ...names.flatMap(({ name, value }) => [`object network ${name}`, ` ${value}`]),
          ...groups.flatMap(({ name, members }) => [
            `object-group network ${name}`,
            ...members.map((member) => ` network-object ${member}`)
          ]),
          ...entries
        ]
  const dated = ranges.length > 0 ? datedLines : []
  return typedCommentLines([...head.lines, ...dated], '!') + lines.map((line) => `${line}\n`).join('')
}

/** A list without entries would vanish, and its binding with it, which leaves an interface open. Nobody has this address, and it is denied. */
function inertEntry(id: string, side: (typeof sides)[number]): string {
  return `access-list ${listName(id, side)} extended deny ip host 192.0.2.1 host 192.0.2.1`
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
]

/** `absolute start 00:00 1 October 2018 end 23:59 21 November 2018`: the minute at its end is part of it. */
function absoluteText({ first, last }: Schedule): string {
  const side = (word: string, minute: Minute | undefined) => {
    if (!minute) return []
    const [year, month, day] = minute.date
    return [`${word} ${minute.time} ${Number(day)} ${months[Number(month) - 1]} ${year}`]
  }
  return ['absolute', ...side('start', first), ...side('end', last)].join(' ')
}

function listName(id: string, side: (typeof sides)[number]): string {
  return `portolan-${id}-${side}`
}

/** The group of the addresses of a rule, with a digest of them in its name. */
function groupOf(id: string, { entries, label }: PeerRule): readonly Group[] {
  return addressGroup(
    id,
    label,
    entries.map(({ target }) => target)
  )
}

/** The group of the product's own addresses, which rules share. */
function ownGroup(id: string, { sources = [] }: PeerRule): readonly Group[] {
  return addressGroup(id, 'self', sources)
}

function addressGroup(id: string, label: string, targets: readonly ExportTarget[]): readonly Group[] {
  const members = targets.flatMap((target) => (target.kind === 'address' ? [memberText(target.address)] : []))
  if (members.length === 0) return []
  const digest = sha256(members.join('\n')).slice('sha256:'.length, 19)
  return [{ name: catalogueName(id, `${label}-${digest}`, longestName), members }]
}

function memberText(address: ParsedAddress): string {
  const [first = ''] = address.value.split('/')
  if (!address.value.includes('/')) return `host ${first}`
  return address.family === 'ipv4' ? `${first} ${netmaskText(address.prefix)}` : cidrText(address)
}

interface NameObject {
  readonly name: string
  readonly value: string
  readonly family: Family
}

/** The objects of the names of a rule: one in each family that it has. */
function namesOf({ entries, families }: PeerRule): readonly NameObject[] {
  return entries.flatMap(({ target }) =>
    target.kind === 'host' ? families.map((family) => nameObject(target, family)) : []
  )
}

function ownNames({ sources = [], families }: PeerRule): readonly NameObject[] {
  return sources.flatMap((source) =>
    source.kind === 'host' ? families.map((family) => nameObject(source, family)) : []
  )
}

function nameObject(target: Extract<ExportTarget, { readonly kind: 'host' }>, family: Family): NameObject {
  const version = family === 'ipv4' ? 'v4' : 'v6'
  return {
    name: `${objectName(target, longestName - '-v4'.length)}-${version}`,
    value: `fqdn ${version} ${target.value}`,
    family
  }
}

/** One end of an entry, and the families that it is of. */
interface End {
  readonly text: string
  readonly families: readonly Family[]
}

/** The entries of a rule: for the group of its addresses, for each of its names, and for any address, on either side. */
function entriesOf(id: string, rule: PeerRule): readonly string[] {
  const peers = rule.peers === 'any' ? [anyEnd(rule.families)] : endsOf(rule, groupOf(id, rule), namesOf(rule))
  return peers.flatMap((peer) =>
    (rule.sources ? endsOf(rule, ownGroup(id, rule), ownNames(rule)) : [anyEnd(peer.families)])
      .filter((own) => own.families.some((family) => peer.families.includes(family)))
      .map((own) => entryText(id, rule, peer.text, own.text))
  )
}

function endsOf(rule: PeerRule, groups: readonly Group[], names: readonly NameObject[]): readonly End[] {
  return [
    ...groups.map(({ name }) => ({ text: `object-group ${name}`, families: rule.families })),
    ...names.map(({ name, family }) => ({ text: `object ${name}`, families: [family] }))
  ]
}

function anyEnd(own: readonly Family[]): End {
  return { text: own.length === families.length ? 'any' : own[0] === 'ipv6' ? 'any6' : 'any4', families: own }
}

function entryText(id: string, rule: PeerRule, peer: string, own: string): string {
  const { direction, end, icmp, ports, sourcePorts } = rule
  const [source, destination] = end === 'source' ? [peer, own] : [own, peer]
  return [
    `access-list ${listName(id, direction === 'outbound' ? 'out' : 'in')} extended permit`,
    protocolWord(rule),
    source,
    sourcePorts && portsText(sourcePorts),
    destination,
    ports && portsText(ports),
    icmp && [icmp.type, icmp.code].filter((part) => part !== undefined).join(' '),
    rule.span && `time-range ${scheduleOf(rule.span).name}`
  ]
    .filter((word) => word)
    .join(' ')
}

function protocolWord({ transport, families: [family] }: PeerRule): string {
  if (transport === 'any') return 'ip'
  if (isIcmp(transport)) return family === 'ipv6' ? 'icmp6' : 'icmp'
  return transport === 'tcp' || transport === 'udp' || transport === 'sctp' ? transport : `${protocolNumber(transport)}`
}

function portsText({ from, to }: NonNullable<PeerRule['ports']>): string {
  return from === to ? `eq ${from}` : `range ${from} ${to}`
}
