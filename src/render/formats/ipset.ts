import type { SliceEntries } from '../../domain/export/export-entry.ts'
import type { OmissionReason } from '../../domain/export/expression.ts'
import { groupBy } from '../../domain/group.ts'
import type { ParsedAddress } from '../../domain/network/address.ts'
import { halves } from '../../domain/network/cidr-join.ts'
import { portText } from '../../domain/network/port.ts'
import { hasPorts, isIcmp, protocolNumber, type Transport } from '../../domain/network/protocol.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import { type Area, disjointPieces } from '../policy/disjoint.ts'
import { type NamedSet, namedSets, type SetKind } from '../policy/named-set.ts'
import {
  type AllowedAddress,
  areasOf,
  endOf,
  isIpv4,
  isOut,
  omitsProtocolZero,
  packetFilterExpression
} from '../policy/packet-filter.ts'

export const ipset: PolicyFormat = {
  kind: 'policy',
  name: 'ipset',
  title: 'ipset',
  description:
    'For ipset -exist restore: sets of addresses with ports, filled beside those in use and then swapped with them. The comment at the top has the rules of iptables that use them.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'ipset',
  expression: { ...packetFilterExpression, portsOf: ['tcp', 'udp', 'sctp'], hasSourcePorts: false, omits },
  aggregate: 'none',
  render
}

/** What an element of a set consists of. All of ICMP would be 65,536 pairs of a type and a code, so it has a set of its own. */
const keyKinds = ['port', 'icmp', 'any'] as const
type KeyKind = (typeof keyKinds)[number]

/** IPSET_MAXNAMELEN, less one for the end. */
const longestName = 31
const freshMark = '-new'
/** ipset keeps one element for each port of a range, about 40 bytes. */
const mostElements = 2 ** 20
/** A constant, since a set cannot be declared again with another limit. The limit reserves no memory. */
const maxelem = 2 ** 24
/** The widest range of ports with a note: the kernel keeps the note once for each port. */
const widestNoted = 256

function omits(group: SliceEntries): OmissionReason | undefined {
  const { slice, entries } = group
  const { ports, transport } = slice
  if (!hasPorts(transport)) return omitsProtocolZero(group)
  const count = ports ? ports.reduce((sum, { from, to }) => sum + to - from + 1, 0) : 65536
  return entries.length * count > mostElements ? 'too_many_ports' : undefined
}

function render({ head, slices }: PolicyInput): string {
  const sets = setsOf(head.id, slices)
  // A load that was cut short may have left some, so they are flushed. Nothing is swapped before all of them are filled.
  const freshOf = ({ name }: NamedSet<KeyKind>) => `${name}${freshMark}`
  const create = (name: string, { chain, keyKind }: NamedSet<KeyKind>) =>
    `create ${name} hash:net${keyKind === 'port' ? ',port' : ''} family ${isIpv4(chain) ? 'inet' : 'inet6'} maxelem ${maxelem} comment\n`
  return [
    commentLines(
      [...head.lines, 'Add these rules once, on the host that the product runs on; on a router add them to FORWARD:'],
      '#'
    ),
    commentLines(sets.map(ruleText), '#  '),
    ...sets.flatMap((set) => [create(set.name, set), create(freshOf(set), set), `flush ${freshOf(set)}\n`]),
    ...sets.flatMap((set) => set.elements.map((element) => `add ${freshOf(set)} ${element}\n`)),
    ...sets.map((set) => `swap ${freshOf(set)} ${set.name}\ndestroy ${freshOf(set)}\n`)
  ].join('')
}

function setsOf(id: string, slices: readonly SliceEntries[]): readonly NamedSet<KeyKind>[] {
  return namedSets(slices, { keyKinds, keyKindOf, nameOf: (kind) => setName(id, kind), elementsOf }, false)
}

function setName(id: string, { chain, keyKind }: SetKind<KeyKind>): string {
  const longestEnd = '-out4-icmp'.length + freshMark.length
  return `${shortName(id, longestName - longestEnd)}-${chain}${keyKind === 'port' ? '' : `-${keyKind}`}`
}

function keyKindOf({ slice: { transport, icmp } }: AllowedAddress): KeyKind {
  if (transport === 'any') return 'any'
  return isIcmp(transport) && !icmp ? 'icmp' : 'port'
}

function elementsOf(allowed: readonly AllowedAddress[], { keyKind }: SetKind<KeyKind>): readonly string[] {
  return [...groupBy(allowed, ({ slice }) => (isIcmp(slice.transport) ? 'icmp' : slice.transport))].flatMap(
    ([transport, group]) =>
      disjointPieces(
        group.flatMap(({ address, slice, entry: { sourcePorts: _, ...entry } }) =>
          // hash:net has no /0.
          (address.prefix === 0 ? halves(address) : [address]).map((half) => ({
            address: half,
            entry,
            areas: areasOf({ slice, entry })
          }))
        )
      ).flatMap(({ address, area, entry }) =>
        keysOf(address, keyKind, transport, area).map((key) =>
          area.y.to - area.y.from >= widestNoted && keyKind === 'port'
            ? key
            : `${key} comment "${entryNote(entry, 255)}"`
        )
      )
  )
}

function keysOf(
  { value, family }: ParsedAddress,
  keyKind: KeyKind,
  transport: Transport,
  { x, y }: Area
): readonly string[] {
  if (keyKind !== 'port') return [value]
  // A set has ports of these alone, and 0 stands for a protocol without them.
  if (transport === 'tcp' || transport === 'udp' || transport === 'sctp')
    return [`${value},${transport}:${portText(y)}`]
  if (transport !== 'icmp') return [`${value},${protocolNumber(transport)}:0`]
  const protocol = family === 'ipv4' ? 'icmp' : 'icmpv6'
  return Array.from({ length: y.to - y.from + 1 }, (_, index) => `${value},${protocol}:${x.from}/${y.from + index}`)
}

function ruleText({ name, chain, keyKind }: NamedSet<KeyKind>): string {
  const [command, icmp] = isIpv4(chain) ? ['iptables', '-p icmp '] : ['ip6tables', '-p ipv6-icmp ']
  const end = endOf(chain) === 'destination' ? 'dst' : 'src'
  const hook = isOut(chain) ? 'OUTPUT' : 'INPUT'
  const match = `-m set --match-set ${name} ${keyKind === 'port' ? `${end},dst` : end}`
  return `${command} -A ${hook} ${keyKind === 'icmp' ? icmp : ''}${match} -j ACCEPT`
}
