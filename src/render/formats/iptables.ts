import type { ExportEntry } from '../../domain/export/export-entry.ts'
import type { PortRange } from '../../domain/network/network-service.ts'
import { protocolNumber } from '../../domain/network/protocol.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { ExportFile, PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import {
  type AllowedAddress,
  allowedAddresses,
  type Chain,
  chains,
  endOf,
  isIpv4,
  isOut,
  omitsEveryType,
  omitsProtocolZero,
  packetFilterExpression
} from '../policy/packet-filter.ts'

/** xt_time counts seconds in 32 bits: 2038-01-19T03:14:07Z. Where nothing says when a rule ends, it ends then. */
const lastDate = 2_147_483_647_000

export const iptables: PolicyFormat = {
  kind: 'policy',
  name: 'iptables',
  title: 'iptables',
  description:
    'Two chains of accepting rules, out and in, for iptables-restore --noflush and ip6tables-restore --noflush, which replace them at once. The comment at the top has the rules that jump to them.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'rules',
  parts: ['v4', 'v6'],
  expression: {
    ...packetFilterExpression,
    sources: ['address'],
    omits: (group, entry) => omitsEveryType(group, entry) ?? omitsProtocolZero(group)
  },
  aggregate: 'none',
  dates: { last: lastDate },
  render
}

const mediaType = iptables.mediaType
/** XT_EXTENSION_MAXNAMELEN without the final NUL. */
const longestChain = 28
/** XT_MAX_COMMENT_LEN without the final NUL. */
const longestNote = 255
/** XT_MULTI_PORTS: a range counts as two. */
const mostPorts = 15

function render({ head, slices }: PolicyInput): readonly ExportFile[] {
  const allowed = allowedAddresses(slices)
  const isEndless = slices.some(({ slice: { span } }) => span?.from !== undefined && span.until === undefined)
  const chainName = (way: 'out' | 'in') => {
    const start = `PORTOLAN-${way.toUpperCase()}-`
    return start + shortName(head.id, longestChain - start.length)
  }
  return (['v4', 'v6'] as const).map((part) => {
    const own = (['out', 'in'] as const).map((way) => ({
      way,
      chains: chains.filter((chain) => isIpv4(chain) === (part === 'v4') && isOut(chain) === (way === 'out'))
    }))
    const command = part === 'v4' ? 'iptables' : 'ip6tables'
    const jumps = own.map(({ way }) => `${command} -A ${way === 'out' ? 'OUTPUT' : 'INPUT'} -j ${chainName(way)}`)
    return {
      part,
      name: `portolan-${shortName(head.id, 80)}-${part}.rules`,
      mediaType,
      content: [
        commentLines(
          [
            ...head.lines,
            ...(isEndless
              ? ['What begins by a date and has no end is closed by the kernel on 2038-01-19 at 03:14:07.']
              : []),
            'Add these rules once, on the host that the product runs on; on a router add them to FORWARD:'
          ],
          '#'
        ),
        commentLines(jumps, '#  '),
        '*filter\n',
        // With --noflush this empties the chain if it exists.
        ...own.map(({ way }) => `:${chainName(way)} - [0:0]\n`),
        ...own.flatMap(({ way, chains }) => {
          const rules = allowed.filter(({ chain }) => chains.includes(chain)).flatMap(rulesOf)
          // Any is written as an address, which the catalogue may have, too.
          return [...new Set(rules)].map((rule) => `-A ${chainName(way)} ${rule}\n`)
        }),
        'COMMIT\n'
      ].join('')
    }
  })
}

function rulesOf({ chain, address, own, slice, entry }: AllowedAddress): readonly string[] {
  const [peerEnd, ownEnd] = endOf(chain) === 'destination' ? ['-d', '-s'] : ['-s', '-d']
  const peer = `${peerEnd} ${address.value}`
  const ends = own ? [`${ownEnd} ${own.value}`, peer].sort().reverse() : [peer]
  const note = `-m comment --comment "${entryNote(entry, longestNote)}"`
  return matchesOf(chain, slice, entry).map((match) =>
    [...ends, ...match, ...timeMatch(slice), note, '-j ACCEPT'].join(' ')
  )
}

/** In UTC. The second of `--datestop` still matches. */
function timeMatch({ span }: AllowedAddress['slice']): readonly string[] {
  if (!span) return []
  const date = (option: string, instant: number | undefined) =>
    instant === undefined ? [] : [`--${option} ${formatInstant(instant).slice(0, 19)}`]
  return ['-m time', ...date('datestart', span.from), ...date('datestop', span.until && span.until - 1000)]
}

/** A match for each rule that is needed. */
function matchesOf(
  chain: Chain,
  { transport, ports, icmp }: AllowedAddress['slice'],
  entry: ExportEntry
): readonly string[][] {
  switch (transport) {
    case 'any':
      return [[]]
    case 'icmp':
    case 'icmpv6': {
      const [protocol, option] = isIpv4(chain) ? ['icmp', '--icmp-type'] : ['ipv6-icmp', '--icmpv6-type']
      if (!icmp) return [[`-p ${protocol}`]]
      return [[`-p ${protocol}`, `${option} ${icmp.code === undefined ? icmp.type : `${icmp.type}/${icmp.code}`}`]]
    }
    case 'tcp':
    case 'udp':
    case 'sctp':
    case 'dccp':
      return sourceMatches(entry.sourcePorts).flatMap((source) =>
        portMatches(ports).map((destination) => [`-p ${transport}`, ...source, ...destination])
      )
    default:
      return [[`-p ${protocolNumber(transport)}`]]
  }
}

/** Older versions of iptables take only one multiport match in a rule, so each range of source ports has a rule of its own. */
function sourceMatches(ports: readonly PortRange[] | undefined): readonly string[][] {
  return ports ? ports.map((port) => [`--sport ${rangeText(port)}`]) : [[]]
}

function portMatches(ports: readonly PortRange[] | undefined): readonly string[][] {
  if (!ports) return [[]]
  return chunks(ports).map((chunk) => {
    const text = chunk.map(rangeText).join(',')
    return [chunk.length === 1 ? `--dport ${text}` : `-m multiport --dports ${text}`]
  })
}

function rangeText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}:${to}`
}

function chunks(ports: readonly PortRange[]): readonly (readonly PortRange[])[] {
  const found: PortRange[][] = []
  let room = 0
  for (const port of ports) {
    const size = port.from === port.to ? 1 : 2
    if (room < size) {
      found.push([])
      room = mostPorts
    }
    found.at(-1)?.push(port)
    room -= size
  }
  return found
}
