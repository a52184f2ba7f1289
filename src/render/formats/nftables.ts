import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { seconds } from '../../domain/export/timed-span.ts'
import { groupBy } from '../../domain/group.ts'
import { covers } from '../../domain/network/address.ts'
import { portText } from '../../domain/network/port.ts'
import { hasPorts, isIcmp, protocolNumber, type Transport } from '../../domain/network/protocol.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { ExportHead, PolicyFormat, PolicyInput } from '../export/format.ts'
import { addressAtoms } from '../policy/address-atom.ts'
import { type Area, disjointPieces, type Piece } from '../policy/disjoint.ts'
import { type NamedSet, namedSets, type SetKind, type SetWords, spanSets } from '../policy/named-set.ts'
import { type AllowedAddress, areasOf, endOf, isIpv4, isOut, packetFilterExpression } from '../policy/packet-filter.ts'

export const nftables: PolicyFormat = {
  kind: 'policy',
  name: 'nftables',
  title: 'nftables',
  description:
    'For nft -f, which replaces everything at once or nothing. mode=sets: named sets in the table inet portolan, for your own rules; the comment at the top has examples. mode=table: a whole table for the host that the product runs on, which drops everything else that the host sends and receives.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'nft',
  modes: ['sets', 'table'],
  expression: { ...packetFilterExpression, sources: ['address'] },
  aggregate: 'exact',
  dates: {},
  render: ({ head, mode, slices }) => (mode === 'table' ? tableText(head, slices) : setsText(head, slices))
}

/** What an element of a set consists of: one kind for each way in which a catalogue can say what gets through. */
const keyKinds = ['port', 'source', 'icmp', 'protocol', 'any'] as const
type KeyKind = (typeof keyKinds)[number]

/**
 * In a table that rules of others refer to: sets can be emptied and filled, but not removed. What has dates stands in two chains of its own,
 * which a load empties and fills, so that nothing of an earlier revision stays.
 */
function setsText(head: ExportHead, slices: PolicyInput['slices']): string {
  const sets = setsOf(head, slices)
  const timed = timedSetsOf(head.id, slices)
  const dated = (['out', 'in'] as const).map((way) => ({
    name: `dated-${way}_${head.id}`,
    rules: timed.filter(({ chain }) => isOut(chain) === (way === 'out')).map(datedRule)
  }))
  const isDated = timed.length > 0
  return [
    commentLines([...head.lines, 'Rules for your own chain in this table:'], '#'),
    commentLines([...sets.map(ruleText), ...(isDated ? dated.map(({ name }) => `jump ${name}`) : [])], '#  '),
    'table inet portolan {\n',
    ...sets.map((set) => `\t${emptySet(set)}\n`),
    ...(isDated ? dated.map(({ name }) => `\tchain ${name} {}\n`) : []),
    '}\n',
    ...(isDated ? dated.map(({ name }) => `flush chain inet portolan ${name}\n`) : []),
    sets.map(({ name }) => `flush set inet portolan ${name}\n`).join(''),
    ...dated.flatMap(({ name, rules }) => rules.map((rule) => `add rule inet portolan ${name} ${rule}\n`)),
    sets
      .filter(({ elements }) => elements.length > 0)
      .map(({ name, elements }) => `add element inet portolan ${name} {\n${lines(elements, '\t')}}\n`)
      .join('')
  ].join('')
}

/** Link-local messages without which IPv6 does not work, RFC 4890 section 4.4.1. */
const neighbours =
  'nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query, mld-listener-report, mld2-listener-report'
const warning = [
  'WARNING: for the host that the product runs on. What is not listed here is dropped in both directions, including a',
  'login by SSH that the catalogue does not name. With several such tables on one host, each drops what only others list.'
]

function tableText(head: ExportHead, slices: PolicyInput['slices']): string {
  const table = `inet portolan_${head.id}`
  const sets = [...setsOf(head, slices), ...timedSetsOf(head.id, slices)]
  const chain = (name: 'output' | 'input', loopback: string) => [
    `\tchain ${name} {\n`,
    `\t\ttype filter hook ${name} priority filter; policy drop;\n`,
    '\t\tct state established,related accept\n',
    `\t\t${loopback} "lo" accept\n`,
    `\t\ticmpv6 type { ${neighbours} } accept\n`,
    sets
      .filter(({ chain }) => isOut(chain) === (name === 'output'))
      .map((set) => `\t\t${timeText(set)}${ruleText(set)}\n`)
      .join(''),
    '\t}\n'
  ]
  return [
    commentLines([...head.lines, ...warning], '#'),
    // The table is created first, so that it can be deleted in any case.
    `table ${table} {}\ndelete table ${table}\ntable ${table} {\n`,
    ...sets.map(filledSet),
    ...chain('output', 'oifname'),
    ...chain('input', 'iifname'),
    '}\n'
  ].join('')
}

function emptySet(set: NamedSet<KeyKind>): string {
  return `set ${set.name} { type ${keyType(set)}; flags interval; }`
}

/** An empty list of elements is a syntax error. */
function filledSet(set: NamedSet<KeyKind>): string {
  if (set.elements.length === 0) return `\t${emptySet(set)}\n`
  return `\tset ${set.name} {\n\t\ttype ${keyType(set)}\n\t\tflags interval\n\t\telements = {\n${lines(set.elements, '\t\t\t')}\t\t}\n\t}\n`
}

function lines(elements: readonly string[], indent: string): string {
  return `${elements.map((element) => `${indent}${element}`).join(',\n')}\n`
}

/** A site has the sets of pairs even where it has no source now: what it had must go from them. */
function setsOf({ id, isOfSite }: ExportHead, slices: readonly SliceEntries[]): readonly NamedSet<KeyKind>[] {
  return namedSets(slices, wordsOf(id), isOfSite === true)
}

function timedSetsOf(id: string, slices: readonly SliceEntries[]): readonly NamedSet<KeyKind>[] {
  return spanSets(slices, wordsOf(id))
}

function wordsOf(id: string): SetWords<KeyKind> {
  return { keyKinds, keyKindOf, nameOf: (kind) => setName(id, kind), elementsOf }
}

/** A rule with a set of its own, which goes when the rule goes. */
function datedRule(set: NamedSet<KeyKind>): string {
  return `${timeText(set)}${matchText(set)} { ${set.elements.join(', ')} } accept`
}

/** Integers: nft reads a date as text in the zone of the machine. A span ends before its end, which a range of nft would include. */
function timeText({ span }: NamedSet<KeyKind>): string {
  return [
    span?.from === undefined ? '' : `meta time >= ${seconds(span.from)} `,
    span?.until === undefined ? '' : `meta time < ${seconds(span.until)} `
  ].join('')
}

/** A name must begin with a letter, so the chain comes first; `from4` and `to4` are those with the product's own end. No two catalogues share a set. */
function setName(id: string, { chain, keyKind, isPaired }: SetKind<KeyKind>): string {
  const start = isPaired ? `${isOut(chain) ? 'from' : 'to'}${isIpv4(chain) ? 4 : 6}` : chain
  return `${start}${keyKind === 'port' ? '' : `-${keyKind}`}_${id}`
}

function keyKindOf({ slice, entry }: AllowedAddress): KeyKind {
  const { transport } = slice
  if (transport === 'any') return 'any'
  if (isIcmp(transport)) return 'icmp'
  if (!hasPorts(transport)) return 'protocol'
  return entry.sourcePorts ? 'source' : 'port'
}

function elementsOf(allowed: readonly AllowedAddress[], kind: SetKind<KeyKind>): readonly string[] {
  return [...groupBy(allowed, ({ slice }) => protocolWord(slice.transport))].flatMap(([protocol, group]) =>
    pieces(group).map(({ own, address, area, entry }) => {
      const ends = isOut(kind.chain) ? [own, address.value] : [address.value, own]
      const key = [...ends.filter((end) => end !== undefined), ...restOfKey(kind.keyKind, protocol, area)].join(' . ')
      return `${key} comment "${entryNote(entry)}"`
    })
  )
}

/** The pieces of what is allowed, for each of the product's own ends. Concatenations that overlap are refused. */
function pieces(allowed: readonly AllowedAddress[]): readonly (Piece & { readonly own?: string })[] {
  const claims = allowed.map((each) => ({ ...each, areas: areasOf(each) }))
  const ends = addressAtoms(allowed.flatMap(({ own }) => own ?? []))
  if (ends.length === 0) return disjointPieces(claims)
  return ends.flatMap((end) =>
    disjointPieces(claims.filter(({ own }) => own && covers(own, end))).map((piece) => ({ ...piece, own: end.value }))
  )
}

/** nft knows these words by itself, and others by the file of protocols of the machine, which need not have them. */
const knownProtocols: readonly Transport[] = ['tcp', 'udp', 'sctp', 'dccp', 'esp', 'ah', 'icmp']

/** The element of a set that says the protocol. Both kinds of ICMP are one: a set for types is of one family. */
function protocolWord(transport: Transport): string {
  if (isIcmp(transport)) return 'icmp'
  return knownProtocols.includes(transport) ? transport : String(protocolNumber(transport) ?? 'any')
}

function restOfKey(keyKind: KeyKind, protocol: string, { x, y }: Area): readonly string[] {
  switch (keyKind) {
    case 'port':
      return [protocol, portText(y)]
    case 'source':
      return [protocol, portText(x), portText(y)]
    case 'icmp':
      return [portText(x), portText(y)]
    case 'protocol':
      return [protocol]
    case 'any':
      return []
    default:
      throw new Error(`unknown kind of key: ${keyKind satisfies never}`)
  }
}

function keyType({ chain, keyKind, isPaired }: SetKind<KeyKind>): string {
  const [address, icmp] = isIpv4(chain) ? ['ipv4_addr', 'icmp'] : ['ipv6_addr', 'icmpv6']
  const rest: Readonly<Record<KeyKind, readonly string[]>> = {
    port: ['inet_proto', 'inet_service'],
    source: ['inet_proto', 'inet_service', 'inet_service'],
    icmp: [`${icmp}_type`, `${icmp}_code`],
    protocol: ['inet_proto'],
    any: []
  }
  return [address, ...(isPaired ? [address] : []), ...rest[keyKind]].join(' . ')
}

function ruleText(set: NamedSet<KeyKind>): string {
  return `${matchText(set)} @${set.name} accept`
}

function matchText({ chain, keyKind, isPaired }: SetKind<KeyKind>): string {
  const [address, icmp] = isIpv4(chain) ? ['ip', 'icmp'] : ['ip6', 'icmpv6']
  const rest: Readonly<Record<KeyKind, readonly string[]>> = {
    port: ['meta l4proto', 'th dport'],
    source: ['meta l4proto', 'th sport', 'th dport'],
    icmp: [`${icmp} type`, `${icmp} code`],
    protocol: ['meta l4proto'],
    any: []
  }
  const ends = isPaired ? ['saddr', 'daddr'] : [endOf(chain) === 'destination' ? 'daddr' : 'saddr']
  return [...ends.map((end) => `${address} ${end}`), ...rest[keyKind]].join(' . ')
}
