import type { SliceEntries } from '../../domain/export/export-entry.ts'
import type { OmissionReason } from '../../domain/export/expression.ts'
import { groupBy } from '../../domain/group.ts'
import type { ParsedAddress } from '../../domain/network/address.ts'
import { halves } from '../../domain/network/cidr-join.ts'
import { portText } from '../../domain/network/port.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
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

export const ipset: PolicyFormat = {
  kind: 'policy',
  name: 'ipset',
  title: 'ipset',
  description:
    'For ipset -exist restore: sets of addresses with ports, filled beside those in use and then swapped with them. The comment at the top has the rules of iptables for them.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'ipset',
  expression: { ...packetFilterExpression, hasSourcePorts: false, omits },
  aggregate: 'none',
  render
}

/** What a set is keyed by. A port of ICMP is a type and a code, so all of ICMP would be 65,536 elements: it has a set of its own. */
const sorts = ['port', 'icmp', 'any'] as const
type Sort = (typeof sorts)[number]

/** IPSET_MAXNAMELEN, less one for the end. */
const longestName = 31
const freshMark = '-new'
/** ipset keeps one element for each port of a range, about 40 bytes. */
const mostElements = 2 ** 20
/** Always the same, since a set with another limit is not the same set, and could not be declared again. It reserves nothing. */
const maxelem = 2 ** 24
/** A wider range would keep its note once for each port. */
const widestNoted = 256

function omits({ slice: { ports, transport }, entries }: SliceEntries): OmissionReason | undefined {
  if (transport === 'any' || transport === 'icmp') return undefined
  const count = ports ? ports.reduce((sum, { from, to }) => sum + to - from + 1, 0) : 65536
  return entries.length * count > mostElements ? 'too_many_ports' : undefined
}

function render({ head, slices }: PolicyInput): string {
  const sets = setsOf(head.id, slices)
  // A load that was cut short may have left some, so they are flushed. Nothing is swapped before all of them are filled.
  const freshOf = ({ name }: NamedSet<Sort>) => `${name}${freshMark}`
  const create = (name: string, { chain, sort }: NamedSet<Sort>) =>
    `create ${name} hash:net${sort === 'port' ? ',port' : ''} family ${isIpv4(chain) ? 'inet' : 'inet6'} maxelem ${maxelem} comment\n`
  return [
    commentLines([...head.lines, 'Rules, once, on the host that the product runs on; on a router in FORWARD:'], '#'),
    commentLines(sets.map(ruleText), '#  '),
    ...sets.flatMap((set) => [create(set.name, set), create(freshOf(set), set), `flush ${freshOf(set)}\n`]),
    ...sets.flatMap((set) => set.elements.map((element) => `add ${freshOf(set)} ${element}\n`)),
    ...sets.map((set) => `swap ${freshOf(set)} ${set.name}\ndestroy ${freshOf(set)}\n`)
  ].join('')
}

function setsOf(id: string, slices: readonly SliceEntries[]): readonly NamedSet<Sort>[] {
  return namedSets(slices, { sorts, sortOf, nameOf: (chain, sort) => setName(id, chain, sort), elementsOf })
}

function setName(id: string, chain: Chain, sort: Sort): string {
  const longestEnd = '-out4-icmp'.length + freshMark.length
  return `${shortName(id, longestName - longestEnd)}-${chain}${sort === 'port' ? '' : `-${sort}`}`
}

function sortOf({ slice: { transport, icmp } }: AllowedAddress): Sort {
  if (transport === 'any') return 'any'
  return transport === 'icmp' && !icmp ? 'icmp' : 'port'
}

function elementsOf(allowed: readonly AllowedAddress[], sort: Sort): readonly string[] {
  return [...groupBy(allowed, ({ slice }) => slice.transport)].flatMap(([transport, group]) =>
    disjoint(
      group.flatMap(({ address, slice, entry: { sourcePorts: _, ...entry } }) =>
        // hash:net has no /0.
        (address.prefix === 0 ? halves(address) : [address]).map((half) => ({
          address: half,
          entry,
          areas: areasOf({ slice, entry })
        }))
      )
    ).flatMap(({ address, area, entry }) =>
      keysOf(address, sort, transport, area).map((key) =>
        area.y.to - area.y.from >= widestNoted && sort === 'port' ? key : `${key} comment "${entryNote(entry, 255)}"`
      )
    )
  )
}

function keysOf({ value, family }: ParsedAddress, sort: Sort, transport: string, { x, y }: Area): readonly string[] {
  if (sort !== 'port') return [value]
  if (transport !== 'icmp') return [`${value},${transport}:${portText(y)}`]
  const protocol = family === 'ipv4' ? 'icmp' : 'icmpv6'
  return Array.from({ length: y.to - y.from + 1 }, (_, index) => `${value},${protocol}:${x.from}/${y.from + index}`)
}

function ruleText({ name, chain, sort }: NamedSet<Sort>): string {
  const [command, icmp] = isIpv4(chain) ? ['iptables', '-p icmp '] : ['ip6tables', '-p ipv6-icmp ']
  const end = isOut(chain) ? 'dst' : 'src'
  const hook = isOut(chain) ? 'OUTPUT' : 'INPUT'
  const match = `-m set --match-set ${name} ${sort === 'port' ? `${end},dst` : end}`
  return `${command} -A ${hook} ${sort === 'icmp' ? icmp : ''}${match} -j ACCEPT`
}
