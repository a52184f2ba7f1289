import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { groupBy } from '../../domain/group.ts'
import { portText } from '../../domain/network/port.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { ExportHead, PolicyFormat, PolicyInput } from '../export/format.ts'
import { type Area, disjoint } from '../policy/disjoint.ts'
import { type NamedSet, namedSets } from '../policy/named-set.ts'
import {
  type AllowedAddress,
  areasOf,
  type Chain,
  isIpv4,
  isOut,
  packetFilterExpression
} from '../policy/packet-filter.ts'

export const nftables: PolicyFormat = {
  kind: 'policy',
  name: 'nftables',
  title: 'nftables',
  description:
    'For nft -f, which replaces all of it at once or nothing. mode=sets: named sets in the table inet portolan, for rules of yours; the comment at the top has them. mode=table: a whole table for the host that the product runs on, which drops all else that the host sends and receives.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'nft',
  modes: ['sets', 'table'],
  expression: packetFilterExpression,
  aggregate: 'exact',
  render: ({ head, mode, slices }) => (mode === 'table' ? tableText(head, slices) : setsText(head, slices))
}

/** What a set is keyed by: an element for each way in which a catalogue can name what gets through. */
const sorts = ['port', 'source', 'icmp', 'any'] as const
type Sort = (typeof sorts)[number]

/** In a table that rules of others refer to: sets can be emptied and filled, but not removed. */
function setsText(head: ExportHead, slices: PolicyInput['slices']): string {
  const sets = setsOf(head.id, slices)
  return [
    commentLines([...head.lines, 'Rules for a chain of yours in this table:'], '#'),
    commentLines(sets.map(ruleText), '#  '),
    'table inet portolan {\n',
    ...sets.map((set) => `\t${emptySet(set)}\n`),
    '}\n',
    sets.map(({ name }) => `flush set inet portolan ${name}\n`).join(''),
    sets
      .filter(({ elements }) => elements.length > 0)
      .map(({ name, elements }) => `add element inet portolan ${name} {\n${lines(elements, '\t')}}\n`)
      .join('')
  ].join('')
}

/** Link-local talk without which IPv6 does not work, RFC 4890 section 4.4.1. */
const neighbours =
  'nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query, mld-listener-report, mld2-listener-report'
const warning = [
  'WARNING: for the host that the product runs on. What is not listed here is dropped in both directions, such as a',
  'login by SSH that the catalogue does not name. Of several such tables on one host each drops what the others list.'
]

function tableText(head: ExportHead, slices: PolicyInput['slices']): string {
  const table = `inet portolan_${head.id}`
  const sets = setsOf(head.id, slices)
  const chain = (name: 'output' | 'input', loopback: string) => [
    `\tchain ${name} {\n`,
    `\t\ttype filter hook ${name} priority filter; policy drop;\n`,
    '\t\tct state established,related accept\n',
    `\t\t${loopback} "lo" accept\n`,
    `\t\ticmpv6 type { ${neighbours} } accept\n`,
    sets
      .filter(({ chain }) => isOut(chain) === (name === 'output'))
      .map((set) => `\t\t${ruleText(set)}\n`)
      .join(''),
    '\t}\n'
  ]
  return [
    commentLines([...head.lines, ...warning], '#'),
    // Created in case there is none yet, so that it can be deleted.
    `table ${table} {}\ndelete table ${table}\ntable ${table} {\n`,
    ...sets.map(filledSet),
    ...chain('output', 'oifname'),
    ...chain('input', 'iifname'),
    '}\n'
  ].join('')
}

function emptySet(set: NamedSet<Sort>): string {
  return `set ${set.name} { type ${keyType(set)}; flags interval; }`
}

/** An empty list of elements is a syntax error. */
function filledSet(set: NamedSet<Sort>): string {
  if (set.elements.length === 0) return `\t${emptySet(set)}\n`
  return `\tset ${set.name} {\n\t\ttype ${keyType(set)}\n\t\tflags interval\n\t\telements = {\n${lines(set.elements, '\t\t\t')}\t\t}\n\t}\n`
}

function lines(elements: readonly string[], indent: string): string {
  return `${elements.map((element) => `${indent}${element}`).join(',\n')}\n`
}

function setsOf(id: string, slices: readonly SliceEntries[]): readonly NamedSet<Sort>[] {
  return namedSets(slices, { sorts, sortOf, nameOf: (chain, sort) => setName(id, chain, sort), elementsOf })
}

/** The chain comes first, since a name begins with a letter; no two catalogues share one. */
function setName(id: string, chain: Chain, sort: Sort): string {
  return `${chain}${sort === 'port' ? '' : `-${sort}`}_${id}`
}

function sortOf({ slice, entry }: AllowedAddress): Sort {
  if (slice.transport === 'any' || slice.transport === 'icmp') return slice.transport
  return entry.sourcePorts ? 'source' : 'port'
}

function elementsOf(allowed: readonly AllowedAddress[], sort: Sort): readonly string[] {
  return [...groupBy(allowed, ({ slice }) => slice.transport)].flatMap(([transport, group]) =>
    disjoint(group.map((allowed) => ({ ...allowed, areas: areasOf(allowed) }))).map(({ address, area, entry }) => {
      const key = [address.value, ...restOfKey(sort, transport, area)].join(' . ')
      return `${key} comment "${entryNote(entry)}"`
    })
  )
}

function restOfKey(sort: Sort, transport: string, { x, y }: Area): readonly string[] {
  switch (sort) {
    case 'port':
      return [transport, portText(y)]
    case 'source':
      return [transport, portText(x), portText(y)]
    case 'icmp':
      return [portText(x), portText(y)]
    case 'any':
      return []
    default:
      throw new Error(`unknown sort of set: ${sort satisfies never}`)
  }
}

function keyType({ chain, sort }: NamedSet<Sort>): string {
  const [address, icmp] = isIpv4(chain) ? ['ipv4_addr', 'icmp'] : ['ipv6_addr', 'icmpv6']
  const rest: Readonly<Record<Sort, readonly string[]>> = {
    port: ['inet_proto', 'inet_service'],
    source: ['inet_proto', 'inet_service', 'inet_service'],
    icmp: [`${icmp}_type`, `${icmp}_code`],
    any: []
  }
  return [address, ...rest[sort]].join(' . ')
}

function ruleText({ name, chain, sort }: NamedSet<Sort>): string {
  const [address, icmp] = isIpv4(chain) ? ['ip', 'icmp'] : ['ip6', 'icmpv6']
  const rest: Readonly<Record<Sort, readonly string[]>> = {
    port: ['meta l4proto', 'th dport'],
    source: ['meta l4proto', 'th sport', 'th dport'],
    icmp: [`${icmp} type`, `${icmp} code`],
    any: []
  }
  return `${[`${address} ${isOut(chain) ? 'daddr' : 'saddr'}`, ...rest[sort]].join(' . ')} @${name} accept`
}
