import type { Slice } from '../../domain/export/slice.ts'
import { groupBy } from '../../domain/group.ts'
import { isMulticast, type ParsedAddress } from '../../domain/network/address.ts'
import { aggregate, halves } from '../../domain/network/cidr-join.ts'
import { portText } from '../../domain/network/port.ts'
import { hasPorts, isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import type { ExportFile, ExportHead, PolicyFormat, PolicyInput } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { shortName } from '../export/short-name.ts'
import {
  allowedAddresses,
  type Chain,
  chains,
  endOf,
  isIpv4,
  isOut,
  omitsProtocolZero,
  packetFilterExpression
} from '../policy/packet-filter.ts'
import { xmlText } from '../xml-text.ts'

const mediaType = 'application/xml'

export const firewalld: PolicyFormat = {
  kind: 'policy',
  name: 'firewalld',
  title: 'firewalld',
  description:
    'Files for /etc/firewalld: one policy that accepts outgoing traffic, one that accepts incoming traffic, and the ipsets that their rules refer to. Your own policy says what is dropped.',
  mediaType,
  extension: 'xml',
  parts: ['out', 'in', 'the ipset of a slice and family, and of its multicast groups'],
  // firewalld has only names for types of ICMP, which each machine defines.
  expression: {
    ...packetFilterExpression,
    hasSourcePorts: false,
    hasIcmpTypes: false,
    omits: omitsProtocolZero
  },
  aggregate: 'exact',
  render
}

/** The name of a policy is part of the name of an iptables chain, between a prefix and a suffix. */
const longestPolicy = 17
const longestSet = 31

/** The addresses of one slice in one chain. */
interface Group {
  readonly chain: Chain
  readonly slice: Slice
  readonly set: string
  /** Whether the addresses are multicast groups. */
  readonly isOfGroups: boolean
  readonly addresses: readonly ParsedAddress[]
}

function render({ head, slices }: PolicyInput): readonly ExportFile[] {
  const groups = groupsOf(head.id, slices)
  const sets = [...new Map(groups.map((group) => [group.set, group])).values()]
  return [
    ...(['out', 'in'] as const).map((way) => ({
      part: way,
      name: `policies/${policyName(head.id, way)}.xml`,
      mediaType,
      content: policyText(
        head,
        way,
        groups.filter(({ chain }) => isOut(chain) === (way === 'out'))
      )
    })),
    ...sets.map((group) => ({
      part: partOf(group),
      name: `ipsets/${group.set}.xml`,
      mediaType,
      content: setText(head, group)
    }))
  ]
}

function groupsOf(id: string, slices: PolicyInput['slices']): readonly Group[] {
  // A set of multicast groups of its own, since only their end of a packet differs with the direction.
  const found = groupBy(
    allowedAddresses(slices),
    ({ chain, slice, address }) => `${chain} ${slice.name} ${isMulticast(address)}`
  )
  return chains.flatMap((chain) =>
    slices.flatMap(({ slice }) =>
      [false, true].flatMap((isOfGroups) => {
        const allowed = found.get(`${chain} ${slice.name} ${isOfGroups}`)
        if (!allowed) return []
        // Entries that overlap break a set, and hash:net has no /0.
        const addresses = aggregate(allowed.map(({ address }) => address)).flatMap((address) =>
          address.prefix === 0 ? halves(address) : [address]
        )
        const end = `${isOfGroups ? '-g' : '-'}${isIpv4(chain) ? 4 : 6}`
        const set = shortName(`${id}-${slice.name}`, longestSet - end.length) + end
        return [{ chain, slice, set, isOfGroups, addresses }]
      })
    )
  )
}

function partOf({ slice, chain, isOfGroups }: Group): string {
  return `${slice.name}-${isIpv4(chain) ? 'ipv4' : 'ipv6'}${isOfGroups ? '-groups' : ''}`
}

/** The name of a policy must not have a full stop. */
function policyName(id: string, way: 'out' | 'in'): string {
  return `${shortName(idName(id, 'token'), longestPolicy - 4)}-${way}`
}

function policyText(head: ExportHead, way: 'out' | 'in', groups: readonly Group[]): string {
  const [from, to] = way === 'out' ? ['HOST', 'ANY'] : ['ANY', 'HOST']
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n<policy target="CONTINUE" priority="-100">\n',
    headXml(head),
    `  <ingress-zone name="${from}"/>\n  <egress-zone name="${to}"/>\n`,
    ...groups.flatMap((group) => matchesOf(group).map((match) => ruleText(group, match))),
    '</policy>\n'
  ].join('')
}

function ruleText({ chain, set }: Group, match: string): string {
  return `  <rule family="${isIpv4(chain) ? 'ipv4' : 'ipv6'}"><${endOf(chain)} ipset="${set}"/>${match}<accept/></rule>\n`
}

/** A match for each rule that is needed. */
function matchesOf({ chain, slice: { transport, ports } }: Group): readonly string[] {
  if (transport === 'any') return ['']
  if (isIcmp(transport)) return [`<protocol value="${isIpv4(chain) ? 'icmp' : 'ipv6-icmp'}"/>`]
  if (!hasPorts(transport)) return [`<protocol value="${protocolNumber(transport)}"/>`]
  if (!ports) return [`<protocol value="${transport}"/>`]
  return ports.map((port) => `<port port="${portText(port)}" protocol="${transport}"/>`)
}

function setText(head: ExportHead, { chain, addresses }: Group): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n<ipset type="hash:net">\n',
    headXml(head),
    isIpv4(chain) ? '' : '  <option name="family" value="inet6"/>\n',
    ...addresses.map(({ value }) => `  <entry>${value}</entry>\n`),
    '</ipset>\n'
  ].join('')
}

function headXml({ lines: [title = '', ...rest] }: ExportHead): string {
  return `  <short>${xmlText(title)}</short>\n  <description>${xmlText(rest.join('\n'))}</description>\n`
}
